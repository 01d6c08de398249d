"""The errands desk."""

from django.apps import AppConfig


class ErrandsConfig(AppConfig):
    """On-the-way help by couriers."""

    name = "linhe.desks.errands"
    label = "errands"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Make the desk known."""
        from linhe.core.loop.registry import register_desk
        from linhe.desks.errands.desk import DESK

        register_desk(DESK)
