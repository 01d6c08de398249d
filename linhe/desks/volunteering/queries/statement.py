"""A person's points in words, and a shop's month as a table."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.timezone import localtime

from linhe.core.dated import UnknownParameter
from linhe.core.people.models import Organisation
from linhe.core.points.models import Entry, Transfer
from linhe.core.points.rules import BY_HAND, EXPIRY, name_of
from linhe.desks.volunteering.queries.honours import month_at, redeemed_at
from linhe.lib.masking import mask_name
from linhe.lib.text import Text

REDEMPTION = "redemption"
STATES = {
    "pending": Text("待结算", "pending"),
    "settled": Text("已到账", "settled"),
    "reversed": Text("已撤回", "taken back"),
}


@dataclass(frozen=True, slots=True)
class Line:
    """An entry of somebody's points in words."""

    title: Text
    state: Text
    at: datetime
    amount: int
    icon: str


def lines(entries: Iterable[Entry]) -> list[Line]:
    """Entries of a statement in words, in their order."""
    return [_line(entry.transfer, entry.amount) for entry in entries]


def _line(transfer: Transfer, amount: int) -> Line:
    matter = transfer.event.matter if transfer.event else None
    title = Text(matter.title, matter.title_en or matter.title) if matter else _rule(transfer.rule)
    state, icon = STATES[transfer.state], "points"
    if transfer.rule == EXPIRY:
        state, icon = Text("到期未用", "not used in time"), "clock"
    elif transfer.reverses_id is not None:
        title, icon = Text(f"冲正：{title.zh}", f"reversed: {title.en}"), "undo"
    elif transfer.held:
        state, icon = Text("异议处理中，暂不结算", "held while a dispute is open"), "flag"
    elif amount < 0:
        state, icon = Text("已使用", "used"), "coin"
    return Line(title, state, transfer.at, amount, icon)


def _rule(code: str) -> Text:
    if code == EXPIRY:
        return Text("积分到期", "points expired")
    if code == BY_HAND:
        return Text("社区记分", "by the community")
    try:
        return name_of(code)
    except UnknownParameter:
        return Text("其他", "other")


def shop_sheets(shop: Organisation, *, at: datetime, fen_a_point: int) -> dict[str, list[list[Any]]]:
    """A shop's month: every redemption with the masked name, and what the shop is owed."""
    rows: list[list[Any]] = [["时间", "商品", "积分", "居民", "单号", "状态"]]
    for one in reversed(list(redeemed_at(shop, at=at))):
        state = "已撤销" if one.undone_at else "有效"
        moment = localtime(one.at).strftime("%Y-%m-%d %H:%M")
        rows.append([moment, one.item.name, one.points, mask_name(one.account.name), one.pk, state])
    month = month_at(shop, at=at, fen_a_point=fen_a_point)
    owed: list[list[Any]] = [
        ["商户", "月份", "有效笔数", "积分合计", "每分折合（元）", "应付（元）"],
        [shop.name, localtime(at).strftime("%Y-%m"), month.count, month.points, fen_a_point / 100, month.fen / 100],
    ]
    return {"结算": owed, "明细": rows}
