"""Trucks: what each is doing for a failed line, where it is on the map, and the registry for those who ask."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from linhe.core.places.models import Place
from linhe.core.runsheets.models import DONE, RunItem
from linhe.desks.power.loop import TRUCK_AID
from linhe.desks.power.models import Outage, Truck, TruckAid
from linhe.desks.power.queries.outages import text_of, trucks_for
from linhe.lib.text import Text

Point = tuple[float, float]
"""Latitude and longitude."""
IDLE = Text("待命", "standing by")
DOING = {
    "order": (Text("已下令出动", "ordered out"), "move", 1),
    "route": (Text("赶赴现场", "on its way"), "move", 1),
    "arrive": (Text("已到现场", "on site"), "move", 3),
    "ground": (Text("已到现场", "on site"), "move", 3),
    "connect": (Text("已接电缆", "cable connected"), "move", 3),
    "phase_check": (Text("核相完成", "phases checked"), "move", 3),
    "start": (Text("已起动", "started"), "move", 3),
    "close_truck": (Text("正在供电", "feeding"), "good", 6),
    "stop_truck": (Text("已停机", "stopped"), "over", 4),
    "disconnect": (Text("已撤出", "withdrawn"), "over", 4),
}
"""Action -> what the truck is doing since, tone, shape of its pin."""
ON_SITE = frozenset(("arrive", "ground", "connect", "phase_check", "start", "close_truck", "stop_truck"))


@dataclass(frozen=True, slots=True)
class OnDuty:
    """A truck in the run of a failed line."""

    truck: Truck
    state: Text
    tone: str
    shape: int
    site: Text | None
    at: Point | None
    estimated: bool
    aid: TruckAid | None


@dataclass(frozen=True, slots=True)
class Registered:
    """A truck in the registry, with the request that binds it now."""

    truck: Truck
    own: bool
    aid: TruckAid | None
    feeder: str

    @property
    def free(self) -> bool:
        """Whether it can be asked for."""
        return self.truck.ready and self.aid is None


def on_duty(outage: Outage, items: Sequence[RunItem], *, at: datetime) -> list[OnDuty]:
    """The trucks that count for a failed line, with those that were asked for, as far as the run has come."""
    aids = {a.truck_id: a for a in TruckAid.objects.filter(outage=outage).select_related("truck__owner", "matter")}
    trucks = {one.pk: one for one in trucks_for(outage)} | {a.truck_id: a.truck for a in aids.values()}
    last: dict[str, RunItem] = {}
    for item in items:
        if item.state == DONE and item.operation and item.operation.get("truck"):
            last[item.operation["truck"]] = item
    places = {row["id"]: _spot(outage, row["bus"]) for row in outage.feeder.case.get("sites", ())}
    names = {row["id"]: text_of(row.get("name"), row["id"]) for row in outage.feeder.case.get("sites", ())}
    ordered = sorted(trucks.values(), key=lambda one: one.code)
    return [_duty(one, last.get(one.code), aids.get(one.pk), places, names, at) for one in ordered]


def registry(place: Place) -> list[Registered]:
    """Every truck that a place may count on or ask for, its own first."""
    district = place.district_id
    bound = {
        aid.truck_id: aid
        for aid in TruckAid.objects.filter(active=True).select_related("matter", "outage__feeder").order_by("matter")
    }
    rows = [
        Registered(one, one.owner.place_id == district, bound.get(one.pk), _feeder(bound.get(one.pk)))
        for one in Truck.objects.select_related("owner").order_by("owner", "code")
    ]
    return sorted(rows, key=lambda row: (not row.own, row.truck.travel_min, row.truck.code))


def points(duty: Iterable[OnDuty], outage: Outage) -> list[dict[str, Any]]:
    """The map's features: trucks, the connection points in use, and the fault."""
    features = [
        _feature(
            one.at, id=f"t{one.truck.pk}", title=name_of(one.truck), stage=str(one.state), tone=one.tone,
            shape=one.shape, words=[str(Text("位置按行程估算", "position by travel time"))] if one.estimated else [],
        )
        for one in duty
        if one.at is not None
    ]  # fmt: skip
    for element in outage.fault:
        spot = _of_element(outage, element)
        if spot is not None:
            word = str(Text("故障点", "the fault"))
            features.append(_feature(spot, id=f"f{element}", title=word, stage=word, tone="bad", shape=2, urgent=True))
    return features


def name_of(truck: Truck) -> str:
    """In the reader's language."""
    return str(Text(truck.name, truck.name_en))


def _duty(
    truck: Truck, last: RunItem | None, aid: TruckAid | None, places: dict[str, Point | None],
    names: dict[str, Text], at: datetime,
) -> OnDuty:  # fmt: skip
    home = (truck.lat, truck.lng) if truck.lat is not None and truck.lng is not None else None
    action = last.operation["action"] if last and last.operation else ""
    site = last.operation["site"] if last and last.operation else ""
    there = places.get(site)
    if action in DOING:
        state, tone, shape = DOING[action]
    elif aid is not None:
        stage = TRUCK_AID.stage(aid.matter.stage)
        state, tone, shape = stage.name, stage.tone, 1
    else:
        state, tone, shape = IDLE, "wait", 0
    if action in ON_SITE:
        return OnDuty(truck, state, tone, shape, names.get(site), there or home, False, aid)
    way = _on_the_way(home, there, last, truck, at) if action in ("order", "route") else None
    return OnDuty(truck, state, tone, shape, names.get(site), way or home, way is not None, aid)


def _on_the_way(
    home: Point | None, there: Point | None, last: RunItem | None, truck: Truck, at: datetime
) -> Point | None:  # fmt: skip
    """Between its place and the site, by the share of the travel time that has passed."""
    if home is None or there is None or last is None or last.done_at is None:
        return None
    share = min(0.95, max(0.0, (at - last.done_at).total_seconds() / 60 / max(1, truck.travel_min)))
    return home[0] + share * (there[0] - home[0]), home[1] + share * (there[1] - home[1])


def _spot(outage: Outage, bus: str) -> Point | None:
    row = next((one for one in outage.feeder.case["feeder"]["buses"] if one["id"] == bus), None)
    return (row["lat"], row["lon"]) if row and row.get("lat") is not None and row.get("lon") is not None else None


def _of_element(outage: Outage, element: str) -> Point | None:
    feeder = outage.feeder.case["feeder"]
    line = next((one for one in feeder["lines"] if one["id"] == element), None)
    if line is None:
        return _spot(outage, element)
    ends = [_spot(outage, line[end]) for end in ("from_bus", "to_bus")]
    known = [end for end in ends if end is not None]
    if not known:
        return None
    return sum(lat for lat, _ in known) / len(known), sum(lng for _, lng in known) / len(known)


def _feature(at: Point | None, **properties: Any) -> dict[str, Any]:
    lat, lng = at or (0.0, 0.0)
    return {"type": "Feature", "geometry": {"type": "Point", "coordinates": [lng, lat]}, "properties": properties}


def _feeder(aid: TruckAid | None) -> str:
    return str(Text(aid.outage.feeder.name, aid.outage.feeder.name_en)) if aid else ""
