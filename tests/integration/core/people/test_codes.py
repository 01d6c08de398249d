"""One-time codes: once, for minutes, a few tries, a few an hour; nothing readable at rest."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from pytest_django.fixtures import Settings

from linhe.core.people import codes
from linhe.core.people.codes import account_of_phone, check_code, clean_phone, send_code
from linhe.core.people.jobs import delete_old_codes
from linhe.core.people.models import SignInCode
from linhe.core.people.sms import FileSms, SmsFailed, sms_adapter
from linhe.lib.refusals import Refused
from tests.factories import make_account

NINE = datetime(2026, 3, 4, 1, 0, tzinfo=UTC)
PHONE = "19912345678"
MINUTE = timedelta(minutes=1)
SENT: list[tuple[str, str]] = []


class Collector:
    """An SMS adapter that remembers."""

    def send(self, *, phone: str, text: str) -> None:
        SENT.append((phone, text))


class Broken:
    """An SMS adapter whose provider is away."""

    def send(self, *, phone: str, text: str) -> None:
        raise SmsFailed("away")


@pytest.fixture(autouse=True)
def _collect(db: None, settings: Settings) -> None:
    SENT.clear()
    settings.SMS_ADAPTER = f"{__name__}.Collector"


def sent_code() -> str:
    found = re.search(r"\d{6}", SENT[-1][1])
    assert found
    return found.group()


def send(at: datetime = NINE, phone: str = PHONE, address: str = "10.0.0.1") -> SignInCode:
    return send_code(phone=phone, address=address, at=at)


def refusal(call: object, **kwargs: object) -> Refused:
    with pytest.raises(Refused) as caught:
        call(**kwargs)
    return caught.value


@pytest.mark.parametrize("text", ["19912345678", "+86 199-1234-5678", "0086 199 1234 5678", " 19912345678 "])
def test_a_phone_is_read_as_people_write_it(text: str) -> None:
    assert clean_phone(text) == PHONE


@pytest.mark.parametrize(
    "text", ["", "12812345678", "1991234567", "199123456789", "1991234567x", "１９９１２３４５６７８"]
)
def test_what_is_no_mobile_number_is_refused(text: str) -> None:
    assert "phone" in refusal(lambda: clean_phone(text)).details


def test_the_right_code_works_once() -> None:
    kept = send()
    assert SENT[-1][0] == PHONE
    assert check_code(code_id=kept.pk, code=f" {sent_code()} ", at=NINE + MINUTE).phone == PHONE
    assert refusal(check_code, code_id=kept.pk, code=sent_code(), at=NINE + MINUTE).code == "code_over"


def test_a_code_is_good_for_five_minutes_and_no_longer() -> None:
    kept = send()
    assert refusal(check_code, code_id=kept.pk, code=sent_code(), at=NINE + 5 * MINUTE).code == "code_over"
    assert check_code(code_id=kept.pk, code=sent_code(), at=NINE + 5 * MINUTE - timedelta(seconds=1))


def test_five_wrong_tries_use_a_code_up() -> None:
    kept = send()
    wrong = f"{(int(sent_code()) + 1) % 10**6:06d}"
    for _ in range(4):
        assert refusal(check_code, code_id=kept.pk, code=wrong, at=NINE).code == "code_wrong"
    assert refusal(check_code, code_id=kept.pk, code=wrong, at=NINE).code == "code_over"
    assert refusal(check_code, code_id=kept.pk, code=sent_code(), at=NINE).code == "code_over"


def test_a_code_belongs_to_the_request_that_asked_for_it() -> None:
    send()
    first = sent_code()
    other = send(phone="19987654321")
    if first != sent_code():
        assert refusal(check_code, code_id=other.pk, code=first, at=NINE).code == "code_wrong"


def test_one_phone_gets_a_few_codes_an_hour() -> None:
    send()
    assert refusal(send, at=NINE + timedelta(seconds=59)).code == "too_soon"
    for minute in range(1, 5):
        send(at=NINE + minute * MINUTE, address=f"10.0.0.{minute}")
    assert refusal(send, at=NINE + 6 * MINUTE, address="10.9.9.9").code == "too_many"
    assert send(at=NINE + 61 * MINUTE)


def test_one_address_asks_for_a_bounded_number_an_hour(monkeypatch: pytest.MonkeyPatch) -> None:
    read = codes.value
    monkeypatch.setattr(codes, "value", lambda code, at: 3 if code.endswith("address_hour") else read(code, at=at))
    for number in range(3):
        send(phone=f"1991111000{number}")
    assert refusal(send, phone="19911110009").status == 429
    assert send(phone="19911110009", address="10.0.0.2")


def test_nothing_readable_is_kept() -> None:
    send()
    with connection.cursor() as cursor:
        cursor.execute("SELECT row_to_json(c)::text FROM people_signincode c")
        row = cursor.fetchone()[0]
    assert PHONE not in row
    assert sent_code() not in re.sub(r'"(id|sent_at|expires_at)":[^,]+', "", row)


def test_a_provider_that_is_away_is_said_plainly(settings: Settings) -> None:
    settings.SMS_ADAPTER = f"{__name__}.Broken"
    assert refusal(send).status == 503


def test_the_file_adapter_writes_for_its_owner_only(settings: Settings, tmp_path: object) -> None:
    settings.SMS_ADAPTER, settings.DATA_FOLDER = "file", tmp_path
    adapter = sms_adapter()
    assert isinstance(adapter, FileSms)
    adapter.send(phone=PHONE, text="你好")
    file = settings.DATA_FOLDER / "outbox" / "sms.jsonl"
    assert "你好" in file.read_text(encoding="utf-8")
    assert file.stat().st_mode & 0o077 == 0


def test_old_codes_go() -> None:
    send()
    assert delete_old_codes(at=NINE + timedelta(hours=23)) == 0
    assert delete_old_codes(at=NINE + timedelta(hours=25)) == 1


@pytest.mark.django_db
@pytest.mark.parametrize("typed", [PHONE, f"+86 {PHONE}", f" {PHONE[:3]}-{PHONE[3:7]} {PHONE[7:]}"])
def test_whose_number_it_is_however_it_is_written(typed: str) -> None:
    account = make_account()
    account.set_phone(PHONE)
    account.save()
    assert account_of_phone(typed) == account
    assert account_of_phone("19900000001") is account_of_phone("no number") is account_of_phone("") is None
