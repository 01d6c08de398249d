"""The care desk."""

from django.apps import AppConfig


class CareConfig(AppConfig):
    """Daily look-ins, visits and appointments."""

    name = "linhe.desks.care"
    label = "care"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Make the desk known, what it holds about people, and what stops with a consent."""
        from linhe.core.loop import retention
        from linhe.core.loop.listeners import on_event
        from linhe.core.loop.registry import register_desk
        from linhe.core.people import holdings, looks, withdrawals
        from linhe.desks.care.desk import DESK
        from linhe.desks.care.loop import DAILY_CHECK, GLASS, VISIT
        from linhe.desks.care.queries.records import EMERGENCY_PURPOSE, PURPOSES, RECORD
        from linhe.desks.care.services.enrolling import stop_checks
        from linhe.desks.care.services.family import tell_family
        from linhe.desks.care.services.personal import HOLDING, forget_days, forget_openings
        from linhe.desks.care.services.visits import forget_needs
        from linhe.lib.text import Text

        register_desk(DESK)
        holdings.register(HOLDING)
        looks.register(
            what={RECORD: Text("关照档案", "record of care")}, reasons=PURPOSES | {"emergency": EMERGENCY_PURPOSE}
        )
        retention.register(DAILY_CHECK.code, forget_days)
        retention.register(VISIT.code, forget_openings)
        retention.register(GLASS.code, forget_openings)
        on_event(tell_family)
        withdrawals.register("daily_check", stop_checks)
        withdrawals.register("health_needs", forget_needs)
