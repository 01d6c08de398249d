"""What came of a played day, counted from its events, and two ways of dispatching compared on the same errands."""

from __future__ import annotations

import statistics
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Sum

from linhe.core.loop.models import Event
from linhe.core.loop.verifying import checks
from linhe.core.points.models import Transfer
from linhe.desks.errands.demo.day import Day
from linhe.desks.errands.models import Offer


@dataclass(frozen=True, slots=True)
class Played:
    """What came of a day, and for each order that somebody accepted the detour with which they did. [m]"""

    figures: dict[str, Any]
    detours_m: dict[str, int]


def figures_of(day: Day) -> dict[str, Any]:
    """The figures of a day. ``detour_m_ridden`` is how much further all couriers rode than their own stops alone would
    have taken them: no plan's claim goes into it."""
    mine = list(day.matters)
    events = Event.objects.filter(matter__in=mine)
    of = {action: events.filter(action=action).values("matter").distinct().count() for action in ("offer", "late")}
    took = events.filter(action__in=("accept", "take")).values("matter").distinct().count()
    done = events.filter(to_stage="done").exclude(from_stage="done").values("matter").distinct().count()
    expired = [e.data.get("reasons", ["unknown"])[0] for e in events.filter(action="expire")]
    accepted = Offer.objects.filter(matter__in=mine, state="accepted")
    ways = list(accepted.values_list("detour_m", "detour_s").order_by("id"))
    times = accepted.values_list("answered_at", "matter__created_at")
    waited = [(answered - raised).total_seconds() for answered, raised in times if answered]
    plans, worked = sorted(b.plan_ms for b in day.batches), sorted(b.plan_cpu_ms for b in day.batches)
    credited = Transfer.objects.filter(event__matter__in=mine).aggregate(points=Sum("points"))["points"] or 0
    ridden = sum(rider.detour_m for rider in day.riders.values())
    return {
        "raised": len(mine), "offered": of["offer"], "accepted": took, "done": done, "late": of["late"],
        "unserved": len(expired), "unserved_reasons": dict(Counter(expired).most_common()),
        "detour_m_total": sum(m or 0 for m, _ in ways),
        "detour_m_per_errand": _mean([m or 0 for m, _ in ways]),
        "detour_m_median": _median([m or 0 for m, _ in ways]), "detour_s_median": _median([s or 0 for _, s in ways]),
        "detour_m_ridden": round(ridden), "detour_m_ridden_per_errand": round(ridden / len(ways), 1) if ways else 0.0,
        "wait_s_median": _median(waited), "batches": len(plans),
        "batch_p50_ms": _share_of(plans, 0.5), "batch_p99_ms": _share_of(plans, 0.99),
        "batch_p50_cpu_ms": _share_of(worked, 0.5), "batch_p99_cpu_ms": _share_of(worked, 0.99),
        "points_credited": credited,
        "violations": sum(len(b.violations) for b in day.batches),
        "verify_problems": sum(1 for check in checks().values() for _ in check()),
    }  # fmt: skip


def detours_of(day: Day, keys: Iterable[str]) -> dict[str, int]:
    """The detour with which each errand was accepted [m], by the keys of the errands in the order they were raised."""
    accepted = Offer.objects.filter(matter__in=list(day.matters), state="accepted")
    known = dict(accepted.values_list("matter_id", "detour_m"))
    return {key: known[pk] or 0 for key, pk in zip(keys, day.matters, strict=False) if pk in known}


def compared(played: Mapping[str, Played]) -> dict[str, Any]:
    """The detour per errand over those errands that every way of dispatching served: who serves more also serves
    errands that lie further from every route, and must not look worse for it."""
    served = set.intersection(*(set(one.detours_m) for one in played.values()))
    return {"served_by_all": len(served)} | {
        f"{name}_detour_m_per_errand": _mean([one.detours_m[key] for key in sorted(served)])
        for name, one in played.items()
    }


def _mean(values: list[int]) -> float:
    return round(statistics.fmean(values), 1) if values else 0.0


def _median(values: list[Any]) -> int:
    return round(float(statistics.median(values or [0])))


def _share_of(ordered: list[float], share: float) -> float:
    return round(ordered[min(len(ordered) - 1, int(share * len(ordered)))], 1) if ordered else 0.0
