"""The volunteering desk."""

from django.apps import AppConfig


class VolunteeringConfig(AppConfig):
    """Posts, check-ins, activities, needs, hours, evaluation and points."""

    name = "linhe.desks.volunteering"
    label = "volunteering"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Make the desk known, and what it holds about people."""
        from linhe.core.loop import retention, verifying
        from linhe.core.loop.registry import register_desk
        from linhe.core.people import holdings
        from linhe.desks.volunteering.desk import DESK
        from linhe.desks.volunteering.services import own_honours
        from linhe.desks.volunteering.services.personal import FORGETTING, HOLDING
        from linhe.desks.volunteering.services.settling import problems_of_the_snapshots

        register_desk(DESK)
        holdings.register(HOLDING)
        holdings.register(own_honours.HOLDING)
        verifying.register("settlements", problems_of_the_snapshots)
        for kind, forget in FORGETTING.items():
            retention.register(kind, forget)
