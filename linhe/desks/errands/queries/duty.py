"""Who is on duty, for the community's board: masked, with how much more each may carry."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from linhe.core.people.models import Account
from linhe.core.people.queries import posts_of
from linhe.core.places.models import Place
from linhe.desks.errands.loop import ERRAND
from linhe.desks.errands.models import Shift
from linhe.lib.masking import mask_name

_MOST = 200


@dataclass(frozen=True, slots=True)
class OnDuty:
    """A courier on duty: errands of this shift, and the most there may be."""

    courier_id: int
    name: str
    errands: int
    most: int
    until_at: datetime

    @property
    def full(self) -> bool:
        """Whether no further errand may be added in this shift."""
        return self.errands >= self.most


def on_duty(account: Account, *, at: datetime, place: Place | None = None) -> list[OnDuty]:
    """Couriers on duty in the districts of a staff member's posts, those with fewest errands first."""
    districts = {p.place.district_id for p in posts_of(account, at=at) if p.role in ERRAND.reads}
    if place is not None:
        districts &= {place.district_id}
    shifts = Shift.objects.filter(district__in=districts, ended_at__isnull=True, until_at__gt=at)
    return [
        OnDuty(s.courier_id, mask_name(s.courier.name), s.extra_used, s.extra_max, s.until_at)
        for s in shifts.select_related("courier").order_by("extra_used", "id")[:_MOST]
    ]
