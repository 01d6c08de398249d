"""Text messages through the adapter that also brings the sign-in codes."""

from __future__ import annotations

from linhe.core.notices.channels.base import CannotDeliver, Message, TryLater
from linhe.core.people.sms import SmsFailed, sms_adapter


class SmsChannel:
    """Sends to the account's phone."""

    def send(self, message: Message) -> None:
        """Send one text message."""
        if not message.account.phone:
            raise CannotDeliver("no phone number")
        try:
            sms_adapter().send(phone=message.account.phone, text=message.text)
        except SmsFailed as error:
            raise TryLater("the SMS provider did not take it") from error
