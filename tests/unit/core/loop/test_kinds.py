"""A kind that contradicts itself never starts: each rule of ``check`` has its broken declaration."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from linhe.core.loop.kinds import NEW, SYSTEM, Action, Clock, InvalidKind, Kind, Stage
from linhe.lib.text import Text

NAME = Text("名", "name")
OPEN, OVER = Stage("open", NAME), Stage("over", NAME, final=True)
RAISE = Action("raise", NAME, (NEW,), "open", ("anyone",))
CLOSE = Action("close", NAME, ("open",), "over", ("handler",))
CLOCK = Clock("limit", NAME, "some.minutes", ("raise",), ("close",))
SOUND: dict[str, Any] = {
    "code": "sound", "version": 1, "name": NAME, "desk": "desk",
    "stages": (OPEN, OVER), "actions": (RAISE, CLOSE), "clocks": (CLOCK,),
}  # fmt: skip


def test_a_sound_kind_is_taken() -> None:
    kind = Kind(**SOUND)
    assert kind.action("close") is CLOSE
    assert kind.stage("over") is OVER
    assert kind.actions_from("open") == [CLOSE]
    assert kind.actions_from(NEW) == [RAISE]


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"stages": (OPEN, OVER, OPEN)}, "a stage code is declared twice"),
        ({"actions": (RAISE, CLOSE, CLOSE)}, "an? action code is declared twice"),
        ({"discreet": True}, "sound: a discreet kind, and no other, names a page"),
        ({"page": "/mine/"}, "sound: a discreet kind, and no other, names a page"),
        ({"discreet": True, "page": "/mine/", "reads": ("courier",)}, "sound: a discreet kind is read by nobody"),
        ({"clocks": (CLOCK, CLOCK)}, "a clock code is declared twice"),
        ({"actions": (RAISE, replace(CLOSE, frm=("nowhere",)))}, r"sound.close: unknown stage \['nowhere'\]"),
        ({"actions": (RAISE, replace(CLOSE, to="nowhere"))}, r"sound.close: unknown stage \['nowhere'\]"),
        ({"actions": (RAISE, replace(CLOSE, unlike=("nothing",)))}, r"unknown action in unlike \['nothing'\]"),
        ({"actions": (RAISE, replace(CLOSE, who=()))}, "sound.close: needs who"),
        ({"actions": (RAISE, CLOSE, replace(CLOSE, code="never", frm=()))}, "sound.never: needs who, frm"),
        ({"actions": (replace(RAISE, to=None), CLOSE)}, "sound.raise: needs .* a first stage"),
        ({"actions": (replace(RAISE, frm=(NEW, "open")), CLOSE)}, "sound.raise: needs .* a first stage"),
        ({"clocks": (replace(CLOCK, start=("nothing",)),)}, r"sound.limit: unknown action \['nothing'\]"),
        ({"clocks": (replace(CLOCK, stop=("nothing",)),)}, r"sound.limit: unknown action \['nothing'\]"),
        ({"clocks": (replace(CLOCK, pause=("nothing",)),)}, r"sound.limit: unknown action \['nothing'\]"),
        ({"clocks": (replace(CLOCK, resume=("nothing",)),)}, r"sound.limit: unknown action \['nothing'\]"),
        ({"clocks": (replace(CLOCK, late="nothing"),)}, r"sound.limit: unknown action \['nothing'\]"),
        ({"stages": (OPEN, OVER, Stage("lost", NAME, final=True))}, "no action leads to stage lost"),
        ({"actions": (RAISE, replace(CLOSE, frm=("over",)))}, "no action leads out of stage open"),
        ({"actions": (RAISE, CLOSE, replace(CLOSE, code="stay", to=None)), "stages": (OPEN, Stage("over", NAME))},
         "no action leads out of stage over"),
    ],
)  # fmt: skip
def test_a_kind_that_contradicts_itself_is_refused(change: dict[str, Any], says: str) -> None:
    with pytest.raises(InvalidKind, match=says):
        Kind(**SOUND | change)


@pytest.mark.parametrize(
    "late",
    [
        replace(CLOSE, who=("handler",)),
        replace(CLOSE, who=(SYSTEM,), data="Schema"),
        replace(CLOSE, who=(SYSTEM,), evidence=(1, 2)),
    ],
)
def test_the_late_action_of_a_clock_is_one_that_the_system_can_take(late: Action) -> None:
    clocks = (replace(CLOCK, late="close"),)
    with pytest.raises(InvalidKind, match="late action close must be open to the system and ask nothing"):
        Kind(**SOUND | {"actions": (RAISE, late), "clocks": clocks})
    Kind(**SOUND | {"actions": (RAISE, replace(CLOSE, who=(SYSTEM,))), "clocks": clocks})
