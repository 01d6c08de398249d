"""Import of 12345 orders: a file is read and shown first, then its good rows are received; or rows come by the API."""

from __future__ import annotations

import hashlib
import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Q

from linhe.core.dated import value
from linhe.core.loop.acting import begin
from linhe.core.loop.refusals import Refused, invalid, key_reused, not_found
from linhe.core.people.models import Account, Organisation
from linhe.core.people.queries import posts_of
from linhe.core.places.models import Place
from linhe.desks.reports.loop.hotline import CLERKS, HOTLINE
from linhe.desks.reports.models import ApiKey, HotlineFile, HotlineOrder, HotlineRequest
from linhe.desks.reports.queries.hotline import categories
from linhe.desks.reports.services.hotline_rows import Directory, OrderRow, RowFault, missing_columns, read_rows
from linhe.lib.tables import read_table
from linhe.lib.text import Text

TAKEN, KNOWN, BAD = "taken", "known", "bad"
LINE, FAULTS = "原行号", "问题"
"""Columns that a file of bad rows has besides its own."""
_PLACES = ("compound", "community", "village", "subdistrict", "town", "district")


@dataclass(slots=True)
class Received:
    """What became of one row: ``taken`` now, ``known`` before, or ``bad``."""

    row: OrderRow
    state: str
    matter_id: int | None = None


def clerk_places(account: Account, *, at: datetime) -> list[Place]:
    """The territories for which someone receives orders."""
    return [post.place for post in posts_of(account, at=at) if post.role in CLERKS]


def directory_of(places: Iterable[Place], *, at: datetime) -> Directory:
    """Everything that rows may name within these places."""
    inside, organisations_near = Q(pk__in=[]), Q(pk__in=[])
    for place in places:
        inside |= Q(pk=place.pk) | Q(**{place.level: place})
        organisations_near |= Q(place__in=place.ancestor_ids()) | Q(**{f"place__{place.level}": place})
    by_level: dict[str, dict[str, list[Place]]] = defaultdict(lambda: defaultdict(list))
    codes = {}
    found = Place.objects.filter(inside, kind__in=_PLACES).select_related("community", "subdistrict").order_by("code")
    for place in found:
        by_level[place.level][place.name].append(place)
        codes[place.code] = place
    names: dict[str, str] = {}
    for organisation in Organisation.objects.filter(organisations_near).order_by("-code"):
        for name in (organisation.name, organisation.name_en, organisation.code):
            names[name.lower()] = organisation.code
    known = {}
    for one in categories(at=at):
        for name in (one.code, one.name.zh, one.name.en, *one.also):
            known[name.lower()] = one.code
    names.pop("", None)
    return Directory(
        codes, by_level["compound"], by_level["community"], by_level["subdistrict"], names, known
    )  # fmt: skip


def upload(*, account: Account, name: str, content: bytes, at: datetime) -> HotlineFile:
    """Keep the rows of a file until they are imported; raises ``Refused`` when it cannot be read as a table at all."""
    if not clerk_places(account, at=at):
        raise not_found()
    rows = read_table(content, name=name)
    most = value("reports.hotline_rows", at=at)
    if not rows:
        raise _refuse_file("文件里没有工单。", "The file holds no orders.")
    if len(rows) > most:
        raise _refuse_file(f"一次最多导入 {most} 件，请分开导入。", f"At most {most} orders at once. Split the file.")
    if missing := missing_columns(list(rows[0])):
        raise _refuse_file(f"缺少列：{'、'.join(missing)}。", f"Columns are missing: {', '.join(missing)}.")
    delete_old_files(at=at)
    return HotlineFile.objects.create(
        account=account, name=name[:120], rows=json.dumps(rows, ensure_ascii=False), uploaded_at=at
    )


def file_of(account: Account, file_id: int) -> HotlineFile:
    """One's own file; the same refusal whether there is none or it is somebody else's."""
    found = HotlineFile.objects.filter(pk=file_id, account=account).first() if file_id < 2**63 else None
    if found is None:
        raise not_found()
    return found


def preview(file: HotlineFile, *, at: datetime) -> list[Received]:
    """What an import would do with each row."""
    return _sorted_out(_rows_of(file), directory_of(clerk_places(file.account, at=at), at=at), at=at)


def import_file(file: HotlineFile, *, at: datetime) -> HotlineFile:
    """Receive the good rows in one transaction, once; afterwards the file holds only the bad ones."""
    with transaction.atomic():
        locked = HotlineFile.objects.select_for_update().get(pk=file.pk)
        if locked.imported_at is not None:
            return locked
        places = directory_of(clerk_places(locked.account, at=at), at=at)
        done = receive(_sorted_out(_rows_of(locked), places, at=at), by=locked.account, at=at, source="file")
        bad = [one.row for one in done if one.state == BAD]
        locked.rows = json.dumps([faulty(row) for row in bad], ensure_ascii=False)
        locked.imported_at, locked.bad = at, len(bad)
        locked.taken = sum(one.state == TAKEN for one in done)
        locked.known = sum(one.state == KNOWN for one in done)
        locked.save()
    return locked


