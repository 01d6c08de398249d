"""Addresses of the power desk."""

from django.urls import URLPattern, URLResolver, path

from linhe.desks.power.views import events, feeders, phone, review, trucks, wall

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
    path("<int:matter_id>/wall/", wall.wall, name="wall"),
    path("<int:matter_id>/wall/points.json", wall.wall_points, name="wall_points"),
    path("<int:matter_id>/guests/", wall.invite, name="invite"),
    path("<int:matter_id>/guests/revoke/", wall.revoke, name="revoke"),
    path("guest/<str:token>/", wall.guest, name="guest"),
    path("guest/<str:token>/points.json", wall.guest_points, name="guest_points"),
    path("<int:matter_id>/review/", review.review, name="review"),
    path("<int:matter_id>/review/report.pdf", review.report, name="report"),
    path("<int:matter_id>/review/find/", review.find, name="find"),
    path("trucks/", trucks.trucks, name="trucks"),
    path("trucks/ask/", trucks.ask, name="ask_aid"),
    path("trucks/<int:truck_id>/ready/", trucks.ready, name="truck_ready"),
    path("feeders/", feeders.feeders, name="feeders"),
    path("feeders/new/", feeders.new_feeder, name="new_feeder"),
    path("feeders/<int:matter_id>/", feeders.feeder, name="feeder"),
    path("feeders/<int:matter_id>/do/<slug:action>/", feeders.feeder_do, name="feeder_do"),
    path("feeders/versions/<int:feeder_id>/", feeders.version, name="feeder_version"),
    path("aid/<int:matter_id>/do/<slug:action>/", trucks.aid_do, name="aid_do"),
]
