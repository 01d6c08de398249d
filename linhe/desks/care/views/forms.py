"""Reads what the enrolment form sent, and shows it again with what is wrong."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, time
from typing import Any

from linhe.core.loop.pages import day_in, text_in
from linhe.core.loop.refusals import Refused, invalid
from linhe.core.people.codes import account_of_phone, clean_phone
from linhe.core.people.models import Account
from linhe.core.places.models import Place
from linhe.desks.care.models import Enrolment, Side
from linhe.desks.care.services import Relative, Wish
from linhe.lib.text import Text
from linhe.lib.working_calendar import SHANGHAI

SIDES = (
    (Side.SOUTH, Text("南面", "south")), (Side.NORTH, Text("北面", "north")), (Side.STREET, Text("临街", "street")),
    (Side.EAST, Text("东面", "east")), (Side.WEST, Text("西面", "west")),
)  # fmt: skip
SIDE_NAMES = {code.value: name for code, name in SIDES}
CONTACTS = (1, 2, 3)


def wish_of(sent: Mapping[str, str], home: Place, *, staff: bool, before: Enrolment | None = None) -> Wish:
    """The wish that a form holds; refused with a message at each field. Only staff name the neighbour and the meter;
    what others change leaves both as they were."""
    wrong: dict[str, str] = {}
    moment = time_in(sent, "check_time")
    if moment is None:
        wrong["check_time"] = str(Text("请选择时间。", "Choose a time."))
    side = text_in(sent, "side", 8)
    if side not in Side.values:
        side = Side.SOUTH
    contacts = []
    for n in CONTACTS:
        name, phone = text_in(sent, f"contact_name_{n}", 40), text_in(sent, f"contact_phone_{n}", 20)
        if not name and not phone:
            continue
        try:
            contacts.append(Relative(name or "家人", clean_phone(phone), text_in(sent, f"contact_relation_{n}", 20)))
        except Refused as refused:
            wrong[f"contact_phone_{n}"] = str(refused.message)
    neighbour = before.neighbour if before else None
    try:
        neighbour = (neighbour_in(sent) if staff else None) or neighbour
    except Refused as refused:
        wrong |= refused.details
    if wrong:
        raise invalid(wrong)
    assert moment is not None
    return Wish(
        home=home, check_time=moment, door=text_in(sent, "door", 60), look_for=text_in(sent, "look_for", 120),
        habits=text_in(sent, "habits", 200), side=side, neighbour=neighbour, couriers_look="couriers_look" in sent,
        family_sees_steps="family_sees_steps" in sent, meter=text_in(sent, "meter", 40) if staff else None,
        contacts=contacts,
    )  # fmt: skip


def neighbour_in(sent: Mapping[str, str]) -> Account | None:
    """The neighbour of the phone number that was sent; None when none was."""
    phone = text_in(sent, "neighbour", 20)
    if not phone:
        return None
    found = account_of_phone(phone)
    if found is None:
        unknown = Text(
            "没有找到这个号码的邻居，请先请他登录一次。", "No neighbour of that number; have them sign in once."
        )
        raise invalid({"neighbour": str(unknown)})
    return found


def filled(enrolment: Enrolment) -> dict[str, Any]:
    """An enrolment as its form shows it."""
    fields: dict[str, Any] = {
        "door": enrolment.door, "look_for": enrolment.look_for, "habits": enrolment.habits, "side": enrolment.side,
        "check_time": f"{enrolment.check_time:%H:%M}",
    }  # fmt: skip
    if enrolment.couriers_look:
        fields["couriers_look"] = "on"
    if enrolment.family_sees_steps:
        fields["family_sees_steps"] = "on"
    for n, contact in enumerate(enrolment.contacts.all(), 1):
        fields |= {
            f"contact_name_{n}": contact.name, f"contact_phone_{n}": contact.phone,
            f"contact_relation_{n}": contact.relation,
        }  # fmt: skip
    return fields


def rows_of(sent: Mapping[str, Any], errors: Mapping[str, str]) -> list[dict[str, Any]]:
    """The three rows of contacts."""
    return [
        {
            "n": n, "name": sent.get(f"contact_name_{n}", ""), "phone": sent.get(f"contact_phone_{n}", ""),
            "relation": sent.get(f"contact_relation_{n}", ""), "error": errors.get(f"contact_phone_{n}", ""),
        }
        for n in CONTACTS
    ]  # fmt: skip


def time_in(sent: Mapping[str, str], name: str) -> time | None:
    """A time of the day that was sent."""
    try:
        return time.fromisoformat(sent.get(name, "")[:5])
    except ValueError:
        return None


def moment_in(sent: Mapping[str, str], day: str, clock: str) -> datetime | None:
    """A day and a time that were sent, as a moment in Shanghai."""
    on, at = day_in(sent, day), time_in(sent, clock)
    return datetime.combine(on, at.replace(tzinfo=None), SHANGHAI) if on and at else None