def receive(sorted_out: Sequence[Received], *, by: Account | None, at: datetime, source: str) -> list[Received]:
    """Receive the rows that are good, in the order of their numbers, so that two imports never wait for each other
    in a circle. A number that another import brought meanwhile is known."""
    for one in sorted(sorted_out, key=lambda r: r.row.number):
        if one.state != TAKEN:
            continue
        assert one.row.place is not None
        data = one.row.data | {"source": source}
        try:
            one.matter_id = begin(HOTLINE.code, "receive", by=by, place=one.row.place, data=data, at=at).matter.pk
        except Refused as refused:
            if refused.code == "order_known":
                one.state = KNOWN
                one.matter_id = HotlineOrder.objects.get(number=one.row.number).pk
            else:
                one.state = BAD
                details = refused.details or {"number": str(refused.message)}
                one.row.faults += [RowFault(one.row.line, column, message) for column, message in details.items()]
    return list(sorted_out)


def receive_by_key(
    *, key: ApiKey, orders: Sequence[Mapping[str, str]], request_key: str, at: datetime
) -> dict[str, Any]:
    """Rows that another system sends. The same request key again returns the first answer; with other rows it is
    refused."""
    most = value("reports.hotline_rows", at=at)
    if len(orders) > most:
        raise invalid({"orders": str(Text(f"一次最多 {most} 件。", f"At most {most} orders at once."))})
    digest = hashlib.sha256(json.dumps(list(orders), sort_keys=True, ensure_ascii=False).encode()).hexdigest()
    with transaction.atomic():
        HotlineRequest.objects.bulk_create(
            [HotlineRequest(key=key, request_key=request_key, body_hash=digest, at=at)], ignore_conflicts=True
        )
        mine = HotlineRequest.objects.select_for_update().get(key=key, request_key=request_key)
        if mine.body_hash != digest:
            raise key_reused()
        if mine.answer:
            return dict(json.loads(mine.answer)) | {"repeated": True}
        rows = read_rows(orders, directory_of([key.place], at=at), at=at, first_line=1)
        done = receive(_with_states(rows), by=None, at=at, source="api")
        answer = {
            "rows": [
                {
                    "number": one.row.number, "state": one.state, "matter_id": one.matter_id,
                    "faults": [{"column": f.column, "message": f.message} for f in one.row.faults],
                }
                for one in done
            ]
        }  # fmt: skip
        mine.answer = json.dumps(answer, ensure_ascii=False)
        mine.save(update_fields=["answer"])
    return answer | {"repeated": False}


def faulty(row: OrderRow) -> dict[str, str]:
    """A bad row as it was, with its line and what is wrong, to be corrected and sent again."""
    told = "；".join(f"{fault.column}：{fault.message}" for fault in row.faults)
    return {**row.raw, LINE: str(row.line), FAULTS: told}


def bad_rows(file: HotlineFile, *, at: datetime) -> list[dict[str, str]]:
    """The bad rows of a file, before or after its import."""
    if file.imported_at is not None:
        return list(json.loads(file.rows))
    return [faulty(one.row) for one in preview(file, at=at) if one.state == BAD]


def delete_old_files(*, at: datetime) -> int:
    """Files and requests whose time is over go."""
    before = at - timedelta(hours=value("reports.hotline_file_hours", at=at))
    files, _ = HotlineFile.objects.filter(uploaded_at__lt=before).delete()
    requests, _ = HotlineRequest.objects.filter(at__lt=before).delete()
    return files + requests


def _rows_of(file: HotlineFile) -> list[dict[str, str]]:
    return list(json.loads(file.rows))


def _sorted_out(rows: Sequence[Mapping[str, str]], directory: Directory, *, at: datetime) -> list[Received]:
    return _with_states(read_rows(rows, directory, at=at))


def _with_states(rows: Sequence[OrderRow]) -> list[Received]:
    """Good rows are to be taken, unless their number is there already."""
    numbers = [row.number for row in rows if row.good]
    known = dict(HotlineOrder.objects.filter(number__in=numbers).values_list("number", "pk"))
    return [
        Received(row, BAD if not row.good else KNOWN if row.number in known else TAKEN, known.get(row.number))
        for row in rows
    ]


def _refuse_file(zh: str, en: str) -> Refused:
    return Refused("unreadable", Text(zh, en), status=422, details={"file": str(Text(zh, en))})
