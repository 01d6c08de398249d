"""Addresses of the power desk."""

from django.urls import URLPattern, URLResolver

app_name = "power"

urlpatterns: list[URLPattern | URLResolver] = []
