"""The errand's loop, told through the one door, with every way it can end."""

from __future__ import annotations

import pytest

from linhe.core.loop.acting import act
from linhe.core.loop.jobs import sweep_clocks
from linhe.core.loop.models import Event
from linhe.core.loop.refusals import Refused
from linhe.core.loop.verifying import checks
from linhe.core.points.queries import Balance, balance
from linhe.core.points.services import settle_due
from linhe.desks.errands import queries, services
from linhe.desks.errands.models import Advance, ErrandDetail, Offer, Shift, Stop
from tests.integration.desks.errands.conftest import AT, Town, after, code_of, photo


def offered(town: Town) -> object:
    matter = town.errand()
    services.dispatch_to(by=town.worker, matter=matter, courier=town.courier, at=after(1))
    matter.refresh_from_db()
    return matter


def test_from_request_to_points_by_the_code(town: Town) -> None:
    matter = town.errand()
    report = services.dispatch_batch(district=town.places.district, at=after(1))
    assert (report.offered, report.skipped) == (1, 0)
    matter.refresh_from_db()
    courier = matter.handler
    [waiting] = queries.offers_to(courier, at=after(1))
    assert waiting.card.building == "1号楼"
    assert waiting.reasons
    act(matter, "accept", by=courier, at=after(2))
    kinds = [s.kind for s in queries.my_route(courier, at=after(2)).stops]
    assert sorted(kinds) == ["dropoff", "own", "own", "pickup"]
    assert kinds.index("pickup") < kinds.index("dropoff")
    act(matter, "collect", by=courier, at=after(8))
    act(matter, "done", by=courier, data={"code": code_of(matter)}, at=after(15))
    outcome = act(matter, "rate", by=town.resident, data={"stars": 5, "words": "谢谢"}, at=after(20))
    assert outcome.matter.stage == "confirmed"
    assert balance(courier).pending == 10
    assert [p for check in checks().values() for p in check()] == []


def test_an_urgent_errand_earns_more_and_silence_confirms(town: Town) -> None:
    matter = town.done(urgent=True)
    sweep_clocks(at=after(15 + 1440 + 1))
    matter.refresh_from_db()
    assert matter.stage == "confirmed"
    assert balance(town.courier).pending == 15


def test_photo_and_call_back_need_a_second_worker(town: Town) -> None:
    matter = town.accepted()
    with pytest.raises(Refused, match="invalid"):
        act(matter, "done_by_photo", by=town.courier, at=after(10))
    act(matter, "done_by_photo", by=town.courier, files=[photo()], at=after(10))
    act(matter, "call_back", by=town.worker, data={"words": "老人说收到了"}, at=after(30))
    with pytest.raises(Refused, match="second_person"):
        act(matter, "approve", by=town.worker, at=after(31))
    outcome = act(matter, "approve", by=town.second_worker, at=after(31))
    assert outcome.matter.stage == "done"


def test_nobody_home_may_end_as_not_done_without_points(town: Town) -> None:
    matter = town.accepted()
    act(matter, "not_home", by=town.courier, at=after(10))
    outcome = act(matter, "close_failed", by=town.worker, data={"words": "未送达"}, at=after(30))
    assert outcome.matter.stage == "failed"
    assert balance(town.courier).pending == 0


def test_who_declines_is_never_asked_again(town: Town) -> None:
    matter = offered(town)
    act(matter, "decline", by=town.courier, data={"reason": "far"}, at=after(2))
    with pytest.raises(Refused, match="said_no"):
        services.dispatch_to(by=town.worker, matter=matter, courier=town.courier, at=after(3))
    services.dispatch_batch(district=town.places.district, at=after(4))
    matter.refresh_from_db()
    assert matter.handler == town.other_courier
    assert matter.pk not in [w.card.matter_id for w in queries.on_my_way(town.courier, at=after(4))]


def test_an_offer_without_answer_lapses(town: Town) -> None:
    matter = offered(town)
    assert sweep_clocks(at=after(4.5)) == 1
    matter.refresh_from_db()
    assert (matter.stage, matter.handler) == ("open", None)
    assert Offer.objects.get(matter=matter).state == "lapsed"


