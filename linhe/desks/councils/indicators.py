"""What the councils desk measures, from community to district."""

from linhe.core.indicators.measures import Measure
from linhe.desks.councils.loop import TOPICS
from linhe.lib.text import Text

_MATTERS = Text("件", "matters")

MEASURES = (
    Measure("councils.petitions", Text("居民联名提议", "petitions"), _MATTERS, "petition", ("raise",)),
    Measure("councils.adopted", Text("列入议题", "petitions adopted"), _MATTERS, "petition", ("adopt",), better="up"),
    Measure("councils.meetings", Text("开会", "meetings held"), Text("次", "meetings"), "meeting", ("close",)),
    Measure(
        "councils.attendance", Text("到会率", "attendance"), Text("%", "%"), "meeting", ("close",),
        ("ratio", "present", "called"), "up",
    ),
    Measure("councils.resolutions", Text("形成决议", "resolutions"), _MATTERS, "resolution", ("publish",)),
    Measure("councils.settled", Text("解决事项", "matters settled"), _MATTERS, "resolution", ("confirm",), better="up"),
    *(
        Measure(
            f"councils.settled_{code}", Text(f"解决事项：{name.zh}", f"settled: {name.en}"), _MATTERS, "resolution",
            ("confirm",), better="up", where=("topic", code),
        )
        for code, name in TOPICS
    ),
    Measure(
        "councils.days_to_settle", Text("公示到办结", "from publicity to settled"), Text("天", "days"), "resolution",
        ("confirm",), ("mean", "days"), "down",
    ),
    Measure("councils.objections", Text("公示异议", "objections"), _MATTERS, "resolution", ("object",), better="down"),
    Measure("councils.returned", Text("退回再议", "sent back"), _MATTERS, "resolution", ("uphold",), better="down"),
    Measure("councils.late", Text("办理超期", "carried out late"), _MATTERS, "resolution", ("late",), better="down"),
)  # fmt: skip
