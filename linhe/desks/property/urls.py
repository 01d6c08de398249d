"""Addresses of the property desk."""

from django.urls import URLPattern, URLResolver, path

from linhe.desks.property.views import committee, company, compound, console, matters, public

app_name = "property"

urlpatterns: list[URLPattern | URLResolver] = [
    path("", console.console, name="console"),
    path("open/", console.open_round, name="open"),
    path("<int:matter_id>/", matters.matter, name="matter"),
    path("<int:matter_id>/do/<slug:action>/", matters.do, name="do"),
    path("<int:matter_id>/score/", matters.score, name="score"),
    path("<int:matter_id>/refer/", matters.refer, name="refer"),
    path("<int:matter_id>/letters.pdf", matters.letters, name="letters"),
    path("compounds/<slug:code>/", compound.compound, name="compound"),
    path("company/", company.company, name="company"),
    path("company/<int:contract_id>/fees/", company.fees, name="fees"),
    path("committee/", committee.committee, name="committee"),
    path("ledgers/<int:ledger_id>/", committee.check, name="check"),
    path("survey/", public.survey, name="survey"),
    path("survey/<slug:code>/", public.survey, name="survey_code"),
    path("results/", public.results, name="results"),
    path("results/<slug:code>/", public.result, name="result"),
    path("duties/", public.duties, name="duties"),
]
