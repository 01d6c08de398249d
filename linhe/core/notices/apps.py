"""Messages to people."""

from django.apps import AppConfig


class NoticesConfig(AppConfig):
    """Notices made by events, delivered by channels, quiet at night."""

    name = "linhe.core.notices"
    label = "notices"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Listen to events, check the texts and channels at the start, and let export and erasure reach notices."""
        from django.core import checks

        from linhe.core.loop.listeners import on_event
        from linhe.core.notices.checking import texts_and_channels_are_right
        from linhe.core.notices.listening import notice_event
        from linhe.core.notices.personal import HOLDING
        from linhe.core.people import holdings

        on_event(notice_event)
        checks.register(texts_and_channels_are_right)
        holdings.register(HOLDING)
