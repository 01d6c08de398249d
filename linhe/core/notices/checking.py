"""Checks at the start: texts name actions that exist, configured channels can be built."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.apps import AppConfig
from django.conf import settings
from django.core import checks

from linhe.core.notices import texts
from linhe.core.notices.channels import NotConfigured, channel


def texts_and_channels_are_right(app_configs: Sequence[AppConfig] | None, **_: Any) -> list[checks.CheckMessage]:
    """Django system check: one error for each mistake."""
    found: list[checks.CheckMessage] = [checks.Error(problem, id="notices.E001") for problem in texts.problems()]
    for name in settings.NOTICE_CHANNELS:
        try:
            channel(name)
        except NotConfigured as problem:
            found.append(checks.Error(f"NOTICE_CHANNELS: {name}: {problem}", id="notices.E002"))
    return found
