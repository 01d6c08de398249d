"""Two years of assessments, told so that the year's sums come out as the district reports them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from random import Random

from linhe.core.dated import value
from linhe.core.demo.telling import told_fast
from linhe.core.loop.acting import act, begin
from linhe.core.loop.models import Matter
from linhe.core.people.models import Account
from linhe.desks.property import services
from linhe.desks.property.demo.ground import Ground
from linhe.desks.property.demo.pictures import photo
from linhe.desks.property.models import Answer, Contract, Home, Invitation
from linhe.desks.property.queries.rules import items_of, scores_of, sheet_at
from linhe.lib.periods import Quarter
from linhe.lib.working_calendar import SHANGHAI, local_date

TARGETS = {0: (81, 90), 1: (72, 83)}
"""Years ago -> percent of fees collected, percent of answers that are satisfied, over all rounds settled that year."""
GOOD, POOR = 84, 34
ENDINGS = ("rectifying", "rechecking", "appealed", "graded")
"""How this year's last rounds stand."""


@dataclass
class Entry:
    """A round to be told: when it is opened and settled, how good the company is, and how it ends."""

    contract: Contract
    opened_at: datetime
    settled_at: datetime
    percent: int
    ending: str = "passed"
    matter: Matter | None = None
    answered: Counter[int] = field(default_factory=Counter)
    satisfied: int = 0
    due_fen: int = 0
    collected_fen: int = 0

    @property
    def told(self) -> Matter:
        """The matter, once it has begun."""
        assert self.matter is not None
        return self.matter


def tell_rounds(ground: Ground, *, at: datetime) -> list[Entry]:
    """Tell all of them; returns those that failed twice, for the exits."""
    chance = Random(7)
    leaving = _leaving(ground.contracts)
    others = [c for c in ground.contracts if c not in leaving]
    year = local_date(at).year
    first_of_year = datetime(year, 1, 1, 1, tzinfo=SHANGHAI)
    # The demo's people hold their posts for 400 days.
    opened = max(datetime(year - 1, 10, 8, 9, tzinfo=SHANGHAI), at - timedelta(days=398))
    settled = max(datetime(year - 1, 11, 20, 10, tzinfo=SHANGHAI), opened + timedelta(days=20))
    entries = [
        Entry(c, opened + timedelta(minutes=n), settled + timedelta(minutes=n), GOOD + n % 9 - 6)
        for n, c in enumerate(others)
    ]
    for n, contract in enumerate(others[2:-4]):
        settled = max(at - timedelta(days=14 + n % 20), first_of_year + timedelta(minutes=30 + n))
        opened = max(settled - timedelta(days=25), first_of_year + timedelta(minutes=n))
        ending = ENDINGS[n] if n < len(ENDINGS) else "passed"
        percent = GOOD + n % 11 - 5 if ending in ("passed", "graded") else POOR
        if ending in ("appealed", "graded"):
            settled = max(at - timedelta(days=2), settled)
        entries.append(Entry(contract, opened, settled, percent, ending))
    for n, contract in enumerate(leaving):
        opened = at - timedelta(days=215 + 5 * n)
        entries.append(Entry(contract, opened, opened + timedelta(days=25), POOR - n, "failed"))
    for entry in entries:
        _open(ground, entry)
    _plan(entries, chance, year)
    for entry in entries:
        with told_fast():
            _settle(ground, entry, chance)
            _end(ground, entry)
    _open_ones(ground, others[:2] + others[-4:], chance, at)
    return [e for e in entries if e.ending == "failed"]


def _leaving(contracts: Sequence[Contract]) -> list[Contract]:
    """Three compounds of three companies, the first near the demo's own people."""
    first: dict[int, Contract] = {}
    for contract in contracts[1:]:
        first.setdefault(contract.company_id, contract)
    return list(first.values())[:3]


def _open(ground: Ground, entry: Entry) -> None:
    place, at = entry.contract.compound, entry.opened_at
    data = {"year": local_date(at).year}
    entry.matter = begin("assessment", "open", by=ground.street, place=place, data=data, at=at).matter
    entry.matter = act(entry.matter, "draw_survey", by=ground.worker, at=at + timedelta(minutes=5)).matter
    homes = list(Home.objects.filter(compound=place).order_by("id"))
    entry.due_fen = sum(_due(h, entry.contract) for h in homes)


