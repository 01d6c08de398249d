"""The people of the demo, who can be entered by a button; outside the demo there is no such door."""

from __future__ import annotations

from dataclasses import dataclass

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_POST

from linhe.core.people.models import Account
from linhe.lib.text import Text
from linhe.web.accounts.entering import DEMO, enter, keep_next


@dataclass(frozen=True, slots=True)
class DemoPerson:
    """Someone of the demo's story."""

    username: str
    name: Text
    note: Text
    icon: str


DEMO_PEOPLE = (
    DemoPerson(
        "demo-elder", Text("王奶奶", "Grandmother Wang"),
        Text("请人买药、买菜，用大字", "asks for medicine and groceries, in large text"), "home",
    ),
    DemoPerson("demo-family", Text("女儿", "Daughter"), Text("替妈妈下单", "asks on her mother's behalf"), "family"),
    DemoPerson(
        "demo-courier", Text("骑手小哥", "Courier"),
        Text("顺路捎一件，挣积分", "carries things on the way, earns points"), "scooter",
    ),
    DemoPerson(
        "demo-worker", Text("社区工作者", "Community worker"),
        Text("派单、回访、看时限", "dispatches, calls back, keeps time limits"), "board",
    ),
    DemoPerson(
        "demo-approver", Text("社区复核人", "Second approver"),
        Text("复核积分和争议", "checks points and disputes"), "shield",
    ),
    DemoPerson(
        "demo-unit-chief", Text("单元长", "Unit chief"),
        Text("每天看一看邻居是否平安", "looks every day whether the neighbours are well"), "door",
    ),
    DemoPerson(
        "demo-committee", Text("业委会成员", "Owners' committee"),
        Text("给物业打分、议事表决", "scores the property company, votes in the council"), "family",
    ),
    DemoPerson(
        "demo-property", Text("物业经理", "Property manager"),
        Text("办小区的诉求、自评、整改", "answers for a compound, scores itself, mends"), "building",
    ),
    DemoPerson(
        "demo-urban", Text("城管局经办人", "Urban management"),
        Text("办转来的隐患和诉求", "handles the hazards that come to the department"), "hazard",
    ),
    DemoPerson(
        "demo-street", Text("街道干部", "Subdistrict officer"),
        Text("看各社区进度", "follows the communities"), "building",
    ),
    DemoPerson(
        "demo-district", Text("区级干部", "District officer"),
        Text("看全区指标和地图", "reads the district's figures and map"), "chart",
    ),
    DemoPerson(
        "demo-seller", Text("转让方经办人", "Seller's officer"),
        Text("申报产权转让，边填边看缺什么", "applies to sell state-owned rights"), "document",
    ),
    DemoPerson(
        "demo-reviewer", Text("交易所审核员", "Exchange reviewer"),
        Text("逐条比对、审核、退回", "compares, reviews, returns"), "list",
    ),
    DemoPerson(
        "demo-exchange", Text("交易所审核主管", "Exchange manager"),
        Text("指派、复核、答复监管", "assigns, approves, answers the province"), "check",
    ),
    DemoPerson(
        "demo-province", Text("省级监管人员", "Provincial supervisor"),
        Text("看全省交易、抽查、督办", "follows the province's deals, draws samples"), "chart",
    ),
    DemoPerson(
        "demo-power", Text("配网调度员", "Power dispatcher"),
        Text("定位故障、求解方案、指挥复电", "locates the fault, plans and leads the restoration"), "charge",
    ),
    DemoPerson(
        "demo-power-supervisor", Text("现场监护人", "Supervisor in the field"),
        Text("唱票，一项一项监护", "calls each item and watches over it"), "shield",
    ),
    DemoPerson(
        "demo-power-operator", Text("现场操作人", "Operator in the field"),
        Text("复诵、操作、确认", "repeats, operates, confirms"), "check",
    ),
    DemoPerson(
        "demo-truck-own", Text("发电车组", "Truck crew"),
        Text("开到接入点，接线供电", "drives to the site, connects, feeds"), "route",
    ),
    DemoPerson(
        "demo-truck-owner-a", Text("邻县供电公司联络员", "Neighbouring county's officer"),
        Text("答复发电车支援请求", "answers requests for trucks"), "phone",
    ),
    DemoPerson(
        "demo-power-observer", Text("观摩人员", "Observer"),
        Text("看大屏：两个一小时、接线图、为什么", "watches the wall: clocks, diagram, why"), "map",
    ),
)  # fmt: skip


def people() -> list[DemoPerson]:
    """Those of the demo's people who exist in this database."""
    known = set(
        Account.objects.filter(username__in=[p.username for p in DEMO_PEOPLE], is_active=True).values_list(
            "username", flat=True
        )
    )
    return [person for person in DEMO_PEOPLE if person.username in known]


@require_POST
def sign_in_as(request: HttpRequest, username: str) -> HttpResponse:
    """Become one of the demo's people. Only where ``DEMO`` is set; elsewhere this address does not exist."""
    if not settings.DEMO or username not in {person.username for person in DEMO_PEOPLE}:
        raise Http404
    account = Account.objects.filter(username=username, is_active=True).first()
    if account is None:
        raise Http404
    keep_next(request)
    return enter(request, account, by=DEMO)
