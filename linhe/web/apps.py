"""The shell: layout, components, pages that serve every desk."""

from django.apps import AppConfig


class WebConfig(AppConfig):
    """The shell."""

    name = "linhe.web"
    label = "web"
