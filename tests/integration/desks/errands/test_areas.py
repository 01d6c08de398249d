"""A district in areas: each errand is planned in exactly one of them, and the jobs are one for each area."""

from __future__ import annotations

import pytest
from procrastinate.contrib.django.models import ProcrastinateJob

from linhe.desks.errands import jobs, services
from linhe.desks.errands.models import Offer
from tests.integration.desks.errands.conftest import Town, after

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("turn", range(3))
def test_an_errand_is_offered_in_one_area_only(town: Town, turn: int) -> None:
    matters = [town.errand() for _ in range(2)]
    reports = [
        services.dispatch_batch(district=town.places.district, at=after(1), share=services.Share(area, 2, turn))
        for area in range(2)
    ]
    assert sum(report.errands for report in reports) == len(matters)
    offered = list(Offer.objects.filter(matter__in=matters).values_list("matter_id", flat=True))
    assert len(offered) == len(set(offered)) == sum(report.offered for report in reports)


def test_a_large_district_gets_a_job_for_each_area(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    town.errand()
    monkeypatch.setattr(jobs, "AREA_SHIFTS", 1)
    jobs.dispatch_now(timestamp=5 * 7)
    queued = ProcrastinateJob.objects.filter(task_name=jobs.dispatch_district.name)
    name = f"errands.dispatch.{town.places.district.pk}"
    assert sorted(queued.values_list("lock", flat=True)) == [f"{name}.0", f"{name}.1"]
    for args in queued.values_list("args", flat=True):
        assert (args["areas"], args["turn"]) == (2, 7)
        jobs.dispatch_district(**args)
