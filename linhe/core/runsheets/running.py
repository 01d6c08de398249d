"""Effects of the actions on a run sheet: call and repeat, leave out, fail, pause, resume. All inside ``act()``.

Every confirmation counts from the moment it was given on the phone: phones that were offline send theirs later, in
order. None may lie before the one before it.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from linhe.core.dated import value
from linhe.core.loop.step import Step
from linhe.core.people.models import Account
from linhe.core.people.queries import posts_of
from linhe.core.people.roles import role
from linhe.core.runsheets import refusals
from linhe.core.runsheets.models import DONE, FAILED, NONE, OPEN, REPLACED, SKIPPED, RunClock, RunItem, RunSheet
from linhe.lib.text import Text

Record = dict[str, Any]


def call_item(step: Step) -> Record:
    """The supervisor calls the item (唱票); whoever carries it out repeats it."""
    sheet, item, at = _current(step)
    if item.called_at is not None:
        raise refusals.already_called(item.label)
    _check_ready(sheet, item)
    item.called_by, item.called_at = step.by, at
    item.save(update_fields=["called_by", "called_at"])
    _pass_time(sheet, at)
    return _told(item, at)


def repeat_item(step: Step) -> Record:
    """Whoever carries the item out repeats it and reports it done (复诵并完成): never who called it."""
    sheet, item, at = _current(step)
    if item.called_at is None:
        raise refusals.not_called(item.label)
    _check_ready(sheet, item)
    if step.by is not None and item.called_by_id == step.by.pk:
        raise refusals.same_person()
    if not _holds(step, item.role):
        raise refusals.other_role(item.label, role(item.role).name)
    item.state, item.done_by, item.done_at = DONE, step.by, at
    item.save(update_fields=["state", "done_by", "done_at"])
    _close(sheet, item, at)
    return _told(item, at) | {"took_s": round((at - (item.opened_at or at)).total_seconds()) - item.paused_s}


def skip_item(step: Step) -> Record:
    """An emergency may leave an item out where the template says so; who and why stay in the log."""
    sheet, item, at = _current(step)
    if not item.may_skip:
        raise refusals.must_not_skip(item.label)
    item.state, item.done_at = SKIPPED, at
    item.save(update_fields=["state", "done_at"])
    _close(sheet, item, at)
    return _told(item, at)


def fail_item(step: Step) -> Record:
    """What was to be operated does not move: nothing goes on until a new plan has filled in the rest."""
    sheet, item, at = _current(step)
    if item.operation is None:
        raise refusals.nothing_operated(item.label)
    item.state, item.done_at = FAILED, at
    item.save(update_fields=["state", "done_at"])
    sheet.items.filter(state=OPEN).update(planned=False)
    _pass_time(sheet, at)
    open_next(sheet, at)
    return _told(item, at) | {"device": item.operation.get("device", "")}


def pause(step: Step) -> None:
    """Halt the run: nothing can be confirmed."""
    sheet = lock(step)
    if sheet.paused_at is not None:
        raise refusals.paused()
    sheet.paused_at = max(step.at, sheet.last_at)
    sheet.save(update_fields=["paused_at"])


def resume(step: Step) -> Record:
    """Go on. The halt counts for no item; in a drill it counts for no clock either, in a real outage it does."""
    sheet = lock(step)
    if sheet.paused_at is None:
        raise refusals.not_paused()
    at = max(step.at, sheet.paused_at)
    halted = round((at - sheet.paused_at).total_seconds())
    item = sheet.items.filter(state=OPEN).order_by("seq").first()
    if item is not None:
        item.paused_s += halted
        item.save(update_fields=["paused_s"])
    if sheet.drill:
        for clock in sheet.clocks.filter(started_at__isnull=False, stopped_at__isnull=True):
            clock.paused_s += halted
            clock.save(update_fields=["paused_s"])
    sheet.paused_at, sheet.last_at = None, at
    sheet.save(update_fields=["paused_at", "last_at"])
    return {"halted_s": halted}


def block(sheet: RunSheet, tag: str, reason: Text | None) -> None:
    """Forbid the items with a tag for a reason (field switching in lightning), or allow them again (None)."""
    sheet.blocks = {key: words for key, words in sheet.blocks.items() if key != tag}
    if reason is not None:
        sheet.blocks[tag] = [reason.zh, reason.en]
    sheet.save(update_fields=["blocks"])


def end_sheet(sheet: RunSheet, *, at: datetime, whole: bool = True) -> None:
    """Close the sheet; ``whole`` asks that nothing is left to do."""
    if whole and (item := sheet.items.filter(state=OPEN).order_by("seq").first()):
        raise refusals.unfinished(item.label)
    sheet.paused_at, sheet.ended_at = None, max(at, sheet.last_at)
    sheet.save(update_fields=["paused_at", "ended_at"])


def lock(step: Step) -> RunSheet:
    """The sheet of the matter, while it runs. The matter's row is locked, so nobody else writes it."""
    sheet = RunSheet.objects.get(pk=step.matter.pk)
    if sheet.ended_at is not None:
        raise refusals.ended()
    return sheet