def test_handing_back_frees_the_route_and_its_limits(town: Town) -> None:
    matter = town.accepted()
    before = Shift.objects.get(courier=town.courier)
    assert before.extra_used == 1
    act(matter, "hand_back", by=town.courier, data={"reason": "vehicle"}, at=after(5))
    shift = Shift.objects.get(courier=town.courier)
    assert (shift.extra_used, shift.detour_used_m) == (0, 0)
    assert not Stop.objects.filter(matter=matter).exists()
    assert code_of(matter) == ""
    matter.refresh_from_db()
    assert matter.stage == "open"
    services.dispatch_batch(district=town.places.district, at=after(6))
    matter.refresh_from_db()
    assert matter.handler == town.other_courier


def test_withdrawing_clears_the_route(town: Town) -> None:
    matter = town.accepted()
    act(matter, "withdraw", by=town.family, data={"reason": "mistake"}, at=after(5))
    matter.refresh_from_db()
    assert matter.stage == "withdrawn"
    assert Shift.objects.get(courier=town.courier).extra_used == 0
    assert not Stop.objects.filter(matter=matter).exists()


def test_nobody_in_time_ends_unserved_with_the_reason(town: Town) -> None:
    matter = town.errand(load=40)
    services.dispatch_batch(district=town.places.district, at=after(1))
    sweep_clocks(at=after(91))
    matter.refresh_from_db()
    assert matter.stage == "unserved"
    last = Event.objects.filter(matter=matter).last()
    assert last.data["reasons"] == ["capacity"]


def test_late_is_told_and_changes_nothing(town: Town) -> None:
    matter = town.accepted()
    sweep_clocks(at=after(90))
    matter.refresh_from_db()
    assert matter.stage == "accepted"
    assert Event.objects.filter(matter=matter, action="late").count() == 1
    sweep_clocks(at=after(95))
    assert Event.objects.filter(matter=matter, action="late").count() == 1


def test_an_upheld_dispute_takes_the_points_back(town: Town) -> None:
    matter = town.done()
    act(matter, "rate", by=town.resident, data={"stars": 4}, at=after(20))
    act(matter, "dispute", by=town.resident, data={"words": "少了一盒"}, at=after(60))
    assert balance(town.courier).pending == 10
    outcome = act(matter, "uphold", by=town.worker, data={"words": "核实少送"}, at=after(90))
    assert outcome.matter.stage == "failed"
    assert outcome.event.data["points"] == -10
    assert (balance(town.courier).pending, balance(town.courier).settled) == (0, 0)


def test_a_dismissed_dispute_credits_once(town: Town) -> None:
    matter = town.done()
    act(matter, "rate", by=town.resident, data={"stars": 4}, at=after(20))
    act(matter, "dispute", by=town.resident, data={"words": "少了一盒"}, at=after(60))
    act(matter, "dismiss", by=town.worker, data={"words": "已核实无误"}, at=after(90))
    assert balance(town.courier).pending == 10


@pytest.mark.parametrize("verdict", ["uphold", "dismiss"])
def test_points_stay_pending_while_a_dispute_is_open(town: Town, verdict: str) -> None:
    matter = town.done()
    act(matter, "rate", by=town.resident, data={"stars": 4}, at=after(20))
    act(matter, "dispute", by=town.resident, data={"words": "少了一盒"}, at=after(60))
    long_after = after(60 + 30 * 1440)
    settle_due(at=long_after)
    assert balance(town.courier) == Balance(pending=10)
    act(matter, verdict, by=town.worker, data={"words": "已核实"}, at=long_after)
    settle_due(at=long_after)
    assert balance(town.courier) == (Balance() if verdict == "uphold" else Balance(0, 10))


def test_a_dispute_comes_too_late(town: Town) -> None:
    matter = town.done()
    act(matter, "rate", by=town.resident, data={"stars": 4}, at=after(20))
    with pytest.raises(Refused, match="too_late"):
        act(matter, "dispute", by=town.resident, data={"words": "少了一盒"}, at=after(20 + 3 * 1440))


