"""The province's figures against plain recounts, each with the cases behind it."""

from __future__ import annotations

import statistics
from datetime import date, timedelta
from itertools import pairwise

import pytest
from pytest_django import DjangoAssertNumQueries

from linhe.core.loop.models import Event, Matter
from linhe.desks.exchange.models import Listing
from linhe.desks.exchange.queries import province as figures
from linhe.lib.working_calendar import DAY, is_working_day, local_date
from tests.integration.desks.exchange.world import AT, WAN, YES, World, as_

SPAN = figures.Span(2026)


@pytest.fixture
def year(world: World) -> World:
    """Reviews of different lengths, one of them returned in between, one refused, one under way."""
    for wait in (0, 1, 4, 9):
        matter = world.lodge(at=AT + timedelta(days=wait), otherwise={"disclosure.ends_on": date(2026, 6, 30)})
        world.step(matter, "check_complete", "reviewer", later=wait, **YES)
        world.step(matter, "pass_review", "reviewer", later=1)
        world.step(matter, "approve", "manager", later=wait)
    bad = world.lodge(reserve_fen=999 * WAN)
    world.step(bad, "check_complete", "reviewer", later=2, **YES)
    world.step(bad, "refuse", "manager", later=5, words="首次挂牌价低于评估结果")
    world.lodge(by="bank", reserve_fen=998 * WAN)
    return world


def recounted(matter: Matter) -> int:
    """Working days in which it lay with the exchange, day by day."""
    events = list(Event.objects.filter(matter=matter).order_by("seq"))
    used = 0
    for one, after in pairwise(events):
        if one.to_stage in ("completeness", "reviewing", "approving"):
            day = local_date(one.at)
            while day < local_date(after.at):
                day += DAY
                used += is_working_day(day)
    return used


def test_the_time_used_is_what_a_recount_finds(year: World) -> None:
    decided = Matter.objects.filter(stage__in=("listed", "refused"))
    used = sorted(recounted(one) for one in decided)
    found = figures.time_used(year.province, SPAN)
    assert found.cases == len(used) == 5
    assert found.median == statistics.median(used)
    assert found.p90 == pytest.approx(used[3] + 0.6 * (used[4] - used[3]))
    assert sorted(n for _, n in figures.slowest(year.province, SPAN)) == used
    assert figures.time_used(year.other, SPAN) == figures.TimeUsed(0, None, None)
    assert figures.time_used(year.province, figures.Span(2025)).cases == 0


def test_time_with_the_seller_does_not_count(world: World) -> None:
    matter = world.lodge()
    world.step(matter, "return", "reviewer", later=1, words="请补正")
    from linhe.desks.exchange import services

    listing = Listing.objects.select_related("lot", "matter").get(pk=matter.pk)
    draft = services.begin_draft(
        organisation_id=world.trust.pk, province=world.province, by=world.people["seller"], key="c", at=AT,
        corrects=listing,
    )  # fmt: skip
    world.step(matter, "relodge", "seller", later=8, draft=draft.pk, draft_version=draft.version)
    world.review(matter)
    assert figures.time_used(world.province, SPAN) == figures.TimeUsed(1, 1.0, 1.0)
    assert recounted(Matter.objects.get(pk=matter.pk)) == 1


def test_counts_and_rules_open_what_they_count(year: World) -> None:
    counted = {action: n for action, _, n in figures.counts(year.province, SPAN)}
    assert counted == {"lodge": 6, "return": 0, "refuse": 1, "approve": 4, "record_deal": 0, "no_buyer": 0}
    for action, n in counted.items():
        assert len(figures.cases_behind(year.province, SPAN, action).rows) == n
    rules = {row["rule"]: row["failed"] for row in figures.by_rule(year.province, SPAN)}
    assert rules["first-listing-price"] == 2
    assert "certificate-genuine" not in rules, "it is open in every application until the exchange has checked it"
    behind = figures.cases_of_rule(year.province, SPAN, "first-listing-price").rows
    assert len(behind) == 2
    assert not figures.by_rule(year.other, SPAN)


def test_chains_below_the_appraisal(world: World) -> None:
    first = world.unsold(world.lodge())
    listing = Listing.objects.select_related("lot", "matter").get(pk=first.pk)
    later = Matter.objects.get(pk=first.pk).updated_at + timedelta(days=1)
    world.review(world.lodge(at=later, previous=listing, reserve_fen=950 * WAN))
    world.review(world.lodge(by="bank"))
    (chain,) = figures.with_listings(figures.chains(world.province).rows)
    assert [one.reserve_fen for one in chain.listings] == [1000 * WAN, 950 * WAN]
    page = as_(world.people["supervisor"]).get("/exchange/province/").content.decode()
    assert "95%" in page
    assert not figures.chains(world.other).rows


def test_the_page_is_for_supervisors_of_the_province_only(year: World) -> None:
    client = as_(year.people["supervisor"])
    at = f"?year=2026&place={year.province.pk}"
    assert client.get(f"/exchange/province/{at}").status_code == 200
    for what in ("approve", "refuse", "time", "rule-first-listing-price"):
        assert client.get(f"/exchange/province/{what}/{at}").status_code == 200, what
    for what in ("nothing", "rule-nothing"):
        assert client.get(f"/exchange/province/{what}/{at}").status_code == 404
    for name in ("stranger", "seller", "manager", "reviewer", "reviewer there"):
        for path in ("", "approve/", "time/"):
            assert as_(year.people[name]).get(f"/exchange/province/{path}{at}").status_code == 404, name
    assert "试省" not in as_(year.people["stranger"]).get("/exchange/province/").content.decode()


def test_the_queries_do_not_grow_with_the_cases(
    year: World, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    client = as_(year.people["supervisor"])
    client.get("/exchange/province/")
    with django_assert_max_num_queries(30):
        client.get("/exchange/province/")


def test_a_span_is_a_whole_year_in_shanghai() -> None:
    first, after = SPAN.moments
    assert local_date(first) == date(2026, 1, 1)
    assert local_date(after - timedelta(seconds=1)) == date(2026, 12, 31)