def _due(home: Home, contract: Contract) -> int:
    """A year's fee in full yuan."""
    return home.area_dm2 * contract.fee_fen * 12 // 10_000 * 100


def _plan(entries: Sequence[Entry], chance: Random, year: int) -> None:
    """Spread the year's targets over its rounds, some better, some worse, exactly in sum."""
    for ago, (fees, approval) in TARGETS.items():
        told = [e for e in entries if local_date(e.settled_at).year == year - ago]
        for entry in told:
            asked = Invitation.objects.filter(round=entry.told.pk).values_list("home__building", flat=True)
            entry.answered = Counter(b for b in asked if b is not None and chance.random() < 0.78)
        _drop_to_tens(told)
        answers = [sum(e.answered.values()) for e in told]
        shares = [approval + (3 if e.percent > POOR + 5 else -40) + chance.randrange(-4, 5) for e in told]
        for entry, count in zip(told, _spread(answers, shares, sum(answers) * approval // 100), strict=True):
            entry.satisfied = count
        dues = [e.due_fen for e in told]
        shares = [fees + (2 if e.percent > POOR + 5 else -15) + chance.randrange(-6, 7) for e in told]
        for entry, paid in zip(told, _spread(dues, shares, sum(dues) * fees // 100), strict=True):
            entry.collected_fen = paid


def _drop_to_tens(told: Sequence[Entry]) -> None:
    """So many answers in all that every whole percent of them is a whole number."""
    over = sum(sum(e.answered.values()) for e in told) % 100
    while over:
        for entry in told:
            fullest = max(entry.answered, key=lambda b: (entry.answered[b], b), default=None)
            if over and fullest is not None and entry.answered[fullest] > 2:
                entry.answered[fullest] -= 1
                over -= 1


def _spread(wholes: Sequence[int], percents: Sequence[int], total: int) -> list[int]:
    """About these percents of the wholes, none beyond its whole, adding up to ``total``."""
    parts = [min(whole, whole * min(p, 100) // 100) for whole, p in zip(wholes, percents, strict=True)]
    rest = total - sum(parts)
    while rest:
        open_to = [n for n, part in enumerate(parts) if (part < wholes[n] if rest > 0 else part > 0)]
        share = max(1, abs(rest) // len(open_to))
        for n in open_to:
            if not rest:
                break
            step = min(share, abs(rest), wholes[n] - parts[n] if rest > 0 else parts[n])
            parts[n] += step if rest > 0 else -step
            rest -= step if rest > 0 else -step
    return parts


def _settle(ground: Ground, entry: Entry, chance: Random) -> None:
    matter, contract, at = entry.told, entry.contract, entry.settled_at
    _answer(entry, chance)
    _hand_in(ground, entry, chance)
    day = at - timedelta(hours=3)
    for code, who, percent in (
        ("self_score", ground.manager(contract), min(100, entry.percent + 8)),
        ("committee_score", ground.committee(contract), entry.percent),
        ("community_score", ground.worker, entry.percent - 2),
    ):
        act(matter, code, by=who, data={"tenths": _sheet(percent, chance, matter)}, at=day)
    entry.matter = act(matter, "settle", by=ground.street, at=at).matter


def _sheet(percent: int, chance: Random, matter: Matter) -> list[int]:
    at, code = matter.created_at, matter.place.code
    step = value("property.score_step_tenths", at=at, place_code=code)
    given = []
    for item in items_of(sheet_at(at, code)):
        aimed = item.most_tenths * (percent + chance.randrange(-7, 8)) / 100
        given.append(min(scores_of(item.most_tenths, step), key=lambda tenths: abs(tenths - aimed)))
    return given


def _answer(entry: Entry, chance: Random) -> None:
    """The answers of the survey, in bulk: which home gave which is told to nobody, here too."""
    faces = [5] * (entry.satisfied * 2 // 3) + [4] * (entry.satisfied - entry.satisfied * 2 // 3)
    faces += [chance.choice((1, 2, 3, 3)) for _ in range(sum(entry.answered.values()) - entry.satisfied)]
    chance.shuffle(faces)
    matter = entry.told
    rows, used = [], []
    for building, count in sorted(entry.answered.items()):
        here = Invitation.objects.filter(round=matter.pk, home__building=building).order_by("id")[:count]
        used += [i.pk for i in here]
        for _ in range(count):
            overall = faces.pop()
            each = [min(5, max(1, overall + chance.randrange(-1, 2))) for _ in range(4)]
            rows.append(Answer(round_id=matter.pk, building_id=building, faces=[*each, overall], overall=overall))
    Answer.objects.bulk_create(rows)
    Invitation.objects.filter(pk__in=used).update(used=True)


def _hand_in(ground: Ground, entry: Entry, chance: Random, *, checked: bool = True) -> None:
    """The company's ledger: most homes paid all, the last one a part; the committee checks its sample."""
    contract, at = entry.contract, entry.settled_at - timedelta(hours=6)
    homes = list(Home.objects.filter(compound=contract.compound).select_related("building").order_by("id"))
    chance.shuffle(homes)
    left, rows = entry.collected_fen, []
    for home in homes:
        due = _due(home, contract)
        paid = min(due, left)
        left -= paid
        rows.append(
            {"楼栋": home.building.code, "房号": home.door, "应收": f"{due / 100:.2f}", "实收": f"{paid / 100:.2f}"}
        )
    year = local_date(entry.opened_at).year
    ledger = services.import_ledger(
        contract=contract, rows=rows, from_date=date(year, 1, 1), to_date=date(year + 1, 1, 1),
        by=ground.manager(contract), at=at,
    )  # fmt: skip
    for row in ledger.rows.filter(sampled=True) if checked else ():
        checked_at, member = at + timedelta(hours=1), ground.committee(contract)
        services.check_row(row_id=row.pk, ledger=ledger, agrees=True, by=member, at=checked_at)


def _end(ground: Ground, entry: Entry) -> None:
    """What came after the result."""
    matter, manager, at = entry.told, ground.manager(entry.contract), entry.settled_at
    words = {"words": "已按整改通知逐项落实，请复查。"}
    if entry.ending == "appealed":
        act(matter, "appeal", by=manager, data={"words": "维修一组扣分有误，附派工记录。"}, at=at + timedelta(hours=5))
    elif entry.ending != "graded":
        entry.matter = act(matter, "confirm", by=None, at=at + timedelta(days=8)).matter
    if entry.ending in ("rechecking", "failed"):
        then = at + timedelta(days=10)
        act(matter, "rectified", by=manager, data=words, files=[photo(matter.pk)], at=then)
    if entry.ending == "failed":
        said = {"words": "路灯、消防通道仍未整改到位。"}
        entry.matter = act(matter, "recheck_fail", by=ground.worker, data=said, at=at + timedelta(days=13)).matter


def _open_ones(ground: Ground, contracts: Sequence[Contract], chance: Random, at: datetime) -> None:
    """Rounds that wait today: nothing done yet, one sheet in, all in but for the result; and a ledger to check."""
    steps: tuple[tuple[str, Callable[[Contract], Account]], ...] = (
        ("self_score", ground.manager), ("committee_score", ground.committee),
        ("community_score", lambda _: ground.worker),
    )  # fmt: skip
    opened = max(at - timedelta(days=9), Quarter.of(at).stretch()[0])
    for n, contract in enumerate(contracts):
        entry = Entry(contract, opened + timedelta(minutes=n), at, GOOD)
        _open(ground, entry)
        entry.collected_fen = entry.due_fen * 86 // 100
        _hand_in(ground, entry, chance, checked=n > 0)
        asked = Invitation.objects.filter(round=entry.told.pk).values_list("home__building", flat=True)
        entry.answered = Counter(b for b in asked if b is not None and chance.random() < 0.4)
        entry.satisfied = entry.answered.total() * 9 // 10
        _answer(entry, chance)
        for code, who in steps[: n % 4]:
            data = {"tenths": _sheet(GOOD, chance, entry.told)}
            act(entry.told, code, by=who(contract), data=data, at=at - timedelta(hours=20 - n))
