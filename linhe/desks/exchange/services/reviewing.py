"""Effects of the review: documents checked with the originals, passed, returned, refused, approved by another."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any

from linhe.core.dated import value
from linhe.core.loop.models import Event
from linhe.core.loop.refusals import Refused, invalid
from linhe.core.loop.step import Step
from linhe.core.people.models import Account
from linhe.desks.exchange.models import Listing
from linhe.desks.exchange.queries.checks import filing_of
from linhe.desks.exchange.schemas.content import value_in
from linhe.desks.exchange.services.checking import check, must_conform, problem_at
from linhe.desks.exchange.services.guarding import reviews_at, tied, untied_listing
from linhe.lib.text import Text
from linhe.lib.working_calendar import SHANGHAI, is_working_day, local_date, working_days_between


def assign(step: Step) -> dict[str, Any]:
    """The manager names the reviewer: one who holds the post here and has no tie with the seller."""
    listing = untied_listing(step)
    reviewer = Account.objects.filter(pk=step.data.reviewer, is_active=True).first()
    if reviewer is None or not reviews_at(reviewer, step.matter, at=step.at):
        raise invalid({"reviewer": str(Text("没有这位审核员。", "There is no such reviewer here."))})
    if tied(reviewer, listing, at=step.at):
        text = Text("该审核员与转让方有关联，应当回避。", "That reviewer has a tie with the seller.")
        raise Refused("tied", text, status=409, details={"reviewer": str(text)})
    listing.reviewer = reviewer
    listing.save(update_fields=["reviewer"])
    return {"reviewer": reviewer.pk}


def check_complete(step: Step) -> dict[str, Any]:
    """What only a person with the originals can say becomes a fact; the rules run again."""
    listing = untied_listing(step)
    for name in ("genuine", "complete"):
        answer = getattr(step.data, name) == "yes"
        listing.confirmed[f"certificate.{name}"] = {"value": answer, "document": step.data.source, "page": None}
    if listing.reviewer_id is None:
        listing.reviewer = step.by
    listing.save(update_fields=["confirmed", "reviewer"])
    return _checked(step, listing, "documents")


def pass_review(step: Step) -> dict[str, Any]:
    """Only when every rule is met; what is unknown is not met."""
    return _checked(step, untied_listing(step), "reviewed", conform=True)


def return_listing(step: Step) -> dict[str, Any]:
    """Back to the seller, with reasons; the letter lists them beside what the rules found."""
    untied_listing(step)
    return {"from": step.from_stage}


def refuse(step: Step) -> dict[str, Any]:
    """The end of this application."""
    listing = untied_listing(step)
    listing.conforming = False
    listing.save(update_fields=["conforming"])
    return {"from": step.from_stage}


def approve(step: Step) -> dict[str, Any]:
    """Another person than the one who passed it lists it; the notice runs as it was lodged."""
    listing = untied_listing(step)
    _must_be_passed_by_the_untied(step, listing)
    told = _checked(step, listing, "approved", conform=True)
    content = filing_of(listing).content
    start, end = (value_in(content, f"disclosure.{name}") for name in ("starts_on", "ends_on"))
    if start is None or end is None:
        raise Refused("no_notice", Text("申请没有写明公告起止日。", "The notice has no dates."), status=409)
    listing.conforming, listing.listed_on = True, local_date(step.at)
    listing.starts_on, listing.ends_on = (date.fromisoformat(day) for day in (start, end))
    _must_run_long_enough(step, max(listing.starts_on, listing.listed_on), listing.ends_on)
    listing.save(update_fields=["conforming", "listed_on", "starts_on", "ends_on"])
    step.due["notice"] = end_of(listing)
    lodged = Event.objects.filter(matter=step.matter, action="lodge").order_by("seq")[0].at
    appraisal = listing.appraisal_fen or 0
    return told | {
        "working_days": working_days_between(lodged, step.at, unpublished="weekends"),
        "at_once": int(filing_of(listing).number == 1), "one": 1,
        "below": int((listing.reserve_fen or 0) < appraisal), "sequence": listing.sequence,
    }  # fmt: skip


def review_again(step: Step) -> None:
    """Before it is listed the manager has somebody review it anew."""
    listing = untied_listing(step)
    listing.reviewer = None
    listing.save(update_fields=["reviewer"])


def _must_be_passed_by_the_untied(step: Step, listing: Listing) -> None:
    """Whoever passed it may have declared a tie since, on the same day even."""
    passed = Event.objects.filter(matter=step.matter, action="pass_review").order_by("-seq").select_related("actor")[0]
    if passed.actor is not None and tied(passed.actor, listing, at=step.at):
        text = Text(
            "通过审核的审核员与转让方有关联，请退回重审，由他人审核。",
            "Whoever passed it has a tie with the seller: have it reviewed again by another.",
        )
        raise Refused("passed_by_tied", text, status=409)


def _must_run_long_enough(step: Step, start: date, end: date) -> None:
    """What is announced later than planned, or in a newspaper long before, still runs its whole time once listed."""
    least = value("exchange.disclosure_working_days", at=step.at, place_code=step.matter.place.code)
    days = sum(
        is_working_day(start + timedelta(days=n), unpublished="weekends") for n in range(1, (end - start).days + 1)
    )
    if days < least:
        text = Text(
            f"自 {start} 次日起至公告截止日 {end} 只有 {days} 个工作日，不足 {least} 个，请退回修改公告期。",
            f"From the day after {start} to {end} there are {days} working days, fewer than {least}: return it.",
        )
        raise Refused("notice_too_short", text, status=409)


def end_of(listing: Listing) -> datetime:
    """24:00 of the last day of the notice."""
    assert listing.ends_on is not None
    return datetime.combine(listing.ends_on + timedelta(days=1), time(), SHANGHAI)


def _checked(step: Step, listing: Listing, at_step: str, *, conform: bool = False) -> dict[str, Any]:
    filing = filing_of(listing)
    result = check(listing, filing, at_step, problem_at(listing, filing, at=step.at), at=step.at)
    if conform:
        must_conform(result)
    return {
        "rule_set": result.rule_set_hash, "outcome": result.status, "failed": sum(1 for _ in result.of("fail")),
        "unknown": sum(1 for _ in result.of("unknown")),
    }  # fmt: skip
