"""What the exchange desk adds: a province with an application under review, a draft, declared ties."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone
from hypothesis import strategies as st

from linhe.core.loop.acting import begin
from linhe.core.loop.models import Matter
from linhe.core.people.models import Account, Organisation, Post
from linhe.core.places.models import Place, ancestors_of
from linhe.core.places.services import add_place
from linhe.desks.exchange import services
from linhe.desks.exchange.demo.contents import Offer, content_of
from linhe.desks.exchange.models import Draft, Finding, Listing, Lot, Tie
from linhe.lib.working_calendar import local_date
from tests.factories import District, make_account, make_post
from tests.trust.ground import Ground
from tests.trust.personas import Cast
from tests.trust.visitors import Day

CANARIES = {
    "contact name": "鸟联金某某", "contact phone": "0359-7744113", "tie": "鸟关联配偶", "enterprise": "鸟企典当公司",
    "unlodged enterprise": "鸟企未提交公司",
}  # fmt: skip
MAY_READ = {
    "seller": {"contact name", "contact phone", "enterprise", "unlodged enterprise"},
    "reviewer": {"tie", "enterprise"},
    "exchange manager": {"enterprise"},
    "supervisor": {"enterprise"},
}
"""Others than the seller see the contact person masked, and no draft."""

WAN = 1_000_000
_drafts: list[int] = [1]
_listings: list[int] = [1]
_people: list[int] = [1]
_today = ["2026-03-04"]


def _draft(place: Place, seller: Organisation, by: Account, at: datetime, number: int, enterprise: str) -> Draft:
    draft = services.begin_draft(organisation_id=seller.pk, province=place, by=by, key=f"k{number}", at=at)
    offer = Offer(
        seller=seller.name, enterprise=enterprise, value_fen=1000 * WAN, reserve_fen=1000 * WAN, day=local_date(at)
    )
    return services.save_draft(
        draft, content_of(offer), contact=CANARIES["contact name"], contact_phone=CANARIES["contact phone"],
        version=draft.version, by=by, at=at,
    )  # fmt: skip


def _two_drafts(town: District, cast: Cast, at: datetime) -> None:
    """Whoever sells does so for one institution, which nobody else of the cast belongs to; two drafts wait."""
    seller = Organisation.objects.create(code="trust-seller", name="信托公司", kind="company", place=town.district)
    Post.objects.filter(role="seller").update(organisation=seller)
    by = make_post("seller", town.district, organisation=seller)
    _drafts[:] = [_draft(town.building, seller, by, at, n, f"公司{n}").pk for n in range(2)]
    _people[:] = [p.account.pk for p in cast.people if p.account and "exchange_reviewer" in p.roles] or [1]
    _today[0] = local_date(at).isoformat()


def _below_the_limit(town: District, cast: Cast, at: datetime) -> None:
    """A listing whose price carries a risk flag."""
    seller = Organisation.objects.create(code="trust-seller", name="信托公司", kind="company", place=town.district)
    lot = Lot.objects.create(seller=seller, province=town.district, name="公司", created_at=at)
    matter = Matter.objects.create(
        kind="listing", kind_version=1, stage="listed", title="公司", created_at=at, updated_at=at,
        **ancestors_of(town.building),
    )  # fmt: skip
    Listing.objects.create(matter=matter, lot=lot, sequence=1, reserve_fen=800 * WAN, appraisal_fen=1000 * WAN)
    _listings[:] = [matter.pk]


GROUNDS = {
    "inspection": Ground(
        prepare=_below_the_limit,
        answers={
            "listing_id": st.sampled_from([0, 0, 0, 1]).map(lambda more: _listings[0] + more),
            "draw_id": st.sampled_from([None, None, None, 1]),
        },
    ),
    "listing": Ground(
        prepare=_two_drafts,
        answers={
            "draft": st.sampled_from([0, 0, 0, 1, 9]).map(lambda n: _drafts[n] if n < len(_drafts) else 1),
            "draft_version": st.sampled_from([2, 2, 2, 2, 1]),
            "genuine": st.sampled_from(["yes"] * 4 + ["no"]),
            "complete": st.sampled_from(["yes"] * 4 + ["no"]),
            "reviewer": st.integers(0, 30).map(lambda n: _people[n % len(_people)]),
            "buyers": st.integers(0, 2),
            "days": st.integers(3, 8),
            "price_fen": st.sampled_from([1000 * WAN, 1000 * WAN, 500 * WAN]),
            "contract_on": st.integers(0, 90).map(lambda n: _later(n)),
            "last_payment_on": st.none() | st.integers(0, 200).map(lambda n: _later(n)),
        },
        decides_limit=frozenset({"notice"}),
    ),
}


def _later(days: int) -> str:
    return (datetime.fromisoformat(_today[0]) + timedelta(days=days)).date().isoformat()


def prepare(day: Day) -> None:
    """An application that waits for completeness, a draft, a tie."""
    at = timezone.now()
    here = add_place(code="990000000000", name="试省", kind="province")
    seller = Organisation.objects.create(code="trust-ex", name="信托公司", kind="company", place=here)
    house = Organisation.objects.create(code="trust-house", name="交易所", kind="company", place=here)
    for name, role, place, organisation in (
        ("seller", "seller", here, seller), ("reviewer", "exchange_reviewer", here, house),
        ("exchange manager", "exchange_manager", here, house), ("supervisor", "provincial_supervisor", here, None),
    ):  # fmt: skip
        day.people[name] = make_post(role, place, make_account(name), organisation=organisation)
    by, reviewer = day.people["seller"], day.people["reviewer"]
    assert by is not None
    assert reviewer is not None
    lodged = _draft(here, seller, by, at, 1, CANARIES["enterprise"])
    data = {"draft": lodged.pk, "draft_version": lodged.version}
    day.matters["listing"] = begin("listing", "lodge", by=by, place=here, data=data, at=at).matter
    day.things["draft"] = _draft(here, seller, by, at, 2, CANARIES["unlodged enterprise"])
    bank = Organisation.objects.create(code="trust-bank", name="银行", kind="company", place=here)
    day.things["tie"] = services.declare_tie(account=reviewer, organisation=bank, words=CANARIES["tie"], at=at)


def arguments(day: Day, path: str) -> dict[str, Any]:
    """The application, its first finding, the draft, the tie."""
    return {
        "matter_id": day.matters["listing"].pk, "action": "approve", "draft_id": day.things["draft"].pk,
        "finding_id": Finding.objects.order_by("pk")[0].pk, "tie_id": Tie.objects.get().pk, "what": "lodge",
        "code": "990000000000", "year": timezone.now().year, "name": "releases.json", "upload_id": 1,
        "listing_id": Listing.objects.get().pk,
    }  # fmt: skip
