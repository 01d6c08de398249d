"""What the actions on a listing ask for."""

from __future__ import annotations

from datetime import date
from typing import Any

from pydantic import ValidationInfo, field_validator

from linhe.core.loop.data import ActionData, ask
from linhe.desks.exchange.engine.choices import PROCEDURES
from linhe.desks.exchange.engine.fields import MOST
from linhe.desks.exchange.schemas.legible import HIDDEN, legible
from linhe.lib.text import Text

ANSWERS = (("yes", Text("是", "yes")), ("no", Text("否", "no")))
WAYS = tuple((code, Text(zh, en)) for code, zh, en in PROCEDURES)


class Told(ActionData):
    """Base of what people tell: reasons that can be read, amounts that are whole numbers, days that are written."""

    @field_validator("*", mode="before")
    @classmethod
    def _as_it_is_meant(cls, sent: Any, info: ValidationInfo) -> Any:
        if isinstance(sent, str) and not legible(sent):
            raise ValueError(HIDDEN)
        kind = cls.model_fields[str(info.field_name)].annotation
        if isinstance(sent, bool | float) and kind in (int, int | None):
            raise ValueError(Text("请填写整数。", "Please give a whole number."))
        if isinstance(sent, int | float) and kind in (date, date | None):
            raise ValueError(Text("请填写日期，如 2026-03-02。", "Please give a date such as 2026-03-02."))
        return sent


class LodgeDraft(ActionData):
    """The draft as its writer saw it; what it says was checked when it was saved, and is checked again."""

    draft: int = ask("草稿编号", "number of the draft", ge=1, le=2**62)
    draft_version: int = ask("草稿版本", "version of the draft", ge=1, le=2**31 - 1)


class Explain(Told):
    """An explanation, for the people concerned."""

    words: str = ask("说明", "explanation", keep="private", min_length=2, max_length=1000, widget="textarea")


class GiveReasons(Told):
    """Why an application goes back or is refused; no reason, no return."""

    words: str = ask(
        "理由（写明依据和需要补正的内容）", "reasons, and what is to be corrected", keep="private", min_length=2,
        max_length=2000, widget="textarea",
    )  # fmt: skip


class Assign(Told):
    """Who is to review it."""

    reviewer: int = ask("审核员", "reviewer", ge=1, le=2**62)


class CheckDocuments(Told):
    """What only a person with the originals can say."""

    genuine: str = ask(
        "产权登记证（表）经登记机关核验属实", "the certificate is confirmed as genuine by its issuer",
        choices=ANSWERS, widget="radio", pattern="^(yes|no)$",
    )  # fmt: skip
    complete: str = ask(
        "产权登记证（表）内容、页码、印章齐全", "the certificate is complete in contents, pages and seals",
        choices=ANSWERS, widget="radio", pattern="^(yes|no)$",
    )  # fmt: skip
    source: str = ask("核验依据", "how it was checked", default="登记机关回函", min_length=1, max_length=120)


class RegisterBuyers(Told):
    """How many intended buyers have registered and qualify, in all."""

    buyers: int = ask("意向受让方总数", "intended buyers in all", ge=0, le=1000)


class Extend(Told):
    """By how much the notice is extended."""

    days: int = ask("延长工作日数", "working days", ge=1, le=250)


class ChangeNotice(Told):
    """Whether the approving body agreed to the change; either way the notice starts anew."""

    agreed: bool = ask("批准单位书面同意变更", "the approving body agreed in writing", default=False)
    buyer_terms: bool = ask("变更受让方资格条件", "the buyer's qualification changes", default=False)
    refiled: bool = ask("资格条件已重新备案", "the changed qualification was filed again", default=False)
    words: str = ask("变更内容", "what changes", keep="private", min_length=2, max_length=1000, widget="textarea")


class RecordDeal(Told):
    """How the lot was sold. Amounts in fen."""

    procedure: str = ask("成交方式", "procedure", choices=WAYS, pattern=f"^({'|'.join(code for code, _ in WAYS)})$")
    price_fen: int = ask("成交价（分）", "deal price (fen)", ge=0, le=MOST)
    contract_on: date = ask("合同生效日", "day the contract takes effect", widget="date")
    lump_sum: bool = ask("一次付清", "paid in one sum", default=False)
    first_payment_fen: int | None = ask("首期付款（分）", "first payment (fen)", default=None, ge=0, le=MOST)
    last_payment_on: date | None = ask("末期付款日", "day of the last payment", default=None, widget="date")
    difference_explained: bool = ask(
        "价格与评估结果相差较大，已提交书面说明", "a difference from the appraisal is explained in writing",
        default=False,
    )  # fmt: skip
