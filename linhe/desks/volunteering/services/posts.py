"""Effects on posts: proposed, taken up, handed over with everything that is still open, ended."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Q

from linhe.core.dated import value
from linhe.core.loop import registry
from linhe.core.loop.access import can
from linhe.core.loop.acting import act, begin
from linhe.core.loop.models import Event, Matter
from linhe.core.loop.refusals import Refused, invalid
from linhe.core.loop.step import Step
from linhe.core.people.models import Account
from linhe.core.people.services.posts import end_post, grant_post
from linhe.desks.volunteering.loop.roles import POST_KINDS, POST_ROLES
from linhe.desks.volunteering.models import PostDetail
from linhe.desks.volunteering.queries.posts import handover_items, seats_of
from linhe.desks.volunteering.services.whom import active_account, whom
from linhe.lib.text import Text

HAND_ON = "hand_on"
"""A kind whose matters can be handed from one person to another declares an action of this name."""


def propose_for_post(step: Step) -> None:
    """Somebody applies, or is nominated by somebody else."""
    _keep(
        _proposed(step),
        Text("这个人已在这个岗位上，或正在研究。", "That person holds this post or is proposed already."),
    )


def take_up_post(step: Step) -> dict[str, Any]:
    """Appointed at once."""
    return _hold(step, _proposed(step))


def confirm_post(step: Step) -> dict[str, Any]:
    """The proposed one is appointed."""
    detail = PostDetail.objects.select_related("account", "place").get(pk=step.matter.pk)
    _not_oneself(step, detail.account)
    return _hold(step, detail)


def decline_post(step: Step) -> None:
    """It comes to nothing; the same person may be proposed again."""
    PostDetail.objects.filter(pk=step.matter.pk).update(over=True)


def end_post_held(step: Step) -> dict[str, Any]:
    """No longer held; the post is vacant."""
    return counted(_end(step).role, -1)


def hand_over_post(step: Step) -> dict[str, Any]:
    """The predecessor's post ends, the successor's begins, and what the predecessor still has open goes on to them."""
    wanted = [item.code for item in handover_items(at=step.at, place_code=step.matter.place.code)]
    if missing := sorted(set(wanted) - set(step.data.items)):
        raise invalid(
            {"items": str(Text("清单还没有全部完成。", "The checklist is not complete.")), "missing": missing[0]}
        )
    successor, predecessor = active_account(step.data.successor_id, "successor_id"), whom(step)
    if successor.pk == predecessor.pk:
        raise invalid({"successor_id": str(Text("请选择另一个人。", "Choose somebody else."))})
    detail = _end(step)
    matters = open_matters_of(predecessor, step)

    def pass_on(event: Event) -> None:
        begin(
            "posting", "appoint", by=step.by, place=step.matter.place, data={"role": detail.role},
            beneficiary=successor, parent=step.matter, at=step.at,
        )  # fmt: skip
        for matter in matters:
            act(matter, HAND_ON, by=step.by, data={"to_id": successor.pk}, at=step.at)

    step.after(pass_on)
    return counted(detail.role, -1) | {"handed_on": len(matters)}


def open_matters_of(person: Account, step: Step) -> list[Matter]:
    """What somebody looks after in this community and whoever acts may hand on."""
    kinds = {k.code: k for k in registry.kinds() if any(a.code == HAND_ON for a in k.actions)}
    rows = Matter.objects.filter(
        handler=person, closed_at__isnull=True, kind__in=kinds, at_community_id=step.matter.at_community_id
    )
    return [
        m for m in rows.select_related("place").order_by("pk")
        if m.stage in kinds[m.kind].action(HAND_ON).frm and can(step.by, kinds[m.kind].action(HAND_ON), m, at=step.at)
    ]  # fmt: skip


def counted(role: str, change: int) -> dict[str, Any]:
    """What the event keeps for the measures: one more appointed or ended, and how the number of holders changed."""
    return {"role": role, role: 1, f"{role}_held": change}


def _proposed(step: Step) -> PostDetail:
    account, place, role = whom(step), step.matter.place, step.data.role
    if POST_KINDS[role] != place.kind:
        raise invalid({"role": str(Text("这个岗位不设在这里。", "There is no such post at this place."))})
    if step.action.code != "apply":
        _not_oneself(step, account)
    name = dict(POST_ROLES)[role]
    step.matter.title, step.matter.title_en = name.zh, name.en
    return PostDetail(matter=step.matter, role=role, place=place, account=account)


def _hold(step: Step, detail: PostDetail) -> dict[str, Any]:
    """Take the lowest free seat, within the limit of posts a person may hold at a time."""
    # Two appointments of one person wait for each other here, so that the limit holds.
    Account.objects.select_for_update(of=("self",)).only("pk").get(pk=detail.account_id)
    here = Q(role=detail.role, place=detail.place)
    rows = PostDetail.objects.filter(here | Q(account=detail.account), over=False, held_from__isnull=False)
    held = list(rows.values_list("account_id", "role", "place_id", "seat"))
    if sum(account == detail.account_id for account, *_ in held) >= _most_posts(step.at, step.matter.place.code):
        message = Text("这个人同时任职已到上限。", "That person holds as many posts as one may.")
        raise Refused("too_many_posts", message)
    taken = {seat for _, role, place, seat in held if (role, place) == (detail.role, detail.place_id)}
    seats = seats_of(detail.role, at=step.at, place_code=detail.place.code)
    seat = next((n for n in range(1, seats + 1) if n not in taken), None)
    if seat is None:
        raise _taken()
    detail.seat, detail.held_from = seat, step.at
    detail.post = grant_post(account=detail.account, role=detail.role, place=detail.place, by=None, at=step.at)
    _keep(detail, _taken().message)
    return counted(detail.role, 1)


def _end(step: Step) -> PostDetail:
    detail = PostDetail.objects.select_related("post").get(pk=step.matter.pk)
    if detail.post is not None:
        end_post(post=detail.post, by=None, at=step.at)
    detail.held_until, detail.reason, detail.over = step.at, step.data.reason, True
    detail.save(update_fields=["held_until", "reason", "over"])
    return detail


def _keep(detail: PostDetail, otherwise: Text) -> None:
    """Write the row; what a constraint forbids (somebody was faster) is a refusal."""
    try:
        with transaction.atomic():
            detail.save(force_insert=detail._state.adding)
    except IntegrityError:
        raise Refused("taken", otherwise) from None


def _taken() -> Refused:
    return Refused("taken", Text("这个岗位已有人担任。", "Somebody holds this post already."))


def _not_oneself(step: Step, account: Account) -> None:
    if step.by is not None and step.by.pk == account.pk:
        message = Text("不能任命自己，请选择人选。", "Nobody appoints themselves; choose a person.")
        raise Refused("oneself", message, status=422, details={"account": str(message)})


def _most_posts(at: datetime, place_code: str) -> int:
    most: int = value("volunteering.most_posts", at=at, place_code=place_code)
    return most
