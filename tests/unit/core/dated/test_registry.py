"""The parameters of the installed apps, and what happens at the start when one of their files is wrong."""

import subprocess
import sys
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest

from linhe.core.dated import UnknownParameter, all_parameters, parameter, registry, series, value
from linhe.lib.working_calendar import SHANGHAI, DailyWindow, WorkingHours

DAY = date(2025, 3, 3)


def test_every_file_of_the_house_is_sound() -> None:
    assert registry.problems() == []


def test_parameters_are_found_by_code() -> None:
    assert value("loop.idempotency_hours", at=DAY) == 168
    assert value("loop.idempotency_hours", at=datetime(2025, 3, 3, tzinfo=SHANGHAI), place_code="990101000000") == 168
    assert parameter("loop.idempotency_hours").unit == "h"
    assert [entry.value for entry in series("loop.idempotency_hours")] == [168]
    assert parameter("loop.idempotency_hours").file == "linhe/core/loop/params/loop.toml"


def test_hours_of_work_and_of_quiet_can_be_read() -> None:
    assert WorkingHours.parse(value("loop.working_hours", at=DAY)).minutes_a_day == 420
    quiet = DailyWindow.parse(value("notices.quiet_hours", at=DAY))
    assert quiet.contains(datetime(2025, 3, 3, 23, tzinfo=SHANGHAI))
    assert not quiet.contains(datetime(2025, 3, 3, 12, tzinfo=SHANGHAI))


def test_all_parameters_are_listed_by_code_with_their_sources() -> None:
    listed = all_parameters()
    assert [p.code for p in listed] == sorted(p.code for p in listed)
    assert {"loop.working_hours", "notices.quiet_hours"} <= {p.code for p in listed}
    assert all(entry.source for p in listed for entry in p.series)


def test_each_threshold_of_the_house_changes_the_value_on_its_day_and_not_before() -> None:
    for one in all_parameters():
        for entry in one.series:
            code = entry.place or None
            assert one.entry(at=entry.from_date, place_code=code) == entry
            if entry.until_date:
                assert one.entry(at=entry.until_date - timedelta(days=1), place_code=code) == entry


def test_an_unknown_code_is_named() -> None:
    with pytest.raises(UnknownParameter, match=r"loop\.nothing"):
        value("loop.nothing", at=DAY)


def run(folder: Path, code: str) -> subprocess.CompletedProcess[str]:
    """Run code in a Django that holds the parameters' app and one app of the folder."""
    start = (
        "from django.conf import settings; settings.configure(INSTALLED_APPS=['linhe.core.dated', 'strange']);"
        "import django; django.setup(); from django.core.management import call_command; from linhe.core import dated;"
    )
    paths = f"import sys; sys.path[:0] = [{str(folder)!r}, {str(Path.cwd())!r}];"
    return subprocess.run([sys.executable, "-c", paths + start + code], capture_output=True, text=True, check=False)


def strange_app(folder: Path, text: str) -> None:
    params = folder / "strange" / "params"
    params.mkdir(parents=True)
    (folder / "strange" / "__init__.py").touch()
    (params / "strange.toml").write_text(text, encoding="utf-8")


def test_a_wrong_file_fails_the_system_check_and_every_lookup(tmp_path: Path) -> None:
    strange_app(tmp_path, '[strange.days]\nzh = "天"\nen = "days"\ntype = "int"\nunit = "d"\nseries = [{value = 1}]\n')
    checked = run(tmp_path, "call_command('check')")
    assert checked.returncode == 1
    for part in ("dated.E001", "strange/params/strange.toml: strange.days.series[0].source", "series[0].from"):
        assert part in checked.stderr
    looked_up = run(tmp_path, "dated.all_parameters()")
    assert "InvalidParameters: strange/params/strange.toml: strange.days.series[0]" in looked_up.stderr


def test_a_right_file_of_any_app_is_found(tmp_path: Path) -> None:
    entry = '{from = 2024-01-01, value = 3, source = "local rule"}'
    strange_app(tmp_path, f'[strange.days]\nzh = "天"\nen = "days"\ntype = "int"\nunit = "d"\nseries = [{entry}]\n')
    done = run(tmp_path, "import datetime as t; print(dated.value('strange.days', at=t.date(2024, 1, 1)))")
    assert (done.stdout, done.stderr) == ("3\n", "")
    assert run(tmp_path, "call_command('check')").returncode == 0
