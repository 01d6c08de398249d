"""The plots of the year: plain sales, competitions, corrections, refusals, and chains of listings that get cheaper."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, time, timedelta
from random import Random
from typing import Any

from linhe.desks.exchange.demo.ground import Ground
from linhe.desks.exchange.demo.telling import YES, Actor, Plot, run
from linhe.lib.working_calendar import SHANGHAI, local_date

WAN = 1_000_000
TOWNS = (
    "文昌",
    "东湖",
    "西苑",
    "北岭",
    "新苑",
    "光明",
    "兴华",
    "雁南",
    "秀容",
    "桥头",
    "古城",
    "石桥",
    "南湾",
    "柳林",
    "长征",
    "河湾",
)
SOON = {"notice_after": 4}
"""The notice begins soon: late in a year it would else end in one whose calendar may not be published yet."""
TRADES = ("小额贷款", "典当", "融资担保", "村镇银行", "保险经纪", "商业保理")


def tell_year(ground: Ground, *, at: datetime) -> None:
    """Tell all of it, up to ``at``."""
    chance = Random(12)
    plots: list[tuple[datetime, Plot]] = []
    for number, (make, days) in enumerate([*_past(chance), *_today()], 1):
        start = datetime.combine(local_date(at) - timedelta(days=days), time(9), SHANGHAI)
        name = f"{TOWNS[number * 5 % len(TOWNS)]}{TRADES[number * 7 % len(TRADES)]}有限公司"
        value = chance.randrange(120, 4200) * 10 * WAN
        actor = Actor(ground, number, name, value, start - timedelta(days=1), at)
        plots.append((start, make(actor)))
    run(plots)


def _past(chance: Random) -> list[tuple[Callable[[Actor], Plot], int]]:
    """What is over, with the days before today on which each begins."""
    plain = [_sale(chance.randrange(0, 3)) for _ in range(20)] + [_competition(2 + n) for n in range(6)]
    troubled = [_corrected] * 5 + [_refused] * 3 + [_withdrawn] * 2 + [_ended]
    found = [(make, 380 - 12 * place) for place, make in enumerate(plain)]
    found += [(make, 370 - 26 * place) for place, make in enumerate(troubled)]
    chains = [(_chain(9500), 330), (_chain(9650), 290), (_chain(9200), 240), (_chain(9200, 8500), 350)]
    chains += [(_chain(9000, 8200), 300), (_late_approval, 260), (_never_approved, 280)]
    return [*found, *chains]


def _today() -> list[tuple[Callable[[Actor], Plot], int]]:
    """What is open today."""
    return [
        (_lodged, 1), (_lodged, 2), (_in_review, 6), (_to_approve, 9), (_listed, 24), (_returned_below, 88),
        (_drafted, 1),
    ]  # fmt: skip


def _reviewed(actor: Actor) -> Plot:
    """From completeness to the notice."""
    yield actor.wait(1)
    actor.step("check_complete", **YES)
    yield actor.wait(1 + actor.number % 3)
    actor.step("pass_review")
    yield actor.wait(1)
    actor.step("approve", by=actor.ground.manager)


def _sold(actor: Actor, buyers: int, procedure: str, over_percent: int) -> Plot:
    actor.step("register_buyers", buyers=buyers)
    yield actor.wait_for_the_notice()
    price = (actor.listing.reserve_fen or 0) * (100 + over_percent) // 100
    far = not 9 * actor.value_fen < 10 * price < 11 * actor.value_fen
    actor.step(
        "record_deal", procedure=procedure, price_fen=price, contract_on=local_date(actor.at), lump_sum=True,
        difference_explained=far,
    )  # fmt: skip


def _unsold(actor: Actor) -> Plot:
    yield actor.wait_for_the_notice()
    actor.step("no_buyer")


def _sale(over_percent: int) -> Callable[[Actor], Plot]:
    def plot(actor: Actor) -> Plot:
        yield actor.wait(1)
        actor.lodge()
        yield from _reviewed(actor)
        yield actor.wait(6)
        yield from _sold(actor, 1, "agreement", over_percent)

    return plot


def _competition(buyers: int) -> Callable[[Actor], Plot]:
    def plot(actor: Actor) -> Plot:
        yield actor.wait(1)
        actor.lodge()
        yield from _reviewed(actor)
        yield actor.wait(9)
        yield from _sold(actor, buyers, ("online", "auction", "bidding")[buyers % 3], 3 * buyers)

    return plot


def _corrected(actor: Actor) -> Plot:
    yield actor.wait(1)
    wrong: tuple[dict[str, Any], ...] = (
        {"certificate__holder": "青岚信托公司"}, {"appraisal__value_fen": None}, {"approval__share_ppm": 100_000},
        {"disclosure__newspaper_provincial": False}, {"certificate__status": "changing"},
    )  # fmt: skip
    actor.lodge(**wrong[actor.number % len(wrong)])
    yield actor.wait(2)
    actor.step("check_complete", **YES)
    actor.step("return", words="申请与所附材料不一致，请按审核结论逐条补正后重新提交。")
    yield actor.wait(4)
    actor.correct()
    yield from _reviewed(actor)
    yield actor.wait(5)
    yield from _sold(actor, 1, "agreement", 0)


def _refused(actor: Actor) -> Plot:
    yield actor.wait(1)
    wrong: dict[str, Any] = (
        {"certificate__status": "lapsed"}
        if actor.number % 2
        else {"approval__level": 3, "approval__authority": "青岚市财政局"}
    )
    actor.lodge(**wrong)
    yield actor.wait(2)
    actor.step("check_complete", **YES)
    yield actor.wait(2)
    actor.step("refuse", by=actor.ground.manager, words="登记或批准不符合规定，不予受理。")


def _withdrawn(actor: Actor) -> Plot:
    yield actor.wait(1)
    actor.lodge()
    yield actor.wait(2)
    actor.step("withdraw", by=actor.seller, words="转让方内部决策调整，暂缓转让。")


def _ended(actor: Actor) -> Plot:
    yield actor.wait(1)
    actor.lodge()
    yield from _reviewed(actor)
    yield actor.wait(8)
    actor.step("suspend", words="标的企业涉诉，中止公告。")
    yield actor.wait(6)
    actor.step("resume")
    yield actor.wait(3)
    actor.step("end_listing", by=actor.ground.manager, words="转让方申请终止。")


def _chain(*hundredths: int) -> Callable[[Actor], Plot]:
    """Listed at the appraisal, then cheaper each time until somebody buys; below 90 % with a new approval."""

    def plot(actor: Actor) -> Plot:
        yield actor.wait(1)
        base = local_date(actor.at) - timedelta(days=70)
        actor.lodge(base_on=base)
        yield from _reviewed(actor)
        yield from _unsold(actor)
        for place, one in enumerate(hundredths):
            yield actor.wait(4)
            actor.lodge(one, base_on=base, **_approved(actor, one))
            yield from _reviewed(actor)
            if place + 1 < len(hundredths):
                yield from _unsold(actor)
        yield actor.wait(5)
        yield from _sold(actor, 1, "agreement", 0)

    return plot


def _late_approval(actor: Actor) -> Plot:
    """88 % without approval goes back, comes again with it, and is sold."""
    yield actor.wait(1)
    base = local_date(actor.at) - timedelta(days=70)
    actor.lodge(base_on=base)
    yield from _reviewed(actor)
    yield from _unsold(actor)
    yield actor.wait(3)
    actor.lodge(8800, base_on=base, application__difference_explained=True)
    yield actor.wait(1)
    actor.step("check_complete", **YES)
    actor.step("return", words="挂牌价低于评估结果的百分之九十，请补充批准单位对该价格的重新批准。")
    yield actor.wait(6)
    actor.correct(8800, base_on=base, **_approved(actor, 8800))
    yield from _reviewed(actor)
    yield actor.wait(5)
    yield from _sold(actor, 1, "agreement", 1)


def _never_approved(actor: Actor) -> Plot:
    """85 % and an approval for another price: refused."""
    yield actor.wait(1)
    base = local_date(actor.at) - timedelta(days=70)
    actor.lodge(base_on=base)
    yield from _reviewed(actor)
    yield from _unsold(actor)
    yield actor.wait(3)
    approved = _approved(actor, 8500) | {"approval__new_price_fen": actor.value_fen * 87 // 100}
    actor.lodge(8500, base_on=base, **approved)
    yield actor.wait(2)
    actor.step("check_complete", **YES)
    yield actor.wait(1)
    actor.step("refuse", by=actor.ground.manager, words="批准的价格与申请的挂牌价不一致，且未能在期限内更正。")


def _approved(actor: Actor, hundredths: int) -> dict[str, object]:
    """What a lower price asks for: an explanation from 10 % on, below 90 % an approval for exactly that price."""
    found: dict[str, object] = {}
    if hundredths <= 9000:
        found["application__difference_explained"] = True
    if hundredths < 9000:
        found["approval__new_price_fen"] = actor.value_fen * hundredths // 10_000
        found["approval__new_price_on"] = local_date(actor.at)
    return found


def _lodged(actor: Actor) -> Plot:
    yield actor.wait(0)
    actor.lodge(**SOON)


def _in_review(actor: Actor) -> Plot:
    yield actor.wait(1)
    actor.lodge(certificate__holder="青岚典当公司", **SOON)
    yield actor.wait(1)
    actor.step("check_complete", **YES)


def _to_approve(actor: Actor) -> Plot:
    yield actor.wait(1)
    actor.lodge()
    yield actor.wait(1)
    actor.step("check_complete", **YES)
    yield actor.wait(2)
    actor.step("pass_review")


def _listed(actor: Actor) -> Plot:
    yield actor.wait(1)
    actor.lodge()
    yield from _reviewed(actor)
    actor.step("register_buyers", buyers=1)


def _returned_below(actor: Actor) -> Plot:
    """The demo seller's own: no buyer at the appraisal, now 88 % without approval, returned."""
    actor.number = 8 * (actor.number // 8 + 1)
    yield actor.wait(1)
    base = local_date(actor.at) - timedelta(days=70)
    actor.lodge(base_on=base)
    yield from _reviewed(actor)
    yield from _unsold(actor)
    actor.at = max(actor.at, actor.until - timedelta(days=6))
    yield actor.wait(0)
    actor.lodge(8800, base_on=base, application__difference_explained=True)
    yield actor.wait(1)
    actor.step("check_complete", **YES)
    actor.step("return", words="挂牌价低于评估结果的百分之九十，请补充批准单位对该价格的重新批准。")


def _drafted(actor: Actor) -> Plot:
    actor.number = 8 * (actor.number // 8 + 1)
    yield actor.wait(0)
    actor.write(appraisal__value_fen=None, certificate__number=None, **SOON)
