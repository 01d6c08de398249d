"""Effects of the notice: buyers, extension, change, suspension, and what came of it."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any

from linhe.core.dated import value
from linhe.core.loop.refusals import Refused, invalid
from linhe.core.loop.step import Step
from linhe.desks.exchange.engine.facts import Fact
from linhe.desks.exchange.models import Listing
from linhe.desks.exchange.queries.checks import filing_of
from linhe.desks.exchange.queries.facts import NOTICE
from linhe.desks.exchange.services.checking import check, must_conform, problem_at
from linhe.desks.exchange.services.guarding import untied_listing
from linhe.desks.exchange.services.reviewing import end_of
from linhe.lib.text import Text
from linhe.lib.working_calendar import SHANGHAI, add_working_days, local_date, working_days_between

RECORD = "成交登记"


def register_buyers(step: Step) -> dict[str, Any]:
    """How many intended buyers there are in all; who they are is not the loop's business."""
    listing = untied_listing(step)
    listing.buyers = step.data.buyers
    listing.save(update_fields=["buyers"])
    return {"buyers": listing.buyers}


def extend(step: Step) -> dict[str, Any]:
    """Announced before the end, by no less than the dated minimum."""
    listing = untied_listing(step)
    least = value("exchange.extension_working_days", at=step.at, place_code=step.matter.place.code)
    if step.data.days < least:
        text = Text(f"每次延长不少于 {least} 个工作日。", f"At least {least} working days each time.")
        raise invalid({"days": str(text)})
    if _over(listing, step.at):
        raise Refused("over", Text("公告已期满，不能再延长。", "The notice is over already."))
    assert listing.ends_on is not None
    listing.extensions += 1
    listing.extension_days = min(listing.extension_days or step.data.days, step.data.days)
    listing.ends_on = _after(listing.ends_on, step.data.days)
    return _moved(step, listing, "extensions", "extension_days")


def change_notice(step: Step) -> dict[str, Any]:
    """A change starts the whole period anew, whoever agreed to it; that nobody did is for the rules to find."""
    listing = untied_listing(step)
    days = value("exchange.disclosure_working_days", at=step.at, place_code=step.matter.place.code)
    today = local_date(step.at)
    agreed = step.data.agreed and listing.change_agreed is not False
    listing.changed, listing.change_agreed, listing.restarted_on = True, agreed, today
    listing.ends_on = max(_after(today, days), listing.ends_on or today)
    if step.data.buyer_terms:
        for name, told in (("changed", True), ("refiled", step.data.refiled)):
            listing.confirmed[f"disclosure.buyer_terms_{name}"] = {"value": told, "document": NOTICE, "page": None}
    return _moved(step, listing, "changed", "change_agreed", "restarted_on", "confirmed")


def suspend(step: Step) -> None:
    """The period stands still; once a notice."""
    listing = untied_listing(step)
    if listing.suspended_on is not None:
        text = Text("本次公告已中止过一次，请变更公告或终止。", "This notice was suspended once: change or end it.")
        raise Refused("suspended_before", text)
    if _over(listing, step.at):
        raise Refused("over", Text("公告已期满，不能中止。", "The notice is over already."))
    listing.suspended_on = local_date(step.at)
    listing.save(update_fields=["suspended_on"])


def resume(step: Step) -> dict[str, Any]:
    """What was left runs on, and no less than the dated minimum."""
    listing = untied_listing(step)
    assert listing.suspended_on is not None
    assert listing.ends_on is not None
    left = working_days_between(_day(listing.suspended_on), end_of(listing), unpublished="weekends")
    least = value("exchange.resumed_working_days", at=step.at, place_code=step.matter.place.code)
    listing.resumed_on = local_date(step.at)
    listing.ends_on = _after(listing.resumed_on, max(left, least))
    return _moved(step, listing, "resumed_on")


def record_deal(step: Step) -> dict[str, Any]:
    """After the notice is over, by the procedure that the number of buyers asks for; the closing rules decide."""
    listing = untied_listing(step)
    _must_be_over(listing, step.at)
    if not listing.buyers:
        raise Refused("no_buyers", Text("还没有登记意向受让方。", "No intended buyer is registered."))
    _must_be_a_deal(step.data, listing)
    filing = filing_of(listing)
    problem = problem_at(listing, filing, at=step.at, more=_deal_facts(step.data, listing.buyers), step="closing")
    result = check(listing, filing, "closing", problem, at=step.at)
    must_conform(result)
    listing.result, listing.deal_fen, listing.procedure = "sold", step.data.price_fen, step.data.procedure
    listing.save(update_fields=["result", "deal_fen", "procedure"])
    return {
        "buyers": listing.buyers, "rule_set": result.rule_set_hash, "deal_yuan": step.data.price_fen // 100,
        "over_fen": step.data.price_fen - (listing.reserve_fen or 0),
    }  # fmt: skip


def no_buyer(step: Step) -> None:
    """The notice is over and nobody came; the lot may be listed again."""
    listing = untied_listing(step)
    _must_be_over(listing, step.at)
    if listing.buyers:
        raise Refused("buyers", Text("已登记意向受让方，不能按无人受让结束。", "Intended buyers are registered."))
    listing.result = "unsold"
    listing.save(update_fields=["result"])


def end_listing(step: Step) -> None:
    """The manager ends it without a deal."""
    listing = untied_listing(step)
    listing.result = "ended"
    listing.save(update_fields=["result"])


def _deal_facts(data: Any, buyers: int) -> dict[str, Fact]:
    told = data.model_dump(exclude={"difference_explained"}) | {"buyers": buyers}
    found = {f"deal.{name}": Fact(one, RECORD) for name, one in told.items() if one is not None}
    if data.difference_explained:
        found["application.difference_explained"] = Fact(True, RECORD)
    return found


def _must_be_a_deal(data: Any, listing: Listing) -> None:
    """Nothing is sold below its reserve price, nor before its notice ended."""
    wrong: dict[str, str] = {}
    if data.price_fen < (listing.reserve_fen or 0):
        text = Text("成交价不能低于挂牌价；降价须重新挂牌。", "Not below the reserve price: list it again to lower it.")
        wrong["price_fen"] = str(text)
    if listing.ends_on is not None and data.contract_on < listing.ends_on:
        wrong["contract_on"] = str(Text("合同生效日早于公告截止日。", "It lies before the end of the notice."))
    if wrong:
        raise invalid(wrong)


def _moved(step: Step, listing: Listing, *fields: str) -> dict[str, Any]:
    listing.save(update_fields=[*fields, "ends_on"])
    step.due["notice"] = end_of(listing)
    return {"ends_on": listing.ends_on.isoformat() if listing.ends_on else ""}


def _over(listing: Listing, at: datetime) -> bool:
    return at >= end_of(listing)


def _must_be_over(listing: Listing, at: datetime) -> None:
    if not _over(listing, at):
        day = listing.ends_on
        raise Refused("notice_runs", Text(f"公告期至 {day} 止，尚未期满。", f"The notice runs until {day}."))


def _after(day: date, days: int) -> date:
    return local_date(add_working_days(_day(day), days, unpublished="weekends") - timedelta(seconds=1))


def _day(day: date) -> datetime:
    return datetime.combine(day, time(12), SHANGHAI)
