"""A listing goes round the loop, is corrected, listed again, sold; and everything that must not happen does not."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from linhe.core.loop.access import visible_to
from linhe.core.loop.acting import begin
from linhe.core.loop.models import Event, Matter
from linhe.core.loop.refusals import Refused
from linhe.core.notices.models import Notice
from linhe.desks.exchange import services
from linhe.desks.exchange.engine import Params, Problem, solve
from linhe.desks.exchange.models import Check, Draft, Filing, Finding, Listing
from linhe.desks.exchange.queries.checks import filing_of, latest_check
from linhe.desks.exchange.services.checking import seal
from tests.integration.desks.exchange.world import AT, WAN, YES, World

DEAL = {"procedure": "agreement", "price_fen": 1000 * WAN, "lump_sum": True}


def _refused(code: str) -> Any:
    return pytest.raises(Refused, match=rf"^{code}:")


def _failed(matter: Matter) -> set[str]:
    run = latest_check(Listing.objects.get(pk=matter.pk))
    return set(Finding.objects.filter(run=run, status="fail").values_list("rule", flat=True))


def test_from_lodging_to_a_deal(world: World) -> None:
    matter = world.lodge()
    assert matter.stage == "completeness"
    assert matter.requester_id is None
    assert matter.organisation == world.trust
    first = latest_check(Listing.objects.get(pk=matter.pk))
    assert (first.failed, first.at_step) == (0, "lodged")
    assert first.unknown, "that the certificate is genuine is unknown before somebody has looked"
    with _refused("not_conforming"):
        world.step(world.lodge(), "check_complete", "reviewer", **YES | {"genuine": "no"})
        world.step(Matter.objects.latest("pk"), "pass_review", "reviewer")
    world.review(matter)
    listing = Listing.objects.get(pk=matter.pk)
    assert (listing.conforming, listing.reviewer) == (True, world.people["reviewer"])
    assert listing.ends_on is not None
    due = Matter.objects.get(pk=matter.pk).due_at
    assert due is not None
    with _refused("notice_runs"):
        world.step(matter, "record_deal", "reviewer", contract_on=AT.date(), **DEAL)
    with _refused("no_buyers"):
        world.after_notice(matter, "record_deal", contract_on=due.date(), **DEAL)
    world.step(matter, "register_buyers", "reviewer", buyers=1)
    with _refused("buyers"):
        world.after_notice(matter, "no_buyer")
    sold = world.after_notice(matter, "record_deal", contract_on=due.date(), **DEAL)
    listing.refresh_from_db()
    assert (sold.stage, listing.result, listing.deal_fen) == ("sold", "sold", 1000 * WAN)
    steps = list(Check.objects.filter(filing__listing=listing).order_by("pk").values_list("at_step", flat=True))
    assert steps == ["lodged", "documents", "reviewed", "approved", "closing"]


def test_two_buyers_ask_for_a_competition(world: World) -> None:
    matter = world.lodge()
    world.review(matter)
    world.step(matter, "register_buyers", "reviewer", buyers=2)
    due = Matter.objects.get(pk=matter.pk).due_at
    assert due is not None
    with _refused("not_conforming"):
        world.after_notice(matter, "record_deal", contract_on=due.date(), **DEAL)
    deal = DEAL | {"procedure": "online", "price_fen": 1050 * WAN}
    assert world.after_notice(matter, "record_deal", contract_on=due.date(), **deal).stage == "sold"


def test_below_ninety_percent_goes_back_and_is_listed_once_corrected(world: World) -> None:
    first = world.unsold(world.lodge())
    later = Matter.objects.get(pk=first.pk).updated_at + timedelta(days=3)
    second = world.lodge(at=later, previous=Listing.objects.get(pk=first.pk), reserve_fen=899 * WAN)
    listing = Listing.objects.get(pk=second.pk)
    assert (listing.sequence, listing.lot) == (2, Listing.objects.get(pk=first.pk).lot)
    below = _failed(second)
    assert below, "89.9 % needs an approval for exactly that price"
    world.step(second, "check_complete", "reviewer", **YES)
    with _refused("not_conforming"):
        world.step(second, "pass_review", "reviewer")
    with _refused("invalid"):
        world.step(second, "return", "reviewer", words="")
    world.step(second, "return", "reviewer", words="低于评估结果的百分之九十，请补充批准文件")
    listing.refresh_from_db()
    correction = services.begin_draft(
        organisation_id=world.trust.pk, province=world.province, by=world.people["colleague"], key="c", at=later,
        corrects=Listing.objects.select_related("matter", "lot").get(pk=second.pk),
    )  # fmt: skip
    other = world.lodge(at=later)
    world.step(other, "return", "reviewer", words="请补充材料")
    with _refused("key_reused"):
        services.begin_draft(
            organisation_id=world.trust.pk, province=world.province, by=world.people["colleague"], key="c", at=later,
            corrects=Listing.objects.select_related("matter", "lot").get(pk=other.pk),
        )  # fmt: skip
    content = correction.content
    content["approval"]["values"] |= {"new_price_fen": 899 * WAN, "new_price_on": later.date().isoformat()}
    content["application"]["values"]["difference_explained"] = True
    correction = services.save_draft(
        correction, content, contact="", contact_phone="", version=1, by=world.people["colleague"], at=later
    )
    world.step(second, "relodge", "colleague", draft=correction.pk, draft_version=correction.version)
    assert not _failed(second)
    assert filing_of(listing).number == 2
    assert world.review(second).stage == "listed"


def test_ninety_percent_to_the_fen(world: World) -> None:
    first = world.unsold(world.lodge())
    later = Matter.objects.get(pk=first.pk).updated_at + timedelta(days=3)
    draft = world.draft(at=later, previous=Listing.objects.get(pk=first.pk), reserve_fen=900 * WAN)
    content = draft.content
    content["application"]["values"]["difference_explained"] = True
    for version, (fen, fails) in enumerate([(900 * WAN, False), (900 * WAN - 1, True)], draft.version):
        content["application"]["values"]["reserve_fen"] = fen
        draft = services.save_draft(
            draft, content, contact="", contact_phone="", version=version, by=world.people["seller"], at=later
        )
        problem = _problem(draft)
        found = {f.rule for f in solve(problem, Params()).of("fail", "unknown")}
        assert ("below-ninety-percent" in found) is fails, found


def _problem(draft: Draft) -> Problem:
    from linhe.desks.exchange.queries.live import draft_problem

    return draft_problem(draft.content, draft, at=draft.saved_at)


def test_the_first_price_may_not_be_below_the_appraisal(world: World) -> None:
    assert not _failed(world.lodge())
    assert "first-listing-price" in _failed(world.lodge(reserve_fen=1000 * WAN - 1))


def test_a_later_listing_needs_every_earlier_one_and_the_chain_stays_a_chain(world: World) -> None:
    first = world.lodge()
    listing = Listing.objects.select_related("matter", "lot").get(pk=first.pk)
    with _refused("not_followed"):
        world.draft(previous=listing)
    world.unsold(first)
    later = Matter.objects.get(pk=first.pk).updated_at + timedelta(days=3)
    listing = Listing.objects.select_related("matter", "lot").get(pk=first.pk)
    one = world.draft(at=later, previous=listing, reserve_fen=950 * WAN)
    again = services.begin_draft(
        organisation_id=world.trust.pk, province=world.province, by=world.people["seller"], key="x", at=later,
        previous=listing,
    )  # fmt: skip
    assert again.pk == one.pk
    second = world.lodge_draft(one, at=later)
    with _refused("not_followed"):
        world.draft(at=later, previous=listing)
    earlier = latest_check(Listing.objects.get(pk=second.pk)).facts["earlier"]
    assert [one["number"]["value"] for one in earlier] == [1]
    assert earlier[0]["reserve_fen"]["value"] == 1000 * WAN
    with _refused("not_found"):
        services.begin_draft(
            organisation_id=world.bank.pk, province=world.province, by=world.people["bank"], key="y", at=later,
            previous=Listing.objects.select_related("matter", "lot").get(pk=second.pk),
        )  # fmt: skip


def test_lodging_twice_lodges_once(world: World) -> None:
    draft = world.draft()
    one = world.lodge_draft(draft, key="k")
    assert world.lodge_draft(draft, key="k").pk == one.pk
    with _refused("lodged"):
        world.lodge_draft(draft, key="other")
    assert Filing.objects.count() == Listing.objects.count() == 1
    with _refused("lodged"):
        services.save_draft(
            draft, {}, contact="", contact_phone="", version=draft.version, by=world.people["seller"], at=AT
        )


def test_what_changed_since_is_not_lodged(world: World) -> None:
    draft = world.draft()
    seen = draft.version
    services.save_draft(
        draft, {}, contact="", contact_phone="", version=seen, by=world.people["colleague"], at=AT
    )  # fmt: skip
    data = {"draft": draft.pk, "draft_version": seen}
    with _refused("out_of_step"):
        begin("listing", "lodge", by=world.people["seller"], place=world.province, data=data, at=AT)
    with _refused("out_of_step"):
        services.save_draft(
            draft, {"application": {"values": {"line": "sasac"}}}, contact="", contact_phone="", version=seen,
            by=world.people["seller"], at=AT,
        )  # fmt: skip


def test_the_same_facts_under_the_same_rules_are_found_the_same(world: World) -> None:
    matter = world.lodge(otherwise={"certificate.holder": "别的公司", "appraisal.value_fen": None})
    run = latest_check(Listing.objects.get(pk=matter.pk))
    replayed = solve(Problem.from_json(run.facts), Params())
    assert replayed.rule_set_hash == run.rule_set
    kept = list(run.findings.order_by("pk"))
    assert [f.rule for f in kept] == [f.rule for f in replayed.findings]
    for row, one in zip(kept, replayed.findings, strict=True):
        told = one.to_json()
        assert (row.status, row.severity, row.message_zh) == (told["status"], told["severity"], told["message"]["zh"])
        assert row.evidence == told["evidence"]
        assert row.cite["document"] == told["cite"]["document"]
        assert row.rule_set == run.rule_set
    evidence = {e["path"]: e for f in kept for e in f.evidence}
    assert evidence["application.reserve_fen"]["document"] == "产权转让申请书"
    assert evidence["application.reserve_fen"]["page"] >= 1
    again = world.lodge(otherwise={"certificate.holder": "别的公司", "appraisal.value_fen": None})
    other = latest_check(Listing.objects.get(pk=again.pk))
    assert [(f.rule, f.status) for f in kept] == [(f.rule, f.status) for f in other.findings.order_by("pk")]
    filing = run.filing
    assert filing.sha256 == seal(filing.content)


def test_nobody_approves_their_own_review(world: World) -> None:
    from tests.factories import make_post

    both = make_post("exchange_reviewer", world.province)
    make_post("exchange_manager", world.province, both)
    world.people["both"] = both
    matter = world.lodge()
    world.step(matter, "check_complete", "both", **YES)
    world.step(matter, "pass_review", "both")
    with _refused("second_person"):
        world.step(matter, "approve", "both")
    assert world.step(matter, "approve", "manager").stage == "listed"


def test_whoever_is_tied_keeps_out(world: World) -> None:
    from tests.factories import make_post

    reviewer = world.people["reviewer"]
    tie = services.declare_tie(account=reviewer, organisation=world.trust, words="配偶在该公司任职", at=AT)
    assert services.declare_tie(account=reviewer, organisation=world.trust, words="", at=AT).pk == tie.pk
    matter = world.lodge()
    with _refused("tied"):
        world.step(matter, "check_complete", "reviewer", **YES)
    with _refused("tied"):
        world.step(matter, "assign", "manager", reviewer=reviewer.pk)
    world.step(matter, "assign", "manager", reviewer=world.people["second"].pk)
    services.end_tie(tie, at=AT)
    with _refused("tied"):  # until the day is over
        world.step(matter, "check_complete", "reviewer", **YES)
    with _refused("assigned"):
        world.step(matter, "check_complete", "reviewer", later=1, **YES)
    assert world.step(matter, "check_complete", "second", **YES).stage == "reviewing"
    own = make_post("exchange_manager", world.province, world.people["seller"])
    assert own
    world.step(matter, "pass_review", "second")
    with _refused("tied"):  # sells for the institution
        world.step(matter, "approve", "seller")
    with _refused("not_allowed"):
        services.declare_tie(account=world.people["bank"], organisation=world.trust, words="", at=AT)


def test_who_sees_what(world: World) -> None:
    matter, other = world.lodge(), world.lodge(by="bank")
    seen = {
        name: set(visible_to(who, at=AT).values_list("pk", flat=True)) for name, who in world.people.items()
    }  # fmt: skip
    both = {matter.pk, other.pk}
    for name in ("reviewer", "second", "manager", "supervisor"):
        assert seen[name] == both, name
    for name in ("seller", "colleague"):
        assert seen[name] == {matter.pk}, name
    assert seen["bank"] == {other.pk}
    assert seen["stranger"] == seen["reviewer there"] == set()
    world.people["seller"].posts.update(valid_to=AT)
    assert not visible_to(world.people["seller"], at=AT).exists()
    for action in ("withdraw", "relodge"):
        with pytest.raises(Refused):
            world.step(matter, action, "bank", words="不是我的", draft=1, draft_version=1)
    with _refused("not_yours"):
        world.step(matter, "withdraw", "bank", words="不是我的")


def test_one_province_does_not_lodge_in_another(world: World) -> None:
    draft = world.draft()
    data = {"draft": draft.pk, "draft_version": draft.version}
    with _refused("not_allowed"):
        begin("listing", "lodge", by=world.people["seller"], place=world.other, data=data, at=AT)
    with _refused("not_yours"):
        begin("listing", "lodge", by=world.people["bank"], place=world.province, data=data, at=AT)
    assert not Matter.objects.exists()


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("application.reserve_fen", -1), ("application.reserve_fen", float("nan")), ("application.reserve_fen", 1.5),
        ("application.reserve_fen", 10**18), ("application.share_ppm", 1_000_001), ("application.lot", "BD1"),
        ("certificate.genuine", True), ("certificate.nothing", 1), ("nothing.at_all", 1),
        ("disclosure.ends_on", "2020-01-01"), ("disclosure.ends_on", "2026-02-30"),
        ("approval.valid_until", "1999-01-01"),
        ("appraisal.filing_kind", "perhaps"), ("application.holders", [{"share_ppm": 1}]),
    ],
)  # fmt: skip
def test_bad_content_is_named_and_nothing_of_it_kept(world: World, path: str, value: Any) -> None:
    draft = world.draft()
    before = draft.content
    code, _, name = path.partition(".")
    content = {c: dict(part, values=dict(part["values"])) for c, part in before.items()}
    content.setdefault(code, {"source": "", "values": {}, "pages": {}})["values"][name] = value
    with pytest.raises(Refused) as caught:
        services.save_draft(
            draft, content, contact="", contact_phone="", version=draft.version, by=world.people["seller"], at=AT
        )
    assert caught.value.code == "invalid"
    assert any(place.startswith(code) for place in caught.value.details)
    draft.refresh_from_db()
    assert draft.content == before


def test_dates_reversed_between_documents_are_refused_at_lodging(world: World) -> None:
    draft = world.draft(otherwise={"appraisal.filed_on": None})
    assert world.lodge_draft(draft).stage == "completeness"


def test_the_notice_is_extended_changed_suspended(world: World) -> None:
    matter = world.lodge()
    world.review(matter)
    ends = Listing.objects.get(pk=matter.pk).ends_on
    with _refused("invalid"):
        world.step(matter, "extend", "reviewer", days=4)
    world.step(matter, "extend", "reviewer", days=5)
    listing = Listing.objects.get(pk=matter.pk)
    assert listing.ends_on is not None
    assert ends is not None
    assert listing.ends_on > ends
    world.step(matter, "suspend", "reviewer", words="材料待核")
    assert Matter.objects.get(pk=matter.pk).due_at is None
    world.step(matter, "resume", "reviewer", later=14)
    resumed = Listing.objects.get(pk=matter.pk)
    assert resumed.ends_on is not None
    assert (resumed.ends_on - listing.ends_on).days >= 13
    with _refused("suspended_before"):
        world.step(matter, "suspend", "reviewer", words="再次")
    world.step(matter, "change_notice", "reviewer", agreed=True, words="受让条件调整")
    changed = Listing.objects.get(pk=matter.pk)
    assert (changed.changed, changed.change_agreed) == (True, True)
    assert changed.ends_on is not None
    assert changed.ends_on >= resumed.ends_on
    assert world.step(matter, "end_listing", "manager", words="转让方决定终止").stage == "ended"
    assert Listing.objects.get(pk=matter.pk).result == "ended"


def test_those_concerned_are_told_and_events_hold_no_words(world: World) -> None:
    matter = world.lodge()
    told = set(Notice.objects.values_list("account_id", flat=True))
    assert told == {world.people[name].pk for name in ("reviewer", "second", "manager")}
    world.step(matter, "return", "reviewer", words="秘密理由")
    assert {world.people["seller"].pk, world.people["colleague"].pk} <= set(
        Notice.objects.filter(code="listing.return").values_list("account_id", flat=True)
    )
    for event in Event.objects.all():
        assert "秘密理由" not in str(event.data)
        assert "金建国" not in str(event.data)


def test_contact_persons_are_forgotten_and_ties_go_with_the_account(world: World) -> None:
    from linhe.desks.exchange.services.personal import HOLDING, forget

    matter = world.lodge()
    reviewer = world.people["reviewer"]
    services.declare_tie(account=reviewer, organisation=world.trust, words="亲属", at=AT)
    assert HOLDING.export(reviewer)[0]["words"] == "亲属"
    HOLDING.erase(reviewer, AT)
    assert HOLDING.export(reviewer) == []
    assert forget(Matter.objects.filter(pk=matter.pk)) == 2
    assert Listing.objects.get().contact == Draft.objects.get().contact_phone == ""
    assert forget(Matter.objects.filter(pk=matter.pk)) == 0
