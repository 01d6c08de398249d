"""What lies on one courier's way."""

import pytest

from linhe.desks.errands.engine.checker import own_stops
from linhe.desks.errands.engine.listing import list_for
from tests.unit.desks.errands.engine.worlds import NEVER, best_added, world


@pytest.mark.parametrize("seed", range(8))
def test_listing_equals_brute_force(seed: int) -> None:
    problem = world(seed, 5, 12, most_stops=4)
    for person, key in enumerate(problem.person_id.tolist()):
        expected = {}
        for request in range(problem.requests):
            detour, _ = best_added(problem, person, own_stops(problem, person), request)
            if detour < NEVER:
                expected[int(problem.request_id[request])] = detour
        offers = list_for(problem, key, limit=100)
        assert {offer.request_id: offer.detour_m for offer in offers} == pytest.approx(expected, abs=1e-4)
        assert {offer.person_id for offer in offers} <= {key}
        urgent = dict(zip(problem.request_id.tolist(), problem.request_urgent.tolist(), strict=True))
        order = [(not urgent[offer.request_id], offer.detour_m) for offer in offers]
        assert order == sorted(order)
        assert list_for(problem, key, limit=2) == offers[:2]


def test_listing_refuses_an_unknown_person() -> None:
    with pytest.raises(ValueError, match="nobody has the id 999"):
        list_for(world(1, 2, 2), 999)
