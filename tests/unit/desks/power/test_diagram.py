"""The one-line diagram: where buses stand, what carries voltage, how it is drawn and told."""

from __future__ import annotations

from dataclasses import replace
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linhe.desks.power.queries.diagram import Branch, Net, Node, State, Supply, Switchgear, draw, words_of
from linhe.desks.power.queries.diagram.layout import places
from linhe.desks.power.queries.diagram.net import parts_of, states
from linhe.lib.text import Text

TITLE = Text("接线图", "one-line diagram")


def chain(*, closed: tuple[bool, ...], fault: int = -1, truck: bool | None = None) -> Net:
    """Buses 0, 1, 2 ... in a row with a switch at the near end of every section."""
    nodes = tuple(Node(str(n), kw=10.0) for n in range(len(closed) + 1))
    branches = tuple(
        Branch(f"L{n}", str(n), str(n + 1), switches=(Switchgear(f"K{n}", closed=one),), fault=n == fault)
        for n, one in enumerate(closed)
    )
    supplies = (
        Supply("0", "站"),
        *([Supply(str(len(closed)), "车", truck=True, on=truck)] if truck is not None else []),
    )
    return Net(nodes, branches, supplies)


def test_what_a_substation_a_truck_and_nothing_feed() -> None:
    net = chain(closed=(True, False, True, False, True), truck=True)
    found = states(net)
    assert [found[str(n)] for n in range(6)] == ["live", "live", "dead", "dead", "island", "island"]


def test_a_truck_that_waits_feeds_nothing() -> None:
    assert states(chain(closed=(True, False), truck=False))["2"] is State.DEAD


def test_a_broken_line_does_not_carry() -> None:
    assert states(chain(closed=(True, True), fault=1))["2"] is State.DEAD


def test_a_section_has_the_state_of_the_end_it_is_joined_to() -> None:
    net = chain(closed=(True, False), truck=True)
    assert parts_of(net.branches[1], states(net)) == (State.LIVE, State.ISLAND, State.ISLAND)
    far = replace(net.branches[1], switches=(Switchgear("K", closed=False, far=True),))
    assert parts_of(far, states(net)) == (State.LIVE, State.LIVE, State.ISLAND)


def test_an_earthed_section_is_dead_and_says_so() -> None:
    net = chain(closed=(False, False))
    earthed = replace(net.branches[1], earthed=True, switches=(*net.branches[1].switches,))
    assert parts_of(earthed, states(net))[1] is State.EARTHED


@given(st.lists(st.integers(0, 30), min_size=1, max_size=40), st.integers(0, 5))
def test_no_two_buses_stand_on_the_same_spot(ups: list[int], ties: int) -> None:
    """Any tree: bus n + 1 hangs below one of those before it."""
    sections = [Branch(f"L{n}", str(up % (n + 1)), str(n + 1)) for n, up in enumerate(ups)]
    tied = [Branch(f"T{n}", str(n % len(ups)), str(len(ups)), tie=True) for n in range(ties)]
    net = Net(tuple(Node(str(n)) for n in range(len(ups) + 1)), (*sections, *tied), (Supply("0", "站"),))
    found = places(net)
    assert len(set(found.values())) == len(net.nodes)
    assert all(found[b.to].column == found[b.frm].column + 1 for b in sections)
    assert places(net) == places(replace(net, branches=tuple(sections)))
    standing = {(one.column, one.row) for one in found.values()}
    for b in sections:
        here, there = found[b.frm].row, found[b.to].row
        step = 1 if there > here else -1
        way = {(found[b.frm].column, row) for row in range(here + step, there + step, step)} if there != here else set()
        assert not way & standing, "no way crosses a bus"


@given(st.lists(st.booleans(), min_size=1, max_size=12), st.booleans())
def test_states_follow_the_closed_switches(closed: list[bool], truck: bool) -> None:
    found = states(chain(closed=tuple(closed), truck=truck))
    for number in range(len(closed) + 1):
        live, fed = all(closed[:number]), truck and all(closed[number:])
        assert found[str(number)] is (State.LIVE if live else State.ISLAND if fed else State.DEAD)


def test_the_picture_is_whole_and_names_cannot_break_it() -> None:
    net = chain(closed=(True, False, True), truck=True)
    nodes = (replace(net.nodes[0], name="<b>院&楼", vital=True), *net.nodes[1:])
    drawn = draw(replace(net, nodes=nodes, now="K1"), title=TITLE)
    root = ElementTree.fromstring(drawn)
    kinds = [one.get("class", "") for one in root.iter()]
    assert drawn.count("<svg") == 1
    assert "&lt;b&gt;院&amp;楼" in drawn
    assert kinds.count("ol__now") == 1
    assert {"ol__bus is-live", "ol__bus is-island", "ol__truck is-on"} <= set(kinds)
    assert "style=" not in drawn


def test_the_words_tell_what_the_picture_shows() -> None:
    words = words_of(chain(closed=(True, False, True), truck=True, fault=1))
    assert {row.state: row.buses for row in words.rows} == {
        "live": ("0", "1"), "island": ("2", "3"), "dead": (), "earthed": (),
    }  # fmt: skip
    assert [one.code for one in words.moved] == ["K1"]
    assert [one.code for one in words.faults] == ["L1"]
    assert words.served_pct == pytest.approx(100.0)


def test_a_net_without_buses_is_refused() -> None:
    with pytest.raises(ValueError, match="nodes"):
        places(Net((), (), ()))
