"""Messages to people."""

from django.apps import AppConfig


class NoticesConfig(AppConfig):
    """Notices made by events, delivered by channels, quiet at night."""

    name = "linhe.core.notices"
    label = "notices"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Listen to events, and check the texts and channels when the application starts."""
        from django.core import checks

        from linhe.core.loop.listeners import on_event
        from linhe.core.notices.checking import texts_and_channels_are_right
        from linhe.core.notices.listening import notice_event

        on_event(notice_event)
        checks.register(texts_and_channels_are_right)
