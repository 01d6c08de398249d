"""The province draws, flags, asks and concludes; it sees all of its own and nothing of another."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from linhe.core.loop.access import visible_to
from linhe.core.loop.acting import act, begin
from linhe.core.loop.models import Matter
from linhe.core.loop.refusals import Refused
from linhe.core.people.models import Account
from linhe.desks.exchange import services
from linhe.desks.exchange.jobs import draw_samples
from linhe.desks.exchange.models import Draw, Inspection, Listing
from linhe.desks.exchange.queries.risks import flagged, flags_of
from linhe.desks.exchange.services.supervision import picked
from tests.factories import make_account, make_post
from tests.integration.desks.exchange.world import AT, WAN, World, as_

MARCH = (date(2026, 3, 1), date(2026, 4, 1))
APRIL = AT.replace(month=4, day=2)
WORDS = {"words": "请说明该价格的依据。"}


def refused(code: str) -> Any:
    """The refusal of that code."""
    return pytest.raises(Refused, match=rf"^{code}:")


@pytest.fixture
def second(world: World) -> Account:
    """Another supervisor of the same province."""
    return make_post("provincial_supervisor", world.province, make_account("监管乙"))


def below(world: World) -> Matter:
    """A second listing of a lot, at 95 % of its appraisal."""
    first = world.unsold(world.lodge())
    listing = Listing.objects.select_related("lot", "matter").get(pk=first.pk)
    later = Matter.objects.get(pk=first.pk).updated_at + timedelta(days=1)
    return world.review(world.lodge(at=later, previous=listing, reserve_fen=950 * WAN))


def case_of(world: World, listing: Matter, by: str = "supervisor", **more: Any) -> Matter:
    """Open a case on a listing that carries a flag."""
    at = Matter.objects.get(pk=listing.pk).updated_at
    return begin(
        "inspection", "draw", by=world.people[by], place=world.province, data={"listing_id": listing.pk}, at=at, **more
    ).matter


def test_a_sample_can_be_drawn_again_and_opens_a_case_for_each(world: World) -> None:
    decided = [world.review(world.lodge()).pk for _ in range(4)]
    drawn = services.draw_sample(world.province, *MARCH, by=world.people["supervisor"], at=APRIL, seed=7)
    assert drawn.frame == decided
    assert drawn.picks == picked(decided, drawn.permille, 7)
    assert len(drawn.picks) == 1, "a tenth of four, and no less than one"
    case = Inspection.objects.get()
    assert (case.listing_id, case.ground, case.draw, case.matter.stage) == (drawn.picks[0], "sampled", drawn, "draft")
    assert services.draw_sample(world.province, *MARCH, by=world.people["supervisor"], at=APRIL) == drawn
    assert Inspection.objects.count() == 1
    with refused("nothing_decided"):
        services.draw_sample(world.other, *MARCH, by=world.people["stranger"], at=APRIL)
    with refused("too_early"):
        services.draw_sample(world.other, *MARCH, by=world.people["stranger"], at=AT)


@pytest.mark.parametrize("permille", [1, 100, 334, 1000])
def test_a_sample_has_the_asked_size_and_nothing_twice(permille: int) -> None:
    frame = list(range(100, 130))
    found = picked(frame, permille, 3)
    assert len(found) == len(set(found)) == -(-30 * permille // 1000)
    assert set(found) <= set(frame)
    assert found == picked(frame, permille, 3)


def test_the_job_draws_last_month_for_every_province_once(world: World) -> None:
    world.review(world.lodge())
    assert draw_samples(at=APRIL) == 1
    assert draw_samples(at=APRIL) == 0
    assert Draw.objects.get().by is None
    assert Inspection.objects.get().matter.stage == "draft"


def test_nobody_draws_for_another_province_or_without_the_post(world: World) -> None:
    world.review(world.lodge())
    for name in ("stranger", "manager", "reviewer", "seller"):
        with refused("not_allowed"):
            services.draw_sample(world.province, *MARCH, by=world.people[name], at=APRIL)
    assert not Draw.objects.exists(), "a refused draw leaves nothing"


def test_only_flagged_or_drawn_listings_get_a_case(world: World) -> None:
    plain = world.review(world.lodge())
    with refused("no_flag"):
        case_of(world, plain)
    drawn = services.draw_sample(world.province, *MARCH, by=None, at=APRIL)
    other = world.review(world.lodge())
    data = {"listing_id": other.pk, "draw_id": drawn.pk}
    with refused("not_drawn"):
        begin("inspection", "draw", by=world.people["supervisor"], place=world.province, data=data, at=APRIL)
    risky = below(world)
    case = case_of(world, risky)
    assert Inspection.objects.get(pk=case.pk).flags == ["chain_below"]
    with refused("case_exists"):
        case_of(world, risky)
    with refused("not_found"):
        begin(
            "inspection", "draw", by=world.people["stranger"], place=world.other, data={"listing_id": plain.pk}, at=AT
        )


def test_flags_are_worked_out_by_the_database(world: World) -> None:
    risky = below(world)
    now = risky.updated_at
    found = {one.pk: flags_of(one) for one in flagged(world.province, at=now)}
    assert found == {risky.pk: ["chain_below"]}
    Listing.objects.filter(pk=risky.pk).update(reserve_fen=10**17 - 1, appraisal_fen=10**17)  # times 100 passes 2^63
    assert flags_of(flagged(world.province, at=now).get()) == ["chain_below"]
    Listing.objects.filter(pk=risky.pk).update(reserve_fen=899, appraisal_fen=1000)
    assert flags_of(flagged(world.province, at=now).get()) == ["chain_below", "below_limit"]
    Listing.objects.filter(pk=risky.pk).update(reserve_fen=900)
    assert flags_of(flagged(world.province, at=now).get()) == ["chain_below"]
    assert not flagged(world.other, at=now).exists()
    case_of(world, risky)
    assert not flagged(world.province, at=now).exists(), "what was looked into is not offered again"


def test_a_returned_listing_is_flagged_once_returned_often_enough(world: World) -> None:
    matter = world.lodge()
    for number in range(2):
        assert not flagged(world.province, at=AT).exists()
        world.step(matter, "return", "reviewer", words="请补正")
        draft = services.begin_draft(
            organisation_id=world.trust.pk, province=world.province, by=world.people["seller"], key=f"c-{number}",
            at=AT, corrects=Listing.objects.select_related("lot", "matter").get(pk=matter.pk),
        )  # fmt: skip
        data = {"draft": draft.pk, "draft_version": draft.version}
        act(Matter.objects.get(pk=matter.pk), "relodge", by=world.people["seller"], data=data, at=AT)
    assert flags_of(flagged(world.province, at=AT).get()) == ["returned"]


def test_from_the_question_to_the_end(world: World, second: Account) -> None:
    case = case_of(world, below(world))
    world.people["second supervisor"] = second
    world.step(case, "inquire", "supervisor", **WORDS)
    assert Matter.objects.get(pk=case.pk).due_at is not None
    with refused("not_allowed"):
        world.step(case, "answer", "reviewer", **WORDS)
    world.step(case, "decline", "manager", **WORDS)
    with refused("second_person"):
        world.step(case, "conclude", "supervisor", **WORDS)
    with refused("second_person"):
        world.step(case, "clear", "supervisor", **WORDS)
    world.step(case, "conclude", "second supervisor", **WORDS)
    assert Inspection.objects.get().outcome == "correct"
    world.step(case, "report_correction", "manager", **WORDS)
    world.step(case, "reject_correction", "supervisor", **WORDS)
    world.step(case, "report_correction", "manager", **WORDS)
    done = world.step(case, "accept_correction", "supervisor")
    assert done.stage == "completed"
    assert done.closed_at is not None
    one = Inspection.objects.get()
    assert (one.running, one.outcome) == (False, "correct")


def test_a_case_may_find_nothing_or_be_stopped(world: World, second: Account) -> None:
    risky = below(world)
    case = case_of(world, risky)
    world.people["second supervisor"] = second
    world.step(case, "inquire", "supervisor", **WORDS)
    world.step(case, "answer", "manager", **WORDS)
    assert world.step(case, "clear", "second supervisor", **WORDS).stage == "closed"
    again = case_of(world, risky)
    assert world.step(again, "stop", "supervisor", **WORDS).stage == "stopped"
    assert [one.running for one in Inspection.objects.order_by("pk")] == [False, False]


def test_a_province_sees_its_own_cases_and_listings_and_nothing_of_another(world: World) -> None:
    listing = below(world)
    case = case_of(world, listing)
    at = AT.replace(year=2027)
    seen = {name: set(visible_to(who, at=at).values_list("pk", flat=True)) for name, who in world.people.items()}
    everything = set(Matter.objects.values_list("pk", flat=True))
    assert seen["supervisor"] == everything
    assert seen["stranger"] == seen["reviewer there"] == set()
    assert case.pk not in seen["seller"] | seen["reviewer"]
    assert case.pk in seen["manager"]
    assert as_(world.people["stranger"]).get(f"/matters/{case.pk}/").status_code == 404
    page = as_(world.people["supervisor"]).get(f"/matters/{case.pk}/").content.decode()
    assert "重新挂牌价低于评估结果" in page
    assert "95%" in page


def test_the_page_opens_cases_and_draws(world: World) -> None:
    listing = below(world)
    client = as_(world.people["supervisor"])
    page = client.get("/exchange/supervision/").content.decode()
    assert "重新挂牌价低于评估结果" in page
    sent = {"place": world.province.pk, "listing": listing.pk, "key": "key-open-1"}
    opened = client.post("/exchange/supervision/open/", sent)
    assert opened.status_code == 302
    assert client.post("/exchange/supervision/open/", sent)["Location"] == opened["Location"]
    assert Inspection.objects.count() == 1
    assert client.post("/exchange/supervision/open/", sent | {"key": "key-open-2"}).status_code == 409
    drawn = client.post("/exchange/supervision/draw/", {"place": world.province.pk, "month": "2026-03"})
    assert drawn.status_code == 302
    assert Draw.objects.get().frame
    assert client.post("/exchange/supervision/draw/", {"place": world.province.pk, "month": "x"}).status_code == 422
    assert (
        client.post("/exchange/supervision/draw/", {"place": world.province.pk, "month": "2031-01"}).status_code == 409
    )
    for address in ("/exchange/supervision/?stage=all", "/exchange/province/"):
        page = client.get(address).content.decode()
        assert '<th scope="row">2026-03</th>' in page, "a draw is told with its month, also where its case runs"
        assert f'<td class="number">{Draw.objects.get().seed}</td>' in page


@pytest.mark.parametrize("name", ["stranger", "seller", "reviewer", "manager"])
def test_others_neither_draw_nor_open(world: World, name: str) -> None:
    listing = below(world)
    client = as_(world.people[name])
    sent = {"place": world.province.pk, "listing": listing.pk, "month": "2026-03", "key": "k" * 8}
    assert client.post("/exchange/supervision/open/", sent).status_code == 404
    assert client.post("/exchange/supervision/draw/", sent).status_code == 404
    assert client.get("/exchange/supervision/").status_code == (200 if name in ("manager", "stranger") else 404)
    assert "试省" not in as_(world.people["stranger"]).get("/exchange/supervision/").content.decode()
    assert not Inspection.objects.exists()


def test_the_rows_hold_by_themselves(world: World) -> None:
    listing = Listing.objects.get(pk=below(world).pk)
    case = Inspection.objects.get(pk=case_of(world, listing.matter).pk)
    drawn = services.draw_sample(world.province, *MARCH, by=None, at=APRIL)
    wrong: list[tuple[str, Any]] = [
        ("inspection_sampled_by_a_draw", lambda: Inspection.objects.update(ground="sampled", draw=None)),
        ("inspection_outcome_known", lambda: Inspection.objects.update(outcome="good")),
        ("draw_period_has_a_length", lambda: Draw.objects.update(until_date=drawn.from_date)),
        ("draw_share_is_one", lambda: Draw.objects.update(permille=0)),
        ("draw_once_a_period", lambda: Draw.objects.create(
            province=world.province, from_date=MARCH[0], until_date=MARCH[1], permille=1, seed=1, frame=[], picks=[],
            at=AT)),
        ("inspection_one_running_a_listing", lambda: Inspection.objects.create(
            matter=listing.matter, listing=case.listing, ground="flagged")),
    ]  # fmt: skip
    for name, change in wrong:
        with pytest.raises(IntegrityError, match=name), transaction.atomic():
            change()
