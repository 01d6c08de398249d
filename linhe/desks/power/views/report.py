"""The review of a run as a PDF in the reader's language: clocks beside last year's, every step, trucks, findings."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime

from fpdf.enums import TableCellFillMode
from fpdf.fonts import FontFace

from linhe.core.loop.models import Matter
from linhe.core.runsheets.models import DONE, FAILED, NONE, SKIPPED
from linhe.core.runsheets.queries import ToldItem, told_sheet
from linhe.desks.power.models import Outage
from linhe.desks.power.queries.fleet import OnDuty, on_duty
from linhe.desks.power.queries.review import Compared, compared, findings_of
from linhe.desks.power.schemas.event import SCENES
from linhe.lib.pdf import Document, document
from linhe.lib.text import Text
from linhe.lib.working_calendar import SHANGHAI

DRILL, OUTAGE = Text("应急演练", "drill"), Text("故障抢修", "restoration")
STATES = {DONE: Text("完成", "done"), SKIPPED: Text("跳过", "skipped"), FAILED: Text("不成功", "failed")}
LATE, IN_TIME, UNFINISHED = Text("超时", "late"), Text("达标", "in time"), Text("未完成", "not finished")
PROVEN, UNPROVEN = Text("已证明最优", "proven best"), Text("未证明最优", "not proven best")
CLOCKS = (
    Text("时钟", "Clock"), Text("用时", "Took"), Text("时限", "Limit"), Text("是否达标", "In time"),
    Text("上年平均", "Mean last year"), Text("同比", "Change"),
)  # fmt: skip
FLEET = (
    Text("车辆", "Truck"), Text("单位", "Owner"), Text("功率", "Power"), Text("接入点", "Site"), Text("状态", "State"),
)  # fmt: skip
STEPS = (
    Text("步", "No."), Text("内容", "Step"), Text("用时", "Took"), Text("目标", "Target"), Text("往次", "Before"),
    Text("结果", "Result"),
)  # fmt: skip
SHADE = (242, 234, 219)
Row = Sequence[object]
"""A row of a table: texts show themselves in the reader's language."""


def report_pdf(outage: Outage, *, at: datetime) -> bytes:
    """The PDF. Nobody is named in it. Raises Refused on a machine without a Chinese font."""
    told = told_sheet(outage.matter.run_sheet, at=at, place_code=outage.matter.place.code)
    kind, feeder = DRILL if outage.drill else OUTAGE, outage.feeder
    title = str(Text(f"{feeder.name}{kind.zh}复盘报告", f"{feeder.name_en}: review of the {kind.en}"))
    paper = document(title)
    paper.heading(title)
    head = Text("告警时间 {at}　场景 {scene}　{stage}", "Alarm {at} · {scene} · {stage}")
    scene, stage = dict(SCENES)[outage.scene], outage.matter.stage_declared.name
    paper.paragraph(str(head.format(at=_moment(outage.alarmed_at), scene=scene, stage=stage)))
    if outage.plan is not None and outage.plan.total_w:
        fed = Text("方案供电负荷 {kw} kW，占 {share}%（{proof}）。", "The plan feeds {kw} kW, {share} % ({proof}).")
        share = f"{100 * outage.plan.served_w / outage.plan.total_w:.1f}"
        proof = PROVEN if outage.plan.proof == "optimal" else UNPROVEN
        paper.paragraph(str(fed.format(kw=f"{outage.plan.served_w / 1000:,.0f}", share=share, proof=proof)))
    paper.heading(str(Text("两个一小时", "The two hours")), size=14)
    _table(paper, [CLOCKS, *_clocks(compared(outage, told.sheet, at=at))], widths=(3, 2, 2, 2, 2, 2))
    paper.heading(str(Text("发电车", "Trucks")), size=14)
    duty = on_duty(outage, list(told.sheet.items.order_by("seq")), at=at)
    _table(paper, [FLEET, *map(_truck, duty)], widths=(4, 4, 2, 4, 2))
    paper.heading(str(Text("各步用时", "Time of each step")), size=14)
    items = [_step(one) for phase in told.phases for one in phase.items if one.item.state != NONE]
    _table(paper, [STEPS, *items], widths=(2, 13, 3, 3, 3, 3))
    paper.heading(str(Text("整改事项", "Findings")), size=14)
    found = findings_of(outage)
    for finding in found:
        paper.paragraph(f"{_title(finding.matter)} · {finding.matter.stage_declared.name}")
    if not found:
        paper.paragraph(str(Text("没有登记整改事项。", "None.")))
    paper.paragraph(str(Text("报告生成于 {at}。", "Printed on {at}.").format(at=_moment(at))), size=9)
    return paper.bytes()


def _clocks(found: Iterable[Compared]) -> Iterator[Row]:
    limit = Text("{m} 分钟", "{m} min")
    for one in found:
        change = "–" if one.change_percent is None else f"{one.change_percent:+d}%"
        ended = IN_TIME if one.in_time else UNFINISHED if one.took_s is None else LATE
        yield (one.clock.name, _time(one.took_s), limit.format(m=one.clock.limit_s // 60), ended,
               _time(one.before_s), change)  # fmt: skip


def _truck(duty: OnDuty) -> Row:
    truck, owner = duty.truck, duty.truck.owner
    return (Text(truck.name, truck.name_en), Text(owner.name, owner.name_en or owner.name), f"{truck.kw} kW",
            duty.site or "–", duty.state)  # fmt: skip


def _step(told: ToldItem) -> Row:
    item = told.item
    result = LATE if item.state == DONE and told.late else STATES.get(item.state, "–")
    return (item.label, item.text, _time(told.took_s), _time(item.target_s), _time(told.before_s), result)


def _title(matter: Matter) -> Text:
    return Text(matter.title, matter.title_en or matter.title)


def _table(paper: Document, rows: Iterable[Row], *, widths: Sequence[int]) -> None:
    paper.set_font_size(9)
    cells = [[str(cell) for cell in row] for row in rows]
    with paper.table(
        cells, col_widths=tuple(widths), line_height=5.5, cell_fill_mode=TableCellFillMode.NONE,
        headings_style=FontFace(fill_color=SHADE), text_align="LEFT",
    ):  # fmt: skip
        pass
    paper.ln(3)
    paper.set_font_size(11)


def _moment(at: datetime) -> str:
    return at.astimezone(SHANGHAI).strftime("%Y-%m-%d %H:%M")


def _time(seconds: int | None) -> str:
    if seconds is None:
        return "–"
    hours, rest = divmod(seconds, 3600)
    return f"{hours}:{rest // 60:02}:{rest % 60:02}" if hours else f"{rest // 60}:{rest % 60:02}"
