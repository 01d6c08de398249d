"""A province is a root of its own: what happens in one is nobody else's, and its dated values are found."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.migrations.loader import MigrationLoader
from django.utils import timezone

from linhe.core.dated.reading import _prefix
from linhe.core.loop import registry
from linhe.core.loop.access import visible_to
from linhe.core.loop.acting import act, begin
from linhe.core.loop.retention import forget_old
from linhe.core.places.models import Place
from linhe.core.places.services import InvalidPlace, add_place
from tests.factories import make_account, make_district, make_post

pytestmark = pytest.mark.django_db


def _province(code: str = "990000000000") -> Place:
    return add_place(code=code, name="试省", kind="province")


def test_a_province_stands_alone() -> None:
    town, province, other = make_district(), _province(), _province("980000000000")
    assert (province.level, province.ancestor_ids()) == ("district", [province.pk])
    assert not province.contains(town.district)
    assert not province.contains(other)
    with pytest.raises(InvalidPlace):
        add_place(code="990202000000", name="区", kind="district", parent=province)
    with pytest.raises(InvalidPlace):
        add_place(code="990000000000", name="省", kind="province", parent=town.district)
    with pytest.raises(InvalidPlace):
        add_place(code="990101000000", name="省", kind="province")


def test_a_matter_of_a_province_is_read_there_only() -> None:
    town, province, other = make_district(), _province(), _province("980000000000")
    matter = begin("toy", "raise", by=make_account(), place=province, data={"size": 1, "words": "w"}).matter
    here, there, below = (make_post("community_worker", place) for place in (province, other, town.district))
    now = timezone.now()
    assert [who for who in (here, there, below) if visible_to(who, at=now).filter(pk=matter.pk).exists()] == [here]


def test_what_is_past_its_time_is_forgotten_in_a_province_too(monkeypatch: pytest.MonkeyPatch) -> None:
    toy = replace(registry.kind("toy"), retention_days="errands.retention_days")
    monkeypatch.setattr(registry, "kinds", lambda: [toy])
    at, resident = datetime(2026, 3, 4, 1, tzinfo=UTC), make_account()
    matter = begin("toy", "raise", by=resident, place=_province(), data={"size": 1, "words": "w"}, at=at).matter
    act(matter, "withdraw", by=resident, at=at)
    assert forget_old(at=at + timedelta(days=2000)) == 1


def test_a_dated_value_of_a_province_holds_in_all_of_it() -> None:
    assert [_prefix({"place": code}) for code in ("140000000000", "140902000000", "140902001000")] == [
        "14", "140902", "140902001"
    ]  # fmt: skip


@pytest.mark.parametrize("kind", ["subdistrict", "community"])
def test_place_only_a_root_has_no_parent(kind: str) -> None:
    with pytest.raises(IntegrityError, match="place_only_a_root_has_no_parent"), transaction.atomic():
        Place.objects.create(code="1", name="n", kind=kind)
    with pytest.raises(IntegrityError, match="place_only_a_root_has_no_parent"), transaction.atomic():
        Place.objects.create(code="2", name="n", kind="province", parent=_province())


def test_the_migration_goes_back_and_forth() -> None:
    loader = MigrationLoader(connection)
    before = loader.project_state(("places", "0001_initial"))
    migration = loader.get_migration("places", "0002_provinces_are_roots_too")
    with connection.schema_editor() as editor:
        migration.unapply(before.clone(), editor)
    with pytest.raises(IntegrityError, match="place_only_a_district_has_no_parent"), transaction.atomic():
        _province()
    with connection.schema_editor() as editor:
        migration.apply(before.clone(), editor)
    _province()
