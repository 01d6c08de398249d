"""A compound's register for the staff: its contracts one after the other, and the homes that surveys are drawn from."""

from __future__ import annotations

from datetime import date

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from linhe.core.loop.pages import day_in, reader, say, signed_in, text_in
from linhe.core.loop.refusals import Refused, invalid, not_allowed
from linhe.core.people.queries import posts_of
from linhe.core.places.models import Place
from linhe.desks.property import services
from linhe.desks.property.loop import COMMUNITY, DISTRICT, STREET
from linhe.desks.property.models import Company, Contract, Home
from linhe.lib.masking import mask_name, mask_phone
from linhe.lib.tables import read_table
from linhe.lib.text import Text
from linhe.lib.units import fen, yuan
from linhe.lib.working_calendar import local_date

LARGEST_BYTES = 5 * 1024 * 1024


@signed_in
@require_http_methods(["GET", "POST"])
def compound(request: HttpRequest, code: str) -> HttpResponse:
    """Contracts and homes. The subdistrict records contracts, the community enters homes too."""
    place = Place.objects.filter(code=code, kind="compound").select_related("parent").first()
    if place is None:
        raise Http404
    posts = posts_of(reader(request), at=timezone.now())
    roles = {p.role for p in posts if p.role in (*COMMUNITY, DISTRICT) and p.place.contains(place)}
    if not roles:
        raise Http404
    refused = None
    if request.method == "POST":
        try:
            _write(request, place, roles)
            return HttpResponseRedirect(reverse("property:compound", args=[code]))
        except Refused as refusal:
            refused = refusal
    today = local_date(timezone.now())
    contracts = Contract.objects.filter(compound=place).select_related("company").order_by("-from_date")
    known = {c.pk: c for c in Company.objects.filter(pk__in=[c.company_id for c in contracts])}
    companies = Company.objects.filter(organisation__place__in=place.ancestor_ids())
    context = {
        "place": place, "roles": roles, "refused": refused, "sent": request.POST if refused else {}, "today": today,
        "contracts": [
            (c, yuan(c.fee_fen), c.in_force(today), *_registered(known.get(c.company_id))) for c in contracts
        ],
        "companies": companies.select_related("organisation").order_by("organisation__code"),
        "homes": Home.objects.filter(compound=place).count(),
        "may_sign": STREET in roles, "may_enter": bool(roles & set(COMMUNITY)),
    }  # fmt: skip
    return render(request, "property/compound.html", context, status=refused.status if refused else 200)


def _write(request: HttpRequest, place: Place, roles: set[str]) -> None:
    doing = request.POST.get("do", "")
    if doing == "contract" and STREET in roles:
        _sign(request, place)
    elif doing == "homes" and roles & set(COMMUNITY):
        _enter_homes(request, place)
    else:
        raise not_allowed()


def _sign(request: HttpRequest, place: Place) -> None:
    try:
        fee_fen = fen(request.POST.get("fee", ""))
        if fee_fen > 100_000:
            raise ValueError
    except ValueError:
        text = Text("请填写金额，例如 1.20。", "Give the amount, for example 1.20.")
        raise invalid({"fee": str(text)}) from None
    services.sign_contract(
        company=services.company_of(text_in(request.POST, "company", 40)), compound=place,
        from_date=_day(request, "from_date"), to_date=_day(request, "to_date"), fee_fen=fee_fen,
    )  # fmt: skip
    say(request, "合同已登记。", "The contract is on record.")


def _enter_homes(request: HttpRequest, place: Place) -> None:
    upload = request.FILES.get("file")
    if upload is None or not upload.size or upload.size > LARGEST_BYTES:
        text = Text("请选择 5 MB 以内的 Excel 或 CSV 文件。", "Choose an Excel or CSV file of up to 5 MB.")
        raise invalid({"file": str(text)})
    count = services.import_homes(place, read_table(upload.read(), name=upload.name or ""))
    say(request, f"已登记，共 {count} 户。", f"Entered: {count} homes in all.")


def _day(request: HttpRequest, name: str) -> date:
    found = day_in(request.POST, name)
    if found is None:
        raise invalid({name: str(Text("请选择日期。", "Choose a day."))})
    return found


def _registered(company: Company | None) -> tuple[str, str]:
    """Registration number, and the contact, masked."""
    if company is None:
        return "", ""
    parts = (mask_name(company.contact), mask_phone(company.contact_phone))
    return company.registration_no, " ".join(part for part in parts if part)
