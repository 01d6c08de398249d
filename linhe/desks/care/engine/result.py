"""A round: the doors in their order, with the times of each."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

Status = Literal["solved", "empty", "infeasible"]


@dataclass(frozen=True, slots=True)
class Call:
    """One door: when it is reached, when the call begins there, and how much after its window."""

    id: int
    reached_s: int
    begins_s: int
    late_s: int


@dataclass(frozen=True, slots=True)
class Result:
    """``infeasible``: no order keeps all windows (then ``calls`` is empty; ask again with ``late_allowed``).

    ``proven`` tells that no better order exists.
    """

    status: Status
    calls: tuple[Call, ...] = ()
    finish_s: int = 0
    walk_m: float = 0.0
    late_s: int = 0
    proven: bool = True

    def to_json(self) -> dict[str, Any]:
        """As plain data."""
        return {
            "status": self.status, "proven": self.proven, "finish_s": self.finish_s, "walk_m": round(self.walk_m, 1),
            "late_s": self.late_s,
            "calls": [
                {"id": c.id, "reached_s": c.reached_s, "begins_s": c.begins_s, "late_s": c.late_s} for c in self.calls
            ],
        }  # fmt: skip
