"""Run sheets: timed steps that several people confirm by call and repeat."""

from django.apps import AppConfig


class RunsheetsConfig(AppConfig):
    """Dated templates, the sheets made from them, and how each step went against its time."""

    name = "linhe.core.runsheets"
    label = "runsheets"
    default_auto_field = "django.db.models.BigAutoField"
