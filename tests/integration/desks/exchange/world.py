"""A province with an exchange, two institutions, and everyone who works there; a second province beside it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import uuid4

from django.test import Client

from linhe.core.loop.acting import act, begin
from linhe.core.loop.models import Matter
from linhe.core.people.models import Account, Organisation
from linhe.core.places.models import Place
from linhe.core.places.services import add_place
from linhe.desks.exchange import services
from linhe.desks.exchange.demo.contents import Offer, content_of
from linhe.desks.exchange.models import Draft, Listing
from linhe.lib.working_calendar import add_working_days, local_date
from linhe.web.accounts.entering import PROVEN_BY, TOTP
from tests.factories import make_account, make_post

AT = datetime(2026, 3, 4, 1, 0, tzinfo=UTC)
WAN = 1_000_000
"""Fen in ten thousand yuan."""
YES = {"genuine": "yes", "complete": "yes", "source": "登记机关回函"}


def as_(account: Account) -> Client:
    """A browser in which someone is signed in, with a second factor."""
    client = Client()
    client.force_login(account, backend="django.contrib.auth.backends.ModelBackend")
    session = client.session
    session[PROVEN_BY] = TOTP
    session.save()
    return client


@dataclass
class World:
    """Everyone by what they do."""

    province: Place
    other: Place
    trust: Organisation
    bank: Organisation
    people: dict[str, Account] = field(default_factory=dict)

    def draft(self, *, by: str = "seller", at: datetime = AT, previous: Listing | None = None, **offer: Any) -> Draft:
        """A draft of the trust company with documents that agree."""
        who = self.people[by]
        org = self.bank if by == "bank" else self.trust
        draft = services.begin_draft(
            organisation_id=org.pk, province=self.province, by=who, key=str(uuid4()), at=at, previous=previous
        )
        content = content_of(Offer(**({"seller": org.name, **OFFER, "day": local_date(at)} | offer)))
        return services.save_draft(
            draft, content, contact="金建国", contact_phone="0351-7654321", version=draft.version, by=who, at=at
        )

    def lodge(self, *, by: str = "seller", at: datetime = AT, key: str | None = None, **offer: Any) -> Matter:
        """Lodge a new draft."""
        draft = self.draft(by=by, at=at, **offer)
        return self.lodge_draft(draft, by=by, at=at, key=key)

    def lodge_draft(self, draft: Draft, *, by: str = "seller", at: datetime = AT, key: str | None = None) -> Matter:
        """Lodge one that is there."""
        data = {"draft": draft.pk, "draft_version": draft.version}
        return begin(
            "listing", "lodge", by=self.people[by], place=self.province, data=data, key=key, at=at
        ).matter  # fmt: skip

    def step(self, matter: Matter, action: str, who: str, *, later: int = 0, **data: Any) -> Matter:
        """Somebody acts, so many days after the last time something happened."""
        at = Matter.objects.get(pk=matter.pk).updated_at + timedelta(days=later)
        return act(Matter.objects.get(pk=matter.pk), action, by=self.people[who], data=data, at=at).matter

    def review(self, matter: Matter) -> Matter:
        """Through the review up to the notice."""
        self.step(matter, "check_complete", "reviewer", **YES)
        self.step(matter, "pass_review", "reviewer")
        return self.step(matter, "approve", "manager")

    def unsold(self, matter: Matter) -> Matter:
        """Reviewed, announced, and nobody came."""
        self.review(matter)
        return self.after_notice(matter, "no_buyer")

    def after_notice(self, matter: Matter, action: str, **data: Any) -> Matter:
        """A step on the first working day after the notice."""
        ends = Listing.objects.get(pk=matter.pk).ends_on
        assert ends is not None
        at = add_working_days(datetime(ends.year, ends.month, ends.day, 4, tzinfo=UTC), 1) - timedelta(hours=14)
        return act(
            Matter.objects.get(pk=matter.pk), action, by=self.people["reviewer"], data=data, at=at
        ).matter  # fmt: skip


OFFER = {"enterprise": "云川小额贷款有限公司", "value_fen": 1000 * WAN, "reserve_fen": 1000 * WAN}


def make_world() -> World:
    """Make it."""
    province = add_place(code="990000000000", name="试省", name_en="Test Province", kind="province")
    other = add_place(code="980000000000", name="邻省", name_en="Other Province", kind="province")
    trust = Organisation.objects.create(code="ex-trust", name="试省信托有限公司", kind="company", place=province)
    bank = Organisation.objects.create(code="ex-bank", name="试省农商银行", kind="company", place=province)
    house = Organisation.objects.create(code="ex-house", name="试省产权交易所", kind="company", place=province)
    world = World(province, other, trust, bank)
    for name, role, place, organisation in (
        ("seller", "seller", province, trust), ("colleague", "seller", province, trust),
        ("bank", "seller", province, bank), ("reviewer", "exchange_reviewer", province, house),
        ("second", "exchange_reviewer", province, house), ("manager", "exchange_manager", province, house),
        ("supervisor", "provincial_supervisor", province, None), ("stranger", "provincial_supervisor", other, None),
        ("reviewer there", "exchange_reviewer", other, None),
    ):  # fmt: skip
        world.people[name] = make_post(role, place, make_account(f"{name}某"), organisation=organisation)
    return world


def day(text: str) -> date:
    """A day."""
    return date.fromisoformat(text)
