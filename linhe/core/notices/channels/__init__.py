"""The ways out: one small class a channel, all of one shape. To add one, copy the nearest file and name it in
``CHANNELS``, or name its dotted path in ``settings.NOTICE_CHANNELS``."""

from __future__ import annotations

from django.utils.module_loading import import_string

from linhe.core.notices.channels.base import CannotDeliver, Channel, Message, NotConfigured, TryLater

__all__ = ["CHANNELS", "CannotDeliver", "Channel", "Message", "NotConfigured", "TryLater", "channel"]

CHANNELS = {
    "console": "linhe.core.notices.channels.console.ConsoleChannel",
    "file": "linhe.core.notices.channels.file.FileChannel",
    "email": "linhe.core.notices.channels.email.EmailChannel",
    "sms": "linhe.core.notices.channels.sms.SmsChannel",
    "wechat": "linhe.core.notices.channels.wechat.WechatChannel",
}


def channel(name: str) -> Channel:
    """The channel of that name; raises :class:`NotConfigured` when it lacks a setting or does not exist."""
    try:
        made: Channel = import_string(CHANNELS.get(name, name))()
    except ImportError as error:
        raise NotConfigured(f"there is no channel {name!r}") from error
    return made
