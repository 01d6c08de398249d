"""Import of the territory tree: all of a file or nothing of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db import connection, transaction

from linhe.core.places.kinds import KIND_LABELS, PARENT_KINDS
from linhe.core.places.models import Place
from linhe.core.places.place_files import Format, Problem, Row, read_rows
from linhe.core.places.services import NewPlace, add_places, cell_of
from linhe.lib.geography import Datum
from linhe.lib.text import Text

BATCH = 1000
WRITTEN = ("name", "name_en", "lng", "lat", "datum", "h3_cell", "address", "boundary")


@dataclass(frozen=True, slots=True)
class Imported:
    """How many places an import added, changed, and found as they were."""

    added: int
    updated: int
    unchanged: int


class ImportRefused(Exception):
    """The file has mistakes; nothing of it was written."""

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__("; ".join(f"line {p.line}: {p.column}: {p.message.en}" for p in problems))
        self.problems = problems


@transaction.atomic
def import_places(*, content: bytes, form: Format, default_datum: Datum = "WGS-84") -> Imported:
    """Add the places of a file and bring known ones up to date.

    Rows may come in any order; a parent may be in the file or in the tree already. A known place keeps its kind and
    parent, because matters store their ancestors. Coordinates are stored in WGS-84 with the source's datum kept.

    Raises
    ------
    ImportRefused : with every mistake by line; the tree is as before.
    """
    rows, problems = read_rows(content, form=form, default_datum=default_datum)
    with connection.cursor() as cursor:  # two imports of the same new place would meet at its unique code
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('places.import'))")
    codes = {row.code for row in rows} | {row.parent_code for row in rows if row.parent_code}
    known = {place.code: place for place in Place.objects.select_for_update().filter(code__in=codes).order_by("id")}
    problems += _against_tree(rows, known)
    if problems:
        raise ImportRefused(sorted(problems, key=lambda problem: problem.line))
    updated = _update([row for row in rows if row.code in known], known)
    new = [row for row in rows if row.code not in known]
    for kind in PARENT_KINDS:
        _add([row for row in new if row.kind == kind], known)
    return Imported(added=len(new), updated=updated, unchanged=len(rows) - len(new) - updated)


def _against_tree(rows: list[Row], known: dict[str, Place]) -> list[Problem]:
    """Mistakes that show only when rows are compared with each other and with the stored tree."""
    problems = []
    first_line: dict[str, int] = {}
    kinds = {place.code: place.kind for place in known.values()} | {row.code: row.kind for row in rows}
    for row in rows:
        if row.code in first_line:
            line = first_line[row.code]
            problems.append(_problem(row, "code", f"与第 {line} 行编码重复", f"the code is already at line {line}"))
        first_line.setdefault(row.code, row.line)
        above = kinds.get(row.parent_code)
        if row.parent_code and above is None:
            zh, en = f"找不到上级“{row.parent_code}”", f"the parent {row.parent_code!r} is unknown"
            problems.append(_problem(row, "parent_code", zh, en))
        elif above and above not in PARENT_KINDS[row.kind]:
            zh = f"{KIND_LABELS[row.kind].zh}不能位于{KIND_LABELS[above].zh}之下"
            problems.append(_problem(row, "parent_code", zh, f"a {row.kind} cannot stand below a {above}"))
        place = known.get(row.code)
        if place and (place.kind != row.kind or (place.parent_id and place.parent_id != _id(known, row.parent_code))):
            zh, en = (
                "已有地点的类型和上级不能通过导入更改",
                "an import cannot change the kind or parent of a known place",
            )
            problems.append(_problem(row, "code", zh, en))
    return problems


def _id(known: dict[str, Place], code: str) -> int | None:
    return known[code].pk if code in known else None


def _problem(row: Row, column: str, zh: str, en: str) -> Problem:
    return Problem(row.line, column, Text(zh, en))


def _values(row: Row) -> dict[str, Any]:
    lng, lat = row.point or (None, None)
    return {
        "name": row.name, "name_en": row.name_en, "lng": lng, "lat": lat, "datum": row.datum,
        "h3_cell": cell_of(lat, lng), "address": row.address, "boundary": row.boundary,
    }  # fmt: skip


def _update(rows: list[Row], known: dict[str, Place]) -> int:
    changed = []
    for row in rows:
        place, values = known[row.code], _values(row)
        if any(getattr(place, name) != value for name, value in values.items()):
            for name, value in values.items():
                setattr(place, name, value)
            changed.append(place)
    Place.objects.bulk_update(changed, WRITTEN, batch_size=BATCH)
    return len(changed)


def _add(rows: list[Row], known: dict[str, Place]) -> None:
    """Add rows of one kind, whose parents are all known by now."""
    if rows:
        new = [
            NewPlace(
                row.code, row.name, known.get(row.parent_code), name_en=row.name_en, address=row.address,
                lat=row.point.lat if row.point else None, lng=row.point.lng if row.point else None,
                datum=row.datum, boundary=row.boundary,
            )
            for row in rows
        ]  # fmt: skip
        known.update({place.code: place for place in add_places(rows[0].kind, new)})
