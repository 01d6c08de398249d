"""Data for the actions of any kind, sound or wrong, drawn from their schemas and what the desks say of them."""

from __future__ import annotations

import io
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any, get_args, get_origin

from annotated_types import Ge, Gt, Le, MaxLen, MinLen
from django.core.files.uploadedfile import SimpleUploadedFile
from hypothesis import strategies as st
from PIL import Image
from pydantic import BaseModel
from pydantic.fields import FieldInfo

from linhe.core.loop import registry
from linhe.core.loop.kinds import Action, Kind
from tests.trust.desks import merged
from tests.trust.ground import Ground

Data = Mapping[str, Any]


def ground_of(kind: Kind) -> Ground:
    """The ground of a kind; one without needs nothing."""
    return _grounds().get(kind.code, Ground())


@cache
def _grounds() -> dict[str, Ground]:
    return merged("GROUNDS")


def data_for(kind: Kind, action: Action) -> st.SearchStrategy[Data]:
    """Data that the schema of an action accepts, mostly complete, sometimes with the optional fields left out."""
    schema = registry.schema_of(kind, action)
    if schema is None:
        return st.just({})
    return _data(schema, ground_of(kind)).filter(lambda data: accepted(schema, data))


def wrong_data_for(kind: Kind, action: Action) -> st.SearchStrategy[Data]:
    """Data that the schema refuses: a field unknown, missing or of another type."""
    schema = registry.schema_of(kind, action)
    if schema is None:
        return st.nothing()
    names = st.sampled_from([*schema.model_fields, "unknown"])
    rubbish = st.sampled_from([None, "", "x" * 5000, -1, 2**63, 1.5, [], {}, "\x00", "\ud800", True, "😀"])
    changes = st.dictionaries(names, rubbish, min_size=1, max_size=3)
    return st.builds(lambda data, change: data | change, _data(schema, ground_of(kind)), changes).filter(
        lambda data: not accepted(schema, data)
    )


def accepted(schema: type[BaseModel], data: Data) -> bool:
    """Whether a schema takes the data."""
    try:
        schema.model_validate(dict(data))
    except ValueError:
        return False
    return True


def photos(count: int) -> list[SimpleUploadedFile]:
    """So many tiny photos."""
    return [SimpleUploadedFile(f"{n}.png", _png(n)) for n in range(count)]


@cache
def _png(number: int) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (4, 4), (number * 40 % 256, 80, 120)).save(out, "PNG")
    return out.getvalue()


def _data(schema: type[BaseModel], ground: Ground) -> st.SearchStrategy[dict[str, Any]]:
    required, optional = {}, {}
    for name, info in schema.model_fields.items():
        strategy = ground.answers.get(name)
        (required if info.is_required() else optional)[name] = _field(info) if strategy is None else strategy
    return st.fixed_dictionaries(required, optional=optional)


def _field(info: FieldInfo) -> st.SearchStrategy[Any]:
    extra: dict[str, Any] = info.json_schema_extra if isinstance(info.json_schema_extra, dict) else {}
    if choices := extra.get("choices"):
        return st.sampled_from([code for code, *_ in choices])
    return _typed(info.annotation, info.metadata)


def _typed(annotation: Any, metadata: list[Any]) -> st.SearchStrategy[Any]:
    limits = {type(m): m for m in metadata}
    least: Any = getattr(limits.get(Ge), "ge", getattr(limits.get(Gt), "gt", None))
    most: Any = getattr(limits.get(Le), "le", None)
    if hasattr(annotation, "__metadata__"):  # Annotated
        inner = [m for extra in annotation.__metadata__ for m in getattr(extra, "metadata", [extra])]
        return _typed(annotation.__origin__, [*metadata, *inner])
    if get_origin(annotation) is not None and type(None) in get_args(annotation):
        return st.one_of(st.none(), *[_typed(a, metadata) for a in get_args(annotation) if a is not type(None)])
    if annotation is bool:
        return st.booleans()
    if annotation is int:
        return st.integers(least, most)
    if annotation is float:
        return st.floats(least, most, allow_nan=False, allow_infinity=False)
    if annotation is datetime:
        first = datetime(2024, 1, 1, tzinfo=UTC)
        return st.integers(0, 3 * 365 * 24 * 60).map(lambda n: (first + timedelta(minutes=n)).isoformat())
    if annotation is str:
        pattern = next((m.pattern for m in metadata if getattr(m, "pattern", None)), None)
        if pattern:
            return st.from_regex(pattern, fullmatch=True)
        shortest, longest = getattr(limits.get(MinLen), "min_length", 0), getattr(limits.get(MaxLen), "max_length", 20)
        letters = st.characters(exclude_categories=("Cs", "Cc"))
        return st.text(letters, min_size=shortest, max_size=min(longest, 20))
    return st.just([])
