"""The one-line diagram of a feeder: what it shows, where it stands, how it is drawn and told."""

from linhe.desks.power.queries.diagram.drawing import draw
from linhe.desks.power.queries.diagram.net import (
    STATE_NAMES,
    Branch,
    Net,
    Node,
    State,
    Supply,
    Switchgear,
    parts_of,
    states,
)
from linhe.desks.power.queries.diagram.telling import StateRow, Words, words_of

__all__ = [
    "STATE_NAMES", "Branch", "Net", "Node", "State", "StateRow", "Supply", "Switchgear", "Words", "draw", "parts_of",
    "states", "words_of",
]  # fmt: skip
