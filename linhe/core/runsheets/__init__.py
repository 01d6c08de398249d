"""Timed steps run against the clock by several people: drills and real events of any desk."""
