"""Addresses of the exchange desk."""

from django.urls import URLPattern, URLResolver, path

from linhe.desks.exchange.views import (
    applying,
    console,
    letters,
    listings,
    opendata,
    province,
    rechecks,
    rulebook,
    supervision,
    ties,
    uploads,
)

app_name = "exchange"

urlpatterns: list[URLPattern | URLResolver] = [
    path("", console.console, name="console"),
    path("mine/", applying.mine, name="mine"),
    path("new/", applying.new, name="new"),
    path("drafts/<int:draft_id>/", applying.draft, name="draft"),
    path("drafts/<int:draft_id>/check/", applying.check, name="check"),
    path("drafts/<int:draft_id>/drop/", applying.drop, name="drop"),
    path("files/<int:upload_id>/", uploads.file, name="file"),
    path("drafts/<int:draft_id>/form.xlsx", uploads.form, name="form"),
    path("<int:matter_id>/", listings.listing, name="listing"),
    path("<int:matter_id>/return.pdf", letters.letter, name="letter"),
    path("<int:matter_id>/do/<slug:action>/", listings.do, name="do"),
    path("<int:matter_id>/correct/", applying.again, {"what": "correct"}, name="correct"),
    path("<int:matter_id>/next/", applying.again, {"what": "next"}, name="next"),
    path("findings/<int:finding_id>/", listings.why, name="why"),
    path("ties/", ties.ties, name="ties"),
    path("ties/<int:tie_id>/end/", ties.end, name="end_tie"),
    path("open/", opendata.opendata, name="opendata"),
    path("open/<slug:code>/<int:year>/<str:name>", opendata.download, name="download"),
    path("rules/", rulebook.rules, name="rules"),
    path("supervision/", supervision.supervision, name="supervision"),
    path("supervision/draw/", supervision.draw, name="draw"),
    path("supervision/open/", supervision.open_case, name="open_case"),
    path("recheck/", rechecks.recheck, name="recheck"),
    path("province/", province.dashboard, name="province"),
    path("province/<slug:what>/", province.behind, name="behind"),
]
