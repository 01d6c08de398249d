"""Orders of the hotline as files and as the loop receives them."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from linhe.core.loop.acting import begin
from linhe.core.loop.models import Matter
from linhe.desks.reports.models import HotlineFile
from linhe.desks.reports.services import hotline_import as importing
from tests.integration.desks.reports.conftest import AT, Scene

HEAD = "工单编号,来电时间,诉求类别,诉求内容,小区,诉求地址,涉及单位,办理时限,来电人,联系电话"
ROW = "GD-{n},2026-03-03 15:20,物业管理,{what},安居小区,安居小区1号楼2单元501室,安居物业,,鸟名来电,19999977733"
DAY = timedelta(days=1)


def csv(*rows: str, head: str = HEAD) -> bytes:
    """A file of orders."""
    return "\n".join((head, *rows)).encode()


def row(n: int, what: str = "电梯坏了没人修") -> str:
    """A good row."""
    return ROW.format(n=n, what=what)


def receive(scene: Scene, n: int = 1, /, at: datetime = AT, **data: Any) -> Matter:
    """An order as the loop receives it."""
    told = {
        "number": f"GD-{n}", "called_at": "2026-03-03T15:20:00+08:00", "category": "property",
        "content": "鸟名来电说电梯坏了，电话19999977733", "organisation": "wuye", "caller": "鸟名来电",
        "phone": "19999977733", "address": "安居小区1号楼2单元501室",
    } | data  # fmt: skip
    return begin("hotline", "receive", by=scene.supervisor, place=scene.town.compound, data=told, at=at).matter


def upload(scene: Scene, content: bytes, name: str = "orders.csv") -> HotlineFile:
    """A file of the subdistrict's clerk."""
    return importing.upload(account=scene.supervisor, name=name, content=content, at=AT)
