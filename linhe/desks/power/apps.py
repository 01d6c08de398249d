"""The power desk."""

from django.apps import AppConfig


class PowerConfig(AppConfig):
    """A failed 10 kV line restored with ties and generator trucks, and drilled against the clock."""

    name = "linhe.desks.power"
    label = "power"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Make the desk and its roles known."""
        from linhe.core.loop.registry import register_desk
        from linhe.core.people.roles import register_role
        from linhe.desks.power.desk import DESK
        from linhe.desks.power.loop.roles import ROLES

        for role in ROLES:
            register_role(role)
        register_desk(DESK)
