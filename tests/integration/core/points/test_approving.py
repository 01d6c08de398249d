"""Entries by hand need a second pair of eyes."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from django.db import IntegrityError, transaction

from linhe.core.loop.refusals import Refused
from linhe.core.people.models import Account
from linhe.core.points.approving import approve_entry, propose_entry, reject_entry
from linhe.core.points.models import Proposal
from linhe.core.points.queries import Balance, balance, open_proposals
from tests.factories import District, make_account, make_post

AT = datetime(2026, 3, 4, 1, 0, tzinfo=UTC)


@pytest.fixture
def officers(town: District) -> tuple[Account, Account]:
    """Two officers of the subdistrict."""
    return make_post("subdistrict_officer", town.subdistrict), make_post("subdistrict_officer", town.subdistrict)


def propose(town: District, account: Account, by: Account, points: int = 20) -> Proposal:
    return propose_entry(account=account, points=points, place=town.community, reason="补记", by=by, at=AT)


def test_points_move_when_another_officer_approves(
    town: District, courier: Account, officers: tuple[Account, Account]
) -> None:
    proposal = propose(town, courier, officers[0])
    assert balance(courier) == Balance()
    assert open_proposals(town.community) == [proposal]
    made = approve_entry(proposal=proposal, by=officers[1], at=AT)
    assert (made.points, made.by, made.state) == (20, officers[1], "settled")
    assert balance(courier) == Balance(0, 20)
    assert open_proposals(town.community) == []
    with pytest.raises(Refused, match="already_decided"):
        approve_entry(proposal=proposal, by=officers[1], at=AT)


def test_nobody_approves_their_own_proposal(
    town: District, courier: Account, officers: tuple[Account, Account]
) -> None:
    proposal = propose(town, courier, officers[0])
    with pytest.raises(Refused, match="second_person"):
        approve_entry(proposal=proposal, by=officers[0], at=AT)
    with pytest.raises(IntegrityError, match="proposal_decided_by_a_second_person"), transaction.atomic():
        Proposal.objects.filter(pk=proposal.pk).update(decided_by=officers[0], decided_at=AT)


def test_nobody_decides_about_themselves(town: District, officers: tuple[Account, Account]) -> None:
    with pytest.raises(Refused, match="not_allowed"):
        propose(town, officers[0], officers[0])
    proposal = propose(town, officers[1], officers[0])
    with pytest.raises(Refused, match="not_allowed"):
        approve_entry(proposal=proposal, by=officers[1], at=AT)


def test_a_post_at_the_place_is_needed(town: District, courier: Account, officers: tuple[Account, Account]) -> None:
    stranger = make_post("community_worker", town.other_community)
    with pytest.raises(Refused, match="not_allowed"):
        propose(town, courier, stranger)
    proposal = propose(town, courier, make_post("community_worker", town.community))
    with pytest.raises(Refused, match="not_allowed"):
        approve_entry(proposal=proposal, by=make_post("community_worker", town.community), at=AT)
    assert approve_entry(proposal=proposal, by=officers[0], at=AT)


def test_what_is_not_there_cannot_be_taken(town: District, courier: Account, officers: tuple[Account, Account]) -> None:
    proposal = propose(town, courier, officers[0], points=-1)
    with pytest.raises(Refused, match="not_enough_points"):
        approve_entry(proposal=proposal, by=officers[1], at=AT)
    assert reject_entry(proposal=proposal, by=officers[1], at=AT).transfer is None
    assert balance(courier) == Balance()


def test_a_proposal_needs_points_and_a_reason(town: District, officers: tuple[Account, Account]) -> None:
    for points, reason in ((0, "补记"), (5, "  ")):
        with pytest.raises(Refused, match="invalid"):
            propose_entry(
                account=make_account(), points=points, place=town.community, reason=reason, by=officers[0], at=AT
            )
