"""Live updates: a small ASGI application with one LISTEN connection for all open pages.

A page shows a signed ticket (``linhe.core.loop.live``) and gets server-sent events that name the channel which has
news, never what the news is: the page asks for its content again, by its own rights.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import logging
import os
import time
from collections import defaultdict
from collections.abc import AsyncIterator, Awaitable, Iterable, Iterator
from urllib.parse import parse_qs, urlsplit

import django
import psycopg
from django.conf import settings
from starlette.applications import Starlette
from starlette.responses import JSONResponse
from starlette.routing import Route
from starlette.types import Receive, Scope, Send

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "linhe.config.settings")
django.setup()

from procrastinate.contrib.django.utils import connector_params  # noqa: E402 - needs Django set up

from linhe.core.loop.announcing import CHANNEL  # noqa: E402 - likewise
from linhe.core.loop.live import MAX_AGE_S, BadTicket, channels_of  # noqa: E402 - likewise

HEARTBEAT_S = 15.0
SLOWEST_SEND_S = 10.0
RETRY_MS = 2000
MOST_LISTENERS = 5000
_log = logging.getLogger(__name__)


class Listener:
    """One open page. News that it has not fetched yet are merged, so a slow page costs no memory."""

    def __init__(self, channels: frozenset[str]) -> None:
        self.channels = channels
        self.news: set[str] = set()
        self.woken = asyncio.Event()

    def tell(self, channel: str) -> None:
        """Note that a channel has news."""
        self.news.add(channel)
        self.woken.set()

    async def next_news(self) -> list[str]:
        """What has news by now, or nothing after the time of a heartbeat."""
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self.woken.wait(), HEARTBEAT_S)
        self.woken.clear()
        news, self.news = sorted(self.news), set()
        return news


class Switchboard:
    """Which pages listen to which channel."""

    def __init__(self) -> None:
        self.by_channel: defaultdict[str, set[Listener]] = defaultdict(set)
        self.count = 0

    @contextlib.contextmanager
    def plugged_in(self, listener: Listener) -> Iterator[None]:
        """Let a page hear its channels inside the block."""
        self.count += 1
        for channel in listener.channels:
            self.by_channel[channel].add(listener)
        try:
            yield
        finally:
            self.count -= 1
            for channel in listener.channels:
                self.by_channel[channel].discard(listener)
                if not self.by_channel[channel]:
                    del self.by_channel[channel]

    def tell(self, channels: Iterable[str]) -> None:
        """Pass news on to those who listen."""
        for channel in channels:
            for listener in self.by_channel.get(channel, ()):
                listener.tell(channel)

    def tell_all(self) -> None:
        """After a lost connection nobody knows what was missed: every page asks again."""
        for channel in list(self.by_channel):
            self.tell([channel])


switchboard = Switchboard()


async def listen_forever() -> None:
    """Keep one LISTEN connection open, whatever happens to the database."""
    wait_s = 0.2
    while True:
        try:
            async with await psycopg.AsyncConnection.connect(**connector_params(), autocommit=True) as connection:
                await connection.execute(f"LISTEN {CHANNEL}")
                wait_s = 0.2
                switchboard.tell_all()
                async for notification in connection.notifies():
                    switchboard.tell(_channels_in(notification.payload))
        except psycopg.Error as error:
            _log.warning("live updates lost the database, trying again: %s", type(error).__name__)
        await asyncio.sleep(wait_s)
        wait_s = min(wait_s * 2, 5.0)


def _channels_in(payload: str) -> list[str]:
    try:
        channels = json.loads(payload)
    except ValueError:
        return []
    return [c for c in channels if isinstance(c, str)] if isinstance(channels, list) else []


class LiveStream:
    """``GET /live?token=...``: server-sent events ``changed``, one for each channel with news."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        token = parse_qs(scope["query_string"].decode("latin-1")).get("token", [""])[0]
        headers = {"cache-control": "no-store", **_cross_origin(scope)}
        try:
            channels = channels_of(token)
        except BadTicket:
            body = {"code": "bad_ticket", "message": "The ticket is not valid.", "details": {}}
            await JSONResponse(body, status_code=403, headers=headers)(scope, receive, send)
            return
        if switchboard.count >= MOST_LISTENERS:
            body = {"code": "busy", "message": "Too many open pages.", "details": {}}
            await JSONResponse(body, status_code=503, headers={**headers, "retry-after": "10"})(scope, receive, send)
            return
        listener = Listener(channels)
        with switchboard.plugged_in(listener):
            streaming = asyncio.create_task(_stream(listener, send, headers))
            leaving = asyncio.create_task(_until_gone(receive))
            _, pending = await asyncio.wait({streaming, leaving}, return_when=asyncio.FIRST_COMPLETED)
            for task in pending:
                task.cancel()
            await asyncio.gather(*pending, return_exceptions=True)


async def _stream(listener: Listener, send: Send, headers: dict[str, str]) -> None:
    """Send news and heartbeats until the ticket is too old or the page does not take them any more."""
    until = time.monotonic() + MAX_AGE_S
    head = {"content-type": "text/event-stream; charset=utf-8", "x-accel-buffering": "no", **headers}
    with contextlib.suppress(TimeoutError, OSError):
        await _within(
            send(
                {
                    "type": "http.response.start",
                    "status": 200,
                    "headers": [(name.encode(), value.encode()) for name, value in head.items()],
                }
            )
        )
        await _within(send(_chunk(f"retry: {RETRY_MS}\n\n")))
        while time.monotonic() < until:
            news = await listener.next_news()
            text = "".join(f"event: changed\ndata: {channel}\n\n" for channel in news) or ": still here\n\n"
            await _within(send(_chunk(text)))
        await _within(send(_chunk("", more=False)))


async def _within(sending: Awaitable[None]) -> None:
    await asyncio.wait_for(sending, SLOWEST_SEND_S)


def _chunk(text: str, *, more: bool = True) -> dict[str, object]:
    return {"type": "http.response.body", "body": text.encode(), "more_body": more}


async def _until_gone(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


def _cross_origin(scope: Scope) -> dict[str, str]:
    """Only pages of this very host (on the pages' port) or of the public address may read the stream."""
    sent = {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in scope["headers"]}
    origin = sent.get("origin", "")
    if not origin:
        return {}
    same_host = urlsplit(origin).hostname == urlsplit(f"//{sent.get('host', '')}").hostname
    if same_host or origin == settings.PUBLIC_URL:
        return {"access-control-allow-origin": origin, "vary": "origin"}
    return {"vary": "origin"}


@contextlib.asynccontextmanager
async def lifespan(_: Starlette) -> AsyncIterator[None]:
    """Listen while the application runs."""
    listening = asyncio.create_task(listen_forever())
    yield
    listening.cancel()
    await asyncio.gather(listening, return_exceptions=True)


application = Starlette(routes=[Route("/live", LiveStream())], lifespan=lifespan)
