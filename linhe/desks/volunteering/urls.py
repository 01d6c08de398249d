"""Addresses of this desk."""

from django.urls import URLPattern, URLResolver, path

from linhe.desks.volunteering.views import activities, console, evaluation, mine, posts, running, serving, steps

app_name = "volunteering"

_ACTIVITIES: list[URLPattern | URLResolver] = [
    path("", activities.activities, name="activities"),
    path("calendar/", activities.calendar, name="calendar"),
    path("activities/new/", running.publish, name="publish"),
    path("activities/<int:activity_id>/", activities.activity, name="activity"),
    path("activities/<int:activity_id>/do/<slug:action>/", steps.do, name="do"),
    path("activities/<int:activity_id>/run/", running.run, name="run"),
    path("activities/<int:activity_id>/screen/", running.screen, name="screen"),
    path("me/", mine.me, name="me"),
    path("me/hours/", mine.log_hours, name="hours"),
    path("me/check-in/", mine.check_in, name="check_in"),
]
_COMMUNITY: list[URLPattern | URLResolver] = [
    path("desk/", console.overview, name="overview"),
    path("participation/", console.participation, name="participation"),
    path("participation.xlsx", console.participation_xlsx, name="participation_xlsx"),
    path("posts/", posts.posts, name="posts"),
    path("posts/vacancies.geojson", posts.vacancy_layer, name="vacancies"),
    path("posts/fill/<slug:role>/<str:code>/", posts.fill, name="fill"),
    path("posts/<int:matter_id>/hand-over/", posts.hand_over, name="hand_over"),
    path("organisations/", serving.organisations, name="organisations"),
    path("needs/<int:matter_id>/match/", serving.match, name="match"),
    path("evaluations/", evaluation.rounds, name="evaluations"),
    path("evaluations/<int:matter_id>/", evaluation.evaluation, name="evaluation"),
    path("evaluations/rows/<int:row_id>/", evaluation.row, name="evaluation_row"),
]
urlpatterns = [*_ACTIVITIES, *_COMMUNITY]
