"""Journeys run in Debian's Chromium against a live server on real PostgreSQL."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from django.test import Client
from playwright.sync_api import Browser, BrowserContext, Page
from pytest_django.live_server_helper import LiveServer

from linhe.core.people.models import Account
from linhe.web.accounts.entering import PROVEN_BY, TOTP
from tests.browser.town import Town, build_town

os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"  # Playwright runs a loop in the test's thread

WIDE = {"width": 1440, "height": 900}
PHONE = {"width": 360, "height": 780}
WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
Enter = Callable[..., Page]


@pytest.fixture
def town(transactional_db: None) -> Town:
    return build_town()


@pytest.fixture
def enter(browser: Browser, live_server: LiveServer) -> Iterator[Enter]:
    """Open a page as someone: ``enter(account, "/errands/")``, narrow unless ``wide``."""
    contexts: list[BrowserContext] = []

    def opened(account: Account, path: str, *, wide: bool = False, **options: Any) -> Page:
        client = Client()
        client.force_login(account, backend="django.contrib.auth.backends.ModelBackend")
        session = client.session
        session[PROVEN_BY] = TOTP
        session.save()
        context = browser.new_context(
            **{"locale": "zh-CN", "timezone_id": "Asia/Shanghai", "viewport": WIDE if wide else PHONE} | options
        )
        contexts.append(context)
        context.add_cookies(
            [{"name": settings.SESSION_COOKIE_NAME, "value": str(session.session_key), "url": live_server.url}]
        )
        page = context.new_page()
        page.goto(live_server.url + path)
        return page

    yield opened
    for context in contexts:
        context.close()


def too_small(page: Page) -> list[str]:
    """Texts below 18 px and targets below 60 px, which elder mode must not have, of a page with its styles."""
    page.wait_for_load_state("load")
    found: list[str] = page.evaluate(
        """() => [
          ...[...document.querySelectorAll("body *")].filter((e) => e.offsetParent && !e.closest("svg, .sr-only, .skip")
            && [...e.childNodes].some((n) => n.nodeType === 3 && n.textContent.trim())
            && parseFloat(getComputedStyle(e).fontSize) < 18),
          ...[...document.querySelectorAll("button, .btn, .chip, .choice, summary, input, select, .cell[href], main a")]
            .filter((e) => e.offsetParent && !e.closest(".choice input, p")
              && !["radio", "checkbox"].includes(e.type) && e.getBoundingClientRect().height < 59.5),
        ].map((e) => `${e.className}: ${e.textContent}`)"""
    )
    return found


@pytest.fixture
def accessible() -> Callable[[Page], None]:
    """Run axe on a page: nothing may break WCAG 2.2 at level AA."""

    def check(page: Page) -> None:
        page.wait_for_load_state("networkidle")
        found = Axe().run(page, options={"runOnly": {"type": "tag", "values": WCAG}}).response["violations"]
        told = [f"{one['id']}: {node['html'][:200]}" for one in found for node in one["nodes"]]
        assert not told, f"{page.url}\n" + "\n".join(told)

    return check


@pytest.fixture
def shoot(screenshots: Path) -> Callable[[Page, str], None]:
    """Save a picture of a page at both widths, ``<name>-360.png`` and ``-1440.png``."""

    def both(page: Page, name: str) -> None:
        kept = page.viewport_size
        page.wait_for_load_state("networkidle")
        for size in (PHONE, WIDE):
            page.set_viewport_size(size)
            assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), f"{name} overflows"
            tall = page.evaluate("document.documentElement.scrollHeight")
            page.set_viewport_size({"width": size["width"], "height": max(tall, size["height"])})
            page.evaluate("scrollTo(0, 0); document.activeElement.blur()")
            page.screenshot(path=screenshots / f"{name}-{size['width']}.png", animations="disabled")
        if kept:
            page.set_viewport_size(kept)

    return both
