"""A day of couriers and timed orders as CSV: the format, its reader, and a generated sample."""
