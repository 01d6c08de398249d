"""The evaluation engine against a plain second way of counting."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linhe.desks.volunteering.engine.evaluation import Grade, Params, Problem, Record, Weight, solve

RULES = Params(
    (Weight("times", 1, 4, 20), Weight("minutes", 60, 2, 10)), (Grade("good", 12), Grade("little", 0), Grade("top", 25))
)
records = st.lists(
    st.builds(
        Record, st.sampled_from(["a1", "a2", "a3", "x"]), st.sampled_from(["times", "minutes", "unknown"]),
        st.integers(0, 200), st.integers(1, 5), st.sampled_from(["aa", "bb"]),
    ),
    max_size=30,
)  # fmt: skip


def test_a_tiny_year_by_eye() -> None:
    log = (
        Record("a1", "times", 3, 1, "aa"),
        Record("a1", "minutes", 130, 2, "bb"),
        Record("a2", "minutes", 59, 3, "cc"),
    )
    result = solve(Problem(("a2", "a1"), log), RULES)
    assert [(r.subject, dict(r.figures), r.score, r.grade) for r in result.rows] == [
        ("a1", {"times": 3, "minutes": 130}, 16, "good"),
        ("a2", {"times": 0, "minutes": 59}, 0, "little"),
    ]


@given(records, st.randoms(use_true_random=False))
def test_the_result_is_the_plain_sum_whatever_the_order(log: list[Record], chance) -> None:
    result = solve(Problem(("a1", "a2", "a3"), tuple(log)), RULES)
    for row in result.rows:
        times = sum(r.amount for r in log if (r.subject, r.figure) == (row.subject, "times"))
        minutes = sum(r.amount for r in log if (r.subject, r.figure) == (row.subject, "minutes"))
        score = min(20, times * 4) + min(10, minutes // 60 * 2)
        assert (row.figures["times"], row.figures["minutes"], row.score) == (times, minutes, score)
        assert row.grade == ("top" if score >= 25 else "good" if score >= 12 else "little")
    shuffled = list(log)
    chance.shuffle(shuffled)
    assert solve(Problem(("a3", "a1", "a2"), tuple(shuffled)), RULES) == result


@given(records, st.integers(0, 29))
def test_another_log_has_another_seal(log: list[Record], index: int) -> None:
    counted = [n for n, r in enumerate(log) if r.figure != "unknown" and r.subject != "x"]
    if not counted:
        return
    changed = list(log)
    one = changed[counted[index % len(counted)]]
    changed[counted[index % len(counted)]] = Record(one.subject, one.figure, one.amount, one.event + 100, one.seal)
    assert (
        solve(Problem(("a1", "a2", "a3"), tuple(changed)), RULES).seal
        != solve(Problem(("a1", "a2", "a3"), tuple(log)), RULES).seal
    )


@pytest.mark.parametrize(
    ("log", "rules"),
    [
        ((Record("a1", "times", -1, 1, ""),), RULES),
        ((), Params((Weight("times", 0, 1, 1),), RULES.grades)),
        ((), Params(RULES.weights, (Grade("good", 1),))),
    ],
)
def test_nonsense_is_refused(log: tuple[Record, ...], rules: Params) -> None:
    with pytest.raises(ValueError, match=r"records|weights|grades"):
        solve(Problem(("a1",), log), rules)
