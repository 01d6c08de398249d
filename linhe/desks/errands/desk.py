"""The manifest of the errands desk."""

from linhe.core.loop.desk import Desk, MenuItem
from linhe.desks.errands.loop import ERRAND
from linhe.lib.text import Text

DESK = Desk(
    code="errands",
    name=Text("顺手捎带", "errands on the way"),
    summary=Text(
        "小哥顺路，邻居省步：买药、买菜、取件，捎到家门口。",
        "Couriers carry small things to neighbours on the way they ride anyway.",
    ),
    package="linhe.desks.errands",
    kinds=(ERRAND,),
    menu=(
        MenuItem(Text("找人捎带", "Ask for help"), "/errands/", "bag", ("resident",)),
        MenuItem(Text("顺路单", "On my way"), "/errands/courier/", "route", ("courier",)),
        MenuItem(
            Text("派单台", "Dispatch board"),
            "/errands/board/",
            "board",
            ("community_worker", "grid_worker", "subdistrict_officer", "district_officer"),
        ),
    ),
    icon="bag",
)
