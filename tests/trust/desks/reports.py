"""What the reports desk adds: a department to route to, an open report, an anonymous one, one that is solved."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.utils import timezone
from hypothesis import strategies as st

from linhe.core.loop.acting import act, begin
from linhe.core.people.models import Organisation
from linhe.core.places.stickers import sticker_of
from linhe.desks.reports.models import ApiKey, HotlineFile, Open311Sent
from linhe.desks.reports.queries import link_of
from linhe.desks.reports.services import raise_report
from linhe.desks.reports.services.hotline_import import upload
from linhe.desks.reports.services.keys import make_key
from linhe.desks.reports.services.open311 import Sent, raise_sent
from tests.factories import District, make_post
from tests.trust import visitors
from tests.trust.ground import Ground
from tests.trust.strategies import photos
from tests.trust.visitors import Day

REPORT = Ground(
    answers={
        "category": st.sampled_from(["lights", "noise", "fire", "no_such_category"]),
        "lat": st.none(),
        "lng": st.none(),
        "organisation": st.sampled_from(["", "no-such", "990201-office", "990201-other"]),
        "minutes": st.sampled_from([30, 480, 4800]),
    },
    decides_limit=frozenset({"accept", "solve"}),
)
HOTLINE = Ground(
    answers={
        "number": st.integers(100, 10**9).map(lambda n: f"GD-{n}"),
        "called_at": st.sampled_from(["2023-12-01T09:00:00+08:00", "2024-01-02T17:59:00+08:00"]),
        "limit_at": st.sampled_from([None, None, "2025-02-01T00:00:00+08:00", "2027-01-05T18:00:00+08:00"]),
        "category": st.sampled_from(["property", "noise", "no_such"]),
        "content": st.sampled_from(["电梯坏了", "没人收垃圾"]),
        "organisation": st.sampled_from(["", "990201-wuye", "no-such"]),
        "phone": st.sampled_from(["", "19900001111"]),
    },
    prepare=lambda town, cast, at: _company(town),
    decides_limit=frozenset({"answer"}),
)
GROUNDS = {"report": REPORT, "hotline": HOTLINE}
FILE = "工单编号,来电时间,诉求类别,诉求内容,小区\nGD-2,昨天,其他,有事,安居小区"
UNNAMED = "没有署名的话，只给拿着链接的人看"


def _company(town: District) -> None:
    Organisation.objects.get_or_create(
        code="990201-wuye", defaults={"name": "测试物业", "kind": "company", "place": town.compound}
    )


def _hotline_and_keys(day: Day) -> None:
    """An order that a company has to answer, a file before its import, and a report by an app on trial."""
    at, clerk = timezone.now(), day.people["subdistrict"]
    assert clerk is not None
    name, phone, door = (visitors.CANARIES[one] for one in ("name", "phone", "door"))
    _company(day.town)
    company = Organisation.objects.get(code="990201-wuye")
    day.people["company"] = make_post("property_manager", day.town.compound, organisation=company)
    told = {
        "number": "GD-1", "called_at": (at - timedelta(hours=2)).isoformat(), "category": "property",
        "content": f"{name}说电梯坏了，请打{phone}", "address": f"1号楼{door}", "caller": name, "phone": phone,
        "organisation": company.code,
    }  # fmt: skip
    day.matters["order"] = begin("hotline", "receive", by=clerk, place=day.town.compound, data=told, at=at).matter
    upload(account=clerk, name="a.csv", content=FILE.encode(), at=at)
    administrator = day.people["administrator"]
    assert administrator is not None
    made = make_key(
        by=administrator, name="app", purpose="open311", place=day.town.district, on_trial=True, at=at, request_key="k"
    )
    sent = Sent("lights", "黑", place_code=day.town.building.code, sender={"first_name": name, "phone": phone})
    raise_sent(key=made.key, sent=sent, at=at)


def prepare(day: Day) -> None:
    """Reports of the owner: one just raised, one private and solved; and one of nobody."""
    at, owner, worker = timezone.now(), day.people["owner"], day.people["worker"]
    place = day.town.building
    told = {"category": "lights", "words": visitors.CANARIES["words"], "spot": visitors.CANARIES["door"]}
    day.matters["report"] = raise_report(by=owner, place=place, data=told, at=at, files=photos(1)).matter
    hidden = raise_report(by=owner, place=place, data=told | {"private": True}, at=at).matter
    act(hidden, "accept", by=worker, at=at)
    day.matters["private report"] = act(hidden, "solve", by=worker, at=at, data={"words": "已换灯泡"}).matter
    told = {"category": "noise", "words": UNNAMED}
    day.matters["unnamed report"] = raise_report(by=None, place=place, data=told, at=at, files=photos(1)).matter
    _hotline_and_keys(day)


def arguments(day: Day, path: str) -> dict[str, Any]:
    """The report that was just raised; the link of the one of nobody."""
    report, unnamed = day.matters["report"], day.matters["unnamed report"]
    if "hotline" in path or "keys" in path:
        return {
            "matter_id": day.matters["order"].pk, "file_id": HotlineFile.objects.get().pk, "form": "json",
            "key_id": ApiKey.objects.get().pk,
        }  # fmt: skip
    if "open311" in path:
        token = Open311Sent.objects.get().token
        return {"fmt": "xml", "service": "lift", "request_id": report.pk, "token": token}
    return {
        "matter_id": report.pk, "photo_id": (unnamed if "link" in path else report).evidence.get().pk, "action": "add",
        "token": sticker_of(day.town.building) if "/at/" in path else link_of(unnamed), "code": day.town.building.code,
    }  # fmt: skip
