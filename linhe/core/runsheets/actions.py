"""The actions that a kind declares to have a run sheet. Its desk's ``schemas`` and ``services`` lend the names."""

from linhe.core.loop.kinds import Action
from linhe.lib.text import Text


def run_actions(
    frm: tuple[str, ...], *, callers: tuple[str, ...], doers: tuple[str, ...], leaders: tuple[str, ...]
) -> tuple[Action, ...]:
    """Call, repeat, leave out, report as failed, pause and resume, from these stages and without leaving them.

    ``callers`` call an item, ``doers`` repeat it and carry it out (whose item it is, its role says), ``leaders`` may
    leave one out, halt the run and let it go on.
    """
    return (
        Action("call_item", Text("唱票", "call the item"), frm, None, callers, data="CallItem", effect="call_item",
               hidden=True),
        Action("repeat_item", Text("复诵并完成", "repeat and carry out"), frm, None, doers, data="RepeatItem",
               effect="repeat_item", tone="good", hidden=True),
        Action("skip_item", Text("应急跳过", "leave out in an emergency"), frm, None, leaders, data="SkipItem",
               effect="skip_item", tone="bad", hidden=True),
        Action("fail_item", Text("操作不成功", "could not be carried out"), frm, None, (*doers, *callers),
               data="FailItem", effect="fail_item", tone="bad", hidden=True),
        Action("pause", Text("暂停", "pause"), frm, None, leaders, data="PauseRun", effect="pause", tone="wait",
               icon="clock", hidden=True),
        Action("resume", Text("继续", "resume"), frm, None, leaders, effect="resume", icon="clock", hidden=True),
    )  # fmt: skip
