"""The property desk."""

from django.apps import AppConfig


class PropertyConfig(AppConfig):
    """Property companies: assessed by three parties, and how one leaves."""

    name = "linhe.desks.property"
    label = "property"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Make the desk known, and what it forgets with its matters."""
        from linhe.core.loop import retention
        from linhe.core.loop.registry import register_desk
        from linhe.desks.property.desk import DESK
        from linhe.desks.property.services.personal import forget

        register_desk(DESK)
        retention.register("assessment", forget)
