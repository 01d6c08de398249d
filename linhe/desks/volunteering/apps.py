"""The volunteering desk."""

from django.apps import AppConfig


class VolunteeringConfig(AppConfig):
    """Posts, check-ins, activities, needs, hours, evaluation and points."""

    name = "linhe.desks.volunteering"
    label = "volunteering"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Make the desk known, and what it holds about people."""
        from linhe.core.loop import retention
        from linhe.core.loop.registry import register_desk
        from linhe.core.people import holdings
        from linhe.desks.volunteering.desk import DESK
        from linhe.desks.volunteering.services.personal import FORGETTING, HOLDING

        register_desk(DESK)
        holdings.register(HOLDING)
        for kind, forget in FORGETTING.items():
            retention.register(kind, forget)
