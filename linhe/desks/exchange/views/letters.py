"""The letter that goes with a return: what was found, on what it rests, what to correct and by when."""

from __future__ import annotations

from datetime import timedelta

from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from linhe.core.loop.models import Event, Matter, MatterClock
from linhe.core.loop.pages import matter_or_404, signed_in
from linhe.desks.exchange.loop.review import RETURNED
from linhe.desks.exchange.models import Listing
from linhe.desks.exchange.queries import checks, telling
from linhe.desks.exchange.queries.telling import Told
from linhe.lib import pdf
from linhe.lib.working_calendar import local_date


@signed_in
@require_safe
def letter(request: HttpRequest, matter_id: int) -> HttpResponse:
    """The letter as PDF, for whoever reads the listing; not there while nothing has to be corrected."""
    matter = matter_or_404(request, matter_id, "listing")
    listing = checks.listing_of(matter.pk)
    found = telling.to_correct(telling.told_findings(checks.latest_check(listing)))
    back = Event.objects.filter(matter=matter, action="return").order_by("-seq").prefetch_related("particulars").first()
    if not found and back is None:
        raise Http404
    answer = HttpResponse(letter_pdf(matter, listing, found, back), content_type="application/pdf")
    answer["Content-Disposition"] = f'inline; filename="{listing.lot.number}-{listing.sequence}-return.pdf"'
    return answer


def letter_pdf(matter: Matter, listing: Listing, found: list[Told], back: Event | None) -> bytes:
    """The document: addressed to the institution, a finding a paragraph, the deadline at the end."""
    returned = matter.stage == RETURNED and back is not None
    run, lot = checks.latest_check(listing), listing.lot
    paper = pdf.document(f"补正通知书 {lot.number}")
    paper.heading("产权交易审核补正通知书" if returned else "产权交易审核意见（尚未退回）")
    paper.paragraph(f"编号：{lot.number}-{listing.sequence}-{run.filing.number}", size=10)
    paper.paragraph(f"{lot.seller.name}：", size=13)
    paper.paragraph(
        f"你单位提交的「{lot.name}」转让申请（第 {listing.sequence} 次申请，第 {run.filing.number} 次提交）已经审核。"
        f"按 {run.as_of:%Y 年 %m 月 %d 日}生效的审核规则，有 {len(found)} 项不符合或待补正："
    )
    for number, one in enumerate(found, 1):
        _finding(paper, number, one)
    reasons = back.particulars.all() if back is not None and returned else []
    if words := [p.value for p in reasons if p.name == "words" and p.value]:
        paper.heading("审核意见", size=13)
        paper.paragraph(words[0])
    paper.heading("补正期限", size=13)
    paper.paragraph(_deadline(matter) if returned else "本件尚未退回，期限自退回之日起计算。")
    paper.paragraph(f"{matter.place.name}产权交易审核", size=11)
    paper.paragraph(f"{local_date(back.at if back is not None and returned else timezone.now()):%Y 年 %m 月 %d 日}")
    paper.paragraph(
        "注：标明「来源未核实」的依据，条款尚未由人对照原文核实，请以正式文件为准。规则集指纹：" + run.rule_set, size=8
    )
    return paper.bytes()


def _finding(paper: pdf.Document, number: int, one: Told) -> None:
    cite = one.finding.cite
    paper.heading(f"{number}. {one.title.zh}（{one.status.zh}）", size=12)
    paper.paragraph(one.message.zh)
    article = f" {cite['article']}" if cite.get("article") else ""
    mark = f"（已由 {cite['verified_by']} 核实）" if one.verified else "（来源未核实）"
    paper.paragraph(f"依据：{cite['document']}{article}{mark}", size=10)
    if one.verified and cite.get("quote"):
        paper.paragraph(f"原文：{cite['quote']}", size=10)
    for read in one.reads:
        where = f"（{read.document}{f'，第 {read.page} 页' if read.page else ''}）" if read.document else ""
        paper.paragraph(f"· {read.name.zh}：{'未提供' if read.missing else read.value.zh}{where}", size=10)
    missing = "、".join(read.name.zh for read in one.reads if read.missing)
    if one.finding.status == "fail":
        ask = "更正上述不符之处，或补充说明依据。"
    elif missing:
        ask = f"补充{missing}。"
    else:
        ask = "暂无；待可以判断时（如工作日历公布后）由交易所重新审核。"
    paper.paragraph(f"需补正：{ask}", size=10)


def _deadline(matter: Matter) -> str:
    clock = MatterClock.objects.filter(matter=matter, code="correct", stopped_at__isnull=True).first()
    if clock is None:
        return "请尽快补正。"
    day = local_date(clock.due_at - timedelta(seconds=1))
    return f"请于 {day:%Y 年 %m 月 %d 日}前（含当日）补正并重新提交；逾期未补正的，可以撤回后重新申请。"
