"""What the engine found, in words: for couriers, for the community, and plainly for whoever asked."""

from __future__ import annotations

from datetime import datetime

from linhe.desks.errands.queries.reasons import (
    because,
    detour_text,
    offer_reasons,
    unserved_plainly,
    unserved_reasons,
    unserved_shortly,
)
from linhe.lib.working_calendar import SHANGHAI

OFFER = [
    ["nearest_route", {"rank": 1, "of": 5, "detour_m": 350.0}],
    ["place", {"pickup_own": 7, "pickup_at": 1, "pickup_s": 0, "dropoff_own": 8, "dropoff_at": 4, "dropoff_s": 0}],
    ["slack", {"slack_s": 750}],
    ["runner_up", {"rank": 2, "detour_m": 1500, "detour_s": 500}],
    ["runner_up", {"rank": 1, "detour_m": 800, "detour_s": 200}],
]
AT_S = datetime(2026, 3, 4, 17, 10, tzinfo=SHANGHAI).timestamp()
NOBODY = [
    ["passing", {"people": 3, "within_m": 800.0}],
    ["none_with_skill", {"people": 3}],
    ["next_window", {"at_s": AT_S}],
]


def test_an_offer_says_where_in_the_route_what_is_left_and_who_came_next() -> None:
    told = because(detour_text(350, 130), offer_reasons(OFFER))
    assert told.zh == (
        "绕行 350 米，约 2 分钟；5 位小哥赶得到，这位最顺路；第 1 站后取件，第 3 站后送到；时间还有 12 分钟余量；"
        "其次：小哥甲绕行 800 米、小哥乙绕行 1.5 公里。"
    )
    assert told.en == (
        "A detour of 350 m, about 2 min; the closest of 5 couriers who can be in time; collect after stop 1, deliver "
        "after stop 3; 12 min to spare; next best: courier A with 800 m, courier B with 1.5 km."
    )


def test_places_in_a_route_are_counted_without_the_errands_own_pick_up() -> None:
    at_once = [["place", {"pickup_at": 0, "dropoff_at": 1}]]
    assert [text.zh for text in offer_reasons(at_once)] == ["先取件，随即送到"]
    visit = [["place", {"dropoff_at": 2}]]
    assert [text.en for text in offer_reasons(visit)] == ["come after stop 2"]
    assert offer_reasons([["slack", {"slack_s": 20_000}]]) == [], "plenty of time needs no words"


def test_the_community_reads_who_passes_what_is_missing_and_when_somebody_could() -> None:
    assert [text.zh for text in unserved_reasons(NOBODY)] == [
        "800 米内有 3 位小哥经过", "3 位小哥没有核验过这项技能", "最早 17:10 有人能来",
    ]  # fmt: skip
    short = unserved_shortly(NOBODY)
    assert short is not None
    assert (
        short.en
        == "3 couriers pass within 800 m; 3 couriers without the verified skill; somebody could come from 17:10"
    )
    assert unserved_shortly([]) is None


def test_whoever_asked_reads_it_plainly() -> None:
    told = unserved_plainly(NOBODY)
    assert told is not None
    assert told.zh == "800 米内有 3 位小哥经过，还没有人做过这项技能核验，最早 17:10 有人能来。"
    assert told.en == "3 couriers pass within 800 m; none is verified for this skill; somebody could come from 17:10."
    late = unserved_plainly([["window", {"people": 2}]])
    assert late is not None
    assert late.zh == "赶不上您要的时间；时间放宽一些，更容易有人接。"
    far = unserved_plainly([["passing", {"people": 1, "within_m": 300.0}], ["no_couriers", {"people": 0}]])
    assert far is not None
    assert far.zh == "现在没有小哥在岗。", "who passes is told only where it explains something"
    assert unserved_plainly([]) is None
