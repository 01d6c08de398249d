"""Effects of the loop of a report: it is opened and routed, accepted, handed on, solved, confirmed, reopened."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from linhe.core.dated import value
from linhe.core.loop.models import Matter
from linhe.core.loop.refusals import Refused, invalid
from linhe.core.loop.step import Step
from linhe.core.people.models import Organisation
from linhe.core.places.models import Place
from linhe.desks.reports.loop.report import CONFIRMED, LAPSED
from linhe.desks.reports.models import Report
from linhe.desks.reports.queries.categories import Category, category_of, duty_of
from linhe.desks.reports.queries.near import cell_at
from linhe.desks.reports.queries.owners import organisation_of, owner_of
from linhe.desks.reports.services.limits import changed_limit, limit_after, reopenable_until
from linhe.desks.reports.services.telling import tell_followers
from linhe.lib.geography import Point, distance_m
from linhe.lib.text import Text


def open_report(step: Step) -> dict[str, Any]:
    """Begin: check the category, keep the point, route it to its owner by the duty list, start the clock."""
    data, matter = step.data, step.matter
    if not data.words and not step.record.get("photos"):
        text = str(Text("拍一张照片，或者写一句话。", "Take a photo or write a sentence."))
        raise invalid({"words": text})
    _refuse_too_many(step)
    category = _category(step, data.category)
    lat, lng = _point(step, data.lat, data.lng)
    matter.organisation = owner_of(category.code, matter.place, at=step.at)
    _keep(step, category, lat, lng, source=data.source, private=data.private)
    return {"owner": _owner_code(matter.organisation)}


def open_part(step: Step) -> dict[str, Any]:
    """Begin a part of another report: never public, confirmed by whoever handed it on."""
    data, parent = step.data, step.matter.parent
    if parent is None or parent.kind != step.kind.code or parent.closed_at is not None:
        text = Text("只能从一件在办的事项里转出。", "A part comes from a report that is still open.")
        raise Refused("no_parent", text, status=422)
    category = _category(step, data.category)
    step.matter.organisation = _organisation(data.organisation)
    report = parent.report
    _keep(step, category, report.lat, report.lng, source=Report.Source.PART, private=True)
    return {"owner": _owner_code(step.matter.organisation), "parent": parent.pk}


def accept_report(step: Step) -> None:
    """Accepted: whoever accepts handles it; the clock of the solution starts with the category's limit."""
    step.matter.handler = step.by
    _start_solving(step)
    tell_followers(step)


def reroute_report(step: Step) -> dict[str, Any]:
    """To another owner; both are on record. A report that is with its owner already cannot be routed there again."""
    to = _organisation(step.data.organisation) if step.data.organisation else None
    if to == step.matter.organisation:
        text = str(Text("已经在这个单位了。", "It is with them already."))
        raise invalid({"organisation": text})
    was, step.matter.organisation, step.matter.handler = step.matter.organisation, to, None
    step.due["accept"] = _accept_by(step, _report(step).category)
    return {"owner": _owner_code(to), "was": _owner_code(was)}


def decline_report(step: Step) -> None:
    """Not taken on."""
    refuse_open_parts(step.matter)
    tell_followers(step)


def relimit_report(step: Step) -> dict[str, Any]:
    """Another limit for the clock that runs."""
    report, minutes = _report(step), step.data.minutes
    was = report.solve_minutes or duty_of(report.category, at=step.at, place_code=_code(step)).solve_minutes
    step.due["solve"] = changed_limit(step, was_minutes=was, now_minutes=minutes)
    Report.objects.filter(pk=report.pk).update(solve_minutes=minutes)
    return {"was_minutes": was}


def solve_report(step: Step) -> None:
    """Solved, with an explanation; with a photo of the result where the category asks for one."""
    refuse_open_parts(step.matter)
    category = category_of(_report(step).category, at=step.at, place_code=_code(step))
    if category is not None and category.result_photo and not step.record.get("photos"):
        text = Text("这类事项要附一张办完后的照片。", "This category needs a photo of the result.")
        raise Refused("photo_missing", text, status=422, details={"files": str(text)})
    tell_followers(step)


def confirm_unnamed(step: Step) -> None:
    """Nobody is known who could confirm it: the holder of the link or the community does."""
    if step.matter.concerns_id is not None:
        text = Text("由提出人自己确认。", "Whoever reported it confirms it.")
        raise Refused("has_requester", text, status=409)
    tell_followers(step)


