"""The manifest of the care desk."""

from linhe.core.loop.desk import Desk, MenuItem
from linhe.desks.care.loop import DISTRICT, HOSTS, KINDS, STAFF
from linhe.lib.text import Text

DESK = Desk(
    code="care",
    name=Text("邻里关照", "care"),
    summary=Text(
        "每天一个平安信号，有人上门、有人惦记；体检、托管、课堂随手约。",
        "A sign of life each day, visits, and appointments for checks, childcare and classes.",
    ),
    package="linhe.desks.care",
    kinds=KINDS,
    menu=(
        MenuItem(Text("邻里关照", "Care"), "/care/", "care", ("resident",)),
        MenuItem(Text("约服务", "Appointments"), "/care/sessions/", "calendar", ("resident", "courier")),
        MenuItem(Text("看一眼楼栋", "A glance in passing"), "/care/glances/", "building", ("courier",)),
        MenuItem(Text("今日走访", "Today's round"), "/care/round/", "route", STAFF),
        MenuItem(Text("关照名册", "People in care"), "/care/people/", "care", STAFF),
        MenuItem(Text("服务场次", "Sessions"), "/care/sessions/manage/", "calendar", HOSTS),
        MenuItem(Text("紧急查看复核", "Emergency accesses"), "/care/reviews/", "lock",
                 ("subdistrict_officer", DISTRICT)),
        MenuItem(Text("表计接入", "Meters"), "/care/meters/", "key", (DISTRICT,)),
    ),
    icon="care",
)  # fmt: skip
