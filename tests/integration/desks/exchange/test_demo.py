"""The demo tells a year of the province's exchange: sixty applications, chains, and some that are open today."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime

import pytest

from linhe.core.demo import found
from linhe.core.indicators.checking import problems_of_the_rollups
from linhe.core.indicators.measures import measures_of
from linhe.core.indicators.queries import figures
from linhe.core.loop.models import Matter
from linhe.core.loop.verifying import problems_of_chains
from linhe.core.people.models import Account
from linhe.core.places.models import Place
from linhe.desks.exchange.demo import seed
from linhe.desks.exchange.engine.reading import shipped
from linhe.desks.exchange.models import Check, Draft, Finding, Listing
from linhe.desks.exchange.queries.rederiving import problems_of_findings

AT = datetime(2026, 11, 20, 7, 0, tzinfo=UTC)


@pytest.mark.django_db
@pytest.mark.timeout(240)
def test_the_demo_is_told_once_and_leaves_live_things_open() -> None:
    told = seed(at=AT)
    assert seed(at=AT) == told
    assert told["applications"] == 60
    assert told["institutions"] == 8
    cases = Counter(Matter.objects.filter(kind="inspection").values_list("stage", flat=True))
    assert cases["completed"] == cases["active"] == 1
    assert cases["draft"] >= 1
    stages = Counter(Matter.objects.filter(kind="listing").values_list("stage", flat=True))
    assert {"completeness", "reviewing", "approving", "returned", "listed"} <= set(stages)
    assert stages["sold"] >= 30
    assert stages["unsold"] >= 8
    assert stages["refused"] == 4
    chains = Counter(Listing.objects.values_list("lot", flat=True))
    assert sorted(chains.values(), reverse=True)[:8] == [3, 3, 2, 2, 2, 2, 2, 2]
    below = Finding.objects.filter(rule="below-ninety-percent", run__at_step="lodged")
    assert {"fail", "pass", "unknown"} <= set(below.values_list("status", flat=True))
    assert not Finding.objects.filter(run__at_step="approved", severity__in=["refuse", "return"]).exclude(
        status__in=["pass", "not_applicable"]
    )
    province = Place.objects.get(kind="province")
    shown = figures(province, measures_of("exchange"), "year", at=AT)
    assert shown["exchange.applications"].count > 40
    assert (shown["exchange.deal_total"].value or 0) > 10**8
    assert 3 <= (shown["exchange.days"].value or 0) <= 12
    assert 0 < (shown["exchange.at_once"].value or 0) < 100
    assert Draft.objects.filter(lodged_as__isnull=True).count() == 1
    assert Account.objects.filter(username="demo-seller").exists()
    town = found()
    assert town is not None
    assert figures(town.district, measures_of("exchange"), "year", at=AT)["exchange.applications"].count == 0
    assert [*problems_of_chains(), *problems_of_the_rollups(), *problems_of_findings()] == []
    assert not Check.objects.exclude(
        rule_set__in=[shipped().at(run.as_of).hash for run in Check.objects.all()]
    ).exists()