def reopen_report(step: Step) -> dict[str, Any]:
    """Not solved after all: the owner has to go on, with the whole limit again."""
    matter = step.matter
    if step.role == "system" and matter.concerns_id is not None:
        text = Text("由提出人自己确认。", "Whoever reported it confirms it.")
        raise Refused("has_requester", text, status=409)
    if step.from_stage in (CONFIRMED, LAPSED) and matter.closed_at is not None:
        until_at = reopenable_until(matter.closed_at, _code(step))
        if step.at >= until_at:
            text = Text("结案太久了，请重新上报。", "It was closed too long ago. Please report it again.")
            raise Refused("too_late", text)
    _start_solving(step)
    tell_followers(step)
    return {"owner": _owner_code(matter.organisation)}


def refuse_open_parts(matter: Matter) -> None:
    """A report cannot be closed while a part of it is open."""
    open_parts = matter.children.filter(closed_at__isnull=True).count()
    if open_parts:
        text = Text(f"还有 {open_parts} 件转出的部分没有办结。", f"{open_parts} parts of it are still open.")
        raise Refused("open_parts", text)


def _keep(step: Step, category: Category, lat: float, lng: float, *, source: str, private: bool) -> None:
    matter = step.matter
    matter.title, matter.title_en = category.name.zh, category.name.en
    step.due["accept"] = _accept_by(step, category.code)
    Report.objects.create(
        matter=matter, district_id=matter.at_district_id, community_id=matter.at_community_id,
        category=category.code, source=source, lat=lat, lng=lng, h3_cell=cell_at(lat, lng),
        raised_at=step.at, private=private, unnamed=step.by is None,
    )  # fmt: skip


def _start_solving(step: Step) -> None:
    report = _report(step)
    duty = duty_of(report.category, at=step.at, place_code=_code(step))
    step.due["solve"] = limit_after(step.at, duty.solve_minutes, _code(step))
    Report.objects.filter(pk=report.pk).update(solve_minutes=duty.solve_minutes)


def _accept_by(step: Step, category: str) -> Any:
    duty = duty_of(category, at=step.at, place_code=_code(step))
    return limit_after(step.at, duty.accept_minutes, _code(step))


def _category(step: Step, code: str) -> Category:
    found = category_of(code, at=step.at, place_code=_code(step))
    if found is None:
        raise invalid({"category": str(Text("请选一个类别。", "Please choose a category."))})
    return found


def _point(step: Step, lat: float | None, lng: float | None) -> tuple[float, float]:
    """The point of the hazard, or of the place; a point far from the place is a mistake."""
    place_lat, place_lng = point_of(step.matter.place)
    if lat is None or lng is None:
        return place_lat, place_lng
    most = value("reports.point_most_m", at=step.at, place_code=_code(step))
    if distance_m(Point(lng, lat), Point(place_lng, place_lat)) > most:
        text = str(
            Text("这个点离所选地点太远，请重新选地点。", "This point is far from the chosen place. Choose again.")
        )
        raise invalid({"place": text})
    return lat, lng


def point_of(place: Place) -> tuple[float, float]:
    """Coordinates of a place or of the nearest place above it that has some."""
    here: Place | None = place
    while here is not None:
        if here.lat is not None and here.lng is not None:
            return here.lat, here.lng
        here = here.parent
    raise Refused("no_point", Text("这个地点还没有坐标。", "This place has no coordinates yet."), status=422)


def _refuse_too_many(step: Step) -> None:
    if step.action.code != "report" or step.by is None:
        return
    most = value("reports.named_an_hour", at=step.at, place_code=_code(step))
    recent = Matter.objects.filter(requester=step.by, kind=step.kind.code, created_at__gt=step.at - timedelta(hours=1))
    if recent.count() > most:
        text = Text("一小时内上报太多了，请稍后再来。", "Too many reports within an hour. Please try again later.")
        raise Refused("too_many", text, status=429)


def _organisation(code: str) -> Organisation:
    found = organisation_of(code)
    if found is None:
        raise invalid({"organisation": str(Text("没有这个单位。", "There is no such organisation."))})
    return found


def _owner_code(organisation: Organisation | None) -> str:
    return organisation.code if organisation else "community"


def _report(step: Step) -> Report:
    return Report.objects.get(pk=step.matter.pk)


def _code(step: Step) -> str:
    return step.matter.place.code
