"""The diagram in words: what a screen reader, or a reader without the picture, gets of it."""

from __future__ import annotations

from dataclasses import dataclass

from linhe.desks.power.queries.diagram.net import STATE_NAMES, Branch, Net, State, Supply, Switchgear, states
from linhe.lib.text import Text


@dataclass(frozen=True, slots=True)
class StateRow:
    """All buses in one state, with what they feed [kW]."""

    state: State
    name: Text
    buses: tuple[str, ...]
    kw: float

    @property
    def listed(self) -> str:
        """The codes in one line."""
        return "、".join(self.buses) if self.buses else "–"


@dataclass(frozen=True, slots=True)
class Words:
    """States of the buses, switches that stand otherwise than in the normal state, trucks, the fault."""

    rows: tuple[StateRow, ...]
    moved: tuple[Switchgear, ...]
    trucks: tuple[Supply, ...]
    faults: tuple[Branch, ...]

    @property
    def present(self) -> tuple[StateRow, ...]:
        """The states that occur."""
        return tuple(row for row in self.rows if row.buses)

    @property
    def served_pct(self) -> float:
        """Load that is fed, of all load [%]; 100 where there is none."""
        total = sum(row.kw for row in self.rows)
        fed = sum(row.kw for row in self.rows if row.state in (State.LIVE, State.ISLAND))
        return 100.0 if total == 0 else 100.0 * fed / total


def words_of(net: Net) -> Words:
    """The same as the picture shows."""
    found = states(net)
    rows = tuple(
        StateRow(
            state, STATE_NAMES[state],
            tuple(node.code for node in net.nodes if found[node.code] is state),
            sum(node.kw for node in net.nodes if found[node.code] is state),
        )
        for state in State
    )  # fmt: skip
    return Words(
        rows,
        tuple(one for b in net.branches for one in b.switches if one.closed != one.normal),
        tuple(s for s in net.supplies if s.truck),
        tuple(b for b in net.branches if b.fault),
    )
