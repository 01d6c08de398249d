"""The table of road distances that a problem takes along."""

from dataclasses import replace

import numpy as np

from linhe.desks.errands.engine.problem import Problem

from . import Distances, Floats


def places_of(problem: Problem) -> Floats:
    """(N, 2) longitude and latitude in the order of ``Problem.road_m``; a visit's pick-up stands at its one place."""
    lon = np.where(problem.visits, problem.request_dropoff_lon, problem.request_pickup_lon)
    lat = np.where(problem.visits, problem.request_dropoff_lat, problem.request_pickup_lat)
    parts = [
        (problem.stop_lon, problem.stop_lat),
        (lon, lat),
        (problem.request_dropoff_lon, problem.request_dropoff_lat),
        (problem.person_lon, problem.person_lat),
        (problem.person_end_lon, problem.person_end_lat),
    ]
    places: Floats = np.concatenate([np.column_stack(part) for part in parts])
    return places


def with_roads(problem: Problem, distances: Distances) -> Problem:
    """The problem with metres by road between all of its places.

    Each place is asked for once. Raises ``Unreachable`` naming the place.
    """
    places, back = np.unique(places_of(problem), axis=0, return_inverse=True)
    metres = distances.table(places, places).metres
    return replace(problem, road_m=metres[np.ix_(back, back)])
