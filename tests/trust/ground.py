"""What a desk adds to the generic tests of the loop."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from hypothesis import strategies as st

from tests.factories import District
from tests.trust.personas import Cast


@dataclass(frozen=True)
class Ground:
    """What a desk needs to be told before its kinds can be tried."""

    prepare: Callable[[District, Cast, datetime], None] = lambda town, cast, at: None
    """Write what the desk's effects read: shifts, qualifications, ..."""
    answers: Mapping[str, st.SearchStrategy[Any]] = field(default_factory=dict)
    """Field name -> strategy, where the schema alone does not lead to sensible values."""
    decides_stage: frozenset[str] = frozenset()
    """Actions whose effect may lead to another stage than declared."""
    decides_limit: frozenset[str] = frozenset()
    """Clocks whose limit an effect may set."""
    keeps: Mapping[str, str] = field(default_factory=dict)
    """Action -> the one table that a refusal by its effect may change (that it was tried)."""
