"""Addresses of the reports desk."""

from django.urls import URLPattern, URLResolver, path

from linhe.desks.reports.views import board, hotline, hotline_import, keys, link, public, raising, report, stickers
from linhe.desks.reports.views.open311 import calls as open311

app_name = "reports"

urlpatterns: list[URLPattern | URLResolver] = [
    path("", public.home, name="home"),
    path("new/", raising.new, name="new"),
    path("offline/", raising.offline, name="offline"),
    path("sw.js", raising.service_worker, name="service_worker"),
    path("places/", raising.places, name="places"),
    path("similar/", raising.similar, name="similar"),
    path("suggest/", raising.suggest, name="suggest"),
    path("public/", public.public, name="public"),
    path("public.geojson", public.public_layer, name="public_layer"),
    path("board/", board.board, name="board"),
    path("board/bulk/", board.bulk, name="bulk"),
    path("board/export/", board.export, name="export"),
    path("at/<str:token>/", stickers.at, name="at"),
    path("poster/<str:code>/", stickers.poster, name="poster"),
    path("link/<str:token>/", link.link, name="link"),
    path("link/<str:token>/photos/<int:photo_id>/", link.link_photo, name="link_photo"),
    path("<int:matter_id>/", report.report, name="report"),
    path("<int:matter_id>/do/<slug:action>/", report.do, name="do"),
    path("<int:matter_id>/follow/", report.follow, name="follow"),
    path("<int:matter_id>/unfollow/", report.unfollow, name="unfollow"),
    path("<int:matter_id>/phone/", report.phone, name="phone"),
    path("<int:matter_id>/hand-on/", board.hand_on, name="hand_on"),
    path("<int:matter_id>/photos/<int:photo_id>/", report.public_photo, name="public_photo"),
]

HOTLINE: list[URLPattern | URLResolver] = [
    path("hotline/", hotline.orders, name="hotline"),
    path("hotline/rates/", hotline.rates, name="hotline_rates"),
    path("hotline/export/<slug:form>/", hotline.export, name="hotline_export"),
    path("hotline/template/", hotline_import.template, name="hotline_template"),
    path("hotline/import/", hotline_import.import_orders, name="hotline_import"),
    path("hotline/import/<int:file_id>/", hotline_import.preview, name="hotline_preview"),
    path("hotline/import/<int:file_id>/bad/", hotline_import.bad_rows, name="hotline_bad"),
    path("hotline/<int:matter_id>/assign/", hotline.assign, name="hotline_assign"),
    path("hotline/<int:matter_id>/phone/", hotline.phone, name="hotline_phone"),
    path("keys/", keys.keys, name="keys"),
    path("keys/<int:key_id>/revoke/", keys.revoke, name="key_revoke"),
]
"""12345 orders, and the keys of other systems."""
OPEN311: list[URLPattern | URLResolver] = [
    path("open311/discovery.<slug:fmt>", open311.discovery, name="open311_discovery"),
    path("open311/v2/", open311.discovery, {"fmt": "xml"}, name="open311_root"),
    path("open311/v2/discovery.<slug:fmt>", open311.discovery, name="open311_discovery_here"),
    path("open311/v2/services.<slug:fmt>", open311.services, name="open311_services"),
    path("open311/v2/services/<str:service>.<slug:fmt>", open311.service, name="open311_service"),
    path("open311/v2/requests.<slug:fmt>", open311.requests, name="open311_requests"),
    path("open311/v2/requests/<str:request_id>.<slug:fmt>", open311.one_request, name="open311_request"),
    path("open311/v2/tokens/<str:token>.<slug:fmt>", open311.token, name="open311_token"),
    path("open311/v2/servicerequestupdates.<slug:fmt>", open311.request_updates, name="open311_updates"),
]
"""GeoReport v2, for other systems."""
urlpatterns += HOTLINE + OPEN311
