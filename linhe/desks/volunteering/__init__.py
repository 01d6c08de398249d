"""Volunteering and points: posts, check-ins, activities, needs, hours, evaluation."""
