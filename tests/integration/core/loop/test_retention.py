"""What was kept of people goes when its time has come, and the log stays whole."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.files.storage import default_storage

from linhe.core.loop import registry, retention
from linhe.core.loop.acting import act, begin
from linhe.core.loop.models import Event, Evidence, Particular
from linhe.core.loop.retention import forget_old
from linhe.core.loop.verifying import problems_of_chains, problems_of_particulars
from linhe.core.people.models import Account
from linhe.core.people.services import erase_account
from tests.factories import District, make_account
from tests.integration.desks.errands.conftest import photo

NINE = datetime(2026, 3, 4, 1, 0, tzinfo=UTC)
WORDS = {"size": 1, "words": "王桂英 住三楼"}


@pytest.fixture
def kept_a_while(monkeypatch: pytest.MonkeyPatch) -> None:
    """The toy's matters are forgotten after as many days as an errand of the desk."""
    toy = replace(registry.kind("toy"), retention_days="errands.retention_days")
    monkeypatch.setattr(registry, "kinds", lambda: [toy])
    return


def test_texts_and_photos_go_after_their_time_and_not_before(
    town: District, resident: Account, settings: Any, tmp_path: Path, kept_a_while: None
) -> None:
    settings.MEDIA_ROOT = tmp_path
    matter = begin("toy", "raise", by=resident, place=town.building, data=WORDS, files=[photo()], at=NINE).matter
    still_open = begin("toy", "raise", by=make_account(), place=town.building, data=WORDS, at=NINE).matter
    act(matter, "withdraw", by=resident, at=NINE)
    kept = Evidence.objects.get()
    name, sha256 = kept.file.name, kept.sha256
    assert forget_old(at=NINE + timedelta(days=180)) == 0
    assert default_storage.exists(name)
    assert forget_old(at=NINE + timedelta(days=180, seconds=1)) == 2
    kept.refresh_from_db()
    assert (kept.file.name, kept.sha256) == ("", sha256)
    assert not default_storage.exists(name)
    assert [text.event.matter_id for text in Particular.objects.all()] == [still_open.pk]
    assert Event.objects.filter(matter=matter).count() == 2
    assert [*problems_of_chains(), *problems_of_particulars()] == []
    assert forget_old(at=NINE + timedelta(days=181)) == 0


def test_a_photo_whose_file_went_before_is_no_obstacle(
    town: District, resident: Account, settings: Any, tmp_path: Path, kept_a_while: None
) -> None:
    settings.MEDIA_ROOT = tmp_path
    matter = begin("toy", "raise", by=resident, place=town.building, data=WORDS, files=[photo()], at=NINE).matter
    act(matter, "withdraw", by=resident, at=NINE)
    default_storage.delete(Evidence.objects.get().file.name)
    assert forget_old(at=NINE + timedelta(days=181)) == 2
    assert not Evidence.objects.get().file


def test_erasure_takes_the_photos_of_ones_own_matters(
    town: District,
    resident: Account,
    settings: Any,
    tmp_path: Path,
    django_capture_on_commit_callbacks: Any,
) -> None:
    settings.MEDIA_ROOT = tmp_path
    other = make_account()
    for one in (resident, other):
        matter = begin("toy", "raise", by=one, place=town.building, data=WORDS, files=[photo()], at=NINE).matter
        act(matter, "withdraw", by=one, at=NINE)
    with django_capture_on_commit_callbacks(execute=True):
        erase_account(account=resident, at=NINE)
    mine, theirs = Evidence.objects.order_by("id")
    assert not mine.file
    assert default_storage.exists(theirs.file.name)
    assert list(problems_of_chains()) == []


def test_a_kind_has_one_part_to_forget() -> None:
    with pytest.raises(ValueError, match="errand"):
        retention.register("errand", lambda matters: 0)
