"""What people type, attacked through the form: refused in words, kept on the page, stored nowhere, changed never."""

from __future__ import annotations

from html import escape
from uuid import uuid4

import pytest
from django.urls import reverse

from linhe.desks.exchange.models import Draft, Listing
from linhe.desks.exchange.schemas.documents import Application, NotADocument
from linhe.desks.exchange.schemas.legible import legible
from linhe.desks.exchange.schemas.typed import money
from tests.integration.desks.exchange.test_pages import form
from tests.integration.desks.exchange.world import World, as_

ATTACKS = {
    "more digits than a number has": ("application.reserve_fen", "9" * 4990 + "亿"),
    "1e400": ("application.reserve_fen", "1e400"),
    "full-width digits": ("application.reserve_fen", "１２５０万"),
    "minus nothing": ("application.reserve_fen", "-0"),
    "half a fen": ("application.reserve_fen", "1,250.005"),
    "a comma before cents": ("application.reserve_fen", "12,50"),
    "a long text": ("approval.scope", "长" * 10_000),
    "no letter at all": ("application.object_name", "\u200b\ufeff"),
    "turned letters": ("application.object_name", "甲\u202e乙"),
    "no character": ("application.object_name", "甲\uffff乙"),
    "nothing": ("application.object_name", "甲\0乙"),
    "an end in a holder": ("holders.0.name", "甲\0乙"),
    "an unknown field": ("application.colour", "red"),
    "an unknown page": ("certificate.number.page", "99999"),
    "turned letters in a name": ("certificate.source", "甲\u202e乙"),
    "an unknown part": ("holders.0.colour", "red"),
    "a name of a file that is none": ("certificate.number.source", "甲\x01"),
}


UNSHOWN = ("application.colour", "holders.0.colour", "certificate.number.source")
"""What no field of the form shows is told by its name."""


@pytest.mark.parametrize("name", ATTACKS)
def test_what_cannot_be_kept_is_named_and_comes_back_whole(world: World, name: str) -> None:
    draft, browser = world.draft(), as_(world.people["seller"])
    path, typed = ATTACKS[name]
    for do in ("save", "lodge"):
        answer = browser.post(reverse("exchange:draft", args=[draft.pk]), form(draft, do=do, **{path: typed}))
        page = answer.content.decode()
        assert answer.status_code == 422
        assert (path if path in UNSHOWN else escape(typed)) in page
        assert "填写有误" in page
    assert browser.post(reverse("exchange:check", args=[draft.pk]), form(draft, **{path: typed})).status_code == 200
    assert Draft.objects.get().content == draft.content
    assert not Listing.objects.exists()


def test_what_was_saved_before_a_refusal_can_be_mended_and_lodged(world: World) -> None:
    draft, browser = world.draft(otherwise={"application.object_name": None}), as_(world.people["seller"])
    sent = form(draft, do="lodge", contact="新联系人")
    answer = browser.post(reverse("exchange:draft", args=[draft.pk]), sent)
    assert answer.status_code == 422
    now = Draft.objects.get()
    assert now.version == draft.version + 1, "what was typed is saved, only not lodged"
    assert f'name="version" value="{now.version}"' in answer.content.decode()
    mended = sent | {"version": str(now.version), "key": str(uuid4()), "application.object_name": "云川公司"}
    assert browser.post(reverse("exchange:draft", args=[draft.pk]), mended).status_code == 302
    assert Listing.objects.count() == 1


def test_numbers_of_suggestions_are_numbers(world: World) -> None:
    draft, browser = world.draft(), as_(world.people["seller"])
    sent = form(draft, do="confirm") | {"suggestion": ["9" * 5000, "9" * 19, "x", "-1"]}
    assert browser.post(reverse("exchange:draft", args=[draft.pk]), sent).status_code == 302


def test_every_state_holder_that_is_kept_is_shown(world: World) -> None:
    draft, browser = world.draft(), as_(world.people["seller"])
    rows = {f"holders.{n}.name": f"股东{n}号" for n in range(7)}
    assert browser.post(reverse("exchange:draft", args=[draft.pk]), form(draft, **rows)).status_code == 302
    page = browser.get(reverse("exchange:draft", args=[draft.pk])).content.decode()
    assert [name for name in rows.values() if name not in page] == []


@pytest.mark.parametrize("text", ["12,5", "1,2,3万", "12,3456", ",5", "1,,000", "9" * 40, "1,000,00"])
def test_a_misplaced_comma_is_no_amount(text: str) -> None:
    with pytest.raises(ValueError, match="请填金额"):
        money(text)
    assert money("1,234,567.89") == 123_456_789
    assert money("1，250万") == 1_250_000_000


def test_a_number_is_no_day() -> None:
    for sent in (1_767_225_600, 0, True, 1.5):
        with pytest.raises(NotADocument, match="must be a date"):
            Application.read({"applied_on": sent})


def test_rare_letters_and_lines_can_be_kept() -> None:
    for text in ("𠀀𪛖𫝀", "😀👨\u200d👩", "第一行\n第二行", "\ue000", "", " ", "e\u0301"):
        assert legible(text), ascii(text)
    assert not legible("第一行\n第二行", line=True)
