"""WeChat subscription messages (订阅消息) of a mini program.

Source: developers.weixin.qq.com, "sendMessage" (POST /cgi-bin/message/subscribe/send: 40003 wrong openid, 43101 refused
by the user, 47003 wrong template data) and "getStableAccessToken" (POST /cgi-bin/stable_token). A user allows messages
one by one: what is left is counted in :class:`Grant`.
"""

from __future__ import annotations

import http.client
import json
import threading
import urllib.request
from datetime import datetime, timedelta
from typing import Any, ClassVar

from django.conf import settings

from linhe.core.notices.channels.base import CannotDeliver, Message, NotConfigured, TryLater
from linhe.core.notices.services import drop_grant, grant_messages, use_grant
from linhe.lib.working_calendar import SHANGHAI

CHANNEL = "wechat"
_TIMEOUT_S = 5
_STALE_TOKEN = {40001, 40014, 42001}
_REFUSED_BY_USER = {43101, 40003}
_THING = 20  # a "thing" holds at most 20 characters


class WechatChannel:
    """Sends one of the messages that the person allowed. Built only when all four settings are given."""

    _tokens: ClassVar[dict[str, tuple[str, datetime]]] = {}
    _asking: ClassVar[threading.Lock] = threading.Lock()

    def __init__(self) -> None:
        self.app_id, self.secret = settings.WECHAT_APP_ID, settings.WECHAT_APP_SECRET
        self.template, self.base_url = settings.WECHAT_TEMPLATE, settings.WECHAT_URL
        if not (self.app_id and self.secret and self.template and self.base_url):
            raise NotConfigured("LINHE_WECHAT_APP_ID, LINHE_WECHAT_APP_SECRET and LINHE_WECHAT_TEMPLATE are needed")

    def send(self, message: Message) -> None:
        """Use one allowed message and send it; what did not go out is given back."""
        openid = use_grant(account=message.account, channel=CHANNEL, template=self.template)
        if openid is None:
            raise CannotDeliver("no message allowed any more")
        try:
            answer = self._send(message, openid)
            if answer["errcode"] in _STALE_TOKEN:
                self._tokens.pop(self.app_id, None)
                answer = self._send(message, openid)
        except TryLater:
            grant_messages(account=message.account, channel=CHANNEL, template=self.template, address=openid)
            raise
        code = answer["errcode"]
        if code in _REFUSED_BY_USER:
            drop_grant(account=message.account, channel=CHANNEL, template=self.template)
        if code:
            raise CannotDeliver(f"WeChat answered {code}")

    def _send(self, message: Message, openid: str) -> dict[str, Any]:
        local = message.at.astimezone(SHANGHAI)
        return self._post(
            f"/cgi-bin/message/subscribe/send?access_token={self._token(message.at)}",
            {
                "touser": openid,
                "template_id": self.template,
                "page": f"pages/matter?id={message.matter_id}" if message.matter_id else "pages/notices",
                "lang": "en_US" if message.account.language == "en" else "zh_CN",
                "data": {"thing1": {"value": message.text[:_THING]}, "time2": {"value": f"{local:%Y-%m-%d %H:%M}"}},
            },
        )

    def _token(self, at: datetime) -> str:
        with self._asking:
            token, until = self._tokens.get(self.app_id, ("", at))
            if until <= at:
                answer = self._post(
                    "/cgi-bin/stable_token",
                    {"grant_type": "client_credential", "appid": self.app_id, "secret": self.secret},
                )
                if not answer.get("access_token"):
                    raise TryLater(f"WeChat gave no token: {answer['errcode']}")
                token = str(answer["access_token"])
                self._tokens[self.app_id] = token, at + timedelta(seconds=int(answer["expires_in"]) - 300)
            return token

    def _post(self, path: str, body: dict[str, Any]) -> dict[str, Any]:
        """POST JSON; the secret and the token never get into an error's text."""
        request = urllib.request.Request(
            self.base_url + path, json.dumps(body, ensure_ascii=False).encode(), {"Content-Type": "application/json"}
        )
        try:
            with urllib.request.urlopen(request, timeout=_TIMEOUT_S) as response:
                answer: dict[str, Any] = {"errcode": 0} | json.loads(response.read())
        except (OSError, http.client.HTTPException, json.JSONDecodeError) as error:
            raise TryLater(f"WeChat: {type(error).__name__}") from error
        return answer
