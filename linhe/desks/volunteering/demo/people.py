"""Who takes part in the demo: the crowds of members, the branches that check in, organisers."""

from __future__ import annotations

from datetime import datetime

from linhe.core.demo import CODE, DemoTown
from linhe.core.people.models import Account, Organisation, Post

BRANCHES = (
    "区委办", "区政府办", "区人社局", "区教育局", "区司法局", "区财政局", "区交通局", "区文旅局", "区市场监管局",
    "区税务局", "区人民医院", "区中医院", "区实验小学", "区第一中学", "区图书馆", "区供电公司", "区农商银行",
    "区邮政分公司", "区退役军人事务局", "区应急管理局",
)  # fmt: skip
MEMBERS = 240


def branches(town: DemoTown) -> list[Organisation]:
    """Branches of offices, schools, hospitals and companies; made once."""
    for number, name in enumerate(BRANCHES, 1):
        Organisation.objects.get_or_create(
            code=f"{CODE}-branch-{number}",
            defaults={
                "name": f"{name}党支部", "name_en": f"Branch {number}", "kind": "branch", "place": town.district,
            },
        )  # fmt: skip
    return list(Organisation.objects.filter(code__startswith=f"{CODE}-branch-").order_by("id"))


def organiser(town: DemoTown, branch: Organisation, since: datetime) -> Account:
    """Who publishes activities for a branch, all over the district."""
    who = town.person("demo-organiser", "姚丽华", 1201)
    Post.objects.get_or_create(
        account=who, role="organiser", place=town.district, organisation=branch, defaults={"valid_from": since}
    )
    return who


def holders(town: DemoTown, posts: int) -> list[Account]:
    """Who holds the posts: one person a post, living in the buildings."""
    return town.crowd("holder", posts, town.buildings)


def members(town: DemoTown) -> list[Account]:
    """Members of the branches, living in the buildings of the town in the middle."""
    return town.crowd("member", MEMBERS, town.inner_buildings)
