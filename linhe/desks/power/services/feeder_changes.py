"""Effects on a feeder's data: handed in by one, checked by another, then a version of the feeder from its day on."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator
from typing import Any

from django.db import IntegrityError, transaction

from linhe.core.loop.refusals import Refused, invalid
from linhe.core.loop.step import Step
from linhe.desks.power.engine import Problem
from linhe.desks.power.models import Feeder, FeederChange
from linhe.desks.power.queries.outages import CASE_PARTS
from linhe.desks.power.services.feeder_faults import in_both
from linhe.desks.power.services.feeder_files import parsed
from linhe.desks.power.services.feeders import store_feeder
from linhe.lib.text import Text

ELEMENT = re.compile(r"[^\x00-\x1f<>,，、]{1,60}")
"""What the id of a device may be: it is typed on phones, listed with commas, and shown on the diagram."""
UNKEPT = re.compile(r"[\x00\ud800-\udfff]")
"""What a database cannot hold."""


def submit_feeder(step: Step) -> dict[str, Any]:
    """Keep what was handed in beside the matter, once it has passed the engine's check."""
    data, place = step.data, step.matter.place
    before = Feeder.objects.filter(code=data.code).select_related("place").order_by("-version").first()
    if before is not None and before.place.district_id != place.district_id:
        text = Text("别的单位已用了这个编号，请换一个。", "Another company uses this code. Choose another one.")
        raise invalid({"code": str(text)})
    case = sound(data.case)
    change = FeederChange(
        matter=step.matter, code=data.code, name=data.name, name_en=data.name_en or data.name,
        from_date=data.from_date, source=data.source, file=data.file, form=data.form, digest=digest_of(case), case=case,
    )  # fmt: skip
    step.matter.title = f"{change.name}线路数据"
    step.matter.title_en = f"{change.name_en}: new data"
    try:
        with transaction.atomic():
            change.save(force_insert=True)
    except IntegrityError as error:
        text = Text("这条线路已有一份数据待核对。", "Data of this feeder wait to be checked already.")
        raise Refused("change_open", text, details={"code": str(text)}) from error
    feeder = case["feeder"]
    return {"digest": change.digest, "buses": len(feeder["buses"]), "lines": len(feeder.get("lines", ()))}


def adopt_feeder(step: Step) -> dict[str, Any]:
    """It becomes a version of the feeder. What is under way keeps the version with which it began."""
    change = FeederChange.objects.select_for_update().get(pk=step.matter.pk)
    place = step.matter.place.district or step.matter.place
    change.feeder = store_feeder(
        code=change.code, name=Text(change.name, change.name_en), place=place, from_date=change.from_date,
        source=change.source, case=change.case,
    )  # fmt: skip
    change.open = False
    change.save(update_fields=["feeder", "open"])
    return {"version": change.feeder.version, "digest": change.digest}


def end_feeder(step: Step) -> None:
    """Sent back or taken back: another file may be handed in."""
    FeederChange.objects.filter(pk=step.matter.pk).update(open=False)


def sound(text: str) -> dict[str, Any]:
    """A case in our words that the engine takes and the desk can work with. ``Refused`` tells the place that is not."""
    case = parsed(text)
    if not isinstance(case, dict) or not isinstance(case.get("feeder"), dict) or "from" in case["feeder"]:
        raise _wrong(Text("数据里没有 feeder（线路）。", 'The data have no "feeder".'))
    kept: dict[str, Any] = {part: case[part] for part in CASE_PARTS if part in case}
    if any(UNKEPT.search(one) for one in _texts(kept)):
        raise _wrong(Text("含有不能保存的字符。", "It contains characters that cannot be kept."))
    try:
        Problem.from_json(kept)
    except ValueError as error:
        raise _wrong(in_both(str(error))) from error
    groups = [group for group in kept["feeder"].values() if isinstance(group, list)]
    for row in [one for group in [*groups, kept.get("sites", [])] for one in group]:
        if not ELEMENT.fullmatch(row["id"]):
            named = row["id"][:30]
            raise _wrong(
                Text(
                    f"编号 {named!r} 不能用：最多 60 个字符，不含逗号、顿号和尖括号。",
                    f"The id {named!r} cannot be used: 60 letters at most, without commas and angle brackets.",
                )
            )
    return kept


def digest_of(case: dict[str, Any]) -> str:
    """SHA-256 of the case as it is kept."""
    return hashlib.sha256(json.dumps(case, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


def _texts(value: Any) -> Iterator[str]:
    """Every text in a case, names of fields too."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        yield from value
        value = list(value.values())
    if isinstance(value, list):
        for one in value:
            yield from _texts(one)


def _wrong(text: Text) -> Refused:
    return invalid({"case": str(text)})
