"""The loop: a need is raised, dispatched, accepted, done, confirmed, measured; ``act()`` is its one door."""
