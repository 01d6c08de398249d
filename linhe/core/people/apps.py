"""Accounts, posts, access, consent, privacy."""

from django.apps import AppConfig


class PeopleConfig(AppConfig):
    """People: who someone is, which post they hold, and what they agreed to."""

    name = "linhe.core.people"
    label = "people"
    default_auto_field = "django.db.models.BigAutoField"
