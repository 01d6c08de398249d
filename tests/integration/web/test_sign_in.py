"""Ways in: by phone code, by password and one-time password; and what keeps others out."""

from __future__ import annotations

import re
import time
from datetime import UTC, datetime, timedelta

import pytest
from allauth.core import context
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.db import connection
from django.test import Client, RequestFactory
from django.utils import timezone
from pytest_django.fixtures import Settings

from linhe.core.people import services
from linhe.core.people.models import Account, Consent, Post, SignInCode
from linhe.web.accounts.entering import client_address
from linhe.web.accounts.second_factor import enrol, new_secret, qr_svg
from tests.factories import District, make_account, make_district, make_post

PHONE = "19912345678"
PASSWORD = "correct horse battery"
SENT: list[tuple[str, str]] = []


class Collector:
    """An SMS adapter that remembers."""

    def send(self, *, phone: str, text: str) -> None:
        SENT.append((phone, text))


@pytest.fixture(autouse=True)
def _collect(db: None, settings: Settings) -> None:
    SENT.clear()
    settings.SMS_ADAPTER = f"{__name__}.Collector"


@pytest.fixture
def town(db: None) -> District:
    return make_district()


@pytest.fixture
def worker(town: District) -> Account:
    account = services.create_account(username="worker", name="张敏", password=PASSWORD, at=timezone.now())
    return make_post("community_worker", town.community, account)


def last_code() -> str:
    found = re.search(r"\d{6}", SENT[-1][1])
    assert found
    return found.group()


def ask_code(client: Client, phone: str = PHONE, **data: str) -> None:
    response = client.post("/sign-in/", {"phone": phone, **data})
    assert (response.status_code, response.headers.get("Location")) == (302, "/sign-in/code/")


def signed_in(client: Client) -> int | None:
    found = client.session.get("_auth_user_id")
    return int(found) if found else None


def one_time_password(secret: str, steps: int = 0) -> str:
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30 + steps))


def enrolled(account: Account) -> str:
    """Enrol an authenticator and return its secret; the code used is the one before now."""
    sealed = new_secret()
    secret = qr_svg(account, sealed)[1]
    with context.request_context(RequestFactory().get("/")):
        enrol(account, sealed, one_time_password(secret, -1))
    return secret


def staff_in(client: Client, account: Account) -> str:
    secret = enrolled(account)
    client.post("/sign-in/staff/", {"username": account.username, "password": PASSWORD})
    client.post("/sign-in/second/", {"code": one_time_password(secret)})
    assert signed_in(client) == account.pk
    return secret


# ---- by phone


def test_a_newcomer_signs_in_agrees_and_has_an_account(client: Client) -> None:
    ask_code(client, next="/my/?show=all")
    page = client.get("/sign-in/code/").content.decode()
    assert "199****5678" in page
    assert PHONE not in page
    assert client.post("/sign-in/code/", {"code": last_code()}).headers["Location"] == "/sign-in/welcome/"
    assert "隐私告知" in client.get("/sign-in/welcome/").content.decode()
    assert client.post("/sign-in/welcome/", {"name": "王桂英"}).status_code == 422
    assert not Account.objects.exists()
    response = client.post("/sign-in/welcome/", {"name": "王桂英", "agree": "on"})
    assert response.headers["Location"] == "/my/?show=all"
    account = Account.objects.get()
    assert signed_in(client) == account.pk
    assert (account.name, account.phone) == ("王桂英", PHONE)
    assert Consent.objects.get(account=account).purpose == "privacy"


def test_who_has_an_account_is_in_with_the_code(client: Client) -> None:
    account = make_account()
    ask_code(client, account.phone)
    assert client.post("/sign-in/code/", {"code": last_code()}).headers["Location"] == "/"
    assert signed_in(client) == account.pk


