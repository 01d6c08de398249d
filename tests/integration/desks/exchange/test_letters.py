"""The return letter says what was found, on which article and page it rests, what to correct and until when."""

from __future__ import annotations

from datetime import timedelta

from django.test import Client

from linhe.core.loop.models import MatterClock
from linhe.core.people.models import Account
from linhe.desks.exchange.models import Finding
from linhe.desks.exchange.services.extraction import read_pages
from linhe.lib.working_calendar import local_date
from tests.integration.desks.exchange.world import WAN, YES, World


def fetched(account: Account, matter_id: int) -> tuple[int, str]:
    """Status and text of the letter, as somebody gets it."""
    client = Client()
    client.force_login(account)
    answer = client.get(f"/exchange/{matter_id}/return.pdf")
    text = "".join(read_pages(answer.content)) if answer.status_code == 200 else ""
    return answer.status_code, "".join(text.split())


def test_the_letter_names_findings_articles_evidence_and_the_deadline(world: World) -> None:
    matter = world.lodge(reserve_fen=999 * WAN)
    world.step(matter, "check_complete", "reviewer", **YES)
    before = fetched(world.people["reviewer"], matter.pk)[1]
    assert "尚未退回" in before
    world.step(matter, "return", "reviewer", words="首次挂牌价低于评估结果，请调整")
    status, text = fetched(world.people["seller"], matter.pk)
    assert status == 200
    for part in ("补正通知书", "试省信托有限公司", "云川小额贷款有限公司", "9,990,000.00元", "10,000,000.00元",
                 "首次挂牌价低于评估结果，请调整", "来源未核实", "第二十条", "资产评估报告及备案表，第"):  # fmt: skip
        assert part in text, part
    due = MatterClock.objects.get(matter=matter, code="correct").due_at
    assert f"{local_date(due - timedelta(seconds=1)):%Y年%m月%d日}前" in text


def test_the_letter_does_not_ask_the_seller_for_what_the_exchange_checks(world: World) -> None:
    fine = world.lodge()
    assert fetched(world.people["reviewer"], fine.pk)[0] == 404, "only the certificate has to be checked"
    text = fetched(world.people["reviewer"], world.lodge(by="bank", reserve_fen=999 * WAN).pk)[1]
    assert "首次挂牌价不低于评估结果" in text
    assert "核验属实" not in text


def test_a_quote_is_printed_only_once_verified(world: World) -> None:
    from linhe.desks.exchange.queries import checks, telling
    from linhe.desks.exchange.views.letters import letter_pdf

    matter = world.lodge(reserve_fen=999 * WAN)
    listing = checks.listing_of(matter.pk)
    for verified_by, shown in ((None, False), ("李律师", True)):
        finding = Finding.objects.filter(run__filing__listing=listing, rule="first-listing-price").latest("pk")
        finding.cite = finding.cite | {"quote": "首次挂牌价格不得低于评估结果。", "verified_by": verified_by}
        content = letter_pdf(matter, listing, [telling.told(finding)], None)
        text = "".join("".join(read_pages(content)).split())
        assert ("原文：首次挂牌价格不得低于评估结果。" in text) is shown
        assert ("来源未核实）" in text) is not shown


def test_who_reads_the_letter_and_when_there_is_none(world: World) -> None:
    matter = world.lodge(reserve_fen=999 * WAN)
    for name in ("bank", "stranger", "reviewer there"):
        assert fetched(world.people[name], matter.pk)[0] == 404, name
    assert fetched(world.people["supervisor"], matter.pk)[0] == 200
    fine = world.review(world.lodge())
    assert fetched(world.people["seller"], fine.pk)[0] == 404
