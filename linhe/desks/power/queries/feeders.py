"""Feeders for those who look after their data: which version holds, what is handed in, what stands in a version."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Q

from linhe.core.loop.access import visible_to
from linhe.core.loop.models import Matter
from linhe.core.loop.queries import Page, page_of
from linhe.core.people.models import Account
from linhe.core.places.models import Place
from linhe.desks.power.engine import Problem
from linhe.desks.power.loop import FEEDER_DATA
from linhe.desks.power.models import Feeder, FeederChange, Outage
from linhe.desks.power.queries.diagram import draw
from linhe.desks.power.queries.diagram.feeder import Present, net_of
from linhe.desks.power.queries.outages import CASE_PARTS, SWITCH_KINDS, text_of
from linhe.lib.text import Text

MOST_DRAWN = 1500
"""Buses of a feeder that is drawn on its page; a larger one is told in figures."""
MOST_LISTED = 400
MOST_NAMED = 12
GROUPS = (
    ("buses", Text("母线", "buses")),
    ("lines", Text("线段", "lines")),
    ("transformers", Text("变压器", "transformers")),
    ("switches", Text("开关", "switches")),
    ("loads", Text("负荷", "loads")),
    ("sources", Text("电源", "sources")),
    ("capacitors", Text("电容器", "capacitors")),
    ("sites", Text("接入点", "connection points")),
)


@dataclass(frozen=True, slots=True)
class InForce:
    """A feeder: the version that holds on a day, one that comes later, how many there are, what runs on it now."""

    feeder: Feeder
    later: Feeder | None
    versions: int
    running: int | None


@dataclass(frozen=True, slots=True)
class Difference:
    """What a group of a case has more, less, or otherwise than before."""

    name: Text
    added: tuple[str, ...]
    removed: tuple[str, ...]
    changed: tuple[str, ...]

    @property
    def rows(self) -> list[tuple[Text, int, str]]:
        """What was done, how often, and to which ones."""
        told = ((Text("新增", "added"), self.added), (Text("删除", "removed"), self.removed),
                (Text("修改", "changed"), self.changed))  # fmt: skip
        return [(word, len(ids), _listed(ids)) for word, ids in told if ids]


def in_force(place: Place, day: date) -> list[InForce]:
    """The feeders of a district, each with the version that holds on a day; those that are yet to begin too."""
    rows = Feeder.objects.filter(Q(place=place.district_id) | Q(place__district=place.district_id)).defer("case")
    found: dict[str, list[Feeder]] = {}
    for feeder in rows.order_by("from_date", "version"):
        found.setdefault(feeder.code, []).append(feeder)
    running = dict(
        Outage.objects.filter(open=True, feeder__code__in=found).values_list("feeder__code", "matter")
    )  # fmt: skip
    told = []
    for code, versions in sorted(found.items()):
        now = [one for one in versions if one.from_date <= day]
        later = next((one for one in versions if one.from_date > day), None)
        told.append(InForce(now[-1] if now else versions[0], later if now else None, len(versions), running.get(code)))
    return told


def versions_of(feeder: Feeder) -> list[Feeder]:
    """Every version of a feeder, the newest first."""
    return list(Feeder.objects.filter(code=feeder.code).defer("case").order_by("-version")[:MOST_NAMED])


def waiting(account: Account, *, at: datetime) -> list[FeederChange]:
    """What was handed in and waits to be checked."""
    rows = visible_to(account, at=at).filter(kind=FEEDER_DATA.code, closed_at__isnull=True).order_by("-pk")[:50]
    return list(_changes(rows.values_list("pk", flat=True)))


def past_changes(account: Account, *, at: datetime, before: int | None) -> tuple[list[FeederChange], Page[Matter]]:
    """What became of earlier ones, a page at a time."""
    rows = visible_to(account, at=at).filter(kind=FEEDER_DATA.code, closed_at__isnull=False)
    page = page_of(rows, before=before)
    return list(_changes([one.pk for one in page.rows])), page


def _changes(ids: Iterable[int]) -> Iterable[FeederChange]:
    rows = FeederChange.objects.filter(pk__in=list(ids)).select_related("matter__place", "feeder")
    return rows.defer("case", "feeder__case").order_by("-pk")


def told_case(case: Mapping[str, Any], *, title: Text) -> dict[str, Any]:
    """What was understood of a case, in figures, words and as a diagram in its normal state."""
    problem = Problem.from_json({part: case[part] for part in CASE_PARTS if part in case})
    feeder = problem.feeder
    names = {one.id: Text(one.name.zh or one.id, one.name.en or one.id) for one in feeder.buses}
    phases = sorted({"".join(sorted(one.phases)).upper() for one in feeder.buses}, key=lambda one: (-len(one), one))
    small = len(feeder.buses) <= MOST_DRAWN
    return {
        "figures": [
            (Text("母线", "buses"), len(feeder.buses)), (Text("线段", "lines"), len(feeder.lines)),
            (Text("开关", "switches"), len(feeder.switches)),
            (Text("联络开关", "ties"), sum(1 for one in feeder.switches if not one.closed)),
            (Text("接入点", "connection points"), len(problem.sites)),
            (Text("负荷 kW", "load kW"), round(sum(one.kw for one in feeder.loads))),
        ],
        "kv": "、".join(f"{kv:g}" for kv in sorted({one.kv for one in feeder.buses}, reverse=True)),
        "phases": "、".join(phases),
        "phased": feeder.phased,
        "kvar": round(sum(one.kvar for one in feeder.loads)),
        "loads": len(feeder.loads),
        "vital": [str(Text(one.name.zh or one.id, one.name.en or one.id)) for one in feeder.loads if one.priority == 1],
        "sources": [Text(one.name.zh or one.id, one.name.en or one.id) for one in feeder.sources],
        "transformers": len(feeder.transformers),
        "remote": sum(1 for one in feeder.switches if one.remote),
        "unrated": sum(1 for one in feeder.lines if one.rating_mva is None),
        "limits": problem.limits,
        "limits_given": sorted(case.get("limits", ())),
        "unavailable": list(problem.unavailable),
        "sites": [
            (one.id, Text(one.name.zh or one.id, one.name.en or one.id), names[one.bus], one.hookup_min)
            for one in problem.sites
        ],
        "switches": [
            (Text(one.name.zh, one.name.en), one.number or one.id, SWITCH_KINDS[one.kind], one.closed,
             one.remote, "".join(sorted(one.phases)).upper())
            for one in feeder.switches[:MOST_LISTED]
        ],
        "more_switches": max(0, len(feeder.switches) - MOST_LISTED),
        "drawing": draw(net_of(problem, Present(), sites={}), title=title) if small else "",
    }  # fmt: skip


def differences(case: Mapping[str, Any], before: Mapping[str, Any]) -> list[Difference]:
    """Group by group, what a case has otherwise than the version before it."""
    found = []
    for group, name in GROUPS:
        new, old = _rows(case, group), _rows(before, group)
        one = Difference(
            name, tuple(sorted(new.keys() - old.keys())), tuple(sorted(old.keys() - new.keys())),
            tuple(sorted(key for key in new.keys() & old.keys() if new[key] != old[key])),
        )  # fmt: skip
        if one.rows:
            found.append(one)
    return found


def version_before(code: str, day: date, *, besides: int | None = None) -> Feeder | None:
    """The version that holds before another one from a day on."""
    rows = Feeder.objects.filter(code=code, from_date__lte=day)
    if besides is not None:
        rows = rows.filter(version__lt=besides)
    return rows.order_by("-from_date", "-version").first()


def sites_kept(case: dict[str, Any], before: Feeder | None) -> list[str]:
    """Give a case without connection points those of the version before, where their buses are still there; returns
    the names of those that are not."""
    if "sites" in case or before is None or not before.case.get("sites"):
        return []
    buses = {row.get("id") for row in case["feeder"].get("buses", ()) if isinstance(row, Mapping)}
    kept = [row for row in before.case["sites"] if row["bus"] in buses]
    lost = [row for row in before.case["sites"] if row["bus"] not in buses]
    case["sites"] = kept
    return [str(text_of(row.get("name"), row["id"])) for row in lost]


def _rows(case: Mapping[str, Any], group: str) -> dict[str, Any]:
    rows = case.get("sites", ()) if group == "sites" else case["feeder"].get(group, ())
    return {row["id"]: row for row in rows}


def _listed(ids: Sequence[str]) -> str:
    more = f" … (+{len(ids) - MOST_NAMED})" if len(ids) > MOST_NAMED else ""
    return "、".join(ids[:MOST_NAMED]) + more
