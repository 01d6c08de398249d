"""Dated parameters."""

from collections.abc import Sequence
from typing import Any

from django.apps import AppConfig
from django.core import checks

from linhe.core.dated import registry


class DatedConfig(AppConfig):
    """Parameters by date and place, read and checked when the application starts."""

    name = "linhe.core.dated"
    label = "dated"

    def ready(self) -> None:
        """Read the files now, so that a mistake shows at the start and not at the first request."""
        registry.problems()
        checks.register(parameter_files_are_right)


def parameter_files_are_right(app_configs: Sequence[AppConfig] | None, **_: Any) -> list[checks.CheckMessage]:
    """Django system check: one error for each mistake in a ``params/*.toml``, naming the file and the key."""
    return [checks.Error(str(problem), id="dated.E001") for problem in registry.problems()]
