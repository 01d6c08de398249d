"""The manifest of the exchange desk."""

from linhe.core.loop.desk import Desk, MenuItem
from linhe.desks.exchange.loop import KINDS
from linhe.desks.exchange.loop.roles import MANAGER, REVIEWER, SELLER, SUPERVISOR
from linhe.lib.text import Text

DESK = Desk(
    code="exchange",
    name=Text("产权交易审核", "exchange review"),
    summary=Text(
        "国有产权交易逐条审核：每个结论都有条文、有出处。",
        "Deals of state-owned rights, reviewed rule by rule: every finding names its article and its evidence.",
    ),
    package="linhe.desks.exchange",
    kinds=KINDS,
    menu=(
        MenuItem(Text("审核工作台", "Reviews"), "/exchange/", "list", (REVIEWER, MANAGER)),
        MenuItem(Text("我的申请", "My applications"), "/exchange/mine/", "document", (SELLER,)),
        MenuItem(Text("关联申报", "Declared ties"), "/exchange/ties/", "people", (REVIEWER, MANAGER)),
        MenuItem(Text("全省看板", "The province"), "/exchange/province/", "chart", (SUPERVISOR,)),
        MenuItem(Text("产权交易监督", "Supervision"), "/exchange/supervision/", "search", (SUPERVISOR, MANAGER)),
        MenuItem(Text("审核规则", "Rule book"), "/exchange/rules/", "list", (SELLER, REVIEWER, MANAGER, SUPERVISOR)),
    ),
    icon="document",
)
