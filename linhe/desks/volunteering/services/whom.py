"""Whom a step is about, and which organisation: shared by the effects of this desk."""

from __future__ import annotations

from linhe.core.loop.refusals import Refused, invalid
from linhe.core.loop.step import Step
from linhe.core.people.models import Account, Organisation
from linhe.core.people.queries import organisations_of, posts_of
from linhe.desks.volunteering.loop.roles import STAFF
from linhe.lib.text import Text


def whom(step: Step) -> Account:
    """For whom a matter is: the one it names, else the one who asks."""
    account = step.matter.beneficiary or step.matter.requester
    if account is None:
        raise invalid({"account": str(Text("请选择一个人。", "Choose a person."))})
    return account


def active_account(account_id: int, field: str) -> Account:
    """An account that still works, by its id."""
    found = Account.objects.filter(pk=account_id, is_active=True).first()
    if found is None:
        raise invalid({field: str(Text("没有这个人。", "There is no such person."))})
    return found


def organisation_for(step: Step, code: str) -> Organisation:
    """The organisation of that code; who is no staff speaks only for their own."""
    found = Organisation.objects.filter(code=code).first()
    mine = step.role in STAFF or (step.by is not None and found in organisations_of(step.by, at=step.at))
    if found is None or not mine:
        raise invalid({"organisation": str(Text("请选择您的单位。", "Choose an organisation of yours."))})
    return found


def hand_on_matter(step: Step) -> None:
    """Somebody else who holds a post in the same community looks after the matter from now on."""
    to, matter = active_account(step.data.to_id, "to_id"), step.matter
    posts = posts_of(to, at=step.at)
    if not any(p.place.contains(matter) or p.place.community_id == matter.at_community_id for p in posts):
        message = Text("只能转交给本社区的任职人员。", "It can only go to somebody with a post in this community.")
        raise Refused("no_post", message, status=422, details={"to_id": str(message)})
    matter.handler = to
