"""Effects at a partner shop's counter: points against a one-time code, undone within minutes."""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

from django.db import transaction

from linhe.core.dated import value
from linhe.core.loop.models import Event
from linhe.core.loop.refusals import Refused, invalid
from linhe.core.loop.step import Step
from linhe.core.people.encryption import blind_index
from linhe.core.people.models import Account, Organisation
from linhe.core.people.queries import organisations_of
from linhe.core.points.services import reverse, spend
from linhe.desks.volunteering.models import Item, RedeemCode, Redemption
from linhe.desks.volunteering.services.guessing import HOUR, check_guesses, wrong_guess
from linhe.lib.periods import month_of
from linhe.lib.text import Text

RULE = "redemption"
DIGITS = 8
MOST_POINTS, MOST_STOCK = 100_000, 10_000


@transaction.atomic
def new_code(account: Account, *, at: datetime) -> tuple[str, datetime]:
    """A fresh code for someone's phone, and until when it is good. The one before is good no longer."""
    Account.objects.select_for_update().get(pk=account.pk)
    kept = RedeemCode.objects.filter(account=account).first() or RedeemCode(account=account, counted_from=at, made=0)
    if kept.counted_from <= at - HOUR:
        kept.counted_from, kept.made = at, 0
    if kept.made >= value("volunteering.redeem_codes_an_hour", at=at):
        raise Refused("too_often", Text("出示太频繁，请稍后再试。", "Too often. Please try later."), status=429)
    code = _free_code()
    kept.serial, kept.digest, kept.made_at, kept.used_at, kept.made = uuid4(), _digest(code), at, None, kept.made + 1
    kept.expires_at = at + timedelta(seconds=value("volunteering.redeem_code_seconds", at=at))
    kept.save()
    return code, kept.expires_at


def redeem_points(step: Step) -> dict[str, Any]:
    """Take the points of whoever shows the code, for an item of the clerk's own shop that is not sold out."""
    assert step.by is not None
    item = _item(step.by, step.data.item_id, step.at)
    code = _code(step)
    points, matter = item.points, step.matter
    if code.account_id == step.by.pk:
        raise Refused("own_code", Text("不能给自己兑换。", "You cannot redeem for yourself."), status=403)
    code.used_at = step.at
    code.save(update_fields=["used_at"])
    matter.beneficiary, matter.organisation, matter.handler = code.account, item.shop, step.by
    matter.title, matter.title_en = f"兑换{item.name}", f"redemption: {item.name_en or item.name}"
    Redemption.objects.create(
        matter=matter, shop=item.shop, item=item, account=code.account, code=code.serial, points=points, at=step.at
    )

    def take(event: Event) -> None:
        spend(
            account=code.account, rule=RULE, points=points, event=event, pool=pool_of(item.shop), at=step.at,
            place=matter.place,
        )  # fmt: skip

    step.after(take)
    return {"points": points}


def undo_redemption(step: Step) -> dict[str, Any]:
    """Give the points back and the item's stock with them; the event keeps them with a minus, for the sums."""
    if step.by is None or step.matter.organisation not in organisations_of(step.by, at=step.at):
        raise Refused("other_shop", Text("只能撤销本店的兑换。", "It was redeemed at another shop."), status=403)
    redeemed = Event.objects.get(matter=step.matter, action="redeem")
    given_back = reverse(event=redeemed, reason="redemption_undone", at=step.at, by=step.by)
    Redemption.objects.filter(matter=step.matter).update(undone_at=step.at)
    return {"points": -sum(t.points for t in given_back)}


def pool_of(shop: Organisation) -> str:
    """The pool that a shop's points go to."""
    return f"shop-{shop.pk}"


def _free_code() -> str:
    """Digits that nobody else's code has, old ones included."""
    while True:
        code = f"{secrets.randbelow(10**DIGITS):0{DIGITS}d}"
        if not RedeemCode.objects.filter(digest=_digest(code)).exists():
            return code


def _digest(code: str) -> str:
    return blind_index(f"redeem:{code}")


def _code(step: Step) -> RedeemCode:
    """The code, locked. A wrong one counts against the clerk; it is not told whether it was ever any."""
    check_guesses(step, "code")
    at = step.at
    digest = _digest(step.data.code)
    found = RedeemCode.objects.select_for_update(of=("self",)).select_related("account").filter(digest=digest).first()
    if found is None or found.used_at is not None or not found.made_at <= at < found.expires_at:
        message = Text("兑换码不对或已过期，请对方再出示一次。", "Wrong or expired. Ask them to show a new code.")
        raise Refused(
            "wrong_code", message, status=422, details={"code": str(message)},
            afterwards=wrong_guess(step),
        )  # fmt: skip
    return found


def _item(clerk: Account, item_id: int, at: datetime) -> Item:
    """The item, locked, so that the last piece is given once."""
    item = Item.objects.select_for_update(of=("self",)).select_related("shop").filter(pk=item_id, offered=True).first()
    if item is None or item.shop not in organisations_of(clerk, at=at):
        raise invalid({"item_id": str(Text("请选择本店的商品。", "Choose an item of your shop."))})
    first, after = month_of(at)
    gone = Redemption.objects.filter(item=item, at__gte=first, at__lt=after, undone_at__isnull=True).count()
    if gone >= item.stock_a_month:
        message = Text(f"「{item.name}」本月已兑完。", f"“{item.name_en or item.name}” is gone for this month.")
        raise Refused("sold_out", message, details={"item_id": str(message)})
    return item


@transaction.atomic
def save_item(
    *, shop: Organisation, item_id: int | None, name: str, points: int | None, stock: int | None, offered: bool
) -> Item:
    """Offer an item, or change one of the shop's own. What was redeemed before keeps its price."""
    if not points or points > MOST_POINTS or stock is None or stock > MOST_STOCK or not (name or item_id):
        message = Text("请填写名称、积分和每月数量。", "Give a name, the points and how many a month.")
        raise invalid({"name": str(message)})
    if item_id is None:
        if Item.objects.filter(shop=shop, name=name).exists():
            raise invalid({"name": str(Text("已有同名商品。", "There is an item of that name."))})
        return Item.objects.create(shop=shop, name=name, points=points, stock_a_month=stock, offered=True)
    item = Item.objects.select_for_update().filter(shop=shop, pk=item_id).first()
    if item is None:
        raise invalid({"name": str(Text("请选择本店的商品。", "Choose an item of your shop."))})
    item.points, item.stock_a_month, item.offered = points, stock, offered
    item.save(update_fields=["points", "stock_a_month", "offered"])
    return item
