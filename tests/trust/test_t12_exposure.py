"""Promise T12: what faces the network is locked down: deployment checks, headers, cookies, limits on guessing."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from django.test import Client

from tests.trust.test_t6_matrix import address
from tests.trust.visitors import Day, routes

ROOT = Path(__file__).resolve().parents[2]
PRODUCTION = {"LINHE_PUBLIC_URL": "https://linhe.example.cn", "DJANGO_SETTINGS_MODULE": "linhe.config.settings"}


def in_production(tmp_path: Path, code: str) -> subprocess.CompletedProcess[str]:
    """Run Python with the settings of a machine that faces the network."""
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("LINHE_", "DATABASE_", "DJANGO_"))}
    environment = kept | PRODUCTION | {"LINHE_DATA_FOLDER": str(tmp_path), "PYTHONPATH": str(ROOT)}
    return subprocess.run(
        [sys.executable, "-c", code], env=environment, cwd=ROOT, capture_output=True, text=True, timeout=90, check=False
    )


def test_the_deployment_checks_find_nothing(tmp_path: Path) -> None:
    done = in_production(
        tmp_path,
        "import django; django.setup()\n"
        "from django.core.management import call_command\n"
        "call_command('check', deploy=True, fail_level='WARNING')",
    )
    assert done.returncode == 0, done.stderr
    assert "no issues" in done.stdout


def test_cookies_travel_only_over_https_and_out_of_reach_of_scripts(tmp_path: Path) -> None:
    done = in_production(
        tmp_path,
        "import django; django.setup()\n"
        "from django.conf import settings as s\n"
        "assert s.SESSION_COOKIE_SECURE and s.CSRF_COOKIE_SECURE and s.SESSION_COOKIE_HTTPONLY\n"
        "assert s.SESSION_COOKIE_SAMESITE == 'Lax' and s.CSRF_COOKIE_SAMESITE == 'Lax'\n"
        "assert s.SECURE_HSTS_SECONDS >= 31536000 and s.SECURE_SSL_REDIRECT and not s.DEBUG\n"
        "assert '*' not in s.ALLOWED_HOSTS and not s.DEMO\n",
    )
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("visitor", ["anonymous", "owner", "worker"])
def test_every_page_carries_the_headers_that_keep_strangers_out(visitor: str, day: Day) -> None:
    client, pages = day.client(visitor), 0
    for name, path, _ in routes():
        response = client.get(address(name, path, day))
        body = b"".join(response) if response.streaming else response.content
        where = f"{name}: {response.status_code}"
        assert response.headers.get("X-Content-Type-Options") == "nosniff", where
        assert response.headers.get("X-Frame-Options") == "DENY", where
        assert response.headers.get("Referrer-Policy") == "same-origin", where
        assert response.headers.get("Cross-Origin-Opener-Policy") == "same-origin", where
        if not response.headers.get("Content-Type", "").startswith("text/html") or response.status_code == 302:
            continue
        pages += 1
        policy = response.headers.get("Content-Security-Policy", "")
        assert "default-src 'none'" in policy, where
        assert "frame-ancestors 'none'" in policy, where
        assert "unsafe" not in policy, where
        assert "*" not in policy.replace("*.", ""), where
        if name != "api:openapi-view":
            inline = _inline(body.decode())
            assert not inline, f"{name} has what its own policy forbids: {inline[:3]}"
    assert pages > 5


def _inline(html: str) -> list[str]:
    """Scripts, styles and handlers inside a page, which the policy would block."""
    html = re.sub(r'<script[^>]*type="(application/json|application/ld\+json)"[^>]*>.*?</script>', "", html, flags=re.S)
    return re.findall(r"<script(?![^>]*\bsrc=)[^>]*>|<style[\s>]|\sstyle=\"[^\"]*\"|\son[a-z]+=\"[^\"]*\"", html)


def test_guessing_a_password_is_stopped(day: Day) -> None:
    worker = day.people["worker"]
    assert worker is not None
    worker.username = "worker-one"
    worker.set_password("a long and right one 42")
    worker.save()
    client = Client()
    answers = [
        client.post("/sign-in/staff/", {"username": "worker-one", "login": "worker-one", "password": f"wrong {n}"})
        for n in range(12)
    ]
    assert {a.status_code for a in answers} - {200, 422}, "nobody stopped twelve wrong passwords"
    assert answers[-1].status_code in (403, 429)


def test_asking_for_codes_is_limited(db: None) -> None:
    client = Client()
    answers = [client.post("/sign-in/", {"phone": "19900009999"}).status_code for _ in range(12)]
    assert answers[-1] == 429


def test_an_unknown_host_is_refused(db: None) -> None:
    assert Client().get("/", headers={"host": "evil.example"}).status_code == 400
