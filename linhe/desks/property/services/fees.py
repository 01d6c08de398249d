"""The fee ledger: reported home by home by the company, checked in part by the committee, added up by linhe."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from random import Random

from django.db import transaction

from linhe.core.dated import value
from linhe.core.loop.refusals import Refused
from linhe.core.people.models import Account
from linhe.core.places.models import Place
from linhe.desks.property.models import Contract, Ledger, LedgerRow
from linhe.desks.property.services.contracts import buildings_of
from linhe.lib.text import Text
from linhe.lib.units import fen

MOST_ROWS = 20_000
LARGEST_FEN = 2**31 - 1
COLUMNS = {
    "building": ("楼栋", "building"), "door": ("房号", "door"), "due": ("应收", "due"),
    "collected": ("实收", "collected"),
}  # fmt: skip
"""Column -> the headings it may have; amounts are in yuan."""


def import_ledger(
    *, contract: Contract, rows: Sequence[Mapping[str, str]], from_date: date, to_date: date, by: Account, at: datetime
) -> Ledger:
    """Take in a company's ledger of a period. All or nothing: every faulty line is named.

    The sample for the committee is drawn by the ledger's own number, after the company has handed it in. As long as
    one waits for its check and nothing in it differs, another of the same period is refused.
    """
    if to_date <= from_date or from_date < contract.from_date or to_date > contract.until:
        text = Text("账期应在合同期内。", "The period must lie within the contract.")
        raise Refused("period", text, status=422, details={"from_date": str(text)})
    if not rows or len(rows) > MOST_ROWS:
        text = Text(f"请上传 1–{MOST_ROWS} 行的台账。", f"A ledger has 1 to {MOST_ROWS} lines.")
        raise Refused("rows", text, status=422, details={"file": str(text)})
    buildings = buildings_of(contract.compound)
    faults: dict[str, str] = {}
    kept: list[LedgerRow] = []
    seen: set[tuple[int, str]] = set()
    for number, row in enumerate(rows, 2):
        try:
            line = _line(row, buildings)
        except ValueError as error:
            faults[f"line {number}"] = str(error.args[0])
            continue
        if (line.building_id, line.door) in seen:
            faults[f"line {number}"] = str(Text("这一户重复了。", "This home occurs twice."))
        seen.add((line.building_id, line.door))
        kept.append(line)
    due, collected = sum(r.due_fen for r in kept), sum(r.collected_fen for r in kept)
    if not faults and not due:
        faults["file"] = str(Text("应收合计为零。", "Nothing was due."))
    if faults:
        text = Text(
            f"有 {len(faults)} 行需要修改，没有导入。", f"{len(faults)} lines need attention; nothing was imported."
        )
        raise Refused("invalid", text, status=422, details=dict(list(faults.items())[:20]))
    with transaction.atomic():
        _refuse_second(contract, from_date, to_date)
        ledger = Ledger.objects.create(
            contract=contract, from_date=from_date, to_date=to_date, due_fen=due, collected_fen=collected,
            homes=len(kept), uploaded_by=by, uploaded_at=at,
        )  # fmt: skip
        most = value("property.ledger_checks", at=at, place_code=contract.compound.code)
        sampled = set(Random(ledger.pk).sample(range(len(kept)), min(most, len(kept))))
        for number, line in enumerate(kept):
            line.ledger, line.sampled = ledger, number in sampled
        LedgerRow.objects.bulk_create(kept)
    return ledger


def check_row(*, row_id: int, ledger: Ledger, agrees: bool, by: Account, at: datetime) -> None:
    """What the committee found for a home of the sample, once and for all.

    With the last one agreed the ledger counts; one difference keeps it from counting until the company hands in
    another.
    """
    with transaction.atomic():
        locked = Ledger.objects.select_for_update().get(pk=ledger.pk)
        if locked.checked_at is not None:
            raise Refused("checked", Text("这份台账已核对完。", "This ledger has been checked already."))
        rows = LedgerRow.objects.filter(pk=row_id, ledger=locked, sampled=True)
        if not rows.filter(agrees__isnull=True).update(agrees=agrees, checked_by=by, checked_at=at):
            if rows.exists():
                raise Refused("checked", Text("这一户已经核对过了。", "This home has been checked already."))
            raise Refused("not_found", Text("没有这一行。", "There is no such line."), status=404)
        sample = list(locked.rows.filter(sampled=True).values_list("agrees", flat=True))
        if all(sample):
            locked.checked_at = at
            locked.save(update_fields=["checked_at"])


def _refuse_second(contract: Contract, from_date: date, to_date: date) -> None:
    """The contract is locked, so that the same table sent twice at once makes one ledger."""
    Contract.objects.select_for_update(of=("self",)).get(pk=contract.pk)
    waiting = Ledger.objects.filter(contract=contract, from_date=from_date, to_date=to_date, checked_at__isnull=True)
    if waiting.exclude(rows__agrees=False).exists():
        text = Text(
            "这个账期的台账已经导入，正等业委会抽查。",
            "The ledger of this period has been handed in and waits for the committee.",
        )
        raise Refused("waiting", text, details={"file": str(text)})


def _line(row: Mapping[str, str], buildings: Mapping[str, Place]) -> LedgerRow:
    found = {name: _cell(row, headings) for name, headings in COLUMNS.items()}
    building = buildings.get(found["building"])
    if building is None:
        raise ValueError(Text(f"没有楼栋「{found['building'][:20]}」。", f"No building “{found['building'][:20]}”."))
    if not 0 < len(found["door"]) <= 40:
        raise ValueError(Text("房号为空或太长。", "The door is missing or too long."))
    try:
        due, collected = fen(found["due"] or "0"), fen(found["collected"] or "0")
    except ValueError:
        raise ValueError(Text("金额不对，例如 1,250.00。", "Not an amount, such as 1,250.00.")) from None
    if max(due, collected) > LARGEST_FEN:
        raise ValueError(Text("金额太大。", "The amount is too large."))
    return LedgerRow(building=building, door=found["door"], due_fen=due, collected_fen=collected)


def _cell(row: Mapping[str, str], headings: tuple[str, ...]) -> str:
    return next((str(row[h]).replace("\0", "").strip() for h in headings if row.get(h)), "")
