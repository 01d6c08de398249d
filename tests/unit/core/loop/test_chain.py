"""The hash chain: every column counts, one value has one spelling, and each way to forge a log is found."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta, timezone
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linhe.core.loop.chain import GENESIS, broken_links, canonical, hash_of, seal, sealed

AT = datetime(2026, 3, 4, 1, 0, 0, 5, tzinfo=UTC)
ENTRY: dict[str, Any] = {
    "matter_id": 7, "seq": 2, "action": "take", "from_stage": "open", "to_stage": "taken", "actor_id": 9,
    "actor_role": "courier", "at": AT, "data": {"a": 1, "b": [True, None, "邻"]}, "prev_hash": b"\x01" * 32,
}  # fmt: skip
CHANGES: dict[str, list[Any]] = {
    "matter_id": [8, 70], "seq": [12, 3], "action": ["taken", ""],
    "from_stage": ["ope", "taken"], "to_stage": ["open", ""], "actor_id": [None, 10], "actor_role": ["handler", ""],
    "at": [AT + timedelta(microseconds=1), AT - timedelta(days=1)],
    "data": [{}, {"a": 1}, {"a": "1", "b": [True, None, "邻"]}, {"a": 1, "b": [True, None, "鄰"]}],
    "prev_hash": [b"", b"\x01" * 31 + b"\x02"],
}  # fmt: skip
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=5), inner, max_size=4),
    max_leaves=12,
)


def test_every_column_of_an_event_has_a_change_here() -> None:
    assert set(CHANGES) == set(ENTRY)


@pytest.mark.parametrize(("column", "other"), [(c, other) for c, others in CHANGES.items() for other in others])
def test_any_changed_column_changes_the_hash(column: str, other: Any) -> None:
    assert hash_of(**ENTRY | {column: other}) != hash_of(**ENTRY)


def test_a_value_moved_to_the_next_column_changes_the_hash() -> None:
    moved = hash_of(**ENTRY | {"from_stage": "opent", "to_stage": "aken"})
    assert moved != hash_of(**ENTRY)


def test_the_hash_does_not_depend_on_how_a_moment_or_a_hash_is_held() -> None:
    shanghai = AT.astimezone(timezone(timedelta(hours=8)))
    again = hash_of(**ENTRY | {"at": shanghai, "prev_hash": memoryview(ENTRY["prev_hash"])})
    assert again == hash_of(**ENTRY)
    assert len(again) == 32


@given(VALUES)
def test_one_value_has_one_spelling_that_reads_back(value: Any) -> None:
    spelled = canonical(value) if _encodable(value) else b"null"
    assert canonical(json.loads(spelled)) == spelled


@given(st.dictionaries(st.text(st.characters(exclude_categories=("Cs",)), max_size=5), st.integers(), max_size=5))
def test_the_order_of_keys_does_not_matter(value: dict[str, int]) -> None:
    assert canonical(dict(reversed(value.items()))) == canonical(value)


def _encodable(value: Any) -> bool:
    try:
        json.dumps(value, ensure_ascii=False).encode()
    except UnicodeEncodeError:
        return False
    return True


def test_a_sealed_text_is_bound_by_its_salt() -> None:
    salt, digest = seal("王桂英")
    other_salt, other_digest = seal("王桂英")
    assert sealed(salt, "王桂英") == digest
    assert (salt, digest) != (other_salt, other_digest)
    assert sealed(salt, "王桂芳") != digest


def log(count: int = 4) -> list[SimpleNamespace]:
    """A sound log."""
    events, prev = [], GENESIS
    for seq in range(1, count + 1):
        entry = ENTRY | {"seq": seq, "prev_hash": prev}
        prev = hash_of(**entry)
        events.append(SimpleNamespace(**entry, hash=prev))
    return events


def test_a_sound_log_has_no_broken_links() -> None:
    assert list(broken_links(log())) == []
    assert list(broken_links([])) == []


@pytest.mark.parametrize("place", range(4))
@pytest.mark.parametrize("column", sorted(CHANGES))
def test_an_edited_event_is_found(place: int, column: str) -> None:
    events = log()
    setattr(events[place], column, CHANGES[column][0] if column != "prev_hash" else b"\x05" * 32)
    assert list(broken_links(events))


@pytest.mark.parametrize("place", range(3))
def test_a_missing_event_is_found(place: int) -> None:
    events = log()
    del events[place]
    assert any("missing" in found for found in broken_links(events))


def test_reordered_events_are_found() -> None:
    events = log()
    events[1], events[2] = events[2], events[1]
    assert list(broken_links(events))


def test_an_edited_event_with_its_hash_made_anew_is_found_at_the_next() -> None:
    events = log()
    events[1].data = {"forged": True}
    columns = {name: getattr(events[1], name) for name in ENTRY}
    events[1].hash = hash_of(**columns)
    assert list(broken_links(events)) == ["matter 7: event 3 does not follow the one before it"]
