"""What every published result shares: objections and their answers."""

from __future__ import annotations

from django.db.models import QuerySet

from linhe.core.loop.models import Event, Matter
from linhe.core.loop.refusals import Refused, invalid
from linhe.core.loop.step import Step
from linhe.core.people.queries import posts_of
from linhe.core.places.models import Place
from linhe.desks.volunteering.models import Protest
from linhe.lib.text import Text


def whole_of(step: Step, level: str) -> Place:
    """The subdistrict or district that a matter is about, for which whoever begins it must hold the post."""
    here = step.matter.place
    place = here if here.level == level else getattr(here, level)
    posts = posts_of(step.by, at=step.at) if step.by else []
    if place is None or not any(p.role == step.role and p.place.contains(place) for p in posts):
        text = Text("请选择您负责的街道或区。", "Choose the subdistrict or district that is yours.")
        raise Refused("wrong_place", text, status=422)
    return place


def protest(step: Step) -> None:
    """Anybody may object while a result is published, once at a time; the words stay with the event."""
    assert step.by is not None
    if open_protests(step.matter).filter(account=step.by).exists():
        raise Refused("objected_already", Text("您的异议正在处理。", "Your objection is being looked into."))
    made = Protest.objects.create(matter=step.matter, account=step.by, at=step.at)

    def remember(event: Event) -> None:
        Protest.objects.filter(pk=made.pk).update(event=event)

    step.after(remember)


def answer_protest(step: Step) -> dict[str, int]:
    """Answer an objection, never one's own."""
    found = open_protests(step.matter).select_for_update().filter(pk=step.data.protest_id).first()
    if found is None:
        raise invalid({"protest_id": str(Text("没有这条待答复的异议。", "There is no such open objection."))})
    if step.by is not None and found.account_id == step.by.pk:
        raise Refused("own_objection", Text("不能答复自己的异议。", "You cannot answer your own."), status=403)
    found.answered_at, found.upheld = step.at, step.data.upheld
    found.save(update_fields=["answered_at", "upheld"])
    return {"upheld": found.upheld, "protest": found.pk}


def check_answered(step: Step) -> None:
    """Nothing goes on while an objection waits."""
    if waiting := open_protests(step.matter).count():
        raise Refused(
            "objections_open", Text(f"还有 {waiting} 条异议没有答复。", f"{waiting} objections are not answered yet.")
        )  # fmt: skip


def open_protests(matter: Matter) -> QuerySet[Protest]:
    """The objections that wait for an answer."""
    return Protest.objects.filter(matter=matter, answered_at__isnull=True)
