"""``linhe seed``: the demo district, told by the desks."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.utils import timezone

from linhe.config import command
from linhe.config.stories import stories
from linhe.core.notices.services import mark_older_read


class Command(command.Command):
    """Calls ``demo.seed(at=...)`` of every desk that has one; each tells what it made. Seeding twice adds nothing.
    What people were told before the last day counts as read."""

    help = "fill an empty database with the demo district and its days so far"

    def perform(self, **options: Any) -> dict[str, Any]:
        at = timezone.now()
        told = stories("seed")
        with command.progress() as bar:
            made = {code: seed(at=at) for code, seed in bar.track(list(told.items()), description="seeding")}
        mark_older_read(at - timedelta(days=1))
        return {"seeded": made}
