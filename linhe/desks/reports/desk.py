"""The manifest of the reports desk."""

from linhe.core.loop.desk import Desk, MenuItem
from linhe.desks.reports.loop import HOTLINE, REPORT
from linhe.lib.text import Text

DESK = Desk(
    code="reports",
    name=Text("随手拍", "reports"),
    summary=Text(
        "看见隐患拍一张，转给该管的单位，办完由您确认。",
        "A photo of what is wrong goes to whoever is in charge; it is over when you say so.",
    ),
    package="linhe.desks.reports",
    kinds=(REPORT, HOTLINE),
    menu=(
        MenuItem(Text("随手拍", "Report something"), "/reports/", "camera", ("resident",)),
        MenuItem(
            Text("受理台", "Reports board"),
            "/reports/board/",
            "hazard",
            (
                "community_worker",
                "grid_worker",
                "subdistrict_officer",
                "district_officer",
                "department_officer",
                "property_manager",
            ),
        ),
        MenuItem(
            Text("12345 工单", "12345 orders"),
            "/reports/hotline/",
            "phone",
            ("community_worker", "subdistrict_officer", "district_officer", "department_officer", "property_manager"),
        ),
        MenuItem(Text("接口密钥", "API keys"), "/reports/keys/", "key", ("administrator",)),
    ),
    icon="hazard",
)
