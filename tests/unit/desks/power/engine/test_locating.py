"""Where the fault may be: what alarms, indicators and calls make likely, and where to look next."""

from __future__ import annotations

from dataclasses import replace

import pytest

from linhe.desks.power.bench import networks
from linhe.desks.power.engine import solve
from linhe.desks.power.engine.network import Alarm, Call, Indicator, Signals
from linhe.desks.power.engine.result import Located

TRIPPED = Alarm(switch="K01021", seen="tripped")


def located(*alarms: Alarm, **more: object) -> Located:
    signals = Signals(alarms=(TRIPPED, *alarms), **more)  # type: ignore[arg-type]  # fields of signals
    result = solve(replace(networks.case33(), fault=None, signals=signals))
    assert result.status == "located"
    assert result.located is not None
    return result.located


def test_a_terminal_that_saw_overcurrent_and_one_that_did_not_bound_the_place() -> None:
    found = located(Alarm(switch="K06071", seen="overcurrent"), Alarm(switch="K08091", seen="quiet"))
    likely = {name for one in found.hypotheses[:3] for name in one.elements}
    assert likely & {"L6", "L7", "L8"}
    assert not likely & {"L9", "L17", "L1", "L25"}
    assert sum(one.probability for one in found.hypotheses) <= 1 + 1e-9


def test_a_call_about_a_line_weighs_more_than_its_length() -> None:
    assert "L20" in located(calls=(Call(line="L20"),)).hypotheses[0].elements


def test_an_indicator_points_beyond_itself_and_a_walked_line_falls_back() -> None:
    flipped = located(indicators=(Indicator(line="L25", flipped=True),))
    assert all(set(one.elements) <= {f"L{n}" for n in range(25, 33)} | {str(n) for n in range(26, 34)}
               for one in flipped.hypotheses[:3])  # fmt: skip
    first = flipped.hypotheses[0].elements
    walked = located(indicators=(Indicator(line="L25", flipped=True),), cleared=first)
    assert walked.hypotheses[0].elements != first


def test_the_next_look_saves_minutes_and_is_not_where_a_terminal_has_told_already() -> None:
    looks = located(Alarm(switch="K06071", seen="overcurrent")).looks
    assert looks
    assert [one.saves_min for one in looks] == sorted((one.saves_min for one in looks), reverse=True)
    assert looks[0].saves_min > 0
    assert "K06071" not in {one.element for one in looks}


NOBODY = {
    "alarm": Signals(alarms=(Alarm(switch="nobody", seen="quiet"),)),
    "indicator": Signals(indicators=(Indicator(line="nobody", flipped=True),)),
    "call": Signals(calls=(Call(bus="nobody"),)),
}


@pytest.mark.parametrize("signals", NOBODY.values(), ids=NOBODY)
def test_signals_of_what_is_not_there_are_refused(signals: Signals) -> None:
    with pytest.raises(ValueError, match="there is no nobody"):
        replace(networks.case33(), fault=None, signals=signals)
