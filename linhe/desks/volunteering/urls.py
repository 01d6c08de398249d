"""Addresses of this desk."""

from django.urls import URLPattern, URLResolver, path

from linhe.desks.volunteering.views import (
    activities,
    console,
    evaluation,
    mine,
    points,
    posts,
    running,
    selections,
    serving,
    settlements,
    shop,
    steps,
)

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
_POINTS: list[URLPattern | URLResolver] = [
    path("points/", points.my_points, name="points"),
    path("points/code/", points.show_code, name="code"),
    path("points/ranking/", points.ranking, name="ranking"),
    path("shop/", shop.shop, name="shop"),
    path("shop/items/", shop.items, name="items"),
    path("shop/<int:shop_id>/statement.xlsx", shop.statement, name="statement"),
    path("shop/redemptions/<int:matter_id>/undo/", shop.undo, name="undo"),
    path("settlements/", settlements.settlements, name="settlements"),
    path("settlements/<int:matter_id>/", settlements.settlement, name="settlement"),
    path("rewards/<int:reward_id>/", settlements.reward, name="reward"),
    path("selections/", selections.selections, name="selections"),
    path("selections/<int:matter_id>/", selections.selection, name="selection"),
    path("selections/<int:matter_id>/vote/", selections.vote, name="vote"),
]
urlpatterns = [*_ACTIVITIES, *_COMMUNITY, *_POINTS]
