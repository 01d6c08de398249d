"""The demo tells the figures of the district: fees 81 %, approval 90 %, two left; one at its notice period."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from linhe.core.demo import DemoTown, found
from linhe.core.indicators.checking import problems_of_the_rollups
from linhe.core.indicators.measures import measures_of
from linhe.core.indicators.queries import figures
from linhe.core.loop.models import Matter
from linhe.core.loop.verifying import problems_of_chains
from linhe.desks.property.demo import seed
from linhe.desks.property.models import Contract, ExitCase, Invitation, Ledger
from linhe.desks.property.queries.lists import committee_rows, company_rows, without_round, year_compared
from linhe.lib.working_calendar import local_date

AT = datetime(2026, 5, 20, 2, 0, tzinfo=UTC)


@pytest.mark.django_db
@pytest.mark.timeout(240)
def test_the_demo_is_told_once_and_shows_the_districts_figures() -> None:
    told = seed(at=AT)
    assert seed(at=AT) == told
    assert told["contracts"] >= 500
    town = found()
    assert town is not None
    shown = figures(town.district, measures_of("property"), "year", at=AT)
    assert (shown["property.fees"].value, shown["property.approval"].value) == (81.0, 90.0)
    assert shown["property.left"].value == 2
    fees, approval = (year_compared(f"property.{code}", town.district, AT) for code in ("fees", "approval"))
    assert round(fees.before.value or 0, 2) == 72.0
    assert round(approval.before.value or 0, 2) == 83.0
    stages = set(Matter.objects.filter(kind="assessment", closed_at__isnull=True).values_list("stage", flat=True))
    assert stages == {"scoring", "graded", "appealed", "rectifying", "rechecking"}
    assert sorted(Matter.objects.filter(kind="exit").values_list("stage", flat=True)) == ["done", "done", "notice"]
    assert Contract.objects.filter(company__property_company__isnull=False).values("company").distinct().count() == 20
    left = ExitCase.objects.filter(running=False).values_list("contract__company", flat=True)
    assert len(set(left)) == 2
    assert list(problems_of_the_rollups()) == []
    assert list(problems_of_chains()) == []
    _everybody_finds_something_to_do(town)


def _everybody_finds_something_to_do(town: DemoTown) -> None:
    committee = committee_rows(town.people["demo-committee"], at=AT)
    assert [row.round.matter.stage for row in committee if row.round] == ["scoring"]
    assert Ledger.objects.filter(contract=committee[0].contract, checked_at__isnull=True).exists()
    assert Invitation.objects.filter(round=committee[0].round, used=False).exists()
    served = company_rows(town.people["demo-property"], at=AT)
    assert any(row.round and row.round.matter.stage == "scoring" for row in served)
    street = town.people["demo-street"].posts.get().place
    assert without_round(street, 2026, local_date(AT))[1] > 0
    assert Matter.objects.filter(kind="exit", stage="notice", at_subdistrict=street).exists()
