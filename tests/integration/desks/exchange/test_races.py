"""Two at once, with threads and transactions of their own: one wins, the other is told, nothing is there twice."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection

from linhe.core.loop.acting import act, begin
from linhe.core.loop.models import Event, Matter
from linhe.core.loop.refusals import Refused
from linhe.core.loop.verifying import problems_of_chains
from linhe.desks.exchange import services
from linhe.desks.exchange.models import Draft, Filing, Listing, Suggestion, Upload
from linhe.lib import pdf
from tests.factories import make_account, make_post
from tests.integration.desks.exchange.world import AT, YES, World, make_world

pytestmark = pytest.mark.django_db(transaction=True)


def at_once(*calls: Callable[[], object]) -> list[str]:
    """What became of calls that begin together: ``done``, or the code of a refusal."""
    ready = Barrier(len(calls))

    def run(call: Callable[[], object]) -> str:
        try:
            ready.wait(timeout=20)
            call()
        except Refused as refused:
            return refused.code
        finally:
            connection.close()
        return "done"

    with ThreadPoolExecutor(len(calls)) as pool:
        return sorted(pool.map(run, calls))


def lodging(world: World, draft: Draft, key: str) -> Callable[[], object]:
    """Lodge a draft under a request key."""
    data = {"draft": draft.pk, "draft_version": draft.version}
    return lambda: begin(
        "listing", "lodge", by=world.people["seller"], place=world.province, data=data, key=key, at=draft.saved_at
    )


def test_a_review_is_decided_once_however_many_decide_at_once() -> None:
    world = make_world()
    world.people["other manager"] = make_post("exchange_manager", world.province, make_account("另一主管"))
    draft = world.draft()
    assert Counter(at_once(*(lodging(world, draft, f"k{n}") for n in range(4)))) == {"done": 1, "lodged": 3}
    assert Filing.objects.count() == Listing.objects.count() == Matter.objects.count() == 1
    matter = Matter.objects.get()
    world.step(matter, "check_complete", "reviewer", **YES)
    passed = world.step(matter, "pass_review", "reviewer")

    def step(action: str, who: str, **data: object) -> Callable[[], object]:
        return lambda: act(Matter.objects.get(pk=matter.pk), action, by=world.people[who], data=data, at=AT,
                           version=passed.version)  # fmt: skip

    found = at_once(
        step("approve", "manager"), step("approve", "other manager"), step("withdraw", "seller", words="撤回")
    )
    assert Counter(found) == {"done": 1, "out_of_step": 2}
    last = Event.objects.filter(matter=matter, action__in=["approve", "withdraw"])
    assert last.count() == 1
    assert Listing.objects.filter(listed_on__isnull=False).count() == last.filter(action="approve").count()
    assert list(problems_of_chains()) == []


def test_a_lot_is_listed_again_once_and_its_draft_is_one() -> None:
    world = make_world()
    first = world.unsold(world.lodge())
    later = Matter.objects.get(pk=first.pk).updated_at + timedelta(days=1)
    before = Listing.objects.select_related("matter", "lot").get(pk=first.pk)

    def begun(key: str) -> Callable[[], object]:
        return lambda: services.begin_draft(
            organisation_id=world.trust.pk, province=world.province, by=world.people["seller"], key=key, at=later,
            previous=before,
        )  # fmt: skip

    assert at_once(*(begun(f"d{n}") for n in range(4))) == ["done"] * 4
    assert Draft.objects.filter(previous=before).count() == 1
    draft = world.draft(at=later, previous=before, reserve_fen=990_000_000)
    rival = Draft.objects.create(
        organisation=world.trust, province=world.province, key="rival", previous=None, content=draft.content,
        version=draft.version, saved_at=later,
    )  # fmt: skip
    Draft.objects.filter(pk=draft.pk).update(previous=None)
    Draft.objects.filter(pk=rival.pk).update(previous=before)
    found = at_once(lodging(world, rival, "a"), lodging(world, rival, "b"), begun("again"))
    assert found.count("done") >= 1
    assert list(Listing.objects.filter(lot=before.lot).order_by("pk").values_list("sequence", flat=True)) == [1, 2]


def test_two_values_of_one_fact_are_not_both_confirmed_and_no_file_slips_in_after_lodging() -> None:
    world = make_world()
    seller, draft = world.people["seller"], world.draft()
    paper = pdf.document("评估报告")
    paper.paragraph("评估值：1,000.00万元")
    paper.paragraph("评估值：900.00万元")
    sent = SimpleUploadedFile("评估.pdf", paper.bytes(), content_type="application/pdf")
    upload = services.keep_upload(draft, "appraisal", sent, by=seller, at=AT)
    ids = list(Suggestion.objects.order_by("pk").values_list("pk", flat=True))
    at_once(*(lambda pk=pk: services.confirm(draft, [pk], by=seller, at=AT) for pk in ids))
    assert sorted(Suggestion.objects.values_list("decided", flat=True)) == ["confirmed", "dismissed"]
    chosen = Suggestion.objects.get(decided="confirmed")
    draft.refresh_from_db()
    assert draft.content["appraisal"]["values"]["value_fen"] == chosen.value
    stale = Draft.objects.get(pk=draft.pk)  # as a request that has begun before holds it
    lodging(world, draft, "k")()
    with pytest.raises(Refused, match=r"^lodged:"):
        services.keep_upload(stale, "approval", SimpleUploadedFile("b.pdf", paper.bytes()), by=seller, at=AT)
    upload.draft = stale
    with pytest.raises(Refused, match=r"^lodged:"):
        services.remove_upload(upload, by=seller, at=AT)
    assert Upload.objects.count() == 1
