"""The minutes as text, from attendance, agenda, discussion, motions and results. They are an official Chinese text."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from linhe.core.loop.models import Event
from linhe.desks.councils.loop import TOPIC_NAMES
from linhe.desks.councils.models import AgendaItem, MeetingDetail, Motion, Remark, Seat
from linhe.desks.councils.queries.counting import params_of
from linhe.lib.working_calendar import SHANGHAI

_STATES = {
    Motion.State.CARRIED: "通过",
    Motion.State.LOST: "未通过",
    Motion.State.INQUORATE: "参与未达法定比例，表决无效",
    Motion.State.PUT: "未表决",
}
_RULES = {
    Motion.Rule.SIMPLE: "到会委员表决",
    Motion.Rule.ORDINARY: "业主共同决定（一般事项）",
    Motion.Rule.SPECIAL: "业主共同决定（特别事项）",
}


def minutes_text(meeting: MeetingDetail, *, at: datetime) -> str:
    """The whole text, as far as the rows and events go."""
    return "\n".join([*_head(meeting, at), *_agenda(meeting)])


def _head(meeting: MeetingDetail, at: datetime) -> Iterator[str]:
    seats = list(meeting.seats.select_related("membership"))
    here = [seat for seat in seats if seat.attended_at]
    online = sum(seat.way == Seat.Way.ONLINE for seat in here)
    part_time = sum(seat.membership.part_time for seat in here)
    yield f"{meeting.body.name}会议纪要"
    yield ""
    yield f"时间：{_moment(meeting.opened_at or meeting.starts_at)} 至 {_moment(meeting.closed_at or at)}"
    yield f"地点：{meeting.room or '线上'}{'（同步线上）' if meeting.room and meeting.link else ''}"
    onsite = len(here) - online
    yield f"应到 {len(seats)} 人，实到 {len(here)} 人（现场 {onsite} 人，线上 {online} 人；兼职委员 {part_time} 人）"
    if not meeting.body.by_owners:
        quorum = params_of(meeting.body, at=at).quorum
        words = "符合" if quorum.met(len(here), len(seats)) else "未达到"
        yield f"{words}法定到会人数（{'超过' if quorum.strict else '不少于'}应到人数的 {quorum.num}/{quorum.den}）。"


def _agenda(meeting: MeetingDetail) -> Iterator[str]:
    items = list(AgendaItem.objects.filter(meeting=meeting).order_by("id"))
    remarks = list(Remark.objects.filter(item__meeting=meeting, author__isnull=True).order_by("id"))
    comments = Remark.objects.filter(item__meeting=meeting, author__isnull=False, shown=True)
    motions = list(Motion.objects.filter(item__meeting=meeting).order_by("id"))
    put_at = {e.data.get("motion"): e.at for e in Event.objects.filter(matter=meeting.matter_id, action="move")}
    said = {item.pk: 0 for item in items}
    for comment in comments:
        said[comment.item_id] += 1
    for number, item in enumerate(items, 1):
        yield ""
        yield f"议题{number}：{item.title}（{TOPIC_NAMES[item.topic].zh}）"
        if said[item.pk]:
            yield f"　居民意见 {said[item.pk]} 条，已向会议通报。"
        for remark in (r for r in remarks if r.item_id == item.pk and r.words):
            yield f"　讨论：{remark.words}"
        for motion in (m for m in motions if m.item_id == item.pk):
            when = f"（{_moment(put_at[motion.pk])[-5:]} 提出）" if motion.pk in put_at else ""
            yield f"　表决事项{when}：{motion.words}"
            yield f"　　{_result(motion)}"


def _result(motion: Motion) -> str:
    way = "举手表决" if motion.by_hands else "无记名投票" if motion.secret else "记名投票"
    line = f"{_RULES[Motion.Rule(motion.rule)]}，{way}："
    if not motion.result:
        return line + "未表决。"
    found = motion.result
    line += f"同意 {found['yes']['number']}，不同意 {found['no']['number']}，弃权 {found['abstain']['number']}"
    if motion.rule != Motion.Rule.SIMPLE:
        whole, part, yes = (found[name]["area_dm2"] / 100 for name in ("entitled", "taking_part", "yes"))
        line += f"；业主 {found['entitled']['number']} 人、专有面积 {whole:.2f} 平方米，"
        line += f"参与 {found['taking_part']['number']} 人、{part:.2f} 平方米，同意 {yes:.2f} 平方米"
    return f"{line}。{_STATES[Motion.State(motion.state)]}。"


def _moment(at: datetime) -> str:
    return f"{at.astimezone(SHANGHAI):%Y年%m月%d日 %H:%M}"
