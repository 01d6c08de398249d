"""The manifest of the councils desk."""

from linhe.core.loop.desk import Desk, MenuItem
from linhe.desks.councils.loop import MEETING, PETITION, RESOLUTION, RESOLUTION_1
from linhe.lib.text import Text

DESK = Desk(
    code="councils",
    name=Text("议事协商", "councils"),
    summary=Text(
        "飞线充电、直饮水机、邻里和物业的事，大家提、大家议、大家定，定了有人办。",
        "Residents propose, councils decide by vote, and what was decided is carried out and confirmed.",
    ),
    package="linhe.desks.councils",
    kinds=(PETITION, MEETING, RESOLUTION, RESOLUTION_1),
    menu=(
        MenuItem(Text("议事厅", "Councils"), "/councils/", "neighbours", ("resident",)),
        MenuItem(
            Text("议事工作台", "Councils"),
            "/councils/work/",
            "neighbours",
            ("community_worker", "subdistrict_officer", "district_officer"),
        ),
    ),
    icon="neighbours",
)
