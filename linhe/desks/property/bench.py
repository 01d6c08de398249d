"""Rows of the property desk for generated matters: companies, a contract a compound, the round of each assessment."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from linhe.core.loop.bench import insert_from
from linhe.core.people.models import Organisation
from linhe.desks.property.models import Contract, Round

COMPANIES = 20


def furnish(cursor: Any, *, at: datetime) -> None:
    """Write what the pages of the desk read beside the matters."""
    company = {
        "code": "'bench-' || n", "name": "'物业公司' || n", "name_en": "'company ' || n",
        "kind": f"'{Organisation.Kind.COMPANY}'", "place_id": "d.id",
    }  # fmt: skip
    district = "(SELECT min(id) AS id FROM places_place WHERE kind = 'district') AS d"
    cursor.execute(insert_from(Organisation, company, f"FROM generate_series(1, {COMPANIES}) AS n, {district}"))
    contract = {
        "company_id": f"(SELECT id FROM people_organisation WHERE code = 'bench-' || 1 + p.id % {COMPANIES})",
        "compound_id": "p.id", "from_date": "'2020-01-01'", "to_date": "'2040-01-01'", "fee_fen": "150",
    }  # fmt: skip
    cursor.execute(insert_from(Contract, contract, "FROM places_place AS p WHERE p.kind = 'compound'"))
    rounds = {
        "matter_id": "t.id", "contract_id": "c.id",
        "year": "3000 - row_number() OVER (PARTITION BY c.id ORDER BY t.id)",  # one a year, however many there are
    }  # fmt: skip
    cursor.execute(
        insert_from(
            Round, rounds,
            "FROM loop_matter AS t JOIN property_contract AS c ON c.compound_id = t.at_compound_id "
            "WHERE t.kind = 'assessment' ORDER BY t.id",
        )
    )  # fmt: skip
