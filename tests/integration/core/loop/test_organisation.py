"""A matter lies with an organisation: who holds a post in it, at a place that contains the matter, may see and act."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from linhe.core.loop import registry
from linhe.core.loop.access import visible_to
from linhe.core.loop.acting import act, begin
from linhe.core.loop.kinds import ANYONE, DELEGATE, REQUESTER, InvalidKind
from linhe.core.loop.refusals import Refused
from linhe.core.notices.models import Notice
from linhe.core.people.models import Organisation
from linhe.core.people.queries import members_of, organisations_of
from tests.factories import make_account, make_district, make_post

pytestmark = pytest.mark.django_db


def test_members_at_the_place_see_answer_and_are_told() -> None:
    town, now = make_district(), timezone.now()
    office = Organisation.objects.create(code="urban", name="城管局", kind="department", place=town.district)
    other = Organisation.objects.create(code="other", name="别的局", kind="department", place=town.district)
    worker = make_post("community_worker", town.community)
    member = make_post("department_officer", town.district, organisation=office)
    elsewhere = make_post("department_officer", town.other_community, organisation=office)
    past = make_post("department_officer", town.district, organisation=office, valid_to=now - timedelta(days=1))
    stranger = make_post("department_officer", town.district, organisation=other)
    rider = make_post("courier", town.district, organisation=office)  # works for it, but does not speak for it
    toy = begin("toy", "raise", by=make_account(), place=town.building, data={"size": 1, "words": "w"}).matter

    assert not visible_to(member, at=now).exists()
    toy = act(toy, "hand_over", by=worker).matter
    assert toy.organisation == office
    assert [a for a in (member, elsewhere, past, stranger, rider) if visible_to(a, at=timezone.now()).exists()] == [
        member
    ]
    assert list(Notice.objects.values_list("account_id", flat=True)) == [member.pk]
    for refused in (elsewhere, past, stranger, rider):
        with pytest.raises(Refused):
            act(toy, "answer", by=refused)
    assert act(toy, "answer", by=member).event.actor_role == "organisation"


def test_who_acts_in_what() -> None:
    town, now = make_district(), timezone.now()
    office = Organisation.objects.create(code="urban", name="城管局", kind="department", place=town.district)
    member = make_post("department_officer", town.district, organisation=office)
    make_post("department_officer", town.community, member, organisation=office)
    assert organisations_of(member, at=now) == [office]
    assert members_of(office, at=now) == [member]
    member.posts.update(valid_to=now)
    assert organisations_of(member, at=now) == []
    assert members_of(office, at=now) == []


def test_a_matter_of_an_impersonal_kind_is_nobodys_own(monkeypatch: pytest.MonkeyPatch) -> None:
    town, asks = make_district(), make_account()
    plain = registry.kind("toy")
    actions = tuple(
        replace(a, who=(ANYONE,), notify=()) if {REQUESTER, DELEGATE} & {*a.who, *a.notify} else a
        for a in plain.actions
    )
    toy = replace(plain, impersonal=True, actions=actions)
    monkeypatch.setattr(registry, "kind", lambda code, version=None: toy)
    data = {"size": 1, "words": "w"}
    outcome = begin("toy", "raise", by=asks, place=town.building, data=data, beneficiary=asks)
    assert (outcome.matter.requester_id, outcome.matter.beneficiary_id) == (None, None)
    assert outcome.event.actor == asks
    assert not visible_to(asks, at=timezone.now()).exists()
    with pytest.raises(InvalidKind, match="impersonal"):
        replace(plain, impersonal=True)


@pytest.mark.parametrize("wrong", [{"code": ""}, {"name": ""}, {"kind": "club"}])
def test_an_organisation_has_a_code_a_name_and_a_known_kind(wrong: dict[str, str]) -> None:
    town = make_district()
    with pytest.raises(IntegrityError), transaction.atomic():
        Organisation.objects.create(**({"code": "a", "name": "b", "kind": "shop", "place": town.district} | wrong))
