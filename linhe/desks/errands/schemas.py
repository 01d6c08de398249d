"""What the actions of an errand ask for; one declaration serves the page's form and the API."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Self

from pydantic import Field, model_validator

from linhe.core.loop.data import ActionData, ask
from linhe.lib.text import Text

MOST_ID = 2**63 - 1
DECLINE_REASONS = (
    ("busy", Text("手头忙", "busy now")),
    ("far", Text("不顺路", "not on my way")),
    ("load", Text("装不下", "no room for it")),
    ("other", Text("其他", "other")),
)
WITHDRAW_REASONS = (
    ("not_needed", Text("不需要了", "no longer needed")),
    ("too_long", Text("等太久", "waited too long")),
    ("mistake", Text("填错了", "a mistake")),
    ("other", Text("其他", "other")),
)
HAND_BACK_REASONS = (
    ("vehicle", Text("车辆故障", "trouble with the vehicle")),
    ("own_orders", Text("本职订单要紧", "own orders come first")),
    ("closed", Text("店铺没开门", "the shop is closed")),
    ("other", Text("其他", "other")),
)
Longitude = Annotated[float, Field(ge=-180, le=180, allow_inf_nan=False)]
Latitude = Annotated[float, Field(ge=-90, le=90, allow_inf_nan=False)]
Code = Annotated[str, Field(pattern=r"^[a-z_]{1,40}$")]
Number = Annotated[float, Field(allow_inf_nan=False)]
Reason = tuple[Code, Annotated[dict[Code, Number], Field(max_length=8)]]


def _choice(options: tuple[tuple[str, Text], ...]) -> str:
    return "^(" + "|".join(code for code, _ in options) + ")$"


class RequestErrand(ActionData):
    """Which help, to which door, by when; and where something has to be fetched first."""

    service: str = ask("服务", "service", pattern=r"^[a-z_]{1,40}$")
    door: str = ask("门牌（楼内）", "door", keep="desk", max_length=60, default="",
                    hint=Text("接单后骑手才能看到", "couriers see it only after they accept"))  # fmt: skip
    note: str = ask("备注", "note", keep="desk", max_length=200, default="", widget="textarea")
    pickup_code: str = ask("取件地点编号", "code of the pick-up place", keep="desk", max_length=32, default="")
    pickup_name: str = ask("取件地点", "pick-up place", keep="desk", max_length=80, default="")
    pickup_lat: Latitude | None = ask("取件纬度", "pick-up latitude", keep="desk", default=None)
    pickup_lng: Longitude | None = ask("取件经度", "pick-up longitude", keep="desk", default=None)
    earliest_at: datetime | None = ask("最早取件", "not before", default=None)
    latest_at: datetime | None = ask("最晚送达", "not after", default=None)
    load: int = ask("件数", "pieces", ge=0, le=40, default=1)
    urgent: bool = ask("加急", "urgent", default=False)

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        for moment in (self.earliest_at, self.latest_at):
            if moment is not None and not 2000 <= moment.year <= 2999:
                raise ValueError(Text("请选择一个合适的时间。", "Please choose a sensible time."))
        if (self.pickup_lat is None) != (self.pickup_lng is None):
            raise ValueError(Text("经纬度要一起填写。", "Give both latitude and longitude."))
        if self.earliest_at and self.latest_at:
            if (self.earliest_at.tzinfo is None) != (self.latest_at.tzinfo is None):
                raise ValueError(
                    Text("两个时间的时区写法要一致。", "Write both times with the same kind of time zone.")
                )
            if self.earliest_at >= self.latest_at:
                raise ValueError(Text("最晚送达要晚于最早取件。", "“Not after” must be later than “not before”."))
        return self


class OfferErrand(ActionData):
    """To whom it is offered, and what the engine computed for it (absent when a person dispatches)."""

    courier_id: int = ask("骑手", "courier", ge=1, le=MOST_ID)
    detour_m: int | None = ask("绕行（米）", "detour (m)", ge=0, le=1_000_000, default=None)
    detour_s: int | None = ask("绕行（秒）", "detour (s)", ge=0, le=1_000_000, default=None)
    reasons: tuple[Reason, ...] = ask("理由", "reasons", keep="desk", max_length=12, default=())


class DeclineOffer(ActionData):
    """Why not; it is never offered to the same person again."""

    reason: str = ask("原因", "reason", default="busy", pattern=_choice(DECLINE_REASONS), choices=DECLINE_REASONS,
                      widget="radio")  # fmt: skip


class HandBack(ActionData):
    """Why it cannot be done after all."""

    reason: str = ask("原因", "reason", pattern=_choice(HAND_BACK_REASONS), choices=HAND_BACK_REASONS, widget="radio")
    words: str = ask("说明", "words", keep="private", max_length=200, default="", widget="textarea")


class Withdraw(ActionData):
    """Why it is taken back."""

    reason: str = ask("原因", "reason", default="not_needed", pattern=_choice(WITHDRAW_REASONS),
                      choices=WITHDRAW_REASONS, widget="radio")  # fmt: skip


class FinishByCode(ActionData):
    """The resident's one-time code."""

    code: str = ask(
        "居民的验证码", "the resident's code", keep="desk", pattern=r"^[0-9]{6}$", max_length=6, widget="code"
    )


class RecordAdvance(ActionData):
    """What the courier paid at the shop; the receipt is the photo."""

    amount_fen: int = ask("垫付金额（分）", "amount paid (fen)", ge=1, le=10_000_000)


class Rate(ActionData):
    """How it was; the words are read by the community only."""

    stars: int = ask("星级", "stars", ge=1, le=5)
    words: str = ask("想说的话", "words", keep="private", max_length=200, default="", widget="textarea")


class Explain(ActionData):
    """An explanation, for the people concerned."""

    words: str = ask("说明", "explanation", keep="private", min_length=2, max_length=400, widget="textarea")
