"""What anybody may read: the results of a compound, the duties of the three parties; and the survey, by its code."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from linhe.core.dated import value
from linhe.core.loop.pages import text_in
from linhe.core.loop.refusals import Refused
from linhe.core.people.models import Account
from linhe.core.places.models import Place
from linhe.desks.property import services
from linhe.desks.property.engine.problem import PARTIES
from linhe.desks.property.queries.lists import results_of
from linhe.desks.property.queries.rounds import contract_at
from linhe.desks.property.queries.rules import choices_of, names_of_weights
from linhe.desks.property.queries.telling import told_round
from linhe.desks.property.services.survey import FACES, plain_code
from linhe.lib.text import Text
from linhe.lib.working_calendar import local_date

MOST_FOUND = 30
FACE_NAMES = (
    (5, Text("很满意", "very good")), (4, Text("满意", "good")), (3, Text("一般", "fair")), (2, Text("不满意", "poor")),
    (1, Text("很不满意", "very poor")),
)  # fmt: skip


@require_safe
def results(request: HttpRequest) -> HttpResponse:
    """Find a compound by name; who is signed in and has a home here sees it first."""
    sought = text_in(request.GET, "q", 40)
    found: list[Place] = []
    if sought:
        rows = Place.objects.filter(kind="compound", name__icontains=sought).select_related("parent")
        found = list(rows.order_by("code")[:MOST_FOUND])
    account = request.user if isinstance(request.user, Account) else None
    home = account.home.compound if account and account.home else None
    return render(request, "property/results.html", {"found": found, "sought": sought, "home": home})


@require_safe
def result(request: HttpRequest, code: str) -> HttpResponse:
    """The results of a compound, newest year first. No person and no single answer is in them."""
    compound = Place.objects.filter(code=code, kind="compound").select_related("parent").first()
    if compound is None:
        raise Http404
    now = timezone.now()
    rounds = results_of(compound)
    context = {
        "compound": compound,
        "contract": contract_at(compound, local_date(now)),
        "newest": told_round(rounds[0], at=now) if rounds else None,
        "years": [(r.year, f"{(r.score_tenths or 0) / 10:g}", r.contract.company, _estimate(r)) for r in rounds],
    }
    return render(request, "property/result.html", context)


@require_safe
def duties(request: HttpRequest) -> HttpResponse:
    """Who owes what: the three parties side by side, from the dated table."""
    now = timezone.now()
    rows, names = value("property.duties", at=now), names_of_weights("party", now)
    parties = [
        (Text(next(r["party_zh"] for r in rows if r["party"] == party), names[party].en.capitalize()),
         [Text(r["zh"], r["en"]) for r in rows if r["party"] == party])
        for party in PARTIES
    ]  # fmt: skip
    return render(request, "property/duties.html", {"parties": parties})


@never_cache
@require_http_methods(["GET", "POST"])
def survey(request: HttpRequest, code: str = "") -> HttpResponse:
    """One question a page, five faces, no sign-in. What was chosen so far travels in the form, and is kept nowhere
    until it is sent."""
    sent = request.POST
    typed = plain_code(sent.get("code", "") or code)
    if not typed:
        wrong = request.method == "POST"
        return render(request, "property/survey_code.html", {"wrong": wrong}, status=422 if wrong else 200)
    try:
        invited = services.invited_by(typed)
        questions = choices_of("property.questions", timezone.now())
        faces = _faces(sent.get("faces", ""), len(questions))
        step = sent.get("do", "")
        if step == "back":
            faces = faces[:-1]
        elif step.isascii() and step.isdecimal() and int(step[:2]) in FACES and len(faces) < len(questions):
            faces.append(int(step[:2]))
        if step == "send" and len(faces) == len(questions):
            services.answer_survey(typed, faces)
            return render(request, "property/survey_thanks.html", {"invited": invited})
    except Refused as refused:
        return render(request, "property/survey_code.html", {"refused": refused}, status=refused.status)
    names = dict(FACE_NAMES)
    context = {
        "invited": invited, "code": typed, "faces": ",".join(map(str, faces)), "number": len(faces) + 1,
        "total": len(questions), "face_names": FACE_NAMES,
        "question": questions[len(faces)].name if len(faces) < len(questions) else None,
        "chosen": [(q.name, face, names[face]) for q, face in zip(questions, faces, strict=False)],
    }  # fmt: skip
    return render(request, "property/survey.html", context)


def _faces(sent: str, most: int) -> list[int]:
    faces = [int(part) for part in sent.split(",")[:most] if part in {"1", "2", "3", "4", "5"}]
    return faces[:most]


def _estimate(one: object) -> str:
    outcome = getattr(one, "outcome", {}) or {}
    estimate = outcome.get("estimate")
    return f"{100 * estimate['share']:.1f}" if estimate else ""