def test_the_answer_does_not_tell_whether_a_phone_is_known(client: Client) -> None:
    known = make_account().phone
    pages = []
    for phone in (known, "19988887777"):
        browser = Client()
        ask_code(browser, phone)
        sent = len(SENT)
        page = browser.get("/sign-in/code/").content.decode()
        pages.append(re.sub(r"csrfmiddlewaretoken.*?>|199\*\*\*\*\d{4}", "", page))
        wrong = browser.post("/sign-in/code/", {"code": "x"})
        pages.append(f"{wrong.status_code} {sent - len(SENT)}")
    assert pages[:2] == pages[2:]


def test_a_wrong_code_lets_nobody_in(client: Client) -> None:
    make_account()
    ask_code(client)
    wrong = f"{(int(last_code()) + 1) % 10**6:06d}"
    response = client.post("/sign-in/code/", {"code": wrong})
    assert response.status_code == 422
    assert "4" in response.content.decode()
    assert signed_in(client) is None


def test_an_old_code_lets_nobody_in(client: Client) -> None:
    account = make_account()
    ask_code(client, account.phone)
    SignInCode.objects.update(expires_at=timezone.now())
    assert client.post("/sign-in/code/", {"code": last_code()}).status_code == 422
    assert signed_in(client) is None


def test_a_code_works_in_its_own_browser_and_once(client: Client) -> None:
    account = make_account()
    ask_code(client, account.phone)
    thief = Client()
    assert thief.post("/sign-in/code/", {"code": last_code()}).headers["Location"] == "/sign-in/"
    client.post("/sign-in/code/", {"code": last_code()})
    assert signed_in(client) == account.pk
    session = client.session
    thief.get("/sign-in/")
    ask_code(thief, "19988887777")
    noted = thief.session
    noted["sign_in_code"] = SignInCode.objects.order_by("id")[0].pk
    noted.save()
    assert thief.post("/sign-in/code/", {"code": re.findall(r"\d{6}", SENT[0][1])[0]}).status_code == 422
    assert session


def test_too_many_codes_are_refused_with_429(client: Client) -> None:
    ask_code(client)
    response = client.post("/sign-in/", {"phone": PHONE})
    assert response.status_code == 429
    assert len(SENT) == 1


def test_the_welcome_page_needs_a_proven_phone(client: Client) -> None:
    ask_code(client)
    assert client.post("/sign-in/welcome/", {"name": "x", "agree": "on"}).headers["Location"] == "/sign-in/"
    assert not Account.objects.exists()


def test_the_session_holds_no_phone(client: Client) -> None:
    ask_code(client)
    client.post("/sign-in/code/", {"code": last_code()})
    assert PHONE not in str(dict(client.session))


@pytest.mark.parametrize(
    "target", ["https://evil.example/", "//evil.example/", "javascript:alert(1)", "/\\evil.example"]
)
def test_next_leads_nowhere_else(client: Client, target: str) -> None:
    account = make_account()
    ask_code(client, account.phone, next=target)
    assert client.post("/sign-in/code/", {"code": last_code()}).headers["Location"] == "/"


def test_pages_that_need_a_reader_ask_to_sign_in_and_lead_back(client: Client) -> None:
    response = client.get("/me/family/")
    assert response.headers["Location"] == "/sign-in/?next=/me/family/"
    account = make_account()
    client.get(response.headers["Location"])
    ask_code(client, account.phone)
    assert client.post("/sign-in/code/", {"code": last_code()}).headers["Location"] == "/me/family/"


def test_signing_out_needs_a_post_and_ends_the_session(client: Client) -> None:
    client.force_login(make_account())
    assert client.get("/sign-out/").status_code == 405
    assert client.post("/sign-out/").status_code == 302
    assert signed_in(client) is None


def test_a_disabled_account_is_out_with_the_next_request(client: Client) -> None:
    account = make_account()
    client.force_login(account)
    assert client.get("/me/").status_code == 200
    services.disable_account(account=account)
    assert client.get("/me/").status_code == 302
    ask_code(client, account.phone)
    assert client.post("/sign-in/code/", {"code": last_code()}).status_code == 403
    assert client.get("/me/").status_code == 302


