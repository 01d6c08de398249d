"""The reports desk."""

from django.apps import AppConfig


class ReportsConfig(AppConfig):
    """Hazard snapshots and requests of residents."""

    name = "linhe.desks.reports"
    label = "reports"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Make the desk known, and what it holds about people."""
        from linhe.core.loop.registry import register_desk
        from linhe.core.people import holdings
        from linhe.desks.reports.desk import DESK
        from linhe.desks.reports.services.personal import HOLDING

        register_desk(DESK)
        holdings.register(HOLDING)