def open_next(sheet: RunSheet, at: datetime) -> None:
    """The first open item becomes the current one."""
    item = sheet.items.filter(state=OPEN).order_by("seq").first()
    if item is not None and item.opened_at is None:
        item.opened_at = at
        item.save(update_fields=["opened_at"])


def strike(sheet: RunSheet, moment: str, at: datetime) -> None:
    """Start and stop the clocks that this moment of the run starts and stops."""
    RunClock.objects.filter(sheet=sheet, start=moment, started_at__isnull=True).update(started_at=at)
    RunClock.objects.filter(
        sheet=sheet, stop=moment, started_at__isnull=False, stopped_at__isnull=True
    ).update(stopped_at=at)  # fmt: skip


def _current(step: Step) -> tuple[RunSheet, RunItem, datetime]:
    """The item that is due, if it is the one that was meant, and the moment that the confirmation counts from."""
    sheet = lock(step)
    if sheet.paused_at is not None:
        raise refusals.paused()
    if step.data.revision != sheet.revision:
        raise refusals.replanned()
    item = sheet.items.filter(state=OPEN).order_by("seq").first()
    if item is None or step.data.seq < item.seq:
        raise refusals.done_already()
    if step.data.seq > item.seq:
        raise refusals.out_of_order(item.label)
    return sheet, item, _moment(step, sheet)


def _moment(step: Step, sheet: RunSheet) -> datetime:
    """When it was said. A phone's clock may differ a little; what lies before the last confirmation is refused."""
    place_code = step.matter.place.code
    said_at = step.data.said_at or step.at
    skew = timedelta(seconds=value("runsheets.clock_skew_s", at=step.at, place_code=place_code))
    oldest = timedelta(minutes=value("runsheets.offline_minutes", at=step.at, place_code=place_code))
    if said_at > step.at + skew:
        raise refusals.clock_ahead()
    if said_at < step.at - oldest:
        raise refusals.too_old()
    if said_at < sheet.last_at - skew:
        raise refusals.clock_backwards()
    return max(min(said_at, step.at), sheet.last_at)


def _check_ready(sheet: RunSheet, item: RunItem) -> None:
    if not item.planned:
        raise refusals.no_plan(item.label)
    if reasons := [Text(*reason) for tag, reason in sheet.blocks.items() if tag in item.tags]:
        raise refusals.blocked(item.label, reasons[0])
    found: dict[str, list[RunItem]] = {}
    for one in sheet.items.filter(code__in=item.needs).exclude(state__in=(NONE, REPLACED)):
        found.setdefault(one.code, []).append(one)
    for needed in found.values():
        if not any(one.state == DONE for one in needed):
            raise refusals.needs(item.label, needed[0].label)


def _holds(step: Step, wanted: str) -> bool:
    by: Account | None = step.by
    if by is None or step.role == wanted:  # the door has found this post a moment ago
        return by is not None
    return any(post.role == wanted and post.place.contains(step.matter) for post in posts_of(by, at=step.at))


def _close(sheet: RunSheet, item: RunItem, at: datetime) -> None:
    _pass_time(sheet, at)
    open_next(sheet, at)
    if item.state == DONE and not sheet.items.filter(code=item.code, state=OPEN).exists():
        strike(sheet, f"item:{item.code}", at)


def _pass_time(sheet: RunSheet, at: datetime) -> None:
    sheet.last_at = at
    sheet.save(update_fields=["last_at"])


def _told(item: RunItem, at: datetime) -> Record:
    return {"item": item.label, "code": item.code, "said_at": at.isoformat()}
