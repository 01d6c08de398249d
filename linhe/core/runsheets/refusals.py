"""How a run sheet says no. ``WAITING`` are the refusals after which a phone that replays its queue tries again."""

from linhe.lib.refusals import Refused
from linhe.lib.text import Text

WAITING = ("not_called", "out_of_order", "paused", "no_plan", "blocked")


def not_called(label: str) -> Refused:
    """Repeated before it was called."""
    return Refused(
        "not_called",
        Text(
            f"第 {label} 项还没有唱票，请等监护人唱票。",
            f"Item {label} has not been called yet. Wait for the supervisor.",
        ),
    )


def already_called(label: str) -> Refused:
    """Called twice."""
    return Refused(
        "already_called",
        Text(f"第 {label} 项已经唱票，正等操作人复诵。", f"Item {label} has been called and waits to be repeated."),
    )


def out_of_order(label: str) -> Refused:
    """A later item was meant."""
    return Refused(
        "out_of_order", Text(f"请按顺序操作：现在是第 {label} 项。", f"Keep the order: item {label} comes now.")
    )


def done_already() -> Refused:
    """An earlier item was meant."""
    return Refused("done_already", Text("这一项已经完成，请刷新页面。", "This item is done already. Reload the page."))


def same_person() -> Refused:
    """The caller repeats their own call."""
    return Refused(
        "same_person",
        Text("唱票人和复诵人不能是同一人。", "Whoever called the item may not repeat it."),
        status=403,
    )


def other_role(label: str, wanted: Text) -> Refused:
    """Somebody else carries this item out."""
    return Refused(
        "other_role",
        Text(f"第 {label} 项由{wanted.zh}执行。", f"Item {label} is carried out by the {wanted.en}."),
        status=403,
    )


def clock_backwards() -> Refused:
    """Said before the confirmation before it."""
    return Refused(
        "clock_backwards",
        Text(
            "确认时间早于上一项，请检查手机时间。",
            "This confirmation lies before the one before it. Check the clock of the phone.",
        ),
        status=422,
    )


def clock_ahead() -> Refused:
    """Said in the future."""
    return Refused(
        "clock_ahead",
        Text("手机时间快了，请校准后重试。", "The phone's clock is ahead. Set it and try again."),
        status=422,
    )


def too_old() -> Refused:
    """Offline for longer than is allowed."""
    return Refused(
        "too_old",
        Text(
            "断网时间太长，请与调度员核对后重新确认。",
            "Offline for too long: check with the dispatcher, then confirm again.",
        ),
        status=422,
    )


def must_not_skip(label: str) -> Refused:
    """A safety step."""
    return Refused(
        "must_not_skip",
        Text(
            f"第 {label} 项是安全步骤，任何时候都不能跳过。", f"Item {label} keeps people safe and is never left out."
        ),
        status=422,
    )


def nothing_operated(label: str) -> Refused:
    """Only operations of the plan can fail."""
    return Refused(
        "nothing_operated",
        Text(f"第 {label} 项不涉及设备操作。", f"Item {label} operates no device."),
        status=422,
    )


def no_plan(label: str) -> Refused:
    """The item waits for a plan."""
    return Refused("no_plan", Text(f"第 {label} 项要等新的方案。", f"Item {label} waits for a plan."))


def replanned() -> Refused:
    """The sheet was filled in anew since the page was opened."""
    return Refused(
        "replanned",
        Text("方案已经调整，请刷新页面后按新的顺序操作。", "There is a new plan. Reload the page and follow it."),
    )


def blocked(label: str, reason: Text) -> Refused:
    """Forbidden for now."""
    return Refused(
        "blocked", Text(f"{reason.zh}：第 {label} 项暂时不能操作。", f"{reason.en}: item {label} has to wait.")
    )


def needs(label: str, other: str) -> Refused:
    """An item that must be done is not."""
    return Refused(
        "needs",
        Text(f"第 {label} 项要先做完第 {other} 项。", f"Item {label} needs item {other} to be done first."),
    )


def paused() -> Refused:
    """The run is halted."""
    return Refused("paused", Text("流程已暂停。", "The run is paused."))


def not_paused() -> Refused:
    """The run is not halted."""
    return Refused("not_paused", Text("流程没有暂停。", "The run is not paused."))


def ended() -> Refused:
    """The sheet is closed."""
    return Refused("ended", Text("流程单已终结。", "The run sheet is closed."))


def unfinished(label: str) -> Refused:
    """Something is left to do."""
    return Refused("unfinished", Text(f"第 {label} 项还没有完成。", f"Item {label} is not done yet."))
