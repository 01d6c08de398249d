"""Pages of the errands desk: for residents, couriers and the community."""
