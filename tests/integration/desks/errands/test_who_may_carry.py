"""Who an errand is never put to: whoever holds the code, and whoever has no courier's post where it is."""

from __future__ import annotations

import pytest

from linhe.core.loop.refusals import Refused
from linhe.core.people.models import Delegation, Post
from linhe.desks.errands import queries, services
from tests.factories import make_account, make_post
from tests.integration.desks.errands.conftest import AT, Town, after, duty


def test_who_acts_for_the_resident_cannot_carry(town: Town) -> None:
    Delegation.objects.create(principal=town.resident, delegate=town.courier, asked_at=AT, confirmed_at=AT)
    matter = town.errand()
    assert queries.on_my_way(town.courier, at=after(1)) == []
    with pytest.raises(Refused, match="own_errand"):
        services.take(by=town.courier, matter_id=matter.pk, at=after(1))
    assert [c.courier_id for c in queries.best_three(matter, at=after(1))] == [town.other_courier.pk]


def test_a_revoked_courier_on_duty_sees_nothing_more_and_is_asked_nothing(town: Town) -> None:
    matter = town.errand()
    assert queries.on_my_way(town.courier, at=after(1))
    Post.objects.filter(account__in=[town.courier, town.other_courier]).update(valid_to=after(2))
    assert queries.on_my_way(town.courier, at=after(2)) == []
    assert queries.best_three(matter, at=after(2)) == []
    report = services.dispatch_batch(district=town.places.district, at=after(2))
    assert (report.offered, report.skipped) == (0, 0)


def test_a_courier_of_another_community_does_not_keep_an_errand_from_being_offered(town: Town) -> None:
    Post.objects.filter(account=town.courier).update(place=town.places.other_community)
    near = make_post("courier", town.places.other_community, make_account("郑骑手"))
    duty(near, lat=38.421, lng=112.731)
    matter = town.errand()
    assert queries.on_my_way(near, at=after(1)) == []
    report = services.dispatch_batch(district=town.places.district, at=after(1))
    matter.refresh_from_db()
    assert (report.offered, report.skipped, matter.handler) == (1, 0, town.other_courier)
