"""Three companies on their way out: two have left, of one the notice runs."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from linhe.core.loop.acting import act, begin
from linhe.core.loop.models import Matter
from linhe.desks.property.demo.ground import Ground
from linhe.desks.property.demo.pictures import photo
from linhe.desks.property.demo.rounds import Entry
from linhe.desks.property.models import Contract, Home
from linhe.desks.property.queries.rules import choices_of
from linhe.lib.periods import Quarter
from linhe.lib.working_calendar import local_date

OPINION = {"opinion": "support", "words": "多次督促未改，支持按程序退出。"}


def tell_exits(ground: Ground, failed: Sequence[Entry], *, at: datetime) -> None:
    """The first is at its notice period today; the others are done."""
    for number, entry in enumerate(failed):
        case = _refer(ground, entry, at)
        running = number == 0
        case = _decide(ground, case, entry.contract, at - timedelta(days=30 if running else 118))
        served = at - timedelta(days=22 if running else 108)
        case = act(case, "serve_notice", by=ground.committee(entry.contract), files=[photo(case.pk)], at=served).matter
        if not running:
            _leave(ground, case, entry.contract, served + timedelta(days=61), at)


def _refer(ground: Ground, entry: Entry, at: datetime) -> Matter:
    began = entry.settled_at + timedelta(days=20)
    data = {"assessment_id": entry.told.pk, "words": "复查仍不合格，居民反映强烈。"}
    place = entry.contract.compound
    case = begin("exit", "refer", by=ground.street, place=place, data=data, at=began).matter
    for name in ("demo-housing", "demo-police"):
        act(case, "opine", by=ground.town.people[name], data=OPINION, at=began + timedelta(days=5))
    words = {"words": "两部门意见一致，交业主大会决定。"}
    return act(case, "conclude", by=ground.street, data=words, at=began + timedelta(days=8)).matter


def _decide(ground: Ground, case: Matter, contract: Contract, when: datetime) -> Matter:
    """Four fifths vote, three quarters of them agree, by number and by area."""
    areas = list(Home.objects.filter(compound=contract.compound).order_by("id").values_list("area_dm2", flat=True))
    voted, agreed = len(areas) * 4 // 5 + 1, len(areas) * 3 // 5 + 1
    data = {
        "held_on": local_date(when - timedelta(days=2)).isoformat(), "owners": len(areas), "area_dm2": sum(areas),
        "voted": voted, "voted_dm2": sum(areas[:voted]), "agreed": agreed, "agreed_dm2": sum(areas[:agreed]),
    }  # fmt: skip
    by = ground.committee(contract)
    act(case, "record_decision", by=by, data=data, files=[photo(case.pk)], at=when)
    return act(case, "verify_decision", by=ground.second_worker, at=when + timedelta(days=1)).matter


def _leave(ground: Ground, case: Matter, contract: Contract, ended: datetime, at: datetime) -> None:
    """Notice over, all handed over, interim service, a new company: told in this year, as late as it may be."""
    case = act(case, "end_contract", by=ground.street, data={}, at=ended).matter
    for number, item in enumerate(choices_of("property.handover_items", ended, case.place.code)):
        when = ended + timedelta(days=2, hours=number)
        act(case, "hand_item", by=ground.committee(contract), data={"item": item.code}, at=when)
    other = ground.town.organisations["company-20" if contract.company.code.endswith("-1") else "company-1"]
    data = {"company": other.code, "fee_fen": contract.fee_fen}
    case = act(case, "begin_interim", by=ground.street, data=data, at=ended + timedelta(days=5)).matter
    finished = max(at - timedelta(days=6), Quarter.of(at).stretch()[0])
    act(case, "finish", by=ground.street, data=data, at=finished)
