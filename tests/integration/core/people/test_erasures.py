"""Who was erased since a backup is erased again when it is restored."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone

from linhe.config.backups import BackupFailed, read_erasures
from linhe.core.people.erasures import noted
from linhe.core.people.models import Account
from linhe.core.people.services import erase_account, erase_again
from tests.factories import make_account


@pytest.fixture
def log(settings: Any, tmp_path: Path) -> Path:
    settings.ERASURES_LOG = tmp_path / "new" / "erasures.log"
    return settings.ERASURES_LOG


def test_an_erasure_is_noted_with_number_and_moment_only(
    db: None, log: Path, django_capture_on_commit_callbacks: Any
) -> None:
    account, at = make_account("王桂英"), timezone.now()
    with django_capture_on_commit_callbacks() as waiting:
        erase_account(account=account, at=at)
    assert not log.exists()
    for call in waiting:
        call()
    assert noted(log) == [(account.pk, at)] == read_erasures(None)
    assert log.read_text() == f"{at.isoformat()} {account.pk}\n"
    assert log.stat().st_mode & 0o077 == 0


def test_it_is_repeated_once_and_never_on_somebody_else(db: None, log: Path) -> None:
    account = make_account("王桂英")
    at = timezone.now()
    assert not erase_again(account_id=account.pk, at=account.joined_at - timedelta(seconds=1))
    assert erase_again(account_id=account.pk, at=at)
    assert not erase_again(account_id=account.pk, at=at)
    assert not erase_again(account_id=account.pk + 1000, at=at)
    gone = Account.objects.get(pk=account.pk)
    assert (gone.name, gone.phone_index, gone.is_active, gone.erased_at) == ("", None, False, at)


def test_a_log_that_cannot_be_read_stops_the_restore_before_it_begins(log: Path, tmp_path: Path) -> None:
    assert read_erasures(None) == []
    with pytest.raises(BackupFailed, match="cannot be read"):
        read_erasures(tmp_path / "none.log")
    (tmp_path / "bad.log").write_text("2026-03-04T01:00:00+00:00 x\n")
    with pytest.raises(BackupFailed, match=r"bad\.log:1"):
        read_erasures(tmp_path / "bad.log")
