"""The pages through the browser's door: nothing typed is lost, nothing bad is kept, everybody meets only their own."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

from linhe.core.loop.models import Matter
from linhe.desks.exchange.models import Draft, Filing, Finding, Listing, Tie
from linhe.desks.exchange.queries.checks import latest_check
from linhe.desks.exchange.schemas.documents import NotADocument
from linhe.desks.exchange.schemas.typed import as_typed, money, read_form, share
from tests.integration.desks.exchange.world import World, as_

pytestmark = pytest.mark.usefixtures("in_spring")


def form(draft: Draft, **changes: str) -> dict[str, str]:
    """What the form of a draft sends."""
    typed = as_typed(draft.content)
    return typed | {"key": str(uuid4()), "version": str(draft.version), "contact": "金建国", "do": "save"} | changes


def test_a_draft_is_begun_saved_and_lodged_once(world: World) -> None:
    seller = as_(world.people["seller"])
    key = str(uuid4())
    for _ in range(2):
        answer = seller.post(reverse("exchange:new"), {"key": key, "organisation": world.trust.pk})
    draft = Draft.objects.get()
    assert answer.headers["Location"] == reverse("exchange:draft", args=[draft.pk])
    assert seller.get(answer.headers["Location"]).status_code == 200
    full = world.draft()
    sent = form(full, do="lodge") | {"version": str(draft.version)}
    first, second = (seller.post(reverse("exchange:draft", args=[draft.pk]), sent) for _ in range(2))
    assert first.status_code == second.status_code == 302
    matter = Matter.objects.get()
    assert first.headers["Location"] == second.headers["Location"] == reverse("exchange:listing", args=[matter.pk])
    assert Filing.objects.get().content == full.content
    assert world.trust.name in seller.get(reverse("exchange:mine")).content.decode()


def test_an_application_is_found_by_number_name_and_seller(world: World) -> None:
    reviewer = as_(world.people["reviewer"])
    first, second = world.lodge(), world.lodge(by="bank", enterprise="东山典当有限公司")
    world.step(first, "withdraw", "seller", words="暂缓转让")
    for sought, found in (
        (Listing.objects.get(pk=first.pk).lot.number, {first.pk}), ("东山", {second.pk}), ("农商银行", {second.pk}),
        ("有限公司", {first.pk, second.pk}), ("%", set()), ("9" * 30, set()), ("没有", set()),
    ):  # fmt: skip
        page = reviewer.get(reverse("exchange:console"), {"q": sought}).content.decode()
        assert {pk for pk in (first.pk, second.pk) if f'"/exchange/{pk}/"' in page} == found, sought
    assert f'"/exchange/{first.pk}/"' not in reviewer.get(reverse("exchange:console")).content.decode()
    shown = reviewer.get(reverse("exchange:listing", args=[second.pk])).content.decode()
    assert "金融企业（财政部门）" in shown.partition('id="state"')[2][:800]


def test_lists_tell_who_has_to_settle_what_is_open(world: World) -> None:
    seller, reviewer = as_(world.people["seller"]), as_(world.people["reviewer"])
    world.lodge()
    for who, address in ((seller, reverse("exchange:mine")), (reviewer, reverse("exchange:console"))):
        page = who.get(address).content.decode()
        assert "待核验 2" in page
        assert 'tone-wait">待补正' not in page
    world.lodge(by="bank", otherwise={"certificate.holder": "别家", "appraisal.value_fen": None})
    page = reviewer.get(reverse("exchange:console")).content.decode()
    assert "不符合 1" in page
    assert 'tone-wait">待补正' in page


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("application.reserve_fen", "-1"), ("application.reserve_fen", "NaN"), ("application.reserve_fen", "1e9"),
        ("application.share_ppm", "100.00001"), ("application.share_ppm", "101"), ("application.lot", "BD1"),
        ("certificate.genuine", "yes"), ("nothing", "x"), ("certificate.number.page", "0"),
        ("disclosure.ends_on", "2020-01-01"), ("disclosure.ends_on", "明天"), ("holders.0.share_ppm", "多"),
        ("certificate.number", "x\x1b[31m"), ("certificate.number.source", "y" * 200), ("approval.kind", "gift"),
    ],
)  # fmt: skip
def test_what_cannot_be_kept_is_said_and_nothing_is_stored_or_lost(world: World, name: str, text: str) -> None:
    draft = world.draft()
    seller = as_(world.people["seller"])
    for do in ("save", "lodge", "check"):
        answer = seller.post(reverse("exchange:draft", args=[draft.pk]), form(draft, do=do) | {name: text})
        page = answer.content.decode()
        assert answer.status_code == 422, do
        assert "明衡资产评估有限公司" in page, "what was typed elsewhere is still there"
        draft.refresh_from_db()
        assert draft.content["application"]["values"]["reserve_fen"] == 1_000_000_000
    assert not Matter.objects.exists()
    live = seller.post(reverse("exchange:check", args=[draft.pk]), form(draft) | {name: text})
    assert live.status_code == 200


def test_the_live_check_says_what_is_missing_and_keeps_nothing(world: World) -> None:
    draft = world.draft()
    seller = as_(world.people["seller"])
    sent = form(draft) | {"appraisal.value_fen": "", "certificate.holder": "别家公司"}
    page = seller.post(reverse("exchange:check", args=[draft.pk]), sent).content.decode()
    assert 'id="note-appraisal-value_fen" hx-swap-oob="true"' in page
    assert "待补正" in page
    assert "别家公司" in page, "the finding reads back what was typed"
    assert 'href="#appraisal-value_fen">' in page, "what is missing leads to its field"
    assert "对照原件核验：产权登记证（表）真实、产权登记证（表）完整" in page
    assert "缺少经登记机关核验属实" not in page, "a seller is not asked for it"
    without_line = seller.post(reverse("exchange:check", args=[draft.pk]), sent | {"application.line": ""})
    at_the_line = without_line.content.decode().partition('id="note-application-line"')[2].partition("</div>")[0]
    assert "条规则需要此项" in at_the_line, "what decides whether a rule applies is asked for, too"
    draft.refresh_from_db()
    assert draft.content["certificate"]["values"]["holder"] == world.trust.name
    noscript = seller.post(reverse("exchange:draft", args=[draft.pk]), sent | {"do": "check"})
    assert noscript.status_code == 200
    assert "别家公司" in noscript.content.decode()


def test_only_the_sellers_own_see_a_draft(world: World) -> None:
    draft = world.draft()
    for name, expected in (("colleague", 200), ("bank", 404), ("reviewer", 404), ("manager", 404), ("supervisor", 404)):
        browser = as_(world.people[name])
        assert browser.get(reverse("exchange:draft", args=[draft.pk])).status_code == expected, name
        if expected == 404:
            for route in ("draft", "check", "drop"):
                assert browser.post(reverse(f"exchange:{route}", args=[draft.pk]), form(draft)).status_code == 404
    assert Draft.objects.get().version == draft.version


def test_a_listing_shows_findings_with_article_evidence_and_why(world: World) -> None:
    matter = world.lodge(otherwise={"certificate.holder": "别家公司"})
    page = as_(world.people["reviewer"]).get(reverse("exchange:listing", args=[matter.pk])).content.decode()
    for text in ("别家公司", "来源未核实", "金融企业国有资产产权登记证", "第 1 页", "不一致", "金** 035****4321"):
        assert text in page, text
    assert "金建国" not in page
    assert "金建国" in as_(world.people["seller"]).get(reverse("exchange:listing", args=[matter.pk])).content.decode()
    run = latest_check(Listing.objects.get(pk=matter.pk))
    finding = Finding.objects.filter(run=run, status="fail")[0]
    why = as_(world.people["supervisor"]).get(reverse("exchange:why", args=[finding.pk])).content.decode()
    assert finding.rule_set in why
    assert finding.cite["document"] in why
    for name in ("bank", "stranger", "reviewer there"):
        browser = as_(world.people[name])
        assert browser.get(reverse("exchange:listing", args=[matter.pk])).status_code == 404
        assert browser.get(reverse("exchange:why", args=[finding.pk])).status_code == 404


def test_a_return_without_a_reason_shows_the_page_again(world: World) -> None:
    matter = world.lodge()
    reviewer = as_(world.people["reviewer"])
    sent = {"key": str(uuid4()), "version": str(matter.version), "words": " "}
    answer = reviewer.post(reverse("exchange:do", args=[matter.pk, "return"]), sent)
    assert answer.status_code == 422
    assert Matter.objects.get().stage == "completeness"
    stale = sent | {"words": "请补正", "version": str(matter.version + 3)}
    answer = reviewer.post(reverse("exchange:do", args=[matter.pk, "return"]), stale)
    assert answer.status_code == 409
    assert "请补正" in answer.content.decode()
    answer = reviewer.post(reverse("exchange:do", args=[matter.pk, "return"]), sent | {"words": "请补正"})
    assert answer.status_code == 302
    seller = as_(world.people["seller"])
    answer = seller.post(reverse("exchange:correct", args=[matter.pk]), {"key": str(uuid4())})
    draft = Draft.objects.get(corrects=matter.pk)
    assert answer.headers["Location"] == reverse("exchange:draft", args=[draft.pk])
    assert draft.content == Filing.objects.get().content
    assert as_(world.people["bank"]).post(reverse("exchange:correct", args=[matter.pk])).status_code == 404


def test_lists_read_the_same_number_of_times_however_long(world: World, django_assert_max_num_queries: Any) -> None:
    for _ in range(3):
        world.lodge()
    reviewer, seller = as_(world.people["reviewer"]), as_(world.people["seller"])
    for browser, route in ((reviewer, "console"), (seller, "mine")):
        browser.get(reverse(f"exchange:{route}"))
        with django_assert_max_num_queries(24):
            assert browser.get(reverse(f"exchange:{route}")).status_code == 200


@pytest.mark.django_db
def test_the_rule_book_is_read_searched_and_compared() -> None:
    browser, address = Client(), reverse("exchange:rules")

    def page(**asked: str) -> str:
        answer = browser.get(address, asked)
        assert answer.status_code == 200
        return answer.content.decode()

    today = page(on="2026-03-04")
    for text in (
        'id="below-ninety-percent"', "应当重新报批", "《混合所有制改革法律法规政策汇编》第569页",
        "来源未核实", "条款未见原文",
        "自「首次报刊公告日」次日起至「公告截止日」的工作日少于 20 个", "公告期限</a> 20个工作日", "另一版本",
    ):  # fmt: skip
        assert text in today, text
    assert "2025-02-17" in page(on="2025-02-17", q="sasac-extension"), "the last day on which it held"
    found = page(on="2026-03-04", q="第二十一条 竞价")
    assert 'id="deal-competition"' in found
    assert 'id="certificate-genuine"' not in found
    assert "没有规则提到这些词" in page(q="<b>没有这样的词</b>")
    assert "<b>没有" not in page(q="<b>没有这样的词</b>")
    changed = page(on="2025-02-18", **{"from": "2025-02-17"})
    assert "每次延期不少于5个工作日且事先公告" in changed
    assert "失效" in changed
    for wrong in ({"on": "soon"}, {"on": "0001-01-01", "from": "9999-12-31"}, {"q": "x" * 5000}):
        page(**wrong)


def test_ties_are_declared_and_ended(world: World) -> None:
    reviewer = as_(world.people["reviewer"])
    world.lodge()
    answer = reviewer.post(reverse("exchange:ties"), {"organisation": "", "words": "留着的话"})
    assert answer.status_code == 422
    assert "留着的话" in answer.content.decode()
    reviewer.post(reverse("exchange:ties"), {"organisation": world.trust.pk, "words": "配偶任职"})
    tie = Tie.objects.get()
    assert as_(world.people["second"]).post(reverse("exchange:end_tie", args=[tie.pk])).status_code == 404
    reviewer.post(reverse("exchange:end_tie", args=[tie.pk]))
    tie.refresh_from_db()
    assert tie.until_date is not None
    assert as_(world.people["seller"]).get(reverse("exchange:ties")).status_code == 404


@pytest.mark.parametrize(
    ("text", "fen"),
    [("12,345.6", 1_234_560), ("1250万", 1_250_000_000), ("1250 万元", 1_250_000_000), ("0.01", 1),
     ("3亿", 30_000_000_000), ("￥8元", 800), ("0.000001万", 1), ("1.5", 150)],
)  # fmt: skip
def test_amounts_are_read_exactly(text: str, fen: int) -> None:
    assert money(text) == fen


@pytest.mark.parametrize("text", ["", "-1", "1.234", "1e3", "NaN", "inf", "万", "1万2", "0.0000001万", "９", "1.2.3"])
def test_what_is_no_amount_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="请填金额"):
        money(text)


def test_shares_and_unknown_names() -> None:
    assert [share(text) for text in ("12.5", "12.5%", "0.0001", "100")] == [125_000, 125_000, 1, 1_000_000]
    for text in ("12.50001", "-1", "a", ""):
        with pytest.raises(ValueError, match="请填百分比"):
            share(text)
    with pytest.raises(NotADocument) as caught:
        read_form({"certificate.nothing": "1", "holders.0.share_ppm": "10", "deal.price_fen": "1"})
    assert set(caught.value.errors) == {"certificate.nothing", "deal.price_fen", "holders.0.name"}
