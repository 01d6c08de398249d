"""Effects at the two ends of the loop: an errand is opened, finished, rated, disputed, credited."""

from __future__ import annotations

import hmac
import secrets
from datetime import datetime, timedelta
from typing import Any

from django.db.models import F

from linhe.core.dated import value
from linhe.core.loop.models import Event
from linhe.core.loop.refusals import Refused, invalid
from linhe.core.loop.step import Step
from linhe.core.places.models import Place
from linhe.core.points.rules import rule_of
from linhe.core.points.services import credit, hold, release, reverse
from linhe.desks.errands.loop import CONFIRMED
from linhe.desks.errands.models import ErrandDetail, Offer
from linhe.desks.errands.queries.menu import Service, service_of
from linhe.desks.errands.queries.state import errand_of
from linhe.desks.errands.schemas import RequestErrand
from linhe.desks.errands.services.route import pass_stops, take_out_stops
from linhe.lib.text import Text
from linhe.lib.working_calendar import SHANGHAI

FARTHEST_AHEAD = timedelta(days=14)


def open_errand(step: Step) -> dict[str, Any]:
    """Begin: check the service and the window, keep door and note apart from the log, start the clock."""
    data, matter, at = step.data, step.matter, step.at
    if matter.place.kind == "unit":
        message = Text("请选到楼栋，单元写在门牌里。", "Choose the building; the unit belongs to the door.")
        raise invalid({"place": str(message)})
    service = _service(data.service, at, matter.place.code)
    lat, lng = _point_of(matter.place)
    pickup = _pickup(data)
    earliest_at, latest_at = _window(data, at, matter.place.code)
    matter.title, matter.title_en, matter.urgent = service.name.zh, service.name.en, data.urgent
    asking = matter.beneficiary or matter.requester
    # The registered door belongs to the home alone: elsewhere it would be wrong, and told to whoever asked.
    door = data.door or (asking.door if asking and asking.home_id == matter.place_id else "")
    ErrandDetail.objects.create(
        matter=matter, service=service.code, skill=service.skill, pseudonym=f"邻居-{secrets.token_hex(2).upper()}",
        pickup_place=pickup[0], pickup_name=pickup[1], pickup_lat=pickup[2], pickup_lng=pickup[3],
        lat=lat, lng=lng, door=door, note=data.note,
        earliest_at=earliest_at, latest_at=latest_at, service_s=service.service_s, load=data.load,
    )  # fmt: skip
    step.due["find"] = latest_at
    return {"latest_at": latest_at.isoformat(timespec="seconds"), "pickup": pickup[2] is not None}


def finish_by_code(step: Step) -> None:
    """Done, proved by the resident's code. A wrong code is refused and counted; after some tries only a photo helps."""
    errand = errand_of(step.matter)
    if errand.code_tries >= value("errands.code_tries", at=step.at, place_code=step.matter.place.code):
        message = Text("验证码已错太多次，请改用拍照送达。", "Too many wrong codes. Finish with photos instead.")
        raise Refused("code_locked", message, status=422, details={"code": str(message)})
    if not hmac.compare_digest(errand.code, step.data.code):
        message = Text("验证码不对，请再问一次居民。", "This is not the code. Ask the resident once more.")
        counted = ErrandDetail.objects.filter(pk=errand.pk)
        raise Refused(
            "wrong_code", message, status=422, details={"code": str(message)},
            afterwards=lambda: counted.update(code_tries=F("code_tries") + 1),
        )  # fmt: skip
    _deliver(step, errand)


def finish_unseen(step: Step) -> None:
    """Left with a photo, or nobody was at home: the route goes on, the community calls back."""
    _deliver(step, errand_of(step.matter))


def rate_errand(step: Step) -> None:
    """Keep the stars and credit the courier."""
    ErrandDetail.objects.filter(pk=step.matter.pk).update(stars=step.data.stars)
    confirm_errand(step)


def confirm_errand(step: Step) -> None:
    """Credit the courier once, the first time the errand is confirmed; pending until the dispute window closes."""
    matter, courier = step.matter, step.matter.handler
    if courier is None or Event.objects.filter(matter=matter, to_stage=CONFIRMED).exists():
        return

    def give(event: Event) -> None:
        event.matter = matter
        credit(account=courier, rule="errand", event=event, at=step.at, place=matter.place)
        if matter.urgent:
            credit(account=courier, rule="errand_urgent", event=event, at=step.at, place=matter.place)

    step.after(give)


