"""``linhe demo`` as somebody sees it who opens the printed address: its people, a day that goes on by itself."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, ViewportSize, expect

ROOT = Path(__file__).resolve().parents[2]
STARTED_S, MOVED_S = 600, 120  # limits for a busy machine; alone it is ready in two minutes
PHONE: ViewportSize = {"width": 360, "height": 780}
WIDE: ViewportSize = {"width": 1440, "height": 900}
pytestmark = [pytest.mark.slow, pytest.mark.timeout(900)]


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A demo of its own, in a data folder of its own."""
    folder = tmp_path_factory.mktemp("demo")
    port, live_port = _free_ports()
    environment = {
        **{name: value for name, value in os.environ.items() if not name.startswith(("LINHE_", "DATABASE_"))},
        "DJANGO_SETTINGS_MODULE": "linhe.config.settings",
        "LINHE_DATA_FOLDER": str(folder / "data"),
        "LINHE_PUBLIC_URL": f"http://127.0.0.1:{port}",
        "LINHE_LIVE_PORT": str(live_port),
    }
    log = folder / "log"
    with log.open("wb") as file:
        process = subprocess.Popen([sys.executable, "-m", "linhe", "demo"], cwd=ROOT, env=environment,
                                   stdout=file, stderr=file)  # fmt: skip
    try:
        yield _printed_address(process, log)
    finally:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(60)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
    text = log.read_text(encoding="utf-8")
    assert "Traceback" not in text, text[-3000:]


@pytest.fixture
def visit(browser: Browser, address: str) -> Iterator[Callable[..., Page]]:
    """Open the demo as a new visitor who enters as one of its people: ``visit("王奶奶", "/my/")``."""
    contexts = []

    def opened(name: str, path: str, size: ViewportSize) -> Page:
        context = browser.new_context(locale="zh-CN", timezone_id="Asia/Shanghai", viewport=size)
        contexts.append(context)
        page = context.new_page()
        page.goto(f"{address}/sign-in/")
        page.get_by_role("button", name=re.compile(f"进入.*{name}")).click()
        expect(page.get_by_role("button", name=re.compile("进入"))).to_have_count(0)
        page.goto(address + path)
        return page

    yield opened
    for context in contexts:
        context.close()


def test_the_day_goes_on_by_itself(browser: Browser, address: str, screenshots: Path) -> None:
    context = browser.new_context(locale="zh-CN", timezone_id="Asia/Shanghai", viewport=WIDE)
    page = context.new_page()
    until = time.monotonic() + MOVED_S
    while True:
        page.goto(address)
        figures = [int(text) for text in re.findall(r"(\d+)\s*件", page.inner_text("main"))]
        if len(figures) >= 2 and figures[0] > 4 and figures[1] > 0:
            break
        assert time.monotonic() < until, figures
        page.wait_for_timeout(1000)
    page.screenshot(path=screenshots / "demo-home-1440.png")
    context.close()


def test_every_person_of_the_demo_has_something_to_do(visit: Callable[..., Page], screenshots: Path) -> None:
    for name, path, words, picture, size in (
        ("王奶奶", "/errands/", "代买", "demo-resident-360", PHONE),
        ("女儿", "/my/", "", "", PHONE),
        ("骑手小哥", "/errands/courier/", "顺", "demo-courier-360", PHONE),
        ("社区工作者", "/errands/board/", "派单", "demo-board-1440", WIDE),
        ("社区复核人", "/errands/board/", "", "", WIDE),
        ("街道干部", "/dashboard/", "", "", WIDE),
        ("区级干部", "/dashboard/", "下单", "demo-dashboard-1440", WIDE),
        ("区级干部", "/map/", "正在办", "demo-map-1440", WIDE),
        ("配网调度员", "/power/", "演练", "demo-power-1440", WIDE),
        ("邻县供电公司联络员", "/power/trucks/", "发电车", "", WIDE),
        ("观摩人员", "/power/", "演练", "", PHONE),
    ):
        page = visit(name, path, size)
        assert page.url.endswith(path), f"{name} was sent to {page.url}"
        expect(page.locator("main")).to_contain_text(words)
        if path == "/map/":
            expect(page.locator(".leaflet-overlay-pane canvas")).to_be_visible(timeout=20_000)
        if picture:
            page.wait_for_load_state()
            page.wait_for_timeout(800)  # charts and maps draw themselves
            page.screenshot(path=screenshots / f"{picture}.png", animations="disabled")


def _printed_address(process: subprocess.Popen[bytes], log: Path) -> str:
    until = time.monotonic() + STARTED_S
    while True:
        text = log.read_text(encoding="utf-8")
        assert process.poll() is None, text[-3000:]
        assert time.monotonic() < until, text[-3000:]
        found = re.search(r"open (http://127\.0\.0\.1:\d+)/", text)
        if found:
            return found[1]
        time.sleep(0.2)


def _free_ports() -> tuple[int, int]:
    with socket.socket() as one, socket.socket() as other:
        one.bind(("127.0.0.1", 0))
        other.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1]), int(other.getsockname()[1])
