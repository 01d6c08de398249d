"""Addresses of the power desk."""

from django.urls import URLPattern, URLResolver, path

from linhe.desks.power.views import events, phone

app_name = "power"

urlpatterns: list[URLPattern | URLResolver] = [
    path("", events.home, name="home"),
    path("alarm/", events.raise_alarm, name="alarm"),
    path("sw.js", phone.service_worker, name="service_worker"),
    path("<int:matter_id>/", events.event, name="event"),
    path("<int:matter_id>/solve/", events.solve, name="solve"),
    path("<int:matter_id>/run/", phone.run, name="run"),
    path("<int:matter_id>/replan/", phone.replan, name="replan"),
    path("<int:matter_id>/do/<slug:action>/", phone.do, name="do"),
]
