"""The desk's part of the demo: a province with one exchange and a year of applications."""
