"""Care of people who agreed to it: a daily sign of life, visits, appointments."""
