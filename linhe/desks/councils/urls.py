"""Addresses of the councils desk."""

from django.urls import URLPattern, URLResolver, path

from linhe.desks.councils.views import home, meeting, members, work

app_name = "councils"

urlpatterns: list[URLPattern | URLResolver] = [
    path("", home.home, name="home"),
    path("propose/", home.propose, name="propose"),
    path("petitions/<int:matter_id>/", home.petition, name="petition"),
    path("petitions/<int:matter_id>/<slug:action>/", home.petition_do, name="petition_do"),
    path("bodies/<int:body_id>/", home.body, name="body"),
    path("bodies/<int:body_id>/members/", members.members, name="members"),
    path("bodies/<int:body_id>/plan/", work.plan, name="plan"),
    path("meetings/<int:matter_id>/", meeting.meeting, name="meeting"),
    path("meetings/<int:matter_id>/do/<slug:action>/", meeting.do, name="meeting_do"),
    path("meetings/<int:matter_id>/vote/<int:motion_id>/", meeting.ballot, name="ballot"),
    path("meetings/<int:matter_id>/minutes.pdf", meeting.minutes, name="minutes"),
    path("meetings/<int:matter_id>/run/", work.run, name="run"),
    path("meetings/<int:matter_id>/run/<slug:action>/", work.run_do, name="run_do"),
    path("meetings/<int:matter_id>/code/", work.code, name="code"),
    path("motions/<int:motion_id>/publish/", work.publish, name="publish"),
    path("resolutions/<int:matter_id>/", home.resolution, name="resolution"),
    path("resolutions/<int:matter_id>/<slug:action>/", home.resolution_do, name="resolution_do"),
    path("work/", work.work, name="work"),
    path("work/found/", members.found, name="found"),
]