def test_signing_out_everywhere_ends_other_sessions(client: Client) -> None:
    account, other = make_account(), Client()
    client.force_login(account)
    other.force_login(account)
    client.post("/sign-out/everywhere/")
    assert other.get("/me/").status_code == 302


# ---- as staff


def test_staff_enrol_before_anything_else(client: Client, worker: Account) -> None:
    response = client.post("/sign-in/staff/", {"username": "worker", "password": PASSWORD, "next": "/console/"})
    assert response.headers["Location"] == "/sign-in/enrol/"
    assert signed_in(client) is None
    assert client.get("/console/").status_code == 302
    page = client.get("/sign-in/enrol/").content.decode()
    secret = re.search(r"<code[^>]*>([A-Z2-7]{32})</code>", page)
    assert secret
    assert client.post("/sign-in/enrol/", {"code": "000"}).status_code == 422
    response = client.post("/sign-in/enrol/", {"code": one_time_password(secret.group(1))})
    assert signed_in(client) == worker.pk
    page = response.content.decode()
    assert len(re.findall(r"<code[^>]*>\d{8}</code>", page)) == 10
    assert 'href="/console/"' in page


def test_staff_sign_in_with_both_factors(client: Client, worker: Account) -> None:
    secret = enrolled(worker)
    response = client.post("/sign-in/staff/", {"username": "worker", "password": PASSWORD})
    assert response.headers["Location"] == "/sign-in/second/"
    assert signed_in(client) is None
    wrong = f"{(int(one_time_password(secret)) + 1) % 10**6:06d}"
    assert client.post("/sign-in/second/", {"code": wrong}).status_code == 422
    code = one_time_password(secret)
    assert client.post("/sign-in/second/", {"code": code}).headers["Location"] == "/console/"
    assert signed_in(client) == worker.pk
    again = Client()
    again.post("/sign-in/staff/", {"username": "worker", "password": PASSWORD})
    assert again.post("/sign-in/second/", {"code": code}).status_code == 422


def test_a_recovery_code_works_once(client: Client, worker: Account) -> None:
    enrolled(worker)
    codes = Authenticator.objects.get(user=worker, type="recovery_codes").wrap().get_unused_codes()
    for expected in (302, 422):
        browser = Client()
        browser.post("/sign-in/staff/", {"username": "worker", "password": PASSWORD})
        assert browser.post("/sign-in/second/", {"code": codes[0]}).status_code == expected


def test_authenticator_secrets_are_encrypted_at_rest(worker: Account) -> None:
    secret = enrolled(worker)
    with connection.cursor() as cursor:
        cursor.execute("SELECT string_agg(data::text, ' ') FROM mfa_authenticator")
        assert secret not in cursor.fetchone()[0]


def test_the_second_step_needs_the_first(client: Client, worker: Account) -> None:
    secret = enrolled(worker)
    response = client.post("/sign-in/second/", {"code": one_time_password(secret)})
    assert response.headers["Location"] == "/sign-in/staff/"
    assert signed_in(client) is None


def test_who_enrolled_cannot_enrol_over_it(client: Client, worker: Account) -> None:
    enrolled(worker)
    client.post("/sign-in/staff/", {"username": "worker", "password": PASSWORD})
    assert client.get("/sign-in/enrol/").headers["Location"] == "/sign-in/staff/"


def test_a_new_password_ends_a_sign_in_under_way(client: Client, worker: Account) -> None:
    secret = enrolled(worker)
    client.post("/sign-in/staff/", {"username": "worker", "password": PASSWORD})
    worker.set_password("another horse")
    worker.save()
    assert client.post("/sign-in/second/", {"code": one_time_password(secret)}).headers["Location"] == "/sign-in/staff/"


