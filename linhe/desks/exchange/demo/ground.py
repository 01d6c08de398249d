"""The fictional province 青岚省, its exchange, eight institutions, and who works there."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from linhe.core.demo import DemoTown
from linhe.core.people.models import Account, Organisation, Post
from linhe.core.places.models import Place
from linhe.core.places.services import add_place

CODE = "990000000000"
SINCE_DAYS = 420
FIRST_PHONE = 6100
INSTITUTIONS = (
    ("trust", "青岚信托有限责任公司", "Qinglan Trust"),
    ("bank", "青岚农村商业银行股份有限公司", "Qinglan Rural Bank"),
    ("leasing", "岚江金融租赁有限公司", "Lanjiang Leasing"),
    ("guarantee", "青岚融资担保集团有限公司", "Qinglan Guarantee"),
    ("securities", "北岭证券股份有限公司", "Beiling Securities"),
    ("insurance", "云中财产保险股份有限公司", "Yunzhong Insurance"),
    ("assets", "青岚资产管理有限公司", "Qinglan Asset Management"),
    ("fund", "河湾产业基金管理有限公司", "Hewan Fund"),
)
SELLERS = ("蒋文涛", "沈玉洁", "曹立国", "彭雅琴", "袁志远", "邓春燕", "许海宁", "傅晓东")


@dataclass(frozen=True, slots=True)
class Ground:
    """Who and where."""

    province: Place
    institutions: list[Organisation]
    sellers: list[Account]
    reviewers: list[Account]
    manager: Account
    supervisors: list[Account]


def lay_ground(town: DemoTown, *, at: datetime) -> Ground:
    """Lay it once."""
    since = at - timedelta(days=SINCE_DAYS)
    province = Place.objects.filter(code=CODE).first() or add_place(
        code=CODE, name="青岚省", name_en="Qinglan Province", kind="province",
        lat=town.district.lat, lng=town.district.lng,
    )  # fmt: skip
    house = _organisation("exchange", "青岚省产权交易所", "Qinglan Property Rights Exchange", province)
    institutions = [_organisation(code, name, name_en, province) for code, name, name_en in INSTITUTIONS]
    numbers = iter(range(FIRST_PHONE, FIRST_PHONE + 40))

    def holder(username: str, name: str, role: str, organisation: Organisation | None) -> Account:
        account = town.person(username, name, next(numbers))
        Post.objects.get_or_create(
            account=account, role=role, place=province, organisation=organisation, defaults={"valid_from": since}
        )
        return account

    sellers = [
        holder(f"demo-seller{'' if n == 1 else f'-{n}'}", name, "seller", institutions[n - 1])
        for n, name in enumerate(SELLERS, 1)
    ]
    reviewers = [
        holder("demo-reviewer", "章若兰", "exchange_reviewer", house),
        holder("demo-reviewer-2", "毕建平", "exchange_reviewer", house),
    ]
    manager = holder("demo-exchange", "滕国华", "exchange_manager", house)
    supervisors = [
        holder("demo-province", "尹静", "provincial_supervisor", None),
        holder("demo-province-2", "柏长青", "provincial_supervisor", None),
    ]
    return Ground(province, institutions, sellers, reviewers, manager, supervisors)


def _organisation(code: str, name: str, name_en: str, province: Place) -> Organisation:
    found, _ = Organisation.objects.get_or_create(
        code=f"{CODE[:2]}-{code}", defaults={"name": name, "name_en": name_en, "kind": "company", "place": province}
    )
    return found
