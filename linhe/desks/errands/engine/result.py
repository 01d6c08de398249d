"""The plan that comes out: offers, the unserved, and the routes after."""

from dataclasses import asdict, dataclass
from typing import Any

Reason = tuple[str, dict[str, float]]


@dataclass(frozen=True, kw_only=True)
class RunnerUp:
    """Another person who could take the same request on top of the plan."""

    person_id: int
    detour_m: float
    detour_s: float


@dataclass(frozen=True, kw_only=True)
class Offer:
    """One request for one person, and where in the route.

    ``pickup_after`` and ``dropoff_after`` name the last of the person's present stops before it in the new route, by
    its index among the present stops (-1 = before the first);
    the pick-up fields are None for a visit. Detours are measured against the person's route with the offers that
    stand earlier in ``Result.offers``, so that they add up to the whole; ``detour_s`` is how much later the route
    ends. Any subset of a person's offers can be driven. ``slack_s`` is how much later the first stop of the errand may
    begin before some latest time is missed, or the largest detour in time is reached (inf = none).

    Reasons: ``nearest_route`` (rank among the people who could, of, detour_m when taken alone), ``detour_share``
    (share of the limit that is used after it, limit_m), ``only_one``, ``shared_trip`` (errands), ``skill`` (bits),
    ``urgent``.
    """

    request_id: int
    person_id: int
    pickup_after: int | None
    dropoff_after: int
    detour_m: float
    detour_s: float
    slack_s: float
    eta_pickup_s: float | None
    eta_dropoff_s: float
    reasons: tuple[Reason, ...]
    runners_up: tuple[RunnerUp, ...]


@dataclass(frozen=True, kw_only=True)
class Unserved:
    """A request without an offer, and what stood in the way of how many people, the closest miss first.

    Codes, with ``people`` counted: near enough, but ``window``, ``capacity``, ``detour_limit`` or ``extra_limit``
    of the route as planned; ``too_costly`` (dearer than staying unserved); ``no_courier_within`` (too far away);
    ``declined``; ``limits_used_up`` before the plan; ``off_duty``; ``own_route_late`` (see ``Broken``);
    ``none_with_skill``. ``window_passed`` (late_s) comes first when it applies; ``no_couriers`` stands alone.

    ``passing`` people's routes pass within ``within_m`` (rounded up to hundreds) of where the errand begins;
    ``next_window_s`` is when the first of the people who may could begin it if its own window were open (rounded up
    to ten minutes), None when nobody could.
    """

    request_id: int
    reasons: tuple[Reason, ...]
    passing: int = 0
    within_m: float = 0.0
    next_window_s: float | None = None


@dataclass(frozen=True, kw_only=True)
class Visit:
    """One stop of a route after the plan; ``kind`` is own, pickup or dropoff, ``ref`` the row among the
    person's present stops or the request's id."""

    kind: str
    ref: int
    arrive_s: float
    begin_s: float
    leave_s: float
    load_after: int


@dataclass(frozen=True, kw_only=True)
class Route:
    """The whole rest of a person's route with the offers in it.

    Own stops stand in their order; stops of accepted errands that may be moved (``Problem.stop_errand``) may have
    moved, so ``detour_m``, against the present route, can fall below 0.
    """

    person_id: int
    visits: tuple[Visit, ...]
    depart_s: float
    end_arrive_s: float
    distance_m: float
    detour_m: float


@dataclass(frozen=True, kw_only=True)
class Broken:
    """A person whose own route cannot be driven as it stands, and so gets no offer.

    ``stop`` is the row among the person's stops, or their number for the end; ``code`` is window or capacity;
    ``over`` is by how much. [s or pieces]
    """

    person_id: int
    stop: int
    code: str
    over: float


@dataclass(frozen=True, kw_only=True)
class Result:
    """Status ``solved``; ``empty`` (no request, or nobody); ``infeasible``: the routes in ``broken`` break their
    own limits, and the offers to everybody else stand."""

    status: str
    offers: tuple[Offer, ...]
    unserved: tuple[Unserved, ...]
    routes: tuple[Route, ...]
    broken: tuple[Broken, ...]
    detour_m: float
    objective_m: float

    def to_json(self) -> dict[str, Any]:
        """Plain lists, numbers and strings; an endless slack is null, reasons are objects with their code."""
        data: dict[str, Any] = _plain(asdict(self))
        for entry in [*data["offers"], *data["unserved"]]:
            entry["reasons"] = [{"code": code, **numbers} for code, numbers in entry["reasons"]]
        return data


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _plain(item) for name, item in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    if isinstance(value, float):
        return round(value, 3) if abs(value) != float("inf") else None
    return value
