"""Measures computed from events."""

from django.apps import AppConfig


class IndicatorsConfig(AppConfig):
    """Measures computed from events."""

    name = "linhe.core.indicators"
    label = "indicators"
    default_auto_field = "django.db.models.BigAutoField"
