"""The loop: matters, stages, actions, clocks, evidence and the event log."""

from django.apps import AppConfig


class LoopConfig(AppConfig):
    """The one door for every write of a matter."""

    name = "linhe.core.loop"
    label = "loop"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Have export and erasure of a person reach their matters."""
        from linhe.core.loop.personal import HOLDING
        from linhe.core.people import holdings

        holdings.register(HOLDING)
