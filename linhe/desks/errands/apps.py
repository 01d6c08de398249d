"""The errands desk."""

from django.apps import AppConfig


class ErrandsConfig(AppConfig):
    """On-the-way help by couriers."""

    name = "linhe.desks.errands"
    label = "errands"
    default_auto_field = "django.db.models.BigAutoField"
