"""The loop: matters, stages, actions, clocks, evidence and the event log."""

from django.apps import AppConfig


class LoopConfig(AppConfig):
    """The one door for every write of a matter."""

    name = "linhe.core.loop"
    label = "loop"
    default_auto_field = "django.db.models.BigAutoField"