def open_dispute(step: Step) -> None:
    """A confirmed errand may be disputed while its points are pending: counted from the first time it was confirmed.
    They stay pending for as long as the dispute is open."""
    days = rule_of("errand", at=step.at, place_code=step.matter.place.code).dispute_days
    confirmed = list(Event.objects.filter(matter=step.matter, to_stage=CONFIRMED).order_by("seq"))
    if confirmed and step.at >= confirmed[0].at + timedelta(days=days):
        message = Text(f"确认已超过 {days} 天，不能再提异议。", f"It was confirmed more than {days} days ago.")
        raise Refused("too_late", message)
    hold(events=confirmed)


def dismiss_dispute(step: Step) -> None:
    """Not upheld: held points are free to settle; an errand that was never confirmed before is confirmed now."""
    release(events=Event.objects.filter(matter=step.matter, to_stage=CONFIRMED))
    confirm_errand(step)


def reverse_credit(step: Step) -> dict[str, Any]:
    """Upheld: what the confirmation credited is taken back."""
    confirmed = Event.objects.filter(matter=step.matter, to_stage=CONFIRMED)
    taken = [t for e in confirmed for t in reverse(event=e, reason="dispute_upheld", at=step.at, by=step.by)]
    return {"points": sum(t.points for t in taken)}


def withdraw_errand(step: Step) -> None:
    """Taken back: a standing offer is closed and the courier's route is as it was."""
    take_out_stops(step)
    Offer.objects.filter(matter=step.matter, state__in=[Offer.State.OFFERED, Offer.State.ACCEPTED]).update(
        state=Offer.State.LAPSED, answered_at=step.at
    )


def explain_unserved(step: Step) -> dict[str, Any]:
    """Nobody could take it in time: the log keeps why the last dispatch found nobody."""
    limits = [code for code, _ in errand_of(step.matter).unserved if code not in ("passing", "next_window")]
    return {"reasons": limits[:3] or ["not_asked"]}


def _deliver(step: Step, errand: ErrandDetail) -> None:
    pass_stops(step, errand)
    ErrandDetail.objects.filter(pk=errand.pk).update(done_at=step.at)


def _service(code: str, at: datetime, place_code: str) -> Service:
    service = service_of(code, at=at, place_code=place_code)
    if service is None:
        raise invalid({"service": str(Text("请从菜单中选择服务。", "Choose a service from the menu."))})
    if not service.here:
        elsewhere = Text(f"「{service.name.zh}」由社区另行安排。", f"“{service.name.en}” is arranged elsewhere.")
        raise Refused("other_desk", elsewhere, status=422, details={"service": str(elsewhere)})
    return service


def _point_of(place: Place) -> tuple[float, float]:
    """Coordinates of a place or of the nearest place above it that has some."""
    here: Place | None = place
    while here is not None:
        if here.lat is not None and here.lng is not None:
            return here.lat, here.lng
        here = here.parent
    raise Refused("no_point", Text("这个地点还没有坐标。", "This place has no coordinates yet."), status=422)


def _pickup(data: RequestErrand) -> tuple[Place | None, str, float | None, float | None]:
    if data.pickup_code:
        place = Place.objects.filter(code=data.pickup_code, lat__isnull=False, lng__isnull=False).first()
        if place is None:
            raise invalid({"pickup_code": str(Text("没有这个取件地点。", "There is no such pick-up place."))})
        return place, data.pickup_name or place.name, place.lat, place.lng
    return None, data.pickup_name, data.pickup_lat, data.pickup_lng


def _window(data: RequestErrand, at: datetime, place_code: str) -> tuple[datetime, datetime]:
    earliest_at = max(at, _aware(data.earliest_at) or at)
    minutes = value("errands.find_minutes", at=at, place_code=place_code)
    latest_at = _aware(data.latest_at) or earliest_at + timedelta(minutes=minutes)
    if latest_at <= earliest_at:
        raise invalid({"latest_at": str(Text("这个时间已经过了。", "This time has passed."))})
    if latest_at > at + FARTHEST_AHEAD:
        raise invalid({"latest_at": str(Text("最多提前两周。", "At most two weeks ahead."))})
    return earliest_at, latest_at


def _aware(moment: datetime | None) -> datetime | None:
    """Times typed without a zone are Shanghai's."""
    return moment if moment is None or moment.tzinfo else moment.replace(tzinfo=SHANGHAI)
