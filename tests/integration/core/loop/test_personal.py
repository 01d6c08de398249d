"""A person's matters are exported, and their texts erased without breaking the chain."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from linhe.core.loop.acting import act, begin
from linhe.core.loop.models import Event, Matter, Particular
from linhe.core.loop.verifying import problems_of_chains, problems_of_particulars
from linhe.core.people.models import Account
from linhe.core.people.services import erase_account, export_account
from linhe.lib.refusals import Refused
from tests.factories import District, make_account

NINE = datetime(2026, 3, 4, 1, 0, tzinfo=UTC)


def test_a_person_goes_and_the_history_stays(town: District, resident: Account) -> None:
    words = {"size": 1, "words": "王桂英 住三楼"}
    matter = begin("toy", "raise", by=resident, place=town.building, data=words, at=NINE).matter
    other = begin("toy", "raise", by=make_account(), place=town.building, data=words, at=NINE).matter
    assert export_account(account=resident, at=NINE)["matters"][0]["i_wrote"] == ["王桂英 住三楼"]
    with pytest.raises(Refused, match="unfinished"):
        erase_account(account=resident, at=NINE)
    act(matter, "withdraw", by=resident, at=NINE)
    erase_account(account=resident, at=NINE)
    assert [text.event.matter_id for text in Particular.objects.all()] == [other.pk]
    assert Event.objects.filter(matter=matter).count() == 2
    assert Matter.objects.get(pk=matter.pk).requester_id == resident.pk
    assert list(problems_of_chains()) == []
    assert list(problems_of_particulars()) == []
