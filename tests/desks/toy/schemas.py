"""What the toy's actions ask for."""

from linhe.core.loop.data import ActionData, ask


class Raise(ActionData):
    """A size and some words that may be personal."""

    size: int = ask("大小", "size", ge=1, le=9)
    colour: str = ask("颜色", "colour", pattern="^(red|blue)$", default="blue")
    words: str = ask("说明", "words", keep="private", max_length=40, default="", widget="textarea")


class Finish(ActionData):
    """How it went."""

    went_well: bool = ask("顺利", "went well", default=True)
    worn: int | None = ask("磨损", "worn", default=None, ge=0, le=9)
    size: int | None = ask("大小", "size", default=None, ge=1, le=9)
