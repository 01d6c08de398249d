"""The pages through the front door: what each reader finds, what comes back with an error, what nobody may see."""

from __future__ import annotations

import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from linhe.core.loop.acting import act, begin
from linhe.core.loop.models import Matter
from linhe.core.people.models import Account
from linhe.desks.property import services
from linhe.desks.property.models import Answer, Invitation, Ledger
from linhe.desks.property.queries.rules import items_of, sheet_at
from linhe.lib.tables import write_xlsx
from tests.integration.desks.property.conftest import Town, sheet

ROWS = [["楼栋", "房号", "应收", "实收"], *(["1号楼", f"{n}01", "1200.00", "972.00"] for n in range(1, 9))]


def as_(account: Account) -> Client:
    """A browser in which somebody is signed in."""
    client = Client()
    client.force_login(account)
    return client


def opened(town: Town) -> Matter:
    """A round of this year, opened now."""
    now = timezone.now()
    return begin(
        "assessment", "open", by=town.street, place=town.places.compound, data={"year": now.year}, at=now
    ).matter


def test_the_overview_shows_rounds_progress_and_opens_the_next(town: Town) -> None:
    client = as_(town.street)
    assert "还没考核" in client.get("/property/").content.decode()
    sent = {"place": town.places.compound.code, "key": "key-1234567"}
    response = client.post("/property/open/", sent)
    assert response.status_code == 302
    assert client.post("/property/open/", sent)["Location"] == response["Location"]
    shown = client.get("/property/").content.decode()
    assert "安居小区" in shown
    assert "还没考核" not in shown
    assert as_(town.worker).post("/property/open/", sent).status_code == 404


