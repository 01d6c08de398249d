"""What must not happen in a review although each step by itself is allowed: ties, notices, deals, people who leave."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pgtrigger
import pytest

from linhe.core.loop.models import Matter
from linhe.core.loop.refusals import Refused
from linhe.desks.exchange import services
from linhe.desks.exchange.models import Check, Filing, Finding, Listing
from linhe.desks.exchange.queries.rederiving import problems_of_findings
from tests.factories import make_post
from tests.integration.desks.exchange.world import AT, WAN, YES, World

DEAL = {"procedure": "agreement", "price_fen": 1000 * WAN, "lump_sum": True}


def _refused(code: str) -> Any:
    return pytest.raises(Refused, match=rf"^{code}:")


def _passed(world: World, **offer: Any) -> Matter:
    matter = world.lodge(**offer)
    world.step(matter, "check_complete", "reviewer", **YES)
    return world.step(matter, "pass_review", "reviewer")


def test_what_was_passed_by_somebody_tied_is_reviewed_again_by_another(world: World) -> None:
    matter = _passed(world)
    services.declare_tie(account=world.people["reviewer"], organisation=world.trust, words="配偶任职", at=AT)
    with _refused("passed_by_tied"):
        world.step(matter, "approve", "manager")
    with _refused("invalid"):
        world.step(matter, "review_again", "manager", words="")
    assert world.step(matter, "review_again", "manager", words="审核员申报了关联").stage == "reviewing"
    with _refused("tied"):
        world.step(matter, "pass_review", "reviewer")
    world.step(matter, "pass_review", "second")
    assert world.step(matter, "approve", "manager").stage == "listed"


def test_nobody_decides_on_what_they_lodged_themselves(world: World) -> None:
    matter = _passed(world)
    world.people["seller"].posts.update(valid_to=AT)
    make_post("exchange_manager", world.province, world.people["seller"])
    with _refused("tied"):
        world.step(matter, "approve", "seller")


@pytest.mark.parametrize("why", ["left", "tied"])
def test_a_reviewer_who_leaves_or_is_tied_blocks_nobody(world: World, why: str) -> None:
    matter = world.review(world.lodge())
    with _refused("assigned"):
        world.step(matter, "register_buyers", "second", buyers=1)
    if why == "left":
        world.people["reviewer"].posts.update(valid_to=AT)
    else:
        services.declare_tie(account=world.people["reviewer"], organisation=world.trust, words="", at=AT)
    with pytest.raises(Refused):
        world.step(matter, "register_buyers", "reviewer", buyers=1)
    world.step(matter, "register_buyers", "second", buyers=1)


def test_a_notice_runs_its_whole_time_from_the_day_it_is_listed(world: World) -> None:
    """Neither an early newspaper nor a late approval makes it shorter; 20 working days are enough, 19 are not."""
    early = {"disclosure.newspaper_on": date(2025, 12, 1), "disclosure.starts_on": date(2026, 3, 17)}
    for ends_on, enough in ((date(2026, 4, 14), False), (date(2026, 4, 15), True)):
        matter = _passed(world, otherwise=early | {"disclosure.ends_on": ends_on})
        if enough:
            assert world.step(matter, "approve", "manager").stage == "listed"
        else:
            with _refused("notice_too_short"):
                world.step(matter, "approve", "manager")
    late = _passed(world)
    with _refused("notice_too_short"):
        world.step(late, "approve", "manager", later=20)
    assert Listing.objects.get(pk=late.pk).listed_on is None


@pytest.mark.parametrize(
    ("change", "field"),
    [({"price_fen": 0}, "price_fen"), ({"price_fen": 1000 * WAN - 1}, "price_fen"), ({}, "contract_on")],
)
def test_no_deal_below_the_reserve_price_or_before_the_notice_ends(
    world: World, change: dict[str, Any], field: str
) -> None:
    matter = world.review(world.lodge())
    world.step(matter, "register_buyers", "reviewer", buyers=1)
    ends = Listing.objects.get(pk=matter.pk).ends_on
    assert ends is not None
    day = ends if change else ends - timedelta(days=1)
    with _refused("invalid") as caught:
        world.after_notice(matter, "record_deal", contract_on=day, difference_explained=True, **DEAL | change)
    assert list(caught.value.details) == [field]
    assert not Check.objects.filter(at_step="closing").exists()


def test_an_edited_finding_or_filing_is_found_by_deriving_it_again(world: World) -> None:
    world.lodge(otherwise={"certificate.holder": "别家公司"})
    assert list(problems_of_findings()) == []
    with pgtrigger.ignore("exchange.Finding:finding_is_append_only"):
        Finding.objects.filter(rule="certificate-holder").update(status="pass")
    (problem,) = problems_of_findings()
    assert problem.endswith("certificate-holder comes out otherwise under the same rules")
    with pgtrigger.ignore("exchange.Filing:filing_is_append_only", "exchange.Check:check_is_append_only"):
        Filing.objects.update(content={})
        Check.objects.update(facts={"as_of": "2026-03-04", "facts": {"application": {"colour": 1}}})
    filing, run = problems_of_findings()
    assert filing.endswith("filing 1 is not what was lodged")
    assert "can no longer be read: facts.application.colour: is not a known field" in run
