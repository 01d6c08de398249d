"""The territory tree."""

from django.apps import AppConfig


class PlacesConfig(AppConfig):
    """Places: who stands where, from district to unit."""

    name = "linhe.core.places"
    label = "places"
    default_auto_field = "django.db.models.BigAutoField"
