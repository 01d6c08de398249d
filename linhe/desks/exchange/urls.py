"""Addresses of the exchange desk."""

from django.urls import URLPattern, URLResolver, path

from linhe.desks.exchange.views import rulebook

app_name = "exchange"

urlpatterns: list[URLPattern | URLResolver] = [
    path("rules/", rulebook.rules, name="rules"),
]
