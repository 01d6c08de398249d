"""Today, still under way: most are well, one is looked for by the community, a visit is planned, an access waits."""

from __future__ import annotations

from datetime import datetime, time, timedelta

from linhe.core.loop.acting import act, begin
from linhe.core.loop.models import Matter
from linhe.core.people.models import Account
from linhe.desks.care import services
from linhe.desks.care.demo.days import Days
from linhe.desks.care.loop import VISIT
from linhe.desks.care.models import Enrolment, Glance
from linhe.lib.working_calendar import SHANGHAI, local_date

ALARMED, AT_NEIGHBOUR, HELPED = 120, 50, 3


def tell_today(days: Days, *, at: datetime) -> None:
    """Open today's days and let some go on."""
    begun = max((at - timedelta(minutes=ALARMED)), datetime.combine(local_date(at), time(0, 1), SHANGHAI))
    worker = days.town.people["demo-worker"]
    here = worker.posts.get(role="community_worker").place_id
    alarmed, asked, *others = _near(days, here)
    _later(days, at)
    for enrolment in days.enrolments:
        if enrolment.pk == days.enrolments[0].pk:
            days.open(enrolment, begun)
        elif enrolment == alarmed:
            _alarm(days.open(enrolment, begun), at)
        elif enrolment == asked:
            act(days.open(enrolment, begun), "ask_neighbour", by=None, at=at - timedelta(minutes=6))
        else:
            matter = days.open(enrolment, begun)
            if enrolment.pk % 5:
                act(matter, "curtain", by=enrolment.neighbour, at=max(begun, at - timedelta(minutes=enrolment.pk % 40)))
    _visits(others[:HELPED], worker, at)
    _glances(days, at)
    _access(others[HELPED], worker, at)


def _near(days: Days, community_id: int) -> list[Enrolment]:
    """The enrolments that the demo's worker looks after, the demo's elder left out."""
    return [e for e in days.enrolments[1:] if e.community_id == community_id]


def _later(days: Days, at: datetime) -> None:
    """The agreed times of today's open days are still ahead, so that the demo does not begin with alarms."""
    late = (at + timedelta(hours=3)).astimezone(SHANGHAI)
    moment = late.time().replace(second=0, microsecond=0) if local_date(late) == local_date(at) else time(23, 55)
    for enrolment in days.enrolments:
        if enrolment.pk % 5 == 0 or enrolment == days.enrolments[0]:
            enrolment.check_time = moment
            enrolment.save(update_fields=["check_time"])


def _alarm(matter: Matter, at: datetime) -> None:
    for action, ago in (("ask_neighbour", 70), ("ask_chief", 40), ("ask_worker", 10)):
        act(matter, action, by=None, at=max(matter.updated_at, at - timedelta(minutes=ago)))


def _visits(helped: list[Enrolment], worker: Account, at: datetime) -> None:
    for number, enrolment in enumerate(helped):
        assert enrolment.home is not None
        need = ("walking", "medicine", "company")[number]
        services.note_needs(person=enrolment.person, by=enrolment.person, needs={need: ""}, at=at)
        data = {
            "from_at": (at + timedelta(minutes=30 * number)).isoformat(),
            "until_at": (at + timedelta(minutes=30 * number + 120)).isoformat(),
            "minutes": 20, "words": "量血压，看看药盒",
        }  # fmt: skip
        begin(VISIT.code, "plan", by=worker, place=enrolment.home, beneficiary=enrolment.person, data=data, at=at)


def _glances(days: Days, at: datetime) -> None:
    for rider in days.town.riders[:12]:
        services.be_willing(courier=rider, willing=True, at=at)
    for glance in Glance.objects.filter(day=local_date(at), courier__in=days.town.riders[4:12]).order_by("pk")[:10]:
        services.answer_glance(courier=glance.courier, glance_id=glance.pk, answer="missed", at=at)


def _access(enrolment: Enrolment, worker: Account, at: datetime) -> None:
    """This morning's emergency access waits for a second person."""
    before = at - timedelta(hours=5)
    data = {"reason": "danger", "words": "楼上邻居说听到呼救，先看门牌和家人电话"}
    outcome = services.break_glass(reader=worker, person=enrolment.person, data=data, at=before, key=None)
    act(outcome.matter, "shut", by=None, at=before + timedelta(minutes=40))
