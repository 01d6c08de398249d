"""The reports desk."""

from django.apps import AppConfig


class ReportsConfig(AppConfig):
    """Hazard snapshots and requests of residents."""

    name = "linhe.desks.reports"
    label = "reports"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Make the desk known, and what it holds about people."""
        from linhe.core.loop import retention
        from linhe.core.loop.registry import register_desk
        from linhe.core.people import holdings
        from linhe.desks.reports.desk import DESK
        from linhe.desks.reports.loop import HOTLINE, REPORT
        from linhe.desks.reports.services.callers import HOTLINE_HOLDING, forget_callers
        from linhe.desks.reports.services.open311 import forget_senders
        from linhe.desks.reports.services.personal import HOLDING

        register_desk(DESK)
        holdings.register(HOLDING)
        holdings.register(HOTLINE_HOLDING)
        retention.register(HOTLINE.code, forget_callers)
        retention.register(REPORT.code, forget_senders)
