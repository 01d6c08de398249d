"""Pages of the property desk: staff, companies, committees, surveyed owners, and everybody."""
