"""Where the network of a failed line stands, now or after any number of operations: the net that is drawn."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from linhe.core.runsheets.models import DONE, RunItem
from linhe.desks.power.engine import Problem
from linhe.desks.power.models import Outage, Plan
from linhe.desks.power.queries.diagram import Net
from linhe.desks.power.queries.diagram.feeder import after, net_of

_OF_TRUCK = frozenset(("connect", "close_truck", "stop_truck", "disconnect"))
_BREAKER = "breaker"


def operations_of(items: Sequence[RunItem]) -> list[dict[str, str]]:
    """What was carried out, as the net takes it: trucks by their code, whatever the plan calls the point."""
    told = []
    for item in items:
        if item.state == DONE and item.operation:
            action = str(item.operation["action"])
            device = item.operation.get("truck") if action in _OF_TRUCK else item.operation["device"]
            told.append({"action": action, "device": str(device or item.operation["device"])})
    return told


def net_at(outage: Outage, items: Sequence[RunItem], *, current: RunItem | None = None) -> Net:
    """The net after those of ``items`` that are done; ``current`` is the item that comes now."""
    problem = _problem(outage)
    sites = {
        item.operation["truck"]: item.operation["site"]
        for item in items
        if item.operation and item.operation.get("site")
    }
    present = after(operations_of(items), tripped=tripped_of(outage))
    return net_of(problem, present, sites=sites, now=_now(problem, sites, current))


def tripped_of(outage: Outage) -> list[str]:
    """The breakers that opened by themselves: as the plan or the terminals tell it, else the one of the feeder."""
    if outage.plan is not None and outage.plan.result.get("reclose"):
        return list(outage.plan.result["reclose"])
    told = list(outage.signals.filter(what="tripped").order_by("id").values_list("element", flat=True))
    if told:
        return told
    feeder = outage.feeder.case["feeder"]
    roots = {row["bus"] for row in feeder["sources"]}
    first = (s["id"] for s in feeder["switches"] if s["kind"] == _BREAKER and s["bus"] in roots)
    return [one for one in (next(first, None),) if one]


def trucks_of(outage: Outage) -> list[dict[str, Any]]:
    """The trucks of every plan that was made, as the cases tell them."""
    found: dict[str, dict[str, Any]] = {}
    for problem in Plan.objects.filter(outage=outage).order_by("number").values_list("problem", flat=True):
        found |= {row["id"]: row for row in problem.get("trucks", ())}
    return list(found.values())


def _problem(outage: Outage) -> Problem:
    case = outage.feeder.case
    return Problem.from_json(
        {
            "feeder": case["feeder"], "sites": case.get("sites", []), "trucks": trucks_of(outage),
            "limits": case.get("limits", {}), "fault": {"elements": list(outage.fault)} if outage.fault else None,
        }
    )  # fmt: skip


def _now(problem: Problem, sites: dict[str, str], current: RunItem | None) -> str:
    """What the current item works at: a switch or line as it is, the bus of a truck or of a site."""
    if current is None or not current.operation:
        return ""
    device = str(current.operation["device"])
    buses = {site.id: site.bus for site in problem.sites}
    return buses.get(sites.get(device, device), device)
