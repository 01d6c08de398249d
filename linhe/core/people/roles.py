"""Roles that a post can carry. A desk adds its own through its manifest."""

from dataclasses import dataclass

from linhe.lib.text import Text


@dataclass(frozen=True, slots=True)
class Role:
    """What a post lets its holder be; ``staff`` roles sign in with password and TOTP, ``granted_by`` roles grant it,
    ``speaks`` roles act for the organisation of the post in the matters that lie with it."""

    code: str
    name: Text
    staff: bool = True
    granted_by: tuple[str, ...] = ("administrator",)
    speaks: bool = False


COURIER = Role(
    "courier",
    Text("骑手、快递员", "courier"),
    staff=False,
    granted_by=("administrator", "subdistrict_officer", "community_worker"),
)
GRID_WORKER = Role("grid_worker", Text("网格员", "grid worker"))
COMMUNITY_WORKER = Role("community_worker", Text("社区工作者", "community worker"))
SUBDISTRICT_OFFICER = Role("subdistrict_officer", Text("街道干部", "subdistrict officer"))
DISTRICT_OFFICER = Role("district_officer", Text("区级干部", "district officer"))
AUDITOR = Role("auditor", Text("监督审计", "auditor"))
ADMINISTRATOR = Role("administrator", Text("系统管理员", "administrator"))
DEPARTMENT_OFFICER = Role("department_officer", Text("部门经办人", "department officer"), speaks=True)
PROPERTY_MANAGER = Role(
    "property_manager", Text("物业经理", "property manager"), granted_by=("administrator", "subdistrict_officer"),
    speaks=True,
)  # fmt: skip
_NEAR = ("administrator", "subdistrict_officer", "community_worker")
"""Who grants the posts that neighbours hold beside their own lives."""
BUILDING_CHIEF = Role("building_chief", Text("楼栋长", "building chief"), staff=False, granted_by=_NEAR)
UNIT_CHIEF = Role("unit_chief", Text("单元长", "unit chief"), staff=False, granted_by=_NEAR)
CENTRE_HOUSEHOLD = Role("centre_household", Text("党员中心户", "centre household"), staff=False, granted_by=_NEAR)
OWNERS_COMMITTEE = Role(
    "owners_committee", Text("业委会成员", "member of the owners' committee"), staff=False, granted_by=_NEAR
)
ORGANISER = Role("organiser", Text("活动组织者", "organiser"), staff=False, granted_by=_NEAR, speaks=True)
PARTNER = Role("partner", Text("爱心商户店员", "clerk of a partner shop"), staff=False, granted_by=_NEAR, speaks=True)

_ROLES: dict[str, Role] = {}


def register_role(role: Role) -> None:
    """Make a role known; the same code twice with another meaning is an error."""
    if _ROLES.setdefault(role.code, role) != role:
        raise ValueError(f"role {role.code} is declared twice")


def role(code: str) -> Role:
    """The role of that code; KeyError when no one declared it."""
    return _ROLES[code]


def speaking_roles() -> list[str]:
    """The codes of the roles that act for an organisation; whoever merely works or rides for one does not."""
    return [one.code for one in _ROLES.values() if one.speaks]


def roles() -> list[Role]:
    """All roles in the order they were declared."""
    return list(_ROLES.values())


for _role in (
    COURIER,
    GRID_WORKER,
    COMMUNITY_WORKER,
    SUBDISTRICT_OFFICER,
    DISTRICT_OFFICER,
    AUDITOR,
    ADMINISTRATOR,
    DEPARTMENT_OFFICER,
    PROPERTY_MANAGER,
    BUILDING_CHIEF,
    UNIT_CHIEF,
    CENTRE_HOUSEHOLD,
    OWNERS_COMMITTEE,
    ORGANISER,
    PARTNER,
):
    register_role(_role)
