"""What can happen to an application, step by step through the one door; a plot waits by yielding its next moment."""

from __future__ import annotations

import heapq
from collections.abc import Generator, Iterable
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any

from linhe.core.loop.acting import act, begin
from linhe.core.loop.models import Matter
from linhe.core.loop.refusals import Refused
from linhe.core.people.models import Account
from linhe.desks.exchange import services
from linhe.desks.exchange.demo.contents import NOTICE_AFTER, Offer, content_of
from linhe.desks.exchange.demo.ground import Ground
from linhe.desks.exchange.models import Draft, Listing
from linhe.desks.exchange.queries.checks import listing_of
from linhe.lib.working_calendar import SHANGHAI, add_working_days, local_date

Plot = Generator[datetime, None, None]
YES: dict[str, Any] = {"genuine": "yes", "complete": "yes", "source": "登记机关回函"}


class Over(Exception):
    """The plot ends here: what it waits for has not happened yet, or cannot be decided yet."""


@dataclass
class Actor:
    """One lot, seen by those who move it."""

    ground: Ground
    number: int
    enterprise: str
    value_fen: int
    at: datetime
    until: datetime
    matter: Matter | None = None

    @property
    def seller(self) -> Account:
        """Who writes its applications."""
        return self.ground.sellers[self._place]

    @property
    def reviewer(self) -> Account:
        """Who reviews it."""
        return self.ground.reviewers[self.number % len(self.ground.reviewers)]

    @property
    def _place(self) -> int:
        return self.number % len(self.ground.institutions)

    def wait(self, days: int, minutes: int = 0) -> datetime:
        """Working days pass; office hours, no two lots at the same minute."""
        closing = add_working_days(self.at, days, unpublished="weekends")
        day = local_date(closing - timedelta(seconds=1))
        self.at = datetime.combine(day, time(9), SHANGHAI) + timedelta(minutes=(self.number * 7 + minutes) % 450)
        if self.at > self.until:
            raise Over
        return self.at

    def wait_for_the_notice(self) -> datetime:
        """Until the working day after the notice."""
        ends = self.listing.ends_on
        assert ends is not None
        self.at = datetime.combine(ends, time(12), SHANGHAI)
        return self.wait(1)

    @property
    def told(self) -> Matter:
        """The matter, once it has begun."""
        assert self.matter is not None
        return self.matter

    @property
    def listing(self) -> Listing:
        """Its row."""
        return listing_of(self.told.pk)

    def lodge(self, percent_hundredths: int = 10_000, **otherwise: Any) -> None:
        """Write an application (the lot's next one when there is one already) and lodge it."""
        previous = self.listing if self.matter else None
        draft = self._draft(previous=previous)
        self._write(draft, percent_hundredths, otherwise)
        data = {"draft": draft.pk, "draft_version": Draft.objects.get(pk=draft.pk).version}
        self.matter = begin(
            "listing", "lodge", by=self.seller, place=self.ground.province, data=data, at=self.at
        ).matter  # fmt: skip

    def correct(self, percent_hundredths: int = 10_000, **otherwise: Any) -> None:
        """Lodge a correction of what was returned."""
        draft = self._draft(corrects=self.listing)
        self._write(draft, percent_hundredths, otherwise)
        data = {"draft": draft.pk, "draft_version": Draft.objects.get(pk=draft.pk).version}
        self.matter = act(self.told, "relodge", by=self.seller, data=data, at=self.at).matter

    def write(self, percent_hundredths: int = 10_000, **otherwise: Any) -> None:
        """A draft that nobody has lodged."""
        self._write(self._draft(), percent_hundredths, otherwise)

    def step(self, action: str, by: Account | None = None, **data: Any) -> None:
        """Somebody of the exchange acts."""
        try:
            self.matter = act(self.told, action, by=by or self.reviewer, data=data, at=self.at).matter
        except Refused as refused:
            if refused.code == "not_conforming":
                raise Over from None  # a notice that runs into a year whose calendar is not published yet
            raise

    def _draft(self, **more: Listing | None) -> Draft:
        organisation = self.ground.institutions[self._place]
        return services.begin_draft(
            organisation_id=organisation.pk, province=self.ground.province, by=self.seller,
            key=f"demo-{self.number}-{self.at:%m%d%H%M}", at=self.at, **more,
        )  # fmt: skip

    def _write(self, draft: Draft, hundredths: int, otherwise: dict[str, Any]) -> None:
        offer = Offer(
            seller=self.ground.institutions[self._place].name, enterprise=self.enterprise, value_fen=self.value_fen,
            reserve_fen=self.value_fen * hundredths // 10_000, day=local_date(self.at), number=100 + self.number,
            base_on=otherwise.pop("base_on", None), notice_after=otherwise.pop("notice_after", NOTICE_AFTER),
            otherwise={name.replace("__", "."): value for name, value in otherwise.items()},
        )  # fmt: skip
        phone = f"0350-66{self.number:05}"
        services.save_draft(
            draft, content_of(offer), contact=self.seller.name, contact_phone=phone, version=draft.version,
            by=self.seller, at=self.at,
        )  # fmt: skip


def run(plots: Iterable[tuple[datetime, Plot]]) -> None:
    """Let all plots happen beside each other, in the order of time."""
    queue = [(start, number, plot) for number, (start, plot) in enumerate(plots)]
    heapq.heapify(queue)
    while queue:
        _, number, plot = heapq.heappop(queue)
        try:
            heapq.heappush(queue, (next(plot), number, plot))
        except (StopIteration, Over):
            continue
