"""How the loop says no: the refusals that every kind shares."""

from __future__ import annotations

from collections.abc import Callable

from linhe.lib.refusals import Refused
from linhe.lib.text import Text

__all__ = ["Refused", "invalid", "key_reused", "not_allowed", "not_found", "out_of_step", "wrong_stage"]


def not_allowed() -> Refused:
    """The reader may not take this action."""
    return Refused(
        "not_allowed",
        Text("您没有办理这一步的权限。", "You may not take this action."),
        status=403,
    )


def not_found() -> Refused:
    """There is no such matter for this reader (the same answer whether it exists or not)."""
    return Refused("not_found", Text("没有找到这个事项。", "There is no such matter."), status=404)


def out_of_step() -> Refused:
    """The matter moved on while the reader was looking at it."""
    return Refused(
        "out_of_step",
        Text(
            "这件事刚刚有了新进展，请刷新后再办。",
            "This matter has just moved on. Reload the page and try again.",
        ),
    )


def wrong_stage(stage: Text) -> Refused:
    """The action does not lead from the present stage."""
    return Refused(
        "wrong_stage",
        Text(
            f"当前环节是「{stage.zh}」，不能办理这一步。",
            f"The matter is now at “{stage.en}”; this action is not possible.",
        ),
    )


def invalid(details: dict[str, str], *, afterwards: Callable[[], object] | None = None) -> Refused:
    """Some fields are missing or wrong; ``details`` says which and why."""
    return Refused(
        "invalid",
        Text("有几处需要修改，请看标红的地方。", "Some fields need attention."),
        status=422,
        details=details,
        afterwards=afterwards,
    )


def key_reused() -> Refused:
    """An idempotency key came back with another body."""
    return Refused(
        "key_reused",
        Text(
            "这个请求编号已用于另一份内容，请重新提交。",
            "This request key was used for other content. Submit again.",
        ),
        status=422,
    )
