"""The letters that invite drawn households to the survey: one page each, with a code and its QR."""

from __future__ import annotations

import io
from collections.abc import Sequence

from linhe.desks.property.models import Invitation, Round
from linhe.lib import pdf, qr

QR_MM = 46


def letters_pdf(one: Round, invitations: Sequence[Invitation], *, address: str) -> bytes:
    """A PDF with one letter a page. The door is on it for whoever carries it, the name of nobody."""
    compound = one.contract.compound.name
    letter = pdf.document(f"{compound} {one.year} 年物业满意度调查")
    for number, invitation in enumerate(invitations):
        if number:
            letter.add_page()
        home = invitation.home
        building = home.building.name
        letter.paragraph(f"{building} {home.door} 业主（住户）", size=13)
        letter.heading(f"请您给物业打个分（{one.year} 年）", size=22)
        letter.paragraph(
            f"您家是由系统按楼栋随机抽中的。请为「{one.contract.company.name}」在{compound}的服务打分，只有五题，一分钟就能答完。",
            size=13,
        )
        letter.paragraph("手机扫一扫，或打开网址后输入邀请码，不用登录：", size=13)
        code = f"{invitation.code[:5]}-{invitation.code[5:]}"
        picture = io.BytesIO(qr.png(f"{address}{invitation.code}/"))
        letter.image(picture, w=QR_MM, h=QR_MM)
        letter.heading(f"邀请码  {code}", size=20)
        letter.paragraph(address, size=13)
        letter.paragraph(
            "邀请码只能用一次。答卷不记姓名、房号和时间，物业只看得到全小区的汇总结果，请放心如实作答。", size=13
        )
        letter.paragraph(
            "Your home was drawn at random. Scan the code and answer five questions about the property company. "
            "No sign-in; your answer is kept apart from your home.",
            size=11,
        )
    return letter.bytes()
