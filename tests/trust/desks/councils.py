"""What the councils desk adds: bodies with members, a petition, a meeting in session, a carried motion."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone
from hypothesis import strategies as st

from linhe.core.loop import chain
from linhe.core.loop.acting import act, begin
from linhe.core.loop.models import Event, Matter
from linhe.core.people.models import Account
from linhe.core.places.models import Place, ancestors_of
from linhe.desks.councils.models import AgendaItem, Body, MeetingDetail, Membership, Minutes, Motion, Remark, Seat
from linhe.desks.councils.queries.checkin import check_in
from linhe.desks.councils.services import seal_ballot
from tests.factories import LONG_AGO, District, make_account
from tests.trust.ground import Ground
from tests.trust.personas import Cast
from tests.trust.visitors import Day

CANARIES = {"petition words": "鸟愿增设充电棚", "comment": "鸟评声音太吵", "room": "鸟厅三零八"}
MAY_READ = {
    # Neighbours read what is proposed; the secretaries read comments before others do.
    "owner": {"petition words", "comment", "room"},
    "worker": {"petition words", "comment", "room"},
    "subdistrict": {"petition words", "comment", "room"},
    "district": {"petition words", "room"},
    "auditor": {"petition words", "room"},
}
RESULT = {"status": "carried", "yes": {"number": 1, "area_dm2": 0}, "checks": []} | {
    name: {"number": 0, "area_dm2": 0} for name in ("no", "abstain", "entitled", "taking_part")
}
_now: list[datetime] = []


def make_body(place: Place, members: list[Account], kind: str = "council") -> Body:
    """A body whose first member chairs it."""
    body = Body.objects.create(place=place, kind=kind, name="和平社区议事会", founded_at=LONG_AGO)
    for number, account in enumerate(members):
        Membership.objects.create(
            body=body, account=account, function="member" if number else "chair", from_at=LONG_AGO,
            until_at=LONG_AGO.replace(year=2099), area_dm2=1000 * (number + 1) if kind == "assembly" else 0,
        )  # fmt: skip
    return body


def carried(body: Body, chair: Account, *, at: datetime) -> Motion:
    """A motion that was carried in a meeting that is over."""
    matter = Matter.objects.create(
        kind="meeting", kind_version=1, stage="held", title="会议", handler=chair, created_at=at, updated_at=at,
        closed_at=at, **ancestors_of(body.place),
    )  # fmt: skip
    entry: dict[str, Any] = {
        "matter_id": matter.pk, "seq": 1, "action": "confirm", "from_stage": "minutes", "to_stage": "held",
        "actor_id": chair.pk, "actor_role": "handler", "at": at, "data": {}, "prev_hash": b"",
    }  # fmt: skip
    event = Event.objects.create(**entry, hash=chain.hash_of(**entry))
    Matter.objects.filter(pk=matter.pk).update(last_hash=event.hash)
    meeting = MeetingDetail.objects.create(matter=matter, body=body, starts_at=at)
    item = AgendaItem.objects.create(body=body, meeting=meeting, topic="charging", title="增设充电棚")
    return Motion.objects.create(item=item, words="增设", rule="simple", state="carried", result=RESULT)


def _residents(town: District, cast: Cast, at: datetime) -> Body:
    people = [p.account for p in cast.people if p.account and p.active]
    Account.objects.filter(pk__in=[one.pk for one in people]).update(home=town.building)
    for one in people:
        one.home = town.building
    _now[:] = [at]
    return make_body(town.building, people[:6])


def _council(town: District, cast: Cast, at: datetime) -> None:
    _residents(town, cast, at)


def _decided(town: District, cast: Cast, at: datetime) -> None:
    body = _residents(town, cast, at)
    chair = body.memberships.get(function="chair").account
    carried(body, chair, at=at - timedelta(days=1))


def _newest(model: Any, **which: Any) -> int:
    return model.objects.filter(**which).order_by("-pk").values_list("pk", flat=True).first() or 1


def _code(right: bool) -> str:
    meeting = MeetingDetail.objects.exclude(secret="").first()
    if meeting is None or not right:
        return "000000"
    at = Matter.objects.values_list("updated_at", flat=True).get(pk=meeting.pk)
    return check_in(meeting, at=at).code


def _pick(model: Any, **which: Any) -> st.SearchStrategy[int]:
    return st.sampled_from([0, 0, 0, 1]).map(lambda wrong: 1 if wrong else _newest(model, **which))


PETITION = Ground(
    prepare=_council,
    answers={"body": _pick(Body)},
    decides_stage=frozenset({"raise", "support", "unsupport"}),
)
MEETING = Ground(
    prepare=_council,
    answers={
        "body": _pick(Body),
        "starts_at": st.sampled_from([3, 3, 3, 4, 0]).map(
            lambda days: ((_now or [LONG_AGO])[0] + timedelta(days=days, hours=1)).isoformat()
        ),
        "number": st.none(),
        "title": st.sampled_from(["楼道充电", "装直饮水机"]),
        "item": _pick(AgendaItem),
        "remark": _pick(Remark, author__isnull=False),
        "code": st.sampled_from([True, False]).map(_code),
        "seats": st.sampled_from([0, 1]).map(lambda n: [_newest(Seat, attended_at__isnull=True), 1][: n + 1]),
        "rule": st.sampled_from(["simple", "simple", "special"]),
        "motion": _pick(Motion),
        "ballot": st.sampled_from(["yes", "yes", "no", "abstain", ""]).map(
            lambda c: seal_ballot(c) if c else "stuffed"
        ),
        "yes": st.integers(0, 2),
        "no": st.integers(0, 1),
        "abstain": st.integers(0, 1),
        "edition": st.integers(1, 2),
    },
    keeps={"attend": "councils_seat"},
)
RESOLUTION = Ground(
    prepare=_decided,
    answers={"motion": _pick(Motion), "organisation": st.just(""), "days": st.integers(1, 9)},
    decides_limit=frozenset({"deadline"}),
)
GROUNDS = {"petition": PETITION, "meeting": MEETING, "resolution": RESOLUTION}


def prepare(day: Day) -> None:
    """A petition, a meeting in session with a vote, one that is over, and a resolution; the owner chairs."""
    owner, worker, now = day.people["owner"], day.people["worker"], timezone.now()
    assert owner is not None
    assert worker is not None
    town = day.town
    words = {"topic": "charging", "subject": CANARIES["petition words"], "words": CANARIES["petition words"]}
    day.matters["petition"] = begin("petition", "raise", by=owner, place=town.building, data=words, at=now).matter
    body = make_body(town.community, [owner, make_account()])
    plan = {"body": body.pk, "starts_at": now - timedelta(minutes=9), "room": CANARIES["room"]}
    past = now - timedelta(days=5)
    matter = begin("meeting", "plan", by=worker, place=town.community, data=plan, at=past).matter
    matter = act(matter, "add_item", by=worker, data={"title": "充电", "topic": "charging"}, at=past).matter
    matter = act(matter, "convene", by=worker, at=past).matter
    matter = act(matter, "open", by=worker, at=now).matter
    item = AgendaItem.objects.get(meeting=matter.pk)
    matter = act(matter, "comment", by=owner, data={"item": item.pk, "words": CANARIES["comment"]}, at=now).matter
    seats = list(Seat.objects.filter(meeting=matter.pk).values_list("pk", flat=True))
    matter = act(matter, "roll_call", by=worker, data={"seats": seats}, at=now).matter
    matter = act(matter, "move", by=worker, data={"item": item.pk, "words": "建充电棚", "secret": True}, at=now).matter
    motion = Motion.objects.get(item=item)
    day.matters["in session"] = act(matter, "open_vote", by=worker, data={"motion": motion.pk}, at=now).matter
    decided = carried(body, owner, at=past)
    held = decided.item.meeting
    assert held is not None
    Seat.objects.create(meeting=held, membership=body.memberships.first())
    Minutes.objects.create(meeting=held, version=1, text="纪要\n一", at=past, confirmed_at=past)
    another = Motion.objects.create(item=decided.item, words="再建", rule="simple", state="carried", result=RESULT)
    published = {"motion": decided.pk}
    day.matters["resolution"] = begin("resolution", "publish", by=worker, place=town.community, data=published).matter
    day.things |= {"body": body.pk, "voting": motion.pk, "carried": another.pk, "held": held.pk}


def arguments(day: Day, path: str) -> dict[str, Any]:
    """The matter of the kind that the address is about."""
    kind = path.removeprefix("councils/").split("/")[0]
    matter_id, action = {
        "petitions": (day.matters["petition"].pk, "withdraw"),
        "resolutions": (day.matters["resolution"].pk, "confirm"),
    }.get(kind, (day.matters["in session"].pk, "comment" if "/do/" in path else "note"))
    return {
        "matter_id": day.things["held"] if path.endswith("minutes.pdf") else matter_id, "action": action,
        "body_id": day.things["body"], "motion_id": day.things["carried" if "publish" in path else "voting"],
    }  # fmt: skip
