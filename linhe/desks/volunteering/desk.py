"""The manifest of the volunteering desk."""

from linhe.core.loop.desk import Desk, MenuItem
from linhe.desks.volunteering.loop import KINDS
from linhe.lib.text import Text

_COMMUNITY = ("community_worker", "grid_worker", "subdistrict_officer", "district_officer")

_HONOURING = ("community_worker", "subdistrict_officer", "district_officer")

DESK = Desk(
    code="volunteering",
    name=Text("志愿服务", "volunteering"),
    summary=Text(
        "楼栋长、报到、结对、志愿活动与时长，年终按记录评价。",
        "Posts in the neighbourhood, check-ins, activities and hours; the year is evaluated from the log.",
    ),
    package="linhe.desks.volunteering",
    kinds=KINDS,
    menu=(
        MenuItem(Text("志愿活动", "Activities"), "/volunteering/", "calendar", ("resident",)),
        MenuItem(Text("我的志愿", "My service"), "/volunteering/me/", "star", ("resident",)),
        MenuItem(Text("志愿工作台", "Volunteering"), "/volunteering/desk/", "people", _COMMUNITY),
        MenuItem(Text("楼栋任职", "Posts"), "/volunteering/posts/", "building", _COMMUNITY),
        MenuItem(Text("单位与结对", "Organisations"), "/volunteering/organisations/", "flag", _COMMUNITY),
        MenuItem(Text("年终评价", "Evaluation"), "/volunteering/evaluations/", "chart", _COMMUNITY),
        MenuItem(Text("我的积分", "My points"), "/volunteering/points/", "points", ("resident", "courier")),
        MenuItem(Text("商户收银", "Shop counter"), "/volunteering/shop/", "receipt", ("partner",)),
        MenuItem(Text("最美小哥", "Most admired"), "/volunteering/selections/", "star-full", ("resident", *_HONOURING)),
        MenuItem(Text("季度结算", "Settlements"), "/volunteering/settlements/", "coin", _HONOURING),
    ),
    icon="people",
)
