"""Periodic jobs come when their comments say: the seconds are the last of six fields, not the first."""

from __future__ import annotations

from datetime import UTC, datetime
from itertools import pairwise

import pytest
from procrastinate.contrib.django import app

START = datetime(2026, 1, 1, 0, 1, 2, tzinfo=UTC).timestamp()
EVERY_S = {
    "linhe.core.loop.jobs.sweep_clocks_now": 10,
    "linhe.desks.errands.jobs.dispatch_now": 5,
    "linhe.core.indicators.jobs.roll_up_now": 5,
    "linhe.core.notices.jobs.deliver_due_now": 15,
}


def moments(name: str) -> list[float]:
    """The next runs of a task after an odd moment."""
    [task] = [t for (task, _), t in app.periodic_registry.periodic_tasks.items() if task == name]
    return [task.croniter.get_next(ret_type=float, start_time=START)] + [
        task.croniter.get_next(ret_type=float) for _ in range(30)
    ]


@pytest.mark.parametrize("name", EVERY_S)
def test_jobs_of_seconds_run_evenly(name: str) -> None:
    assert {b - a for a, b in pairwise(moments(name))} == {EVERY_S[name]}


def test_every_job_below_a_minute_is_listed() -> None:
    crons = {name: t.cron for (name, _), t in app.periodic_registry.periodic_tasks.items()}
    assert {name for name, cron in crons.items() if len(cron.split()) == 6} == set(EVERY_S)