def test_a_sheet_with_gaps_comes_back_with_what_was_chosen(town: Town) -> None:
    matter = opened(town)
    client, url = as_(town.committee), f"/property/{matter.pk}/score/"
    response = client.post(url, {"item-1.1": "2.5"})
    assert response.status_code == 422
    body = response.content.decode()
    assert "还有 38 项没有评分" in body
    assert 'name="item-1.1" value="2.5" checked' in body
    whole = {f"item-{i.code}": str(i.most_tenths // 10) for i in items_of(sheet_at(timezone.now(), ""))}
    off = client.post(url, whole | {"item-1.1": "2.4"})
    assert (off.status_code, "1.1 项以 0.5 分为一档" in off.content.decode()) == (422, True)
    assert client.post(url, whole | {"item-1.2": "1.5"}).status_code == 302
    assert matter.assessment.scores.filter(party="committee").count() == 39
    assert 'name="item-1.2" value="1.5" checked' in client.get(url).content.decode()


def test_the_company_hands_in_a_table_and_the_committee_checks_it(town: Town) -> None:
    client, url = as_(town.manager), f"/property/company/{town.contract.pk}/fees/"
    year = timezone.now().year
    days = {"from_date": f"{year}-01-01", "to_date": f"{year}-02-01"}
    book = SimpleUploadedFile("fees.xlsx", write_xlsx({"台账": ROWS}))
    assert client.post(url, days | {"file": book}).status_code == 302
    ledger = Ledger.objects.get()
    assert (ledger.due_fen, ledger.collected_fen) == (960_000, 777_600)
    assert as_(town.other_manager).get(url).status_code == 404
    committee, check = as_(town.committee), f"/property/ledgers/{ledger.pk}/"
    for row in ledger.rows.filter(sampled=True):
        assert committee.post(check, {"row": row.pk, "agrees": "yes"}).status_code == 302
    assert "抽查完成" in committee.get(check).content.decode()
    ledger.refresh_from_db()
    assert ledger.checked_at is not None
    assert as_(town.manager).get(check).status_code == 403


@pytest.mark.parametrize(
    ("content", "said"),
    [(b"", "5 MB"), (b"PK\x03\x04 no table", "Excel"), ("楼栋,房号,应收,实收\n9号楼,1,1,1\n".encode(), "9号楼")],
    ids=["empty", "broken", "unknown building"],
)
def test_a_wrong_file_is_refused_with_a_reason_and_the_dates_stay(town: Town, content: bytes, said: str) -> None:
    upload = SimpleUploadedFile("fees.csv", content)
    year = timezone.now().year
    sent = {"from_date": f"{year}-01-05", "to_date": f"{year}-02-01", "file": upload}
    response = as_(town.manager).post(f"/property/company/{town.contract.pk}/fees/", sent)
    assert response.status_code == 422
    assert said in response.content.decode()
    assert f'value="{year}-01-05"' in response.content.decode()
    assert not Ledger.objects.exists()


def test_letters_are_printed_while_the_survey_runs_and_only_by_the_community(town: Town) -> None:
    matter = opened(town)
    url = f"/property/{matter.pk}/letters.pdf"
    assert as_(town.worker).get(url).status_code == 404
    act(matter, "draw_survey", by=town.worker, at=timezone.now())
    response = as_(town.worker).get(url)
    assert response["Content-Type"] == "application/pdf"
    assert response.content.startswith(b"%PDF")
    assert response.content.count(b"/Type /Page\n") == 30
    for who in (town.manager, town.committee, town.district):
        assert as_(who).get(url).status_code == 404


def test_a_household_answers_without_an_account_and_once(town: Town) -> None:
    act(opened(town), "draw_survey", by=town.worker, at=timezone.now())
    code = Invitation.objects.order_by("id")[0].code
    client = Client()
    assert "第 1 题" in client.get(f"/property/survey/{code}/").content.decode()
    sent = {"code": f"{code[:5]}-{code[5:]}".lower(), "faces": "5,4,3,4"}
    assert "都选好了" in client.post("/property/survey/", sent | {"do": "2"}).content.decode()
    assert "第 4 题" in client.post("/property/survey/", sent | {"do": "back"}).content.decode()
    assert not Answer.objects.exists()
    for status in (200, 404):
        again = client.post("/property/survey/", {"code": code, "faces": "5,4,3,4,2", "do": "send"})
        assert again.status_code == status
    assert Answer.objects.get().faces == [5, 4, 3, 4, 2]
    for wrong in ("", "ZZZZZZZZZZ", "<script>"):
        response = client.post("/property/survey/", {"code": wrong})
        assert response.status_code in (404, 422)
        assert "sessionid" not in client.cookies


def test_the_result_is_public_and_tells_no_building_with_few_answers(town: Town) -> None:
    matter = opened(town)
    act(matter, "draw_survey", by=town.worker, at=timezone.now())
    by_building: dict[int, list[str]] = {}
    for code, building in Invitation.objects.values_list("code", "home__building"):
        by_building.setdefault(building or 0, []).append(code)
    for count, codes in zip((4, 6), by_building.values(), strict=True):
        for code in codes[:count]:
            services.answer_survey(code, [5, 5, 5, 5, 5])
    page, public = f"/property/{matter.pk}/", f"/property/results/{town.places.compound.code}/"
    assert "100%" not in as_(town.manager).get(page).content.decode()  # nothing before the result
    assert "还没有公布的结果" in Client().get(public).content.decode()
    for action, who in (
        ("self_score", town.manager),
        ("committee_score", town.committee),
        ("community_score", town.worker),
    ):
        act(matter, action, by=who, data={"tenths": sheet(80)}, at=timezone.now())
    act(matter, "settle", by=town.street, at=timezone.now())
    shown = as_(town.manager).get(page).content.decode()
    assert shown.count("100%") == 1  # the building with six answers, not that with four
    told = Client().get(public).content.decode()
    assert "安居物业" in told
    assert "置信区间" in told
    assert "联系人" not in told


def test_owners_move_and_the_case_takes_areas_in_square_metres(town: Town) -> None:
    committee = as_(town.committee)
    sent = {"contract": town.contract.pk, "words": "业主联名要求", "key": "key-7654321"}
    case_url = committee.post("/property/committee/", sent)["Location"]
    assert committee.post("/property/committee/", sent)["Location"] == case_url
    out = io.BytesIO()
    from PIL import Image

    Image.new("RGB", (8, 8)).save(out, "PNG")
    counts = {
        "held_on": timezone.now().date().isoformat(), "owners": "40", "area_typed": "3,600.50", "voted": "30",
        "voted_typed": "2700", "agreed": "31", "agreed_typed": "many", "key": "key-1112223",
    }  # fmt: skip
    response = committee.post(f"{case_url}do/record_decision/", counts)
    assert response.status_code == 422
    assert 'value="3,600.50"' in response.content.decode()
    photo = SimpleUploadedFile("m.png", out.getvalue(), "image/png")
    sound = counts | {"agreed": "20", "agreed_typed": "1800.25", "files": photo}
    assert committee.post(f"{case_url}do/record_decision/", sound).status_code == 302
    decision = Matter.objects.get(kind="exit").exit_case.decisions.get()
    assert (decision.area_dm2, decision.voted_dm2, decision.agreed_dm2) == (360_050, 270_000, 180_025)
    assert "参与表决" in as_(town.manager).get(case_url).content.decode()


def test_duties_and_search_are_for_everybody(town: Town) -> None:
    client = Client()
    assert "召集业主大会" in client.get("/property/duties/").content.decode()
    assert "安居小区" in client.get("/property/results/", {"q": "安居"}).content.decode()
    assert "没有找到" in client.get("/property/results/", {"q": "<b>"}).content.decode()
    client.cookies["django_language"] = "en"
    assert "Duties of the three parties" in client.get("/property/duties/").content.decode()


def test_contracts_and_homes_are_entered_by_those_who_may(town: Town) -> None:
    url = f"/property/compounds/{town.places.compound.code}/"
    street, worker = as_(town.street), as_(town.worker)
    term = {
        "do": "contract",
        "company": "property-hexie",
        "from_date": "2027-06-01",
        "to_date": "2029-01-01",
        "fee": "1.35",
    }
    clash = street.post(url, term)
    assert clash.status_code == 409
    assert "已有物业合同" in clash.content.decode()
    assert 'value="1.35"' in clash.content.decode()
    assert street.post(url, term | {"from_date": "2028-01-01"}).status_code == 302
    for wrong, status in (({"fee": "x"}, 422), ({"company": "housing"}, 422), ({"to_date": "soon"}, 422)):
        assert street.post(url, term | wrong).status_code == status
    assert worker.post(url, term | {"from_date": "2030-01-01", "to_date": "2031-01-01"}).status_code == 403
    shown = worker.get(url).content.decode()
    assert "和谐物业" in shown
    assert "联系人周" not in shown
    rows = "楼栋,房号,面积\n1号楼,1301室,88.50\n2号楼,1302室,90\n"
    homes = {"do": "homes", "file": SimpleUploadedFile("homes.csv", rows.encode())}
    assert worker.post(url, homes).status_code == 302
    assert ">42<" in worker.get(url).content.decode()
    broken = SimpleUploadedFile("homes.csv", rows.replace("2号楼", "9号楼").encode())
    assert "line 3" in worker.post(url, homes | {"file": broken}).content.decode()
    assert as_(town.manager).get(url).status_code == 404
