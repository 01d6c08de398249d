"""What the volunteering desk measures, from building to district."""

from linhe.core.indicators.measures import Better, Measure, Value
from linhe.desks.volunteering.loop.activities import ARRIVING
from linhe.desks.volunteering.loop.posts import APPOINTING, ENDING
from linhe.desks.volunteering.loop.roles import POST_ROLES
from linhe.lib.text import Text

_TIMES, _PEOPLE, _MINUTES = Text("次", "times"), Text("人", "people"), Text("分钟", "min")
_POINTS = Text("分", "points")


def _measure(
    code: str, zh: str, en: str, kind: str, *actions: str, unit: Text = _TIMES, value: Value = "count",
    better: Better = "up", service: bool = False,
) -> Measure:  # fmt: skip
    return Measure(f"volunteering.{code}", Text(zh, en), unit, kind, actions, value, better, service=service)


def _posts() -> tuple[Measure, ...]:
    """Role by role: how many hold it (appointed minus ended), and both on their own."""
    found = []
    for role, name in POST_ROLES:
        both = (*APPOINTING, *ENDING)
        found += [
            _measure(f"{role}_held", f"{name.zh}在任", f"{name.en}s in office", "posting", *both, unit=_PEOPLE,
                     value=("data", f"{role}_held")),
            _measure(f"{role}_appointed", f"{name.zh}任命", f"{name.en}s appointed", "posting", *APPOINTING,
                     unit=_PEOPLE, value=("data", role), better="none"),
            _measure(f"{role}_ended", f"{name.zh}卸任", f"{name.en}s who left", "posting", *ENDING, unit=_PEOPLE,
                     value=("data", role), better="none"),
        ]  # fmt: skip
    return tuple(found)


MEASURES = (
    *_posts(),
    _measure("activities_held", "举办活动", "activities held", "activity", "finish"),
    _measure("took_part", "参加活动", "took part in activities", "activity", "finish", "strike", unit=_PEOPLE,
             value=("data", "people"), service=True),
    _measure("checked_in", "活动签到", "checked in at activities", "activity", *ARRIVING),
    _measure("activity_minutes", "活动时长", "time served in activities", "activity", "finish", "strike", unit=_MINUTES,
             value=("data", "minutes")),
    _measure("services_logged", "核实的自报服务", "own services confirmed", "hours", "confirm", service=True),
    _measure("hours_confirmed", "核实的自报时长", "own hours confirmed", "hours", "confirm", unit=_MINUTES,
             value=("data", "minutes")),
    _measure("stars", "活动评价", "rating of activities", "activity", "feed_back", unit=Text("星", "stars"),
             value=("mean", "stars")),
    _measure("organisations_checked_in", "单位报到", "organisations checked in", "check_in", "check_in_organisation"),
    _measure("members_checked_in", "成员报到", "members checked in", "check_in", "enrol", "accept"),
    _measure("needs_matched", "需求对接", "needs matched", "need", "match"),
    _measure("needs_delivered", "结对服务", "needs delivered", "need", "deliver", service=True),
    _measure("points_given", "发放积分（季度结算）", "points given, by the settled quarter", "settlement", "freeze",
             unit=_POINTS, value=("data", "given")),
    _measure("points_expired", "到期积分（季度结算）", "points expired, by the settled quarter", "settlement", "freeze",
             unit=_POINTS, value=("data", "expired"), better="down"),
    _measure("points_redeemed", "兑换积分", "points redeemed", "redemption", "redeem", "undo", unit=_POINTS,
             value=("data", "points")),
    _measure("redemptions", "兑换次数", "redemptions", "redemption", "redeem"),
    _measure("rewards_handed_over", "发放奖励", "rewards handed over", "settlement", "hand_over", unit=_PEOPLE),
    _measure("selected", "评选最美小哥", "most admired couriers selected", "selection", "publicity_over", unit=_PEOPLE,
             value=("data", "selected")),
    _measure("needs_confirmed", "服务确认", "needs confirmed", "need", "confirm"),
)  # fmt: skip
