"""The points ledger."""

from django.apps import AppConfig


class PointsConfig(AppConfig):
    """Points for services: credited once, pending until the dispute window closes, never edited."""

    name = "linhe.core.points"
    label = "points"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Have ``linhe verify`` recount the ledger, and export and erasure of a person reach it."""
        from linhe.core.loop import verifying
        from linhe.core.people import holdings
        from linhe.core.points.checking import problems_of_the_ledger
        from linhe.core.points.personal import HOLDING

        verifying.register("ledger", problems_of_the_ledger)
        holdings.register(HOLDING)
