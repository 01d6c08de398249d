"""``linhe seed``: the demo district, told by the desks."""

from __future__ import annotations

from typing import Any

from django.utils import timezone

from linhe.config import command
from linhe.config.stories import stories


class Command(command.Command):
    """Calls ``demo.seed(at=...)`` of every desk that has one; each tells what it made. Seeding twice adds nothing."""

    help = "fill an empty database with the demo district and its days so far"

    def perform(self, **options: Any) -> dict[str, Any]:
        at = timezone.now()
        told = stories("seed")
        with command.progress() as bar:
            made = {code: seed(at=at) for code, seed in bar.track(list(told.items()), description="seeding")}
        return {"seeded": made}
