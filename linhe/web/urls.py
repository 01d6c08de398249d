"""Addresses of the shell."""

from django.urls import URLPattern, URLResolver, path

from linhe.web.views import (
    board,
    dashboard,
    design,
    desks,
    display,
    home,
    lists,
    maps,
    matters,
    mine,
    notices,
)

app_name = "web"

urlpatterns: list[URLPattern | URLResolver] = [
    path("", home.home, name="home"),
    path("my/", mine.my_matters, name="my"),
    path("matters/", lists.matters, name="matters"),
    path("matters/<int:matter_id>/", matters.matter_page, name="matter"),
    path("matters/<int:matter_id>/do/<slug:action>/", matters.do_action, name="do"),
    path("matters/<int:matter_id>/photos/<int:photo_id>/", matters.photo, name="photo"),
    path("new/<slug:kind_code>/<slug:action>/", matters.new_matter, name="new"),
    path("console/", board.board, name="console"),
    path("desks/<slug:code>/", desks.desk_page, name="desk"),
    path("notices/", notices.notices, name="notices"),
    path("display/", display.display, name="display"),
    path("map/", maps.map_page, name="map"),
    path("map/base.geojson", maps.base_layer, name="map_base"),
    path("map/places.geojson", maps.places_layer, name="map_places"),
    path("map/matters.geojson", maps.matters_layer, name="map_matters"),
    path("dashboard/", dashboard.dashboard, name="dashboard"),
    path("dashboard/<str:code>/", dashboard.dashboard, name="dashboard_place"),
    path("dashboard/<str:code>/<str:measure>/", dashboard.behind, name="behind"),
    path("design/", design.gallery, name="design"),
]
