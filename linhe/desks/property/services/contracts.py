"""Companies, their contracts, and the homes of a compound."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from django.db import IntegrityError, transaction

from linhe.core.loop.refusals import Refused
from linhe.core.people.encryption import blind_index
from linhe.core.people.models import Organisation
from linhe.core.places.models import Place
from linhe.desks.property.models import Company, Contract, Home
from linhe.lib.text import Text

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
