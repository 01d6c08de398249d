"""The manifest of the power desk."""

from linhe.core.loop.desk import Desk, MenuItem
from linhe.desks.power.loop import KINDS
from linhe.desks.power.loop.roles import DISPATCHER, EVERYBODY, SUPERVISOR, TRUCK_OWNER
from linhe.lib.text import Text

DESK = Desk(
    code="power",
    name=Text("配网抢修", "power restoration"),
    summary=Text(
        "10 千伏线路故障：定位隔离、发电车接入、负荷转供，按流程单限时复电，也用于演练。",
        "A 10 kV line fails: isolated, fed by trucks and ties, restored step by step against the clock, or drilled.",
    ),
    package="linhe.desks.power",
    kinds=KINDS,
    menu=(
        MenuItem(Text("抢修与演练", "Lines and drills"), "/power/", "charge", EVERYBODY),
        MenuItem(Text("线路数据", "Feeders"), "/power/feeders/", "list", (DISPATCHER, SUPERVISOR)),
        MenuItem(Text("发电车", "Trucks"), "/power/trucks/", "route", (DISPATCHER, TRUCK_OWNER)),
    ),
    icon="charge",
)