def test_wrong_codes_are_counted_and_capped(town: Town) -> None:
    matter = town.accepted()
    right = code_of(matter)
    wrong = f"{(int(right) + 1) % 1_000_000:06d}"
    for n in range(5):
        with pytest.raises(Refused, match="wrong_code") as refused:
            act(matter, "done", by=town.courier, data={"code": wrong}, at=after(10))
        assert refused.value.status == 422
        assert ErrandDetail.objects.get(pk=matter.pk).code_tries == n + 1
    with pytest.raises(Refused, match="code_locked"):
        act(matter, "done", by=town.courier, data={"code": right}, at=after(11))
    matter.refresh_from_db()
    assert matter.stage == "accepted"
    act(matter, "done_by_photo", by=town.courier, files=[photo()], at=after(12))


def test_an_advance_needs_a_receipt_and_both_confirmations(town: Town) -> None:
    matter = town.accepted()
    with pytest.raises(Refused, match="invalid"):
        act(matter, "advance", by=town.courier, data={"amount_fen": 1250}, at=after(5))
    act(matter, "advance", by=town.courier, data={"amount_fen": 1250}, files=[photo()], at=after(5))
    with pytest.raises(Refused, match="invalid"):
        act(matter, "advance", by=town.courier, data={"amount_fen": 50000}, files=[photo()], at=after(6))
    act(matter, "paid", by=town.resident, at=after(30))
    act(matter, "received", by=town.courier, at=after(31))
    advance = Advance.objects.get(matter=matter)
    assert (advance.amount_fen, advance.paid_at, advance.received_at) == (1250, after(30), after(31))
    assert advance.receipt is not None
    with pytest.raises(Refused, match="nothing_to_settle"):
        act(matter, "received", by=town.courier, at=after(32))


def test_nobody_carries_their_own_errand(town: Town) -> None:
    matter = town.errand(by=town.courier)
    with pytest.raises(Refused, match="own_errand"):
        services.take(by=town.courier, matter_id=matter.pk, at=after(1))
    with pytest.raises(Refused, match="own_errand"):
        services.dispatch_to(by=town.worker, matter=matter, courier=town.courier, at=after(1))


def test_a_route_without_room_refuses(town: Town) -> None:
    first = town.errand(load=15)
    second = town.errand(load=15)
    services.take(by=town.courier, matter_id=first.pk, at=after(1))
    act(first, "collect", by=town.courier, at=after(2))
    Stop.objects.filter(matter=first, kind="dropoff").update(latest_at=after(12))
    with pytest.raises(Refused, match="no_longer_fits"):
        services.take(by=town.courier, matter_id=second.pk, at=after(9))


@pytest.mark.parametrize(
    ("data", "code"),
    [
        ({"service": "nothing"}, "invalid"),
        ({"service": "hazard"}, "other_desk"),
        ({"latest_at": "2020-01-01T00:00:00Z"}, "invalid"),
        ({"latest_at": "2027-01-01T00:00:00Z"}, "invalid"),
        ({"pickup_code": "no such"}, "invalid"),
        ({"pickup_lng": None}, "invalid"),
        ({"pickup_lat": float("nan")}, "invalid"),
        ({"load": 41}, "invalid"),
    ],
)
def test_wrong_requests_are_refused(town: Town, data: dict[str, object], code: str) -> None:
    with pytest.raises(Refused, match=code):
        town.errand(**data)


def test_a_worker_asks_on_behalf_and_a_stranger_may_not(town: Town) -> None:
    asked = {"service": "water", "load": 1}
    outcome = services.raise_errand(
        by=town.worker, place=town.places.building, data=asked, at=AT, beneficiary=town.resident
    )
    assert outcome.event.action == "request_for"
    with pytest.raises(Refused, match="not_allowed"):
        services.raise_errand(
            by=town.stranger, place=town.places.building, data=asked, at=AT, beneficiary=town.resident
        )


def test_a_shift_ends_only_without_errands(town: Town) -> None:
    matter = town.accepted()
    with pytest.raises(Refused, match="errands_left"):
        services.end_shift(courier=town.courier, at=after(5))
    act(matter, "hand_back", by=town.courier, data={"reason": "vehicle"}, at=after(6))
    assert services.end_shift(courier=town.courier, at=after(7)).ended_at == after(7)
    with pytest.raises(Refused, match="off_duty"):
        services.end_shift(courier=town.courier, at=after(8))
    with pytest.raises(Refused, match="off_duty"):
        services.take(by=town.courier, matter_id=town.errand().pk, at=after(9))
