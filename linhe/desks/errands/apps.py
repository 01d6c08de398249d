"""The errands desk."""

from django.apps import AppConfig


class ErrandsConfig(AppConfig):
    """On-the-way help by couriers."""

    name = "linhe.desks.errands"
    label = "errands"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Make the desk known, and what it holds about people."""
        from linhe.core.loop import retention
        from linhe.core.loop.registry import register_desk
        from linhe.core.people import holdings
        from linhe.desks.errands.desk import DESK
        from linhe.desks.errands.services.personal import HOLDING, forget

        register_desk(DESK)
        holdings.register(HOLDING)
        retention.register(DESK.kinds[0].code, forget)
