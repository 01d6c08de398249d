"""The checks that ``linhe verify`` runs: every app that keeps a promise registers one."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from itertools import groupby

from linhe.core.loop.chain import broken_links, sealed
from linhe.core.loop.models import Event, Evidence, Matter, Particular

Check = Callable[[], Iterable[str]]
_CHECKS: dict[str, Check] = {}


def register(name: str, check: Check) -> None:
    """Have ``check()`` run by ``linhe verify``; it yields one sentence for each problem."""
    _CHECKS[name] = check


def checks() -> dict[str, Check]:
    """All registered checks by name."""
    return dict(_CHECKS)


def problems_of_chains() -> Iterator[str]:
    """Events that were edited, are missing or reordered, and matters that do not stand where their log ends."""
    heads = Matter.objects.order_by("id").values_list("id", "stage", "version", "last_hash").iterator(chunk_size=2000)
    logs = groupby(
        Event.objects.order_by("matter_id", "seq").iterator(chunk_size=2000),
        key=lambda e: e.matter_id,
    )
    log_id, log = next(logs, (None, iter(())))
    for matter_id, stage, version, last_hash in heads:
        if log_id != matter_id:
            yield f"matter {matter_id}: has no events"
            continue
        events = list(log)
        yield from broken_links(events)
        last = events[-1]
        if (last.to_stage, last.seq, bytes(last.hash)) != (
            stage,
            version,
            bytes(last_hash),
        ):
            yield f"matter {matter_id}: does not stand where its log ends"
        log_id, log = next(logs, (None, iter(())))


def problems_of_particulars() -> Iterator[str]:
    """Texts that were changed after their event. An erased text is no problem."""
    for kept in Particular.objects.select_related("event").iterator(chunk_size=2000):
        bound = kept.event.data.get(kept.name)
        if not isinstance(bound, dict) or bound.get("sealed") != sealed(bytes(kept.salt), kept.value):
            yield f"matter {kept.event.matter_id}: the text {kept.name} of event {kept.event.seq} was changed"


def problems_of_photos() -> Iterator[str]:
    """Photos that are not the ones that came with their event."""
    for kept in Evidence.objects.select_related("event").iterator(chunk_size=2000):
        if kept.sha256 not in kept.event.data.get("photos", []):
            yield f"matter {kept.event.matter_id}: a photo of event {kept.event.seq} was replaced"


register("chains", problems_of_chains)
register("photos", problems_of_photos)
register("particulars", problems_of_particulars)
