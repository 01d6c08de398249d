"""What would be judged differently under other rules: found by the polars back end, true to a review one by one."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from linhe.core.loop.models import Matter
from linhe.core.loop.refusals import Refused
from linhe.desks.exchange import services
from linhe.desks.exchange.engine import Params, Problem, solve
from linhe.desks.exchange.engine.reading import shipped
from linhe.desks.exchange.engine.rulebook import RuleBook
from linhe.desks.exchange.models import Check, Difference, Recheck
from linhe.desks.exchange.services import rechecking
from tests.integration.desks.exchange.world import AT, WAN, World, as_

TODAY = AT.date()


@pytest.fixture
def reviewed(world: World) -> World:
    """One that conforms, one that fails its price."""
    world.review(world.lodge())
    world.lodge(by="bank", reserve_fen=999 * WAN)
    return world


def stricter(until: date) -> RuleBook:
    """The rule book with a notice of at least 30 working days from a day on."""
    book = shipped()
    changed = []
    for one in book.parameters:
        if one.name == "disclosure_working_days":
            (start, _, value, source), *_ = one.series
            one = replace(one, series=((start, until, value, source), (until, None, 30, "test")))
        changed.append(one)
    return replace(book, parameters=tuple(changed))


def test_under_the_same_rules_nothing_differs(reviewed: World) -> None:
    begun = services.begin_recheck(reviewed.province, TODAY, by=reviewed.people["supervisor"], at=AT)
    assert services.begin_recheck(reviewed.province, TODAY, by=reviewed.people["supervisor"], at=AT) == begun
    done = services.run_recheck(begun.pk, at=AT)
    assert (done.cases, done.rule_set) == (2, shipped().at(TODAY).hash)
    assert not Difference.objects.exists()


def test_a_rule_change_shows_in_every_application_that_it_touches(
    reviewed: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    book = stricter(date(2026, 6, 1))
    monkeypatch.setattr(rechecking, "shipped", lambda: book)
    day = date(2026, 6, 1)
    begun = services.begin_recheck(reviewed.province, day, by=reviewed.people["supervisor"], at=AT)
    services.run_recheck(begun.pk, at=AT)
    services.run_recheck(begun.pk, at=AT)
    found = {(one.run_id, one.rule): (one.before, one.after) for one in Difference.objects.all()}
    expected = {}
    for run in Check.objects.filter(pk__in=rechecking.last_checks(reviewed.province)):
        before = dict(run.findings.values_list("rule", "status"))
        for one in solve(Problem.from_json(run.facts), Params(book=book, on=day)).findings:
            if one.status != before.get(one.rule, "") and {one.status, before.get(one.rule)} & {"fail", "unknown"}:
                expected[run.pk, one.rule] = (before.get(one.rule, ""), one.status)
    assert found == expected
    assert ("pass", "fail") in found.values()
    assert {rule for _, rule in found} == {"disclosure-days"}


def test_under_older_rules_what_was_not_in_force_has_no_status(reviewed: World) -> None:
    begun = services.begin_recheck(reviewed.province, date(2007, 6, 1), by=reviewed.people["supervisor"], at=AT)
    services.run_recheck(begun.pk, at=AT)
    assert ("first-listing-price", "fail", "") in set(Difference.objects.values_list("rule", "before", "after"))


@pytest.mark.django_db(transaction=True)
def test_the_button_asks_for_it_and_the_table_tells(world: World) -> None:
    world.lodge(reserve_fen=999 * WAN)
    client = as_(world.people["supervisor"])
    assert client.get("/exchange/recheck/").status_code == 200
    answer = client.post("/exchange/recheck/", {"place": world.province.pk, "on": "2007-06-01"})
    assert answer.status_code == 302
    assert client.post("/exchange/recheck/", {"place": world.province.pk, "on": "2007-06-01"}).status_code == 302
    begun = Recheck.objects.get()
    assert begun.done_at is None
    assert "正在重审" in client.get(answer["Location"]).content.decode()
    from procrastinate.contrib.django.models import ProcrastinateJob

    job = ProcrastinateJob.objects.get(task_name="exchange.recheck_province")
    assert job.args == {"recheck_id": begun.pk}
    services.run_recheck(begun.pk, at=AT)
    page = client.get(answer["Location"]).content.decode()
    assert "首次挂牌价" in page
    assert "此规则已停用" in page
    assert client.get(answer["Location"] + "&rule=first-listing-price").status_code == 200
    for name in ("stranger", "seller", "reviewer", "manager"):
        other = as_(world.people[name])
        assert other.get(f"/exchange/recheck/?place={world.province.pk}").status_code == 404
        assert other.post("/exchange/recheck/", {"place": world.province.pk}).status_code == 404
    assert Recheck.objects.count() == 1


def test_only_its_own_supervisors_ask_for_it(reviewed: World) -> None:
    for name in ("stranger", "seller", "reviewer", "manager"):
        with pytest.raises(Refused, match="not_allowed"):
            services.begin_recheck(reviewed.province, TODAY, by=reviewed.people[name], at=AT)
    begun = services.begin_recheck(reviewed.other, TODAY, by=reviewed.people["stranger"], at=AT)
    assert services.run_recheck(begun.pk, at=AT).cases == 0


def test_the_rows_hold_by_themselves(reviewed: World) -> None:
    begun = services.begin_recheck(reviewed.province, TODAY, by=reviewed.people["supervisor"], at=AT)
    run = Check.objects.order_by("pk")[0]
    Difference.objects.create(recheck=begun, run=run, rule="a", before="fail", after="pass")
    wrong: list[tuple[str, Any]] = [
        ("recheck_counts_once_done", lambda: Recheck.objects.update(cases=3)),
        ("difference_once_a_rule", lambda: Difference.objects.create(recheck=begun, run=run, rule="a", before="fail")),
        ("difference_differs", lambda: Difference.objects.update(after="fail")),
    ]
    for name, change in wrong:
        with pytest.raises(IntegrityError, match=name), transaction.atomic():
            change()
    assert Matter.objects.exists()
