"""What the actions of a report ask for; one declaration serves the page's form and the API."""

from __future__ import annotations

from typing import Annotated, Self

from pydantic import Field, model_validator

from linhe.core.loop.data import ActionData, ask
from linhe.lib.text import Text

MOST_ID = 2**63 - 1
SOURCES = (
    ("page", Text("网页", "page")),
    ("qr", Text("扫码", "QR code")),
    ("phone", Text("电话或上门", "by phone or in person")),
    ("courier", Text("小哥随手拍", "courier")),
    ("hotline", Text("12345 热线", "hotline")),
    ("open311", Text("开放接口", "Open311")),
)
PAUSE_REASONS = (
    ("materials", Text("等材料、设备", "waiting for material")),
    ("weather", Text("天气不允许", "weather")),
    ("other_party", Text("等另一方配合", "waiting for another party")),
    ("funds", Text("等资金或审批", "waiting for money or approval")),
)
HIDE_REASONS = (
    ("person", Text("露出个人信息", "shows somebody's personal data")),
    ("abuse", Text("辱骂或不实", "abusive or untrue")),
    ("danger", Text("公开会带来危险", "public knowledge would be dangerous")),
    ("other", Text("其他", "other")),
)
Longitude = Annotated[float, Field(ge=-180, le=180, allow_inf_nan=False)]
Latitude = Annotated[float, Field(ge=-90, le=90, allow_inf_nan=False)]


def _choice(options: tuple[tuple[str, Text], ...]) -> str:
    return "^(" + "|".join(code for code, _ in options) + ")$"


class RaiseReport(ActionData):
    """What is wrong and where exactly; ``private`` keeps it off the public map and list."""

    category: str = ask("类别", "category", pattern=r"^[a-z_]{1,40}$")
    words: str = ask("怎么回事", "what is wrong", keep="private", max_length=6000, default="", widget="textarea")
    spot: str = ask("具体位置", "where exactly", keep="private", max_length=80, default="")
    lat: Latitude | None = ask("纬度", "latitude", keep="desk", default=None)
    lng: Longitude | None = ask("经度", "longitude", keep="desk", default=None)
    private: bool = ask("不公开", "keep it private", default=False)
    source: str = ask("来源", "source", pattern=_choice(SOURCES), choices=SOURCES, default="page")

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        if (self.lat is None) != (self.lng is None):
            raise ValueError(Text("经纬度要一起填写。", "Give both latitude and longitude."))
        return self


class HandOn(ActionData):
    """The part of a report that another organisation has to do."""

    category: str = ask("类别", "category", pattern=r"^[a-z_]{1,40}$")
    organisation: str = ask("交给哪个单位", "to which organisation", max_length=40)
    words: str = ask("请对方办什么", "what they are asked to do", keep="private", min_length=2, max_length=500,
                     widget="textarea")  # fmt: skip


class Reroute(ActionData):
    """To whom instead, and why. No organisation means the community itself."""

    organisation: str = ask("转给哪个单位", "to which organisation", max_length=40, default="",
                            hint=Text("不填就是转回社区", "empty means back to the community"))  # fmt: skip
    words: str = ask("转办理由", "reason", keep="private", min_length=2, max_length=400, widget="textarea")


class AskPause(ActionData):
    """Why the clock should stand still; a second person decides."""

    reason: str = ask("原因", "reason", pattern=_choice(PAUSE_REASONS), choices=PAUSE_REASONS, widget="radio")
    words: str = ask("说明", "explanation", keep="private", min_length=2, max_length=400, widget="textarea")


class Relimit(ActionData):
    """The new time limit as a whole; time already paused stays paused."""

    minutes: int = ask("新的办结时限（工作分钟）", "new limit (working minutes)", ge=30, le=48_000)
    words: str = ask("理由", "reason", keep="private", min_length=2, max_length=400, widget="textarea")


class Solve(ActionData):
    """What was done: shown to whoever reported it."""

    words: str = ask("办理结果", "what was done", keep="private", min_length=4, max_length=500, widget="textarea",
                     hint=Text("写给提出人看：做了什么、以后怎样", "for the one who reported it"))  # fmt: skip


class Reopen(ActionData):
    """What is still wrong."""

    words: str = ask("还有什么没解决", "what is still wrong", keep="private", min_length=2, max_length=400,
                     widget="textarea")  # fmt: skip


class Add(ActionData):
    """Something more that those who deal with it should know."""

    words: str = ask("补充什么", "what else", keep="private", min_length=2, max_length=400, widget="textarea")


class Explain(ActionData):
    """An explanation, for the people concerned."""

    words: str = ask("说明", "explanation", keep="private", min_length=2, max_length=400, widget="textarea")


class Merge(ActionData):
    """The report that goes on for both."""

    into: int = ask("并入的编号", "number of the other report", ge=1, le=MOST_ID)


class Publish(ActionData):
    """What the public may read and see besides category, building and stage."""

    words_public: str = ask("公开的说明", "words for the public", keep="desk", max_length=200, default="",
                            widget="textarea",
                            hint=Text("不写人名、门牌、电话", "no names, doors or numbers"))  # fmt: skip
    photos: bool = ask(
        "照片可以公开（没有人脸、车牌、门牌）", "photos may be shown (no faces, plates, doors)", default=False
    )


class Hide(ActionData):
    """Why the public should not see it."""

    reason: str = ask("原因", "reason", pattern=_choice(HIDE_REASONS), choices=HIDE_REASONS, widget="radio")
    words: str = ask("说明", "explanation", keep="private", min_length=2, max_length=400, widget="textarea")
