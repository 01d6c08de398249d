"""The shell: pages that every desk stands in."""

from django.apps import AppConfig


class WebConfig(AppConfig):
    """Layout, components, sign-in, home, console, dashboards and the map."""

    name = "linhe.web"
    label = "web"
