"""The points ledger."""

from django.apps import AppConfig


class PointsConfig(AppConfig):
    """The points ledger."""

    name = "linhe.core.points"
    label = "points"
    default_auto_field = "django.db.models.BigAutoField"
