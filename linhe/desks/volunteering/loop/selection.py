"""The loop of the yearly selection: nominated, screened, voted on, marked by a jury, published, decided."""

from linhe.core.loop.kinds import ANYONE, NEW, SYSTEM, Action, Clock, Kind, Stage
from linhe.desks.volunteering.loop.publicity import OBJECTED, PUBLIC, clocks, objections
from linhe.lib.text import Text

NOMINATING, SCREENING, VOTING, SCORING, DECIDED = "nominating", "screening", "voting", "scoring", "decided"
DISTRICT = ("district_officer",)

SELECTION = Kind(
    code="selection",
    version=1,
    name=Text("最美小哥评选", "selection of the most admired couriers"),
    desk="volunteering",
    stages=(
        Stage(NOMINATING, Text("推荐中", "nominations open"), "wait"),
        Stage(SCREENING, Text("资格审核", "screening")),
        Stage(VOTING, Text("投票中", "vote open"), "wait"),
        Stage(SCORING, Text("评委打分", "jury marking")),
        Stage(PUBLIC, Text("结果公示", "result published")),
        Stage(OBJECTED, Text("异议处理中", "objections to be answered"), "wait"),
        Stage(DECIDED, Text("已揭晓", "decided"), "good", final=True),
    ),
    actions=(
        Action(
            "open", Text("开启评选", "open a selection"), (NEW,), NOMINATING, DISTRICT,
            data="OpenSelection", effect="open_selection", icon="star", tone="good",
        ),
        Action(
            "nominate", Text("推荐", "nominate"), (NOMINATING,), None, (ANYONE,),
            data="Nominate", effect="nominate", icon="add", hidden=True,
        ),
        Action(
            "agree", Text("同意参评", "agree"), (NOMINATING, SCREENING), None, (ANYONE,),
            data="AgreeToStand", effect="agree_to_stand", icon="check", tone="good", hidden=True,
        ),
        Action(
            "name_juror", Text("聘请评委", "name a juror"), (NOMINATING, SCREENING, VOTING), None, DISTRICT,
            data="NameJuror", effect="name_juror", icon="people",
        ),
        Action(
            "screening", Text("推荐结束，开始审核", "close nominations"), (NOMINATING,), SCREENING, DISTRICT,
            icon="check",
        ),
        Action(
            "screen", Text("审核", "screen"), (SCREENING,), None, DISTRICT,
            data="Screen", effect="screen_candidate", icon="check", hidden=True,
        ),
        Action(
            "open_vote", Text("开始投票", "open the vote"), (SCREENING,), VOTING, DISTRICT,
            effect="open_vote", icon="send", tone="good",
        ),
        Action(
            "close_vote", Text("投票截止", "vote closed"), (VOTING,), SCORING, (SYSTEM,),
            effect="close_vote", icon="clock",
        ),
        Action(
            "recuse", Text("申请回避", "declare a tie"), (VOTING, SCORING), None, (ANYONE,),
            data="ChooseCandidate", effect="recuse", icon="undo", hidden=True,
        ),
        Action(
            "mark", Text("打分", "mark"), (VOTING, SCORING), None, (ANYONE,),
            data="GiveMark", effect="give_mark", icon="star", hidden=True,
        ),
        Action(
            "count", Text("计分并公示", "count and publish"), (SCORING,), PUBLIC, DISTRICT,
            effect="count_selection", icon="chart", tone="good",
        ),
        *objections(DISTRICT),
        Action(
            "recount", Text("更正并重新公示", "correct and publish again"), (PUBLIC, OBJECTED), PUBLIC, DISTRICT,
            data="Explain", effect="recount_selection", icon="refresh", tone="wait",
        ),
        Action(
            "publicity_over", Text("公示期满", "publicity over"), (PUBLIC,), DECIDED, (SYSTEM,),
            effect="decide_selection", icon="clock",
        ),
    ),
    clocks=(
        Clock("vote", Text("投票", "vote"), "volunteering.vote_days", ("open_vote",), ("close_vote",),
              late="close_vote"),
        *clocks("count", "recount"),
    ),
    reads=(*DISTRICT, "subdistrict_officer", "auditor"),
    icon="star",
)  # fmt: skip
