"""A part of the shipped sample day, played through the loop."""

from __future__ import annotations

import shutil
from datetime import UTC, datetime
from pathlib import Path

import pytest

from linhe.core.loop.models import Event, Matter
from linhe.core.places.models import Place
from linhe.desks.errands import sample
from linhe.desks.errands.demo.counting import Played, compared
from linhe.desks.errands.demo.replay import play, replay
from linhe.desks.errands.models import Offer, Shift, Stop

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 3, 6, 4, 0, tzinfo=UTC)
KEYS = (
    "engine", "raised", "offered", "accepted", "done", "late", "unserved", "unserved_reasons", "detour_m_total",
    "detour_m_per_errand", "detour_m_median", "detour_s_median", "detour_m_ridden", "detour_m_ridden_per_errand",
    "wait_s_median", "batches", "batch_p50_ms", "batch_p99_ms", "batch_p50_cpu_ms", "batch_p99_cpu_ms",
    "points_credited", "violations", "verify_problems", "wall_s",
)  # fmt: skip
SAMPLE = Path(sample.__file__).with_name("data")
ORDERS = 24


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The sample with its first orders only."""
    target = tmp_path / "day"
    shutil.copytree(SAMPLE, target)
    lines = (target / "o2o_orders.csv").read_text(encoding="utf-8").splitlines()[: ORDERS + 1]
    (target / "o2o_orders.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    return target


def test_a_played_day_breaks_nothing_and_can_be_played_again(folder: Path) -> None:
    first = replay(folder, now=NOW, couriers=15)
    assert tuple(first) == KEYS
    assert (first["violations"], first["verify_problems"]) == (0, 0)
    assert first["raised"] == ORDERS
    assert first["accepted"] > ORDERS / 3
    assert first["done"] + first["unserved"] <= ORDERS
    assert first["points_credited"] > 0
    assert sum(first["unserved_reasons"].values()) == first["unserved"]
    assert not Matter.objects.filter(closed_at__isnull=True).exists()
    assert not Shift.objects.filter(ended_at__isnull=True).exists()
    places = Place.objects.count()

    again = replay(folder, now=NOW, couriers=15)
    assert (again["raised"], again["violations"], again["verify_problems"]) == (ORDERS, 0, 0)
    assert Place.objects.count() == places
    assert Event.objects.filter(action="request").count() == 2 * ORDERS


def test_routes_are_driven_in_their_order(folder: Path) -> None:
    replay(folder, now=NOW, couriers=15)
    for shift in Shift.objects.all():
        done = [s.done_at for s in Stop.objects.filter(shift=shift, done_at__isnull=False).order_by("seq")]
        assert done == sorted(done)
    for offer in Offer.objects.filter(state="accepted", matter__stage="confirmed"):
        pickup, dropoff = (
            Stop.objects.get(matter=offer.matter, shift=offer.shift, kind=k) for k in ("pickup", "dropoff")
        )
        assert pickup.done_at < dropoff.done_at


def test_the_first_version_plays_the_same_day_and_is_compared_on_what_both_served(folder: Path) -> None:
    played = {name: play(folder, now=NOW, couriers=15, engine=name, batch_s=60) for name in ("first", "linhe")}
    for name, one in played.items():
        told = one.figures
        assert (told["engine"], told["raised"]) == (name, ORDERS)
        assert (told["violations"], told["verify_problems"]) == (0, 0)
        assert told["accepted"] > ORDERS / 3
        assert told["detour_m_per_errand"] == pytest.approx(told["detour_m_total"] / told["accepted"], rel=0.2)
        assert told["detour_m_ridden"] == pytest.approx(told["detour_m_total"], rel=0.1), "as far as was promised"
        assert sum(one.detours_m.values()) == told["detour_m_total"]
    both = compared(played)
    assert 0 < both["served_by_all"] <= min(one.figures["accepted"] for one in played.values())


def test_only_errands_that_all_served_are_compared() -> None:
    played = {"first": Played({}, {"a": 100, "b": 300}), "linhe": Played({}, {"b": 200, "c": 4_000, "a": 100})}
    assert compared(played) == {
        "served_by_all": 2, "first_detour_m_per_errand": 200.0, "linhe_detour_m_per_errand": 150.0,
    }  # fmt: skip


def test_a_bad_folder_gets_one_clear_line(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="there is no such folder"):
        replay(tmp_path / "nothing", now=NOW)
    with pytest.raises(ValueError, match="couriers: must be at least 1"):
        replay(SAMPLE, now=NOW, couriers=0)
    with pytest.raises(ValueError, match="engine: must be one of linhe, first"):
        replay(SAMPLE, now=NOW, engine="best")
    with pytest.raises(ValueError, match="batch: must be 1 to 3600"):
        replay(SAMPLE, now=NOW, batch_s=0)
