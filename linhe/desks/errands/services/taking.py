"""Effects between request and pick-up: offered, accepted or taken, declined, lapsed, handed back."""

from __future__ import annotations

import secrets
from typing import Any

from linhe.core.loop.refusals import Refused, invalid
from linhe.core.loop.step import Step
from linhe.core.people.models import Account
from linhe.core.people.queries import posts_of, principals_of
from linhe.desks.errands.engine import result
from linhe.desks.errands.loop import COURIER
from linhe.desks.errands.models import ErrandDetail, Offer, Shift
from linhe.desks.errands.queries.state import NO_TO_THIS, Ahead, bit_of, errand_of, skills_of, stops_ahead
from linhe.desks.errands.queries.way import best_route
from linhe.desks.errands.services.route import locked_shift, put_in_stops, take_out_stops
from linhe.lib.text import Text

CODE_DIGITS = 6


def offer_to_courier(step: Step) -> dict[str, Any]:
    """Put the errand to one courier, who has not said no to it before and may take it."""
    matter, data = step.matter, step.data
    courier = Account.objects.filter(pk=data.courier_id, is_active=True).first()
    held = posts_of(courier, at=step.at) if courier else []
    if courier is None or not any(p.role == COURIER and p.place.contains(matter) for p in held):
        raise invalid({"courier_id": str(Text("这位不是本地的小哥。", "This is no courier here."))})
    _check_may_take(courier, errand_of(matter), step)
    if Offer.objects.filter(matter=matter, courier=courier, state__in=NO_TO_THIS).exists():
        raise Refused("said_no", Text("这位小哥已谢绝过这一单。", "This courier has already said no to it."))
    Offer.objects.create(
        matter=matter, courier=courier, state=Offer.State.OFFERED, offered_at=step.at, by_person=step.by is not None,
        shift=Shift.objects.filter(courier=courier, ended_at__isnull=True).first(),
        detour_m=data.detour_m, detour_s=data.detour_s, reasons=[[code, numbers] for code, numbers in data.reasons],
    )  # fmt: skip
    matter.handler = courier
    return {"reasons": [code for code, _ in data.reasons]}


def join_route(step: Step) -> dict[str, Any]:
    """Accepted or taken: the stops join the route where they cost least now; address, relay and code come alive."""
    matter, courier = step.matter, step.by
    assert courier is not None
    errand = errand_of(matter)
    _check_may_take(courier, errand, step)
    offer = Offer.objects.filter(matter=matter, state=Offer.State.OFFERED).first() or Offer(
        matter=matter, courier=courier, offered_at=step.at
    )
    shift = locked_shift(courier.pk)
    ahead = stops_ahead([shift.pk]).get(shift.pk, []) if shift else []
    found = _route_for(shift, errand, offer, ahead, step)
    way = found[0] if found else None
    if shift is not None:
        put_in_stops(shift, errand, ahead, found[1] if found else None)
        shift.extra_used += 1
        shift.detour_used_m += max(0, round(way.detour_m)) if way else 0
        shift.save(update_fields=["extra_used", "detour_used_m"])
    offer.state, offer.answered_at, offer.shift = Offer.State.ACCEPTED, step.at, shift
    if way:
        offer.detour_m, offer.detour_s = max(0, round(way.detour_m)), max(0, round(way.detour_s))
        offer.reasons = offer.reasons or [list(reason) for reason in way.reasons]
    offer.save()
    matter.handler = courier
    ErrandDetail.objects.filter(pk=errand.pk).update(
        accepted_at=step.at, code=f"{secrets.randbelow(10**CODE_DIGITS):0{CODE_DIGITS}d}", code_tries=0,
        planned_for=None, relay=f"{secrets.randbelow(9000) + 1000}", unserved=[],
    )  # fmt: skip
    step.due["delivery"] = errand.latest_at
    return {"detour_m": offer.detour_m or 0, "detour_s": offer.detour_s or 0}


def free_offer(step: Step) -> None:
    """Said no, or did not answer: the errand waits for somebody else."""
    answer = Offer.State.DECLINED if step.action.code == "decline" else Offer.State.LAPSED
    Offer.objects.filter(matter=step.matter, state=Offer.State.OFFERED).update(state=answer, answered_at=step.at)
    _reopen(step)


def leave_route(step: Step) -> None:
    """Handed back, or the courier did not come: out of the route, and never put to the same person again."""
    take_out_stops(step)
    Offer.objects.filter(matter=step.matter, state=Offer.State.ACCEPTED).update(
        state=Offer.State.LEFT, answered_at=step.at
    )
    ErrandDetail.objects.filter(pk=step.matter.pk).update(accepted_at=None, code="", relay="")
    _reopen(step)


def _reopen(step: Step) -> None:
    step.matter.handler = None
    step.due["find"] = errand_of(step.matter).latest_at


def _route_for(
    shift: Shift | None, errand: ErrandDetail, offer: Offer, ahead: list[Ahead], step: Step
) -> tuple[result.Offer, result.Route] | None:
    """The cheapest route with it; a person's dispatch is accepted even where the engine finds none."""
    if shift is None:
        if step.action.code == "take":
            raise Refused("off_duty", Text("请先上线再接单。", "Go on duty first, then take it."))
        return None
    found = best_route(shift, errand, ahead, at=step.at, place_code=step.matter.place.code)
    if found is None and not offer.by_person:
        raise Refused(
            "no_longer_fits",
            Text("按您现在的路线已来不及或装不下这一单。", "It no longer fits into your route as it is now."),
        )
    return found


def _check_may_take(courier: Account, errand: ErrandDetail, step: Step) -> None:
    """Nobody carries for themselves or for whom they act (they would hold the code), nor without the skill that the
    service asks for."""
    asking = {step.matter.requester_id, step.matter.beneficiary_id}
    if courier.pk in asking or asking & principals_of(courier, at=step.at):
        raise Refused("own_errand", Text("不能接自己的单。", "This is your own errand."), status=403)
    if bit_of(errand.skill) and not skills_of([courier.pk], at=step.at).get(courier.pk, 0) & bit_of(errand.skill):
        raise Refused(
            "skill_needed", Text("这项服务需要核验过的技能。", "This service needs a verified skill."), status=403
        )
