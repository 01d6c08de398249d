"""Effects beside the way of a report: following, merging, what the public sees, making it anonymous."""

from __future__ import annotations

from typing import Any

from linhe.core.loop.access import visible_to
from linhe.core.loop.models import Matter
from linhe.core.loop.refusals import Refused, invalid
from linhe.core.loop.step import Step
from linhe.core.people.models import Account
from linhe.desks.reports.loop.report import OPEN, REPORT
from linhe.desks.reports.models import Following, Report
from linhe.desks.reports.services.report import refuse_open_parts
from linhe.desks.reports.services.telling import tell_followers
from linhe.lib.text import Text


def follow_report(step: Step) -> None:
    """One more who has the same trouble; only what the public may see can be followed."""
    report = Report.objects.get(pk=step.matter.pk)
    if report.private or report.hidden_for or step.by is None:
        raise Refused("not_found", Text("没有找到这个事项。", "There is no such matter."), status=404)
    if step.matter.concerns_id == step.by.pk:
        raise Refused("own", Text("这就是您自己上报的。", "You reported this yourself."))
    _, made = Following.objects.get_or_create(matter=step.matter, account=step.by, defaults={"since_at": step.at})
    if not made:
        raise Refused("following", Text("您已经在关注了。", "You follow it already."))


def unfollow(*, account: Account, matter: Matter) -> bool:
    """No longer hear of it. Returns whether there was something to end."""
    gone, _ = Following.objects.filter(matter=matter, account=account).delete()
    return bool(gone)


def merge_report(step: Step) -> dict[str, Any]:
    """The other report goes on for both: who asked and who followed here follow there from now on."""
    assert step.by is not None
    refuse_open_parts(step.matter)
    into = visible_to(step.by, at=step.at).filter(
        pk=step.data.into, kind=REPORT.code, stage__in=OPEN, at_district=step.matter.at_district_id
    )
    target = into.exclude(pk=step.matter.pk).select_for_update(of=("self",)).first()
    if target is None:
        raise invalid({"into": str(Text("没有这个编号的在办事项。", "No open report has this number."))})
    Report.objects.filter(pk=step.matter.pk).update(merged_into=target.pk)
    tell_followers(step)
    step.after(lambda event: _hand_followers_over(step, target))
    return {}


def publish_report(step: Step) -> dict[str, Any]:
    """What the public may read and see; publishing again replaces what was public before."""
    report = Report.objects.filter(pk=step.matter.pk)
    report.update(words_public=step.data.words_public, photos_public=step.data.photos, hidden_for="")
    return {"worded": bool(step.data.words_public)}


def hide_report(step: Step) -> None:
    """Off the public map and list, with the reason on record."""
    report = Report.objects.filter(pk=step.matter.pk)
    report.update(words_public="", photos_public=False, hidden_for=step.data.reason)


def anonymise_report(step: Step) -> None:
    """From now on no page tells anybody whose it is, except its own requester."""
    if not Report.objects.filter(pk=step.matter.pk, unnamed=False).update(unnamed=True):
        raise Refused("unnamed", Text("已经是匿名的了。", "It is anonymous already."))


def _hand_followers_over(step: Step, target: Matter) -> None:
    """Whoever followed what was public hears nothing of what is not; whose report it was does."""
    into = Report.objects.get(pk=target.pk)
    public = not into.private and not into.hidden_for
    followed = Following.objects.filter(matter=step.matter).values_list("account_id", flat=True)
    here = set(followed) if public else set()
    if step.matter.concerns_id is not None:
        here.add(step.matter.concerns_id)
    here.discard(target.concerns_id or 0)
    Following.objects.bulk_create(
        [Following(matter=target, account_id=account_id, since_at=step.at) for account_id in sorted(here)],
        ignore_conflicts=True,
    )
