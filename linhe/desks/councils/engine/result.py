"""What a vote came to, and every share that was looked at on the way."""

from dataclasses import asdict, dataclass
from typing import Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """One share that had to be reached.

    ``code`` is quorum, participation or approval; ``by`` number or area; ``part`` of ``whole`` was reached, in persons
    or dm2; ``missing`` is the least that was lacking, 0 when it was met.
    """

    code: str
    by: str
    part: int
    whole: int
    num: int
    den: int
    strict: bool
    met: bool
    missing: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """Status ``carried``; ``lost``; ``inquorate``: too few took part, whatever they said."""

    status: str
    checks: tuple[Check, ...]

    def to_json(self) -> dict[str, Any]:
        """Plain lists, numbers and strings."""
        return {"status": self.status, "checks": [asdict(check) for check in self.checks]}
