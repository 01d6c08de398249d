"""The councils desk."""

from django.apps import AppConfig


class CouncilsConfig(AppConfig):
    """Councils, joint meetings and owners' assemblies."""

    name = "linhe.desks.councils"
    label = "councils"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Make the desk known, and what it holds about people."""
        from linhe.core.loop import retention
        from linhe.core.loop.registry import register_desk
        from linhe.core.people import holdings
        from linhe.desks.councils.desk import DESK
        from linhe.desks.councils.services.personal import HOLDING, forget

        register_desk(DESK)
        holdings.register(HOLDING)
        for kind in DESK.kinds:
            retention.register(kind.code, forget)
