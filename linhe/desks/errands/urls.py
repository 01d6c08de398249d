"""Addresses of the errands desk."""

from django.urls import URLPattern, URLResolver, path

from linhe.desks.errands.views import asking, board, errand, riding

app_name = "errands"

urlpatterns: list[URLPattern | URLResolver] = [
    path("", asking.menu, name="menu"),
    path("mine/", asking.history, name="history"),
    path("place/", asking.choose_place, name="place"),
    path("new/<slug:service_code>/", asking.new, name="new"),
    path("<int:matter_id>/", errand.errand, name="errand"),
    path("<int:matter_id>/do/<slug:action>/", errand.do, name="do"),
    path("<int:matter_id>/address/", errand.address, name="address"),
    path("<int:matter_id>/take/", errand.take, name="take"),
    path("<int:matter_id>/dispatch/", board.dispatch, name="dispatch"),
    path("<int:matter_id>/move/<slug:lane>/", board.move, name="move"),
    path("courier/", riding.courier, name="courier"),
    path("courier/on/", riding.go_on_duty, name="on_duty"),
    path("courier/off/", riding.go_off_duty, name="off_duty"),
    path("courier/position/", riding.position, name="position"),
    path("courier/stops/<int:stop_id>/", riding.passed, name="passed"),
    path("courier/points/", riding.points, name="points"),
    path("board/", board.board, name="board"),
]
