"""Which distances dispatch goes by: the straight line, a network from a file, or a server of routes."""

from linhe.desks.errands.queries.roads.choosing import chosen, on_roads, share_of_speed

__all__ = ["chosen", "on_roads", "share_of_speed"]
