"""``linhe demo``: the demo district, alive."""

from __future__ import annotations

import os
from typing import Any

from django.core.management import call_command

from linhe.config import command
from linhe.config.management.commands import run
from linhe.config.stories import stories
from linhe.config.supervising import Child


class Command(run.Command):
    """Seeds the demo district, then runs everything together with a process that lets the day go on."""

    help = "seed the demo district, run everything and let its day go on"

    def perform(self, *, host: str, port: int, live_port: int, **options: Any) -> dict[str, Any]:
        run.prepare()
        call_command("seed")
        command.close_connections()
        os.environ["LINHE_DEMO"] = "1"  # the processes below let visitors enter as one of the demo's people
        for basemap in stories("basemap").values():
            os.environ.setdefault("LINHE_BASEMAP", str(basemap()))
        beside = (Child("tell"),) if stories("tell") else ()
        run.supervise(host=host, port=port, live_port=live_port, beside=beside)
        return {}
