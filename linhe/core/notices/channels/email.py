"""E-mail through Django's configured backend."""

from __future__ import annotations

import smtplib

from django.core.mail import send_mail

from linhe.core.notices.channels.base import CannotDeliver, Message, TryLater


class EmailChannel:
    """Sends to the account's own address."""

    def send(self, message: Message) -> None:
        """Send one plain mail; the subject is the first sentence."""
        if not message.account.email:
            raise CannotDeliver("no e-mail address")
        subject = message.text.replace("。", "\n").replace(". ", "\n").splitlines()[0][:80]
        try:
            send_mail(subject, message.text, None, [message.account.email])
        except smtplib.SMTPRecipientsRefused as error:
            raise CannotDeliver("the mail server refused the address") from error
        except (smtplib.SMTPException, OSError) as error:
            raise TryLater(f"the mail server: {type(error).__name__}") from error
