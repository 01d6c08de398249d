"""Companies, their contracts, and the homes of a compound."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from django.db import IntegrityError, transaction

from linhe.core.loop.refusals import Refused
from linhe.core.people.encryption import blind_index
from linhe.core.people.models import Organisation
from linhe.core.places.models import Place
from linhe.desks.property.models import Company, Contract, Home
from linhe.lib.text import Text
from linhe.lib.units import fen

MOST_HOMES = 20_000
NOT_A_COMPANY = Text("没有这家物业企业。", "There is no such property company.")
OVERLAPS = Text("这个小区在这段时间已有物业合同。", "The compound has a contract in that time already.")


def register_company(
    organisation: Organisation, *, registration_no: str, contact: str = "", contact_phone: str = ""
) -> Company:
    """Keep a company's registration, and whom to call (encrypted)."""
    return Company.objects.create(
        organisation=organisation, registration_no=registration_no, contact=contact, contact_phone=contact_phone
    )


def sign_contract(
    *, company: Organisation, compound: Place, from_date: date, to_date: date, fee_fen: int,
    kind: str = Contract.Kind.REGULAR,
) -> Contract:  # fmt: skip
    """Record a contract. Raises ``Refused`` when the compound has one in force in that time (the database decides)."""
    if to_date <= from_date:
        raise Refused("term", Text("合同期止应晚于合同期起。", "The contract must end after it begins."), status=422)
    try:
        with transaction.atomic():
            return Contract.objects.create(
                company=company, compound=compound, kind=kind, from_date=from_date, to_date=to_date, fee_fen=fee_fen
            )
    except IntegrityError as error:
        if "contract_one_in_force_a_compound" not in str(error):
            raise
        raise Refused("overlap", OVERLAPS, status=409, details={"from_date": str(OVERLAPS)}) from error


def company_of(code: str) -> Organisation:
    """A registered property company by its code. Raises ``Refused`` when there is none."""
    found = Organisation.objects.filter(code=code, property_company__isnull=False).first()
    if found is None:
        raise Refused("no_company", NOT_A_COMPANY, status=422, details={"company": str(NOT_A_COMPANY)})
    return found


def register_homes(compound: Place, rows: Iterable[tuple[Place, str, int]]) -> int:
    """Enter dwellings as (building, door, area in dm²); those known already stay. Returns how many there are now."""
    homes = [
        Home(
            compound=compound, building=building, door=door, door_index=blind_index(f"{building.code}/{door}"),
            area_dm2=area_dm2,
        )
        for building, door, area_dm2 in rows
    ]  # fmt: skip
    Home.objects.bulk_create(homes, ignore_conflicts=True)
    return Home.objects.filter(compound=compound).count()


def import_homes(compound: Place, rows: Sequence[Mapping[str, str]]) -> int:
    """Enter dwellings from a table (楼栋, 房号, 面积 in m²). All or nothing: every faulty line is named.

    Returns how many homes the compound has now.
    """
    buildings = buildings_of(compound)
    faults: dict[str, str] = {}
    homes = []
    for number, row in enumerate(rows[:MOST_HOMES], 2):
        building = buildings.get(_cell(row, "楼栋", "building"))
        door = _cell(row, "房号", "door")
        try:
            area_dm2 = fen(_cell(row, "面积", "area"))
        except ValueError:
            area_dm2 = 0
        if building is None or not 0 < len(door) <= 40 or not 0 < area_dm2 < 10**8:
            faults[f"line {number}"] = str(Text("楼栋、房号或面积不对。", "Building, door or area is wrong."))
        else:
            homes.append((building, door, area_dm2))
    if not rows or len(rows) > MOST_HOMES or faults:
        text = Text(
            f"有 {len(faults)} 行需要修改，没有导入。", f"{len(faults)} lines need attention; nothing was entered."
        )
        if not faults:
            text = Text(f"请上传 1–{MOST_HOMES} 行的清单。", f"A list has 1 to {MOST_HOMES} lines.")
        raise Refused("invalid", text, status=422, details=dict(list(faults.items())[:20]) | {"file": str(text)})
    return register_homes(compound, homes)


def buildings_of(compound: Place) -> dict[str, Place]:
    """The buildings of a compound by what people call them: whole name, name without the compound's, code."""
    buildings = {b.name: b for b in Place.objects.filter(compound=compound, kind="building")}
    buildings |= {b.name.removeprefix(compound.name): b for b in buildings.values()}
    return buildings | {b.code: b for b in buildings.values()}


def _cell(row: Mapping[str, str], *headings: str) -> str:
    return next((row[h].replace("\0", "").strip() for h in headings if row.get(h)), "")
