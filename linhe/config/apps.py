"""The top floor as an app, so that its commands are found."""

from django.apps import AppConfig


class ConfigConfig(AppConfig):
    """Wires everything; holds no models."""

    name = "linhe.config"
    label = "config"
