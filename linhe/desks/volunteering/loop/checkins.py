"""The loop of a check-in (报到): an organisation serves a compound, its members serve where they live."""

from linhe.core.loop.kinds import ANYONE, NEW, ORGANISATION, REQUESTER, Action, Clock, Kind, Stage
from linhe.desks.volunteering.loop.roles import ORGANISER, PARTNER, READERS, WORKER
from linhe.lib.text import Text

ASKED, SERVING, OVER = "asked", "serving", "over"

CHECK_IN = Kind(
    code="check_in",
    version=1,
    name=Text("报到", "check-in"),
    desk="volunteering",
    stages=(
        Stage(ASKED, Text("待确认", "to be confirmed"), "wait"),
        Stage(SERVING, Text("已报到", "serving"), "good"),
        Stage(OVER, Text("已结束", "ended"), "over", final=True),
    ),
    actions=(
        Action(
            "check_in_organisation", Text("单位报到", "check an organisation in"), (NEW,), SERVING,
            (WORKER, ORGANISER, PARTNER), data="CheckInOrganisation", effect="check_in_organisation",
            icon="building", tone="good",
        ),
        Action(
            "check_in", Text("本人报到", "check in"), (NEW,), ASKED, (ANYONE,),
            data="CheckInMember", effect="check_in_member", notify=(ORGANISATION,), icon="person",
        ),
        Action(
            "enrol", Text("登记成员报到", "check a member in"), (NEW,), SERVING, (WORKER, ORGANISER),
            data="CheckInMember", effect="check_in_member", notify=(REQUESTER,), icon="person", tone="good",
            hidden=True,
        ),
        Action(
            "accept", Text("确认报到", "confirm"), (ASKED,), SERVING, (WORKER, ORGANISATION),
            notify=(REQUESTER,), icon="check", tone="good",
        ),
        Action(
            "refuse", Text("不予确认", "do not confirm"), (ASKED,), OVER, (WORKER, ORGANISATION),
            data="Explain", effect="end_check_in", notify=(REQUESTER,), icon="close", tone="bad",
        ),
        Action(
            "leave", Text("结束报到", "end"), (ASKED, SERVING), OVER, (REQUESTER, WORKER),
            effect="end_check_in", notify=(ORGANISATION,), icon="undo", tone="wait",
        ),
    ),
    clocks=(
        Clock("answer", Text("确认报到", "confirmation"), "volunteering.check_in_days", ("check_in",),
              ("accept", "refuse")),
    ),
    reads=READERS,
    retention_days="volunteering.retention_days",
    icon="flag",
)  # fmt: skip
