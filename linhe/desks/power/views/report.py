"""The review of a run as a PDF in Chinese: figures, clocks beside last year's, every step, trucks, findings."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from fpdf.enums import TableCellFillMode
from fpdf.fonts import FontFace

from linhe.core.runsheets.models import DONE, FAILED, NONE, SKIPPED
from linhe.core.runsheets.queries import told_sheet
from linhe.desks.power.models import Outage
from linhe.desks.power.queries.fleet import on_duty
from linhe.desks.power.queries.review import compared, findings_of
from linhe.desks.power.schemas.event import SCENES
from linhe.lib.pdf import Document, document
from linhe.lib.working_calendar import SHANGHAI

STATES = {DONE: "完成", SKIPPED: "跳过", FAILED: "不成功"}
SHADE = (242, 234, 219)


def report_pdf(outage: Outage, *, at: datetime) -> bytes:
    """The PDF. Nobody is named in it. Raises Refused on a machine without a Chinese font."""
    told = told_sheet(outage.matter.run_sheet, at=at, place_code=outage.matter.place.code)
    kind = "应急演练" if outage.drill else "故障抢修"
    paper = document(f"{outage.feeder.name}{kind}复盘报告")
    paper.heading(f"{outage.feeder.name}{kind}复盘报告")
    paper.paragraph(f"告警时间 {_moment(outage.alarmed_at)}　场景 {dict(SCENES)[outage.scene].zh}　{_state(outage)}")
    if outage.plan is not None and outage.plan.total_w:
        share = 100 * outage.plan.served_w / outage.plan.total_w
        proof = "已证明最优" if outage.plan.proof == "optimal" else "未证明最优"
        paper.paragraph(f"方案供电负荷 {outage.plan.served_w / 1000:,.0f} kW，占 {share:.1f}%（{proof}）。")
    paper.heading("两个一小时", size=14)
    rows = [("时钟", "用时", "时限", "是否达标", "上年平均", "同比")]
    for one in compared(outage, told.sheet, at=at):
        change = "–" if one.change_percent is None else f"{one.change_percent:+d}%"
        ended = "达标" if one.in_time else "未完成" if one.took_s is None else "超时"
        limit = f"{one.clock.limit_s // 60} 分钟"
        rows.append((one.clock.zh, _time(one.took_s), limit, ended, _time(one.before_s), change))
    _table(paper, rows, widths=(3, 2, 2, 2, 2, 2))
    paper.heading("发电车", size=14)
    items = list(told.sheet.items.order_by("seq"))
    duty = on_duty(outage, items, at=at)
    fleet = [("车辆", "单位", "功率", "接入点", "状态")]
    fleet += [
        (d.truck.name, d.truck.owner.name, f"{d.truck.kw} kW", d.site.zh if d.site else "–", d.state.zh) for d in duty
    ]
    _table(paper, fleet, widths=(4, 4, 2, 4, 2))
    paper.heading("各步用时", size=14)
    steps = [("步", "内容", "用时", "目标", "往次", "结果")]
    for phase in told.phases:
        steps += [
            (
                one.item.label, one.item.zh, _time(one.took_s), _time(one.item.target_s), _time(one.before_s),
                ("超时" if one.late else STATES[DONE]) if one.item.state == DONE else STATES.get(one.item.state, "–"),
            )
            for one in phase.items
            if one.item.state != NONE
        ]  # fmt: skip
    _table(paper, steps, widths=(2, 13, 3, 3, 3, 3))
    found = findings_of(outage)
    paper.heading("整改事项", size=14)
    for finding in found:
        paper.paragraph(f"{finding.matter.title}：{finding.matter.stage_declared.name.zh}")
    if not found:
        paper.paragraph("没有登记整改事项。")
    paper.paragraph(f"报告生成于 {_moment(at)}。", size=9)
    return paper.bytes()


def _table(paper: Document, rows: Iterable[Sequence[str]], *, widths: Sequence[int]) -> None:
    paper.set_font_size(9)
    with paper.table(
        list(rows), col_widths=tuple(widths), line_height=5.5, cell_fill_mode=TableCellFillMode.NONE,
        headings_style=FontFace(fill_color=SHADE), text_align="LEFT",
    ):  # fmt: skip
        pass
    paper.ln(3)
    paper.set_font_size(11)


def _state(outage: Outage) -> str:
    return outage.matter.stage_declared.name.zh


def _moment(at: datetime) -> str:
    return at.astimezone(SHANGHAI).strftime("%Y-%m-%d %H:%M")


def _time(seconds: int | None) -> str:
    if seconds is None:
        return "–"
    hours, rest = divmod(seconds, 3600)
    return f"{hours}:{rest // 60:02}:{rest % 60:02}" if hours else f"{rest // 60}:{rest % 60:02}"