def test_wrong_passwords_are_locked_out(client: Client, worker: Account) -> None:
    for _ in range(7):
        assert client.post("/sign-in/staff/", {"username": "worker", "password": "wrong"}).status_code == 422
    assert client.post("/sign-in/staff/", {"username": "worker", "password": "wrong"}).status_code == 429
    assert client.post("/sign-in/staff/", {"username": "worker", "password": PASSWORD}).status_code == 429
    assert signed_in(client) is None


def test_wrong_one_time_passwords_are_locked_out(client: Client, worker: Account) -> None:
    secret = enrolled(worker)
    client.post("/sign-in/staff/", {"username": "worker", "password": PASSWORD})
    wrong = f"{(int(one_time_password(secret)) + 7) % 10**6:06d}"
    statuses = [client.post("/sign-in/second/", {"code": wrong}).status_code for _ in range(9)]
    assert statuses == [422] * 7 + [429] * 2
    assert client.post("/sign-in/second/", {"code": one_time_password(secret)}).status_code == 429
    assert signed_in(client) is None


def test_unknown_and_wrong_look_the_same(client: Client, worker: Account) -> None:
    pages = [
        client.post("/sign-in/staff/", {"username": name, "password": "wrong"}).content.decode()
        for name in ("worker", "nobody")
    ]
    assert len({re.sub(r'csrfmiddlewaretoken.*?>|value="(worker|nobody)"', "", page) for page in pages}) == 1


def test_staff_never_get_in_by_phone_code(client: Client, worker: Account) -> None:
    worker.set_phone(PHONE)
    worker.save()
    ask_code(client)
    response = client.post("/sign-in/code/", {"code": last_code()})
    assert response.status_code == 403
    assert signed_in(client) is None


def test_a_phone_session_ends_when_its_owner_becomes_staff(client: Client, town: District) -> None:
    account = make_account(username="newly")
    ask_code(client, account.phone)
    client.post("/sign-in/code/", {"code": last_code()})
    assert client.get("/me/").status_code == 200
    services.grant_post(account=account, role="grid_worker", place=town.community, by=None, at=timezone.now())
    assert client.get("/api/matters").status_code == 401
    assert client.get("/me/").status_code == 302
    assert signed_in(client) is None


def test_a_revoked_post_is_gone_with_the_next_request(client: Client, worker: Account) -> None:
    staff_in(client, worker)
    assert client.get("/console/").status_code == 200
    services.end_post(post=Post.objects.get(account=worker), by=None, at=timezone.now())
    assert client.get("/console/").status_code == 403
    assert client.get("/me/").status_code == 200


def test_the_session_of_a_day_ago_cannot_finish_signing_in(client: Client, worker: Account) -> None:
    secret = enrolled(worker)
    client.post("/sign-in/staff/", {"username": "worker", "password": PASSWORD})
    noted = client.session
    noted["sign_in_pending"] |= {"at": (datetime.now(UTC) - timedelta(minutes=11)).timestamp()}
    noted.save()
    assert client.post("/sign-in/second/", {"code": one_time_password(secret)}).headers["Location"] == "/sign-in/staff/"


@pytest.mark.parametrize(
    ("behind_proxy", "headers", "address"),
    [
        (False, {"REMOTE_ADDR": "10.0.0.1", "HTTP_X_FORWARDED_FOR": "6.6.6.6"}, "10.0.0.1"),
        (True, {"REMOTE_ADDR": "10.0.0.1", "HTTP_X_FORWARDED_FOR": "6.6.6.6, 7.7.7.7"}, "7.7.7.7"),
        (True, {"REMOTE_ADDR": "10.0.0.1", "HTTP_X_FORWARDED_FOR": "rubbish"}, "0.0.0.0"),
        (False, {"REMOTE_ADDR": ""}, "0.0.0.0"),
    ],
)
def test_only_our_own_proxy_is_believed(
    settings: Settings, behind_proxy: bool, headers: dict[str, str], address: str
) -> None:
    settings.BEHIND_PROXY = behind_proxy
    assert client_address(RequestFactory().get("/", **headers)) == address
