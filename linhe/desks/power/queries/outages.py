"""Reads of a failed line: its feeder, what is known of the fault, the state of the network now, the problem."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Q

from linhe.core.dated import value
from linhe.core.loop.models import Matter
from linhe.core.places.models import Place
from linhe.core.runsheets.models import RunSheet
from linhe.core.runsheets.queries import devices_failed, operations_done
from linhe.desks.power.engine import Params, Problem
from linhe.desks.power.loop.aid import COMING
from linhe.desks.power.models import Feeder, Outage, Plan, Signal, Truck, TruckAid
from linhe.lib.text import Text
from linhe.lib.working_calendar import local_date

CASE_PARTS = ("feeder", "sites", "limits", "unavailable")
"""What a feeder keeps of a case; fault, signals, trucks and the present state come from the rows of an outage."""
ALARMS = ("tripped", "overcurrent", "quiet")
SWITCH_KINDS = {
    "breaker": Text("断路器", "breaker"), "sectionaliser": Text("分段开关", "sectionaliser"),
    "tie": Text("联络开关", "tie switch"), "boundary": Text("分界开关", "boundary switch"),
    "load_break": Text("负荷开关", "load-break switch"), "disconnector": Text("隔离开关", "disconnector"),
    "fuse": Text("跌落式熔断器", "drop-out fuse"),
}  # fmt: skip
SWITCHING = {"open": False, "close": True}


@dataclass(frozen=True, slots=True)
class Present:
    """Where the network stands now: switches that were moved, trucks that feed, devices that failed."""

    switches: dict[str, bool]
    placed: dict[str, str]
    failed: list[str]
    done: frozenset[tuple[str, str, str]]
    """(action, device, site of a truck) of everything that was carried out."""


def feeder_at(code: str, day: date) -> Feeder | None:
    """The version of a feeder in force on a day."""
    return (
        Feeder.objects.filter(code=code, from_date__lte=day)
        .order_by("-from_date", "-version")
        .select_related("place")
        .first()
    )


def feeders_at(place: Place, day: date) -> list[Feeder]:
    """The feeders of a place, each in the version in force on a day."""
    found: dict[str, Feeder] = {}
    rows = Feeder.objects.filter(from_date__lte=day).filter(Q(place=place) | Q(place__district=place.district_id))
    for feeder in rows.order_by("from_date", "version").select_related("place").defer("case"):
        found[feeder.code] = feeder
    return [found[code] for code in sorted(found)]


def outage_of(matter: Matter) -> Outage:
    """What the desk keeps beside a failed line."""
    return Outage.objects.select_related("feeder__place", "matter__place", "plan").get(pk=matter.pk)


def ids_for(feeder: Feeder, what: str) -> set[str]:
    """The ids that a signal of this sort may name, or (``fault``) that may have failed."""
    net = feeder.case["feeder"]
    buses, lines = _ids(net, "buses"), _ids(net, "lines")
    if what in ALARMS:
        return _ids(net, "switches")
    if what == "call_dead":
        return buses
    if what in ("flipped", "unflipped", "call_seen"):
        return lines
    return buses | lines | _ids(net, "transformers")


def names_of(feeder: Feeder) -> dict[str, Text]:
    """Id -> name in both languages, of everything on the feeder and its sites; a switch by its name and number."""
    parts = [*(row for group in feeder.case["feeder"].values() if isinstance(group, list) for row in group)]
    return {row["id"]: _dual_name(row) for row in [*parts, *feeder.case.get("sites", ())]}


def _dual_name(row: Mapping[str, Any]) -> Text:
    """Name and number; what has a number and no name goes by its kind."""
    number = row.get("number")
    name = text_of(row.get("name"), row["id"])
    if number and not row.get("name"):
        name = SWITCH_KINDS.get(row.get("kind", ""), name)
    return Text(f"{name.zh} {number}", f"{name.en} {number}") if number else name


def text_of(words: Any, otherwise: str) -> Text:
    """Words of a case or a result as a text."""
    if isinstance(words, Mapping) and words.get("zh"):
        return Text(words["zh"], words.get("en") or words["zh"])
    return Text(words, words) if isinstance(words, str) and words else Text(otherwise, otherwise)


def trucks_for(outage: Outage) -> list[Truck]:
    """The trucks that may be counted on: the district's own ones that are ready, and those that neighbours promised;
    none that another open event uses."""
    district = outage.feeder.place.district_id
    own = Q(owner__place=district, ready=True) & ~Q(aids__active=True)
    promised = Q(aids__outage=outage, aids__active=True, aids__matter__stage__in=COMING)
    others = Outage.objects.filter(open=True, feeder__place__district=district, plan__isnull=False)
    plans = others.exclude(pk=outage.pk).values_list("plan__result", flat=True)
    busy = {row["truck"] for result in plans for row in result["islands"]}
    found = Truck.objects.filter(own | promised).exclude(code__in=busy).select_related("owner")
    return list(found.distinct().order_by("code"))


def present_of(outage: Outage) -> Present:
    """Replay what was carried out on the run sheet."""
    sheet = RunSheet.objects.get(pk=outage.pk)
    switches: dict[str, bool] = {}
    placed: dict[str, str] = {}
    done = set()
    for item in operations_done(sheet):
        told: dict[str, Any] = item.operation or {}
        action, device = told["action"], told["device"]
        done.add((action, device, told.get("site", "")))
        if action in SWITCHING:
            switches[device] = SWITCHING[action]
        elif action == "close_truck":
            placed[told["truck"]] = told["site"]
        elif action in ("stop_truck", "disconnect"):
            placed.pop(told["truck"], None)
        if action == "disconnect":  # it may come again, and then needs everything again
            done = {one for one in done if one[1] != told["truck"]}
    return Present(switches, placed, devices_failed(sheet), frozenset(done))


def problem_of(outage: Outage, *, at: datetime) -> Problem:
    """The problem as things stand. Raises ValueError when the rows do not make a sound one."""
    present = present_of(outage)
    place_code, case = outage.feeder.place.code, outage.feeder.case
    band = value("power.voltage_percent", at=at, place_code=place_code) / 100
    limits = {
        "v_min": 1 - band, "v_max": 1 + band, "emergency": True,
        "loading": value("power.loading_percent", at=at, place_code=place_code) / 100,
        "most_ties": value("power.most_ties", at=at, place_code=place_code),
    }  # fmt: skip
    trucks, minutes = trucks_for(outage), _minutes_away(outage, at)
    known = {truck.code for truck in trucks} | {row["id"] for row in case["feeder"].get("switches", ())}
    unavailable = [*case.get("unavailable", ()), *(one for one in present.failed if one in known)]
    return Problem.from_json(
        {
            "feeder": case["feeder"],
            "sites": case.get("sites", []),
            "limits": limits | case.get("limits", {}),
            "fault": {"elements": list(outage.fault)} if outage.fault else None,
            "signals": signals_of(outage.signals.order_by("id")),
            "trucks": [_truck(one, minutes.get(one.pk, one.travel_min)) for one in trucks],
            "unavailable": list(dict.fromkeys(unavailable)),
            "present": present.switches,
            "placed": present.placed,
        }
    )


def params_at(outage: Outage, *, at: datetime) -> Params:
    """How long the planner may take."""
    return Params(time_limit_s=float(value("power.plan_seconds", at=at, place_code=outage.feeder.place.code)))


def signals_of(rows: Iterable[Signal]) -> dict[str, Any]:
    """Signals as a case tells them."""
    told: dict[str, list[Any]] = {"alarms": [], "indicators": [], "calls": [], "cleared": []}
    for row in rows:
        if row.what in ALARMS:
            told["alarms"].append({"switch": row.element, "seen": row.what})
        elif row.what in ("flipped", "unflipped"):
            told["indicators"].append({"line": row.element, "flipped": row.what == "flipped"})
        elif row.what in ("call_dead", "call_seen"):
            told["calls"].append({"bus" if row.what == "call_dead" else "line": row.element})
        else:
            told["cleared"].append(row.element)
    return told


def latest_plan(outage: Outage) -> Plan | None:
    """The plan solved last, issued or not."""
    return outage.plans.order_by("-number").first()


def day_of(at: datetime) -> date:
    """The day in Shanghai."""
    return local_date(at)


def _ids(net: Mapping[str, Any], group: str) -> set[str]:
    return {row["id"] for row in net.get(group, ())}


def _minutes_away(outage: Outage, at: datetime) -> dict[int, int]:
    """Truck -> minutes until a neighbour's is there, by what its owner said."""
    rows = TruckAid.objects.filter(outage=outage, active=True, arrives_at__isnull=False)
    minutes = ((truck, arrives) for truck, arrives in rows.values_list("truck", "arrives_at") if arrives is not None)
    return {truck: max(1, round((arrives - at).total_seconds() / 60)) for truck, arrives in minutes}


def _truck(truck: Truck, minutes: int) -> dict[str, Any]:
    told: dict[str, Any] = {
        "id": truck.code, "mw": truck.kw / 1000, "mva": truck.kva / 1000, "arrival_min": minutes,
        "owner": truck.owner.code, "name": {"zh": truck.name, "en": truck.name_en},
    }  # fmt: skip
    if truck.fuel_hours is not None:
        told["fuel_h"] = truck.fuel_hours
    if truck.lat is not None:
        told |= {"lat": truck.lat, "lon": truck.lng}
    return told
