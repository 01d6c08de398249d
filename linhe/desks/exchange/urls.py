"""Addresses of the exchange desk."""

from django.urls import URLPattern, URLResolver, path

from linhe.desks.exchange.views import opendata, province, rulebook, supervision

app_name = "exchange"

urlpatterns: list[URLPattern | URLResolver] = [
    path("open/", opendata.opendata, name="opendata"),
    path("open/<slug:code>/<int:year>/<str:name>", opendata.download, name="download"),
    path("rules/", rulebook.rules, name="rules"),
    path("supervision/", supervision.supervision, name="supervision"),
    path("supervision/draw/", supervision.draw, name="draw"),
    path("supervision/open/", supervision.open_case, name="open_case"),
    path("province/", province.dashboard, name="province"),
    path("province/<slug:what>/", province.behind, name="behind"),
]
