"""Deliveries: tried again, handed to the next channel, quiet at night, within what a person allowed."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any, ClassVar

import pytest
from django.core import mail

from linhe.core.loop.refusals import Refused
from linhe.core.notices.channels import CHANNELS, Message, TryLater
from linhe.core.notices.channels.wechat import WechatChannel
from linhe.core.notices.delivering import deliver_due
from linhe.core.notices.models import Delivery, Grant, Notice
from linhe.core.notices.services import choose_channels, grant_messages, mark_read, send_notice
from linhe.core.people.models import Account
from tests.factories import make_account

DAY = datetime(2026, 3, 4, 1, 0, tzinfo=UTC)
NIGHT = datetime(2026, 3, 4, 14, 0, tzinfo=UTC)
MORNING = datetime(2026, 3, 5, 0, 0, tzinfo=UTC)
BUSY = f"{__name__}.BusyChannel"

pytestmark = pytest.mark.django_db


class BusyChannel:
    """A provider that is never there."""

    asked: ClassVar[list[Message]] = []

    def send(self, message: Message) -> None:
        self.asked.append(message)
        raise TryLater("busy")


@pytest.fixture(autouse=True)
def outside(settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    settings.DATA_FOLDER = tmp_path
    settings.NOTICE_CHANNELS = ["email", "file"]
    monkeypatch.setitem(CHANNELS, "busy", BUSY)
    BusyChannel.asked.clear()
    return settings


def send(account: Account, at: datetime = DAY, *, urgent: bool = False) -> Notice:
    return send_notice(accounts=[account], code="test.hello", at=at, urgent=urgent)[0]


def states(notice: Notice) -> list[tuple[str, str]]:
    return list(Delivery.objects.filter(notice=notice).order_by("pk").values_list("channel", "state"))


def written(folder: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (folder / "outbox" / "notices.jsonl").read_text().splitlines()]


def test_a_mail_is_sent_once() -> None:
    notice = send(make_account(email="a@example.org"))
    assert deliver_due(at=DAY) == 1
    assert deliver_due(at=DAY + timedelta(hours=1)) == 0
    assert states(notice) == [("email", "sent")]
    assert [m.to for m in mail.outbox] == [["a@example.org"]]


def test_without_an_address_the_next_channel_is_tried(outside: Any) -> None:
    account = make_account("王桂英")
    notice = send(account)
    assert deliver_due(at=DAY) == 1
    assert states(notice) == [("email", "failed"), ("file", "sent")]
    (entry,) = written(outside.DATA_FOLDER)
    assert entry["account"] == account.pk
    assert "王桂英" not in json.dumps(entry, ensure_ascii=False)


def test_a_person_chooses_channels_and_their_order(outside: Any) -> None:
    outside.NOTICE_CHANNELS = ["email", "file", "console"]
    account = make_account(email="a@example.org")
    choose_channels(account=account, channels=["file", "email"])
    deliver_due(at=DAY) if send(account) else None
    assert len(written(outside.DATA_FOLDER)) == 1
    assert mail.outbox == []
    choose_channels(account=account, channels=[])
    assert states(send(account)) == []
    with pytest.raises(Refused, match="invalid"):
        choose_channels(account=account, channels=["pigeon"])


def test_a_busy_provider_is_asked_again_then_given_up(outside: Any) -> None:
    outside.NOTICE_CHANNELS = ["busy", "file"]
    notice = send(make_account())
    deliver_due(at=DAY)
    deliver_due(at=DAY + timedelta(seconds=59))
    assert len(BusyChannel.asked) == 1
    assert Delivery.objects.get().last_error == "busy"
    for minutes in (1, 3, 7, 15, 31):
        deliver_due(at=DAY + timedelta(minutes=minutes))
    assert len(BusyChannel.asked) == 5
    assert states(notice) == [("busy", "failed"), ("file", "sent")]


def test_nothing_disturbs_at_night_except_what_is_urgent() -> None:
    account = make_account(email="a@example.org")
    calm, urgent = send(account, NIGHT), send(account, NIGHT, urgent=True)
    late = send(account, NIGHT - timedelta(hours=2))
    deliver_due(at=NIGHT)
    assert (states(calm)[0][1], states(urgent)[0][1], states(late)[0][1]) == ("waiting", "sent", "waiting")
    assert Delivery.objects.get(notice=late).next_at == MORNING
    assert deliver_due(at=MORNING) == 2


def test_what_was_read_is_not_pushed() -> None:
    account = make_account(email="a@example.org")
    notice = send(account)
    mark_read(account=account, at=DAY)
    assert deliver_due(at=DAY) == 0
    assert states(notice) == [("email", "read_before")]


class _Wechat(BaseHTTPRequestHandler):
    """Answers like the documented endpoints."""

    answers: ClassVar[list[int]] = []
    asked: ClassVar[list[tuple[str, dict[str, Any]]]] = []

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.asked.append((self.path, body))
        token = self.path == "/cgi-bin/stable_token"
        answer = {"access_token": "T", "expires_in": 7200} if token else {"errcode": self.answers.pop(0), "errmsg": ""}
        self.send_response(200)
        self.end_headers()
        self.wfile.write(json.dumps(answer).encode())

    def log_message(self, *args: Any) -> None:
        return


@pytest.fixture
def wechat(outside: Any) -> Iterator[type[_Wechat]]:
    server = HTTPServer(("127.0.0.1", 0), _Wechat)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    outside.WECHAT_URL = f"http://127.0.0.1:{server.server_port}"
    outside.WECHAT_APP_ID, outside.WECHAT_APP_SECRET, outside.WECHAT_TEMPLATE = "app", "secret", "template"
    outside.NOTICE_CHANNELS = ["wechat", "file"]
    WechatChannel._tokens.clear()
    _Wechat.asked.clear()
    yield _Wechat
    server.shutdown()
    thread.join()
    server.server_close()


def allow(account: Account, count: int) -> None:
    grant_messages(account=account, channel="wechat", template="template", address="openid", count=count)


def test_wechat_sends_as_many_messages_as_were_allowed(wechat: type[_Wechat]) -> None:
    account = make_account()
    allow(account, 1)
    allow(account, 1)
    wechat.answers[:] = [0, 0]
    sent = [send(account) for _ in range(3)]
    assert deliver_due(at=DAY) == 3
    assert [states(n) for n in sent] == [
        [("wechat", "sent")], [("wechat", "sent")], [("wechat", "failed"), ("file", "sent")],
    ]  # fmt: skip
    paths = [path.split("?")[0] for path, _ in wechat.asked]
    assert paths == ["/cgi-bin/stable_token", *["/cgi-bin/message/subscribe/send"] * 2]
    body = wechat.asked[1][1]
    assert (body["touser"], body["template_id"], body["data"]["time2"]["value"]) == (
        "openid", "template", "2026-03-04 09:00",
    )  # fmt: skip


def test_wechat_forgets_a_permission_that_was_taken_back(wechat: type[_Wechat]) -> None:
    account = make_account()
    allow(account, 3)
    wechat.answers[:] = [43101]
    notice = send(account)
    deliver_due(at=DAY)
    assert states(notice) == [("wechat", "failed"), ("file", "sent")]
    assert Grant.objects.get().left == 0


def test_wechat_takes_a_new_token_when_the_old_one_is_stale(wechat: type[_Wechat]) -> None:
    account = make_account()
    allow(account, 1)
    wechat.answers[:] = [42001, 0]
    assert states(send(account)) == [("wechat", "waiting")]
    assert deliver_due(at=DAY) == 1
    assert len([path for path, _ in wechat.asked if path == "/cgi-bin/stable_token"]) == 2


def test_wechat_gives_the_message_back_when_it_could_not_be_reached(outside: Any, wechat: type[_Wechat]) -> None:
    account = make_account()
    allow(account, 1)
    outside.WECHAT_URL = "http://127.0.0.1:9"
    notice = send(account)
    deliver_due(at=DAY)
    assert states(notice) == [("wechat", "waiting")]
    assert Grant.objects.get().left == 1
