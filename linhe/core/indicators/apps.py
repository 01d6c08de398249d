"""Measures computed from events."""

from django.apps import AppConfig


class IndicatorsConfig(AppConfig):
    """Every figure of every dashboard comes from the event log, and can be recounted from it."""

    name = "linhe.core.indicators"
    label = "indicators"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Listen to events, check the declared measures at the start, and have ``linhe verify`` recount."""
        from django.core import checks

        from linhe.core.indicators.checking import measures_are_right, problems_of_the_rollups
        from linhe.core.indicators.rolling import remember_event
        from linhe.core.loop import verifying
        from linhe.core.loop.listeners import on_event

        on_event(remember_event)
        checks.register(measures_are_right)
        verifying.register("indicators", problems_of_the_rollups)
