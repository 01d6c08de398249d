"""Registers the toy desk while tests run."""

from django.apps import AppConfig


class ToyConfig(AppConfig):
    """The toy desk."""

    name = "tests.desks.toy"
    label = "toy"

    def ready(self) -> None:
        """Make the desk known."""
        from linhe.core.loop.registry import register_desk
        from tests.desks.toy.desk import DESK

        register_desk(DESK)
