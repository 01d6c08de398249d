"""Promise T6, actions: who may do what at which stage, generated from every kind and worked out a second time."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from django.db import connection, transaction
from hypothesis import HealthCheck, Phase, find, settings

from linhe.core.loop import registry
from linhe.core.loop.access import allowed_actions, can
from linhe.core.loop.acting import act, begin
from linhe.core.loop.kinds import NEW, RELATIONS, Action, Kind
from linhe.core.loop.models import Matter
from linhe.core.loop.refusals import Refused
from linhe.core.people.roles import roles
from linhe.core.places.models import ancestors_of
from tests.factories import District, make_district, make_post
from tests.trust.loop_model import MatterModel
from tests.trust.personas import Cast, Persona, make_cast
from tests.trust.strategies import data_for, photos

AT = datetime(2026, 3, 4, 1, 0, tzinfo=UTC)
LATER = datetime(2026, 3, 5, 1, 0, tzinfo=UTC)
NO_SUCH_VERSION = 999_999
"""Acting on this version is refused as out of step by whoever is allowed at all, before any effect runs."""
EVERY_KIND = pytest.mark.parametrize("kind", registry.kinds(), ids=lambda kind: kind.code)


@pytest.fixture
def town(db: None) -> District:
    """A tiny district."""
    return make_district()


@pytest.fixture
def cast(town: District, kind: Kind) -> Cast:
    """Everyone, with every role that the kind knows and one that it does not; and somebody who handles things."""
    named = {name for a in kind.actions for name in a.who}
    known = [role.code for role in roles() if role.code in named]
    unknown = [role.code for role in roles() if role.code not in named]
    cast = make_cast(town, [*known, *unknown[:1]], at=AT, later=LATER)
    handler = Persona("handler", make_post("courier", town.other_community))
    return replace(cast, people=(*cast.people, handler))


def matter_at(kind: Kind, stage: str, town: District, cast: Cast, *, for_another: bool) -> tuple[Matter, MatterModel]:
    """A matter put at a stage, and its model."""
    asks, helped, handles = cast.requester.account, cast.beneficiary.account, cast.named("handler").account
    assert asks is not None
    assert helped is not None
    assert handles is not None
    matter = Matter.objects.create(
        kind=kind.code, kind_version=kind.version, stage=stage, title=kind.name.zh, requester=asks,
        beneficiary=helped if for_another else None, handler=handles, organisation=cast.organisation,
        created_at=AT, updated_at=AT,
        **ancestors_of(town.building),
    )  # fmt: skip
    model = MatterModel(
        kind,
        town.building.code,
        asks.pk,
        helped.pk if for_another else None,
        handles.pk,
        cast.organisation.pk,
        stage,
        1,
    )
    return matter, model


def sound_data(kind: Kind, action: Action) -> dict[str, Any]:
    """The simplest data that the action's schema takes."""
    plain = settings(database=None, deadline=None, suppress_health_check=list(HealthCheck), phases=[Phase.generate])
    return dict(find(data_for(kind, action), lambda _: True, settings=plain))


@EVERY_KIND
@pytest.mark.parametrize("for_another", [False, True], ids=["for oneself", "for another"])
def test_can_and_allowed_actions_follow_the_declaration(
    kind: Kind, for_another: bool, town: District, cast: Cast
) -> None:
    matter, model = matter_at(kind, kind.stages[0].code, town, cast, for_another=for_another)
    for who in cast.people:
        allowed = [a.code for a in kind.actions if can(who.account, a, matter, at=AT)]
        assert allowed == [a.code for a in kind.actions if model.permits(who, a, cast.acts_for)], who
    for stage in kind.stages:
        matter.stage = model.stage = stage.code
        for who in cast.people:
            if who.account:
                offered = [a.code for a in allowed_actions(who.account, matter, at=AT)]
                assert offered == model.offered(who, cast.acts_for), (stage.code, who)


@EVERY_KIND
def test_the_door_agrees_with_the_declaration(kind: Kind, town: District, cast: Cast) -> None:
    matter, model = matter_at(kind, kind.stages[0].code, town, cast, for_another=True)
    people = [p for p in cast.people if not p.name.endswith(("now", "now on", "later", "below", "same community"))]
    for action in kind.actions:
        data = sound_data(kind, action)
        for who in people:
            expected = "out_of_step" if model.permits(who, action, cast.acts_for) else "not_allowed"
            with refused(expected, action, who):
                act(matter, action.code, by=who.account, data=data, at=AT, version=NO_SUCH_VERSION,
                    files=photos(action.evidence[0]))  # fmt: skip


@EVERY_KIND
def test_nobody_begins_what_the_declaration_does_not_let_them(kind: Kind, town: District, cast: Cast) -> None:
    model = MatterModel(kind, town.building.code, None, None)
    for action in (a for a in kind.actions if NEW in a.frm):
        data = sound_data(kind, action)
        for who in cast.people:
            if model.permits(who, action, cast.acts_for):
                continue
            with refused("not_allowed", action, who):
                begin(kind.code, action.code, by=who.account, place=town.building, data=data, at=AT,
                      files=photos(action.evidence[0]))  # fmt: skip
    assert not Matter.objects.exists()


@EVERY_KIND
def test_nobody_begins_by_an_action_that_does_not_begin(kind: Kind, town: District, cast: Cast) -> None:
    worker = make_post("community_worker", town.district)
    for action in (a for a in kind.actions if NEW not in a.frm):
        with pytest.raises(Refused) as caught:
            begin(kind.code, action.code, by=worker, place=town.building, data=sound_data(kind, action), at=AT,
                  files=photos(action.evidence[0]))  # fmt: skip
        assert caught.value.code in ("wrong_stage", "not_allowed")
    assert not Matter.objects.exists()


def test_every_role_that_a_kind_names_exists() -> None:
    known = {role.code for role in roles()} | set(RELATIONS)
    for kind in registry.kinds():
        named = {name for a in kind.actions for name in (*a.who, *a.notify)} | set(kind.reads)
        assert named <= known, f"{kind.code} names {named - known}"


@contextmanager
def refused(code: str, action: Action, who: Persona) -> Iterator[None]:
    """The block must be refused in this way, and whatever it began is undone."""
    with transaction.atomic():
        with pytest.raises(Refused) as caught:
            yield
        assert caught.value.code == code, f"{action.code} by {who}: {caught.value.code}, not {code}"
        assert not connection.needs_rollback
