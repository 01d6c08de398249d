"""``linhe work``: do the background jobs."""

from __future__ import annotations

import argparse
import asyncio
from typing import Any, cast

from django.conf import settings
from procrastinate.contrib.django import app
from procrastinate.contrib.django.django_connector import DjangoConnector

from linhe.config import command
from linhe.config.engines import load_engines
from linhe.config.serving import while_parent_lives


class Command(command.Command):
    """A procrastinate worker. As many as needed may run, on as many machines as needed."""

    help = "do the background jobs (one of the processes of linhe run)"
    json_output = False

    def options(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("--once", action="store_true", help="do what is due and stop")
        parser.add_argument("--jobs", type=int, default=settings.JOBS_AT_ONCE, help="how many jobs at once")
        parser.add_argument("--supervised", action="store_true", help=argparse.SUPPRESS)

    def perform(self, *, jobs: int, once: bool = False, supervised: bool = False, **options: Any) -> dict[str, Any]:
        if jobs < 1:
            raise command.Usage("--jobs must be at least 1")
        if supervised:
            while_parent_lives()
        load_engines()
        asyncio.run(_work(jobs=jobs, once=once))
        return {}


async def _work(*, jobs: int, once: bool) -> None:
    connector = cast(DjangoConnector, app.connector).get_worker_connector()
    with app.replace_connector(connector) as worker:
        async with worker.open_async():
            await worker.run_worker_async(concurrency=jobs, wait=not once, shutdown_graceful_timeout=10)
