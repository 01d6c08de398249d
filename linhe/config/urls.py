"""The address plan: the shell, accounts, one prefix a desk, the API."""

from django.urls import URLPattern, URLResolver

urlpatterns: list[URLPattern | URLResolver] = []
