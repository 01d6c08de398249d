"""A community with a council of five, a secretary, residents; and the moves of a meeting in one line each."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from linhe.core.loop.acting import act, begin
from linhe.core.loop.models import Matter
from linhe.core.people.models import Account
from linhe.desks.councils import services
from linhe.desks.councils.models import Body, MeetingDetail, Motion
from linhe.desks.councils.queries.checkin import check_in
from tests.factories import District, make_account, make_district, make_post
from tests.trust.desks.councils import make_body

NOW = datetime(2026, 3, 4, 1, 0, tzinfo=UTC)
SOON = NOW + timedelta(days=20)


@dataclass
class World:
    """Everyone a test of this desk needs."""

    town: District
    body: Body
    members: list[Account]
    secretary: Account
    second: Account
    residents: list[Account]

    @property
    def chair(self) -> Account:
        """Who chairs the council."""
        return self.members[0]

    def petition(self, **more: Any) -> Matter:
        """A petition at the building, which needs three."""
        data = {"topic": "charging", "subject": "楼下增设充电棚", "words": "楼道里有人飞线充电", **more}
        return begin("petition", "raise", by=self.residents[0], place=self.town.building, data=data, at=NOW).matter

    def supported(self) -> Matter:
        """A petition with enough supporters."""
        petition = self.petition()
        for one in self.residents[1:3]:
            petition = act(petition, "support", by=one, at=NOW).matter
        return petition

    def planned(self, *titles: str, body: Body | None = None) -> Matter:
        """A meeting with these items, not yet convened."""
        body = body or self.body
        data = {"body": body.pk, "starts_at": SOON, "room": "社区活动室", "link": "https://meet.example.org/1"}
        matter = begin("meeting", "plan", by=self.secretary, place=body.place, data=data, at=NOW).matter
        for title in titles:
            matter = self.do(matter, "add_item", title=title, topic="charging")
        return matter

    def in_session(self, *titles: str, body: Body | None = None) -> Matter:
        """A meeting that has been opened."""
        matter = self.do(self.planned(*(titles or ("飞线充电怎么办",)), body=body), "convene")
        return act(matter, "open", by=self.secretary, at=SOON).matter

    def do(
        self, matter: Matter, action: str, *, by: Account | None = None, at: datetime | None = None, **data: Any
    ) -> Matter:
        """One step, by the secretary unless somebody else is named."""
        at = at or (SOON if matter.stage in ("open", "minutes") else NOW)
        return act(matter, action, by=by or self.secretary, data=data, at=at).matter

    def code(self, matter: Matter, at: datetime = SOON) -> str:
        """What the screen shows."""
        return check_in(MeetingDetail.objects.get(pk=matter.pk), at=at).code

    def attend(self, matter: Matter, *people: Account) -> Matter:
        """These people check in by the code."""
        for one in people:
            matter = self.do(matter, "attend", by=one, code=self.code(matter))
        return matter

    def motion(self, matter: Matter, *, secret: bool = False, rule: str = "simple") -> tuple[Matter, Motion]:
        """A motion under the first item, open to the vote."""
        item = matter.meeting.items.order_by("id").first()
        assert item
        matter = self.do(matter, "move", item=item.pk, words="在3号楼东侧建充电棚", rule=rule, secret=secret)
        motion = Motion.objects.order_by("-pk")[0]
        return self.do(matter, "open_vote", motion=motion.pk), motion

    def vote(self, matter: Matter, motion: Motion, **choices: str) -> Matter:
        """``m0="yes"``: member 0 votes yes."""
        for name, choice in choices.items():
            who = self.members[int(name[1:])]
            matter = services.vote(by=who, matter=matter, motion=motion.pk, choice=choice, at=SOON).matter
        return matter

    def carried(self) -> Motion:
        """A motion that was carried, in a meeting whose minutes are confirmed."""
        matter = self.attend(self.in_session(), *self.members[:4])
        matter, motion = self.motion(matter)
        matter = self.vote(matter, motion, m0="yes", m1="yes", m2="yes")
        matter = self.do(matter, "close_vote", motion=motion.pk)
        matter = self.do(matter, "close")
        self.do(matter, "confirm", by=self.chair, edition=1)
        motion.refresh_from_db()
        return motion

    def published(self, **more: Any) -> Matter:
        """A resolution in publicity."""
        data = {"motion": self.carried().pk, "days": 10, **more}
        return begin("resolution", "publish", by=self.secretary, place=self.body.place, data=data, at=SOON).matter


def make_world() -> World:
    """Lay it all out."""
    town = make_district()
    members = [make_account(f"委员{n}", home=town.building) for n in range(5)]
    secretary = make_post("community_worker", town.community)
    second = make_post("community_worker", town.community)
    residents = [make_account(f"居民{n}", home=town.building) for n in range(4)]
    return World(town, make_body(town.community, members), members, secretary, second, residents)
