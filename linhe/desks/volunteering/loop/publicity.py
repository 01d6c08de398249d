"""The stretch of a loop in which a result is published and objected to, the same for settlements and selections."""

from linhe.core.loop.kinds import ANYONE, Action, Clock
from linhe.lib.text import Text

PUBLIC, OBJECTED = "public", "objected"


def objections(officers: tuple[str, ...]) -> tuple[Action, ...]:
    """Object, answer, go on: publicity rests while an objection waits."""
    return (
        Action(
            "object", Text("提出异议", "object"), (PUBLIC, OBJECTED), OBJECTED, (ANYONE,),
            data="Explain", effect="protest", notify=officers[:1], icon="flag", tone="bad", hidden=True,
        ),
        Action(
            "answer", Text("答复异议", "answer an objection"), (OBJECTED,), None, officers,
            data="AnswerProtest", effect="answer_protest", icon="message", hidden=True,
        ),
        Action(
            "go_on", Text("答复完毕，继续公示", "all answered, go on"), (OBJECTED,), PUBLIC, officers,
            effect="check_answered", icon="check",
        ),
    )  # fmt: skip


def clocks(*published: str) -> tuple[Clock, ...]:
    """Publicity counts from the actions that publish, answers from the first objection."""
    return (
        Clock("publicity", Text("公示", "publicity"), "volunteering.result_publicity_days", published,
              ("publicity_over",), pause=("object",), resume=("go_on",), late="publicity_over"),
        Clock("answer", Text("答复异议", "answering objections"), "volunteering.protest_days", ("object",),
              ("go_on", *published)),
    )  # fmt: skip
