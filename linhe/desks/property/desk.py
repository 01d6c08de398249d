"""The manifest of the property desk."""

from linhe.core.loop.desk import Desk, MenuItem
from linhe.desks.property.loop import ASSESSMENT, EXIT
from linhe.lib.text import Text

DESK = Desk(
    code="property",
    name=Text("物业考核", "property assessment"),
    summary=Text(
        "三方评分、业主调查、整改复查；不合格的物业按程序退出。",
        "Companies are scored by three parties and by owners; who fails twice may leave, by the owners' vote.",
    ),
    package="linhe.desks.property",
    kinds=(ASSESSMENT, EXIT),
    menu=(
        MenuItem(
            Text("物业考核", "Property"), "/property/", "building",
            ("community_worker", "subdistrict_officer", "district_officer", "department_officer"),
        ),
        MenuItem(Text("我的小区", "My compounds"), "/property/company/", "building", ("property_manager",)),
        MenuItem(Text("业委会", "Owners' committee"), "/property/committee/", "people", ("owners_committee",)),
        MenuItem(Text("物业考核结果", "Property results"), "/property/results/", "star", ("resident",)),
    ),
    icon="building",
)  # fmt: skip
