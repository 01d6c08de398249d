"""Promise T5: only legal moves. A model of every kind's declaration walks beside the real thing, through the one door.

Random people take random actions, with stale versions, wrong data and repeated keys, at times around weekends, lunch,
shifted working days and the turn of the year. Stage, version, clocks and log must be the model's; what is refused
must leave every table as it was.
"""

from __future__ import annotations

import os
from contextlib import ExitStack
from dataclasses import fields, replace
from datetime import UTC, datetime, timedelta
from typing import Any, ClassVar

import pytest
from django.db import connection, transaction
from hypothesis import HealthCheck, Phase, assume, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from linhe.core.loop import registry
from linhe.core.loop.access import allowed_actions
from linhe.core.loop.acting import act, begin
from linhe.core.loop.chain import broken_links
from linhe.core.loop.jobs import sweep_clocks
from linhe.core.loop.kinds import NEW, RELATIONS, SYSTEM, Action, Kind
from linhe.core.loop.models import Event, Matter, MatterClock
from linhe.core.loop.refusals import Refused
from linhe.core.loop.step import Outcome
from tests.factories import District, make_district
from tests.trust.fingerprint import Watch
from tests.trust.loop_model import MatterModel, RunningClock
from tests.trust.personas import Cast, Persona, make_cast
from tests.trust.strategies import data_for, ground_of, photos, wrong_data_for

STARTS = [  # Shanghai: 8 hours more
    datetime(2024, 2, 9, 9, 57, tzinfo=UTC),  # Friday evening before eight days of Spring Festival
    datetime(2025, 1, 26, 9, 0, tzinfo=UTC),  # a Sunday that is worked
    datetime(2025, 9, 30, 9, 30, tzinfo=UTC),  # before National Day
    datetime(2025, 12, 31, 8, 45, tzinfo=UTC),  # the year ends
    datetime(2026, 2, 14, 3, 30, tzinfo=UTC),  # a Saturday that is worked, before lunch
    datetime(2026, 3, 4, 1, 0, tzinfo=UTC),  # a Wednesday like others
    datetime(2026, 3, 6, 9, 40, tzinfo=UTC),  # Friday, twenty minutes before the weekend
    datetime(2026, 12, 31, 9, 59, tzinfo=UTC),  # the last year with a notice ends
]
STEPS = [0, 0, 1, 3, 9, 10, 11, 30, 59, 120, 150, 240, 720, 1440, 3 * 1440, 9 * 1440]
EXAMPLES = 100 if os.environ.get("LINHE_EXPLORE") else 20
MOVES = ["do_what_is_possible"] * 5 + ["try_anything"] * 3 + ["everyone_tries", "repeat", "sweep"]


class LegalMoves(RuleBasedStateMachine):
    """One matter of one kind, and everyone who may come to it."""

    kind: ClassVar[Kind]
    town: ClassVar[District]
    cast: ClassVar[Cast]

    def __init__(self) -> None:
        super().__init__()
        self.undo = ExitStack()
        self.undo.enter_context(transaction.atomic())
        self.undo.callback(transaction.set_rollback, True)
        self.matter: Matter | None = None
        self.keys = 0
        self.done: list[tuple[str, Persona, dict[str, Any], int]] = []

    def teardown(self) -> None:
        """Check what the commit would have checked, then undo everything."""
        try:
            if not connection.needs_rollback:
                with connection.cursor() as cursor:
                    cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        finally:
            self.undo.close()

    @initialize(at=st.sampled_from(STARTS), data=st.data(), another=st.booleans())
    def start(self, at: datetime, data: st.DataObject, another: bool) -> None:
        """A day to begin on; somebody tries to raise a matter, then somebody who may."""
        self.at = at
        ground_of(self.kind).prepare(self.town, self.cast, at)
        self.model = MatterModel(self.kind, self.town.building.code, None, None)
        self.watch = Watch()
        beginnings = [a.code for a in self.kind.actions if NEW in a.frm]
        action = self.kind.action(data.draw(st.sampled_from(beginnings), "action"))
        self._begin(data, action, data.draw(st.sampled_from(self.cast.people), "who"), another=True, sound=False)
        for _ in range(6):  # effects may refuse sound data too
            if self.matter is not None:
                return
            allowed = [p for p in self.cast.people if not self._expected_at_start(p, action, another)]
            self._begin(data, action, data.draw(st.sampled_from(allowed), "who"), another=another, sound=True)
        assume(self.matter is not None)

    def _expected_at_start(self, who: Persona, action: Action, another: bool) -> set[str]:
        expected = self.model.refusals(who, action, self.cast.acts_for, None)
        if another and who.account and not self._may_speak_for(who, action):
            expected.add("not_allowed")
        return expected

    def _begin(self, data: st.DataObject, action: Action, who: Persona, *, another: bool, sound: bool) -> None:
        beneficiary = self.cast.beneficiary.account if another else None
        body, files, wrong = self._body(data, action, sound=sound)
        outcome = self._try(
            action, wrong, self._expected_at_start(who, action, another),
            lambda: begin(
                self.kind.code, action.code, by=who.account, place=self.town.building, data=body,
                files=photos(files), at=self.at, beneficiary=beneficiary,
            ),
        )  # fmt: skip
        if outcome:
            self.model.requester_id = who.account.pk if who.account else None
            self.model.beneficiary_id = beneficiary.pk if beneficiary else None
            self._took(action, who, outcome)

    def _may_speak_for(self, who: Persona, action: Action) -> bool:
        """For oneself, as the confirmed delegate, or from a post that the action names (unless anyone may ask)."""
        assert who.account
        meant = self.cast.beneficiary.account
        assert meant
        if who.account.pk == meant.pk or self.cast.acts_for.get(who.account.pk) == meant.pk:
            return True
        return "anyone" not in action.who and bool(who.roles & set(action.who))

    @rule(data=st.data(), minutes=st.sampled_from(STEPS), move=st.sampled_from(MOVES))
    def step(self, data: st.DataObject, minutes: int, move: str) -> None:
        """Time passes and something happens. One rule for all, so that no run goes without the legal moves."""
        self.at += timedelta(minutes=minutes)
        getattr(self, move)(data)

    def do_what_is_possible(self, data: st.DataObject) -> None:
        """Somebody takes an action that is open to them, with sound data; rather one that leaves the matter open."""
        possible = [(a, p) for a in self.kind.actions for p in self.cast.people if self._is_open(a, p)]
        codes = sorted({a.code for a, _ in possible})
        rare = {a.code for a in self.kind.actions if a.who == (SYSTEM,) or (a.to and self.kind.stage(a.to).final)}
        codes += [code for code in codes if code not in rare] * 3
        if codes:
            action = self.kind.action(data.draw(st.sampled_from(codes), "action"))
            allowed = [p for a, p in possible if a is action]
            # Whoever holds every post is the one that the rule of the second person must stop.
            who = data.draw(st.sampled_from([p for p in allowed if p.name == "several posts"] * 6 + allowed), "who")
            self._act(data, action, who, version=self.model.version, sound=True)

    def try_anything(self, data: st.DataObject) -> None:
        """Somebody tries an action, likely one that this stage knows, perhaps on what they saw before."""
        behind = data.draw(st.sampled_from([None, 0, 1, -1]), "behind")
        codes = [a.code for a in self.kind.actions if self.model.stage in a.frm] * 3
        codes += [a.code for a in self.kind.actions]
        action = self.kind.action(data.draw(st.sampled_from(codes), "action"))
        who = data.draw(st.sampled_from(self.cast.people), "who")
        version = None if behind is None else self.model.version - behind
        self._act(data, action, who, version=version, sound=False)

    def everyone_tries(self, data: st.DataObject) -> None:
        """Everyone who may not tries one action in turn: nothing happens."""
        known = [a.code for a in self.kind.actions if self.model.stage in a.frm]
        codes = [*known * 3, *(a.code for a in self.kind.actions)]
        action = self.kind.action(data.draw(st.sampled_from(codes), "action"))
        body, files = dict(data.draw(data_for(self.kind, action), "data")), photos(action.evidence[0])
        row = self._matter()
        for who in self.cast.people:
            if expected := self.model.refusals(who, action, self.cast.acts_for, None):
                with pytest.raises(Refused) as refused:
                    act(row, action.code, by=who.account, data=body, files=files, at=self.at)
                assert refused.value.code in expected, f"{action.code} by {who}: {refused.value.code}, not {expected}"
                files = photos(action.evidence[0])
        self._unchanged(None)

    def _act(self, data: st.DataObject, action: Action, who: Persona, *, version: int | None, sound: bool) -> None:
        body, files, wrong = self._body(data, action, sound=sound)
        self.keys += 1
        outcome = self._try(
            action, wrong, self.model.refusals(who, action, self.cast.acts_for, version),
            lambda: act(
                self._matter(), action.code, by=who.account, data=body, files=photos(files), at=self.at,
                version=version, key=f"key-{self.keys}",
            ),
        )  # fmt: skip
        if outcome:
            assert not outcome.repeated
            if not files:
                self.done.append((action.code, who, body, self.keys))
            self._took(action, who, outcome)

    def repeat(self, data: st.DataObject) -> None:
        """The network sends an old request again: nothing happens, the first answer comes back."""
        if not self.done:
            return
        code, who, body, key = data.draw(st.sampled_from(self.done), "request")
        outcome = act(self._matter(), code, by=who.account, data=body, at=self.at, key=f"key-{key}")
        assert outcome.repeated
        assert (outcome.event.action, outcome.event.matter_id) == (code, self._matter().pk)
        assert not self.watch.changed()

    def sweep(self, data: st.DataObject) -> None:
        """The job looks for limits that have passed."""
        while late := next(iter(self.model.overdue(self.at)), None):
            assert sweep_clocks(at=self.at, most=1) == 1
            late.late_at = self.at
            declared = next(c for c in self.kind.clocks if c.code == late.code)
            action = self.kind.action(declared.late) if declared.late else None
            if action and self.model.stage in action.frm:
                self._apply(action, None, action.to or self.model.stage)
        assert sweep_clocks(at=self.at) == 0
        self.watch.changed()

    def _body(self, data: st.DataObject, action: Action, *, sound: bool) -> tuple[dict[str, Any], int, bool]:
        """Data and a number of photos, and whether they are wrong."""
        least, most = action.evidence
        files = data.draw(st.integers(least, most), "files")
        wrong = data.draw(st.sampled_from(["", "", "", "data", "files"]), "wrong") if not sound else ""
        if wrong == "files":
            return {}, most + 1, True
        if wrong == "data" and action.data:
            return dict(data.draw(wrong_data_for(self.kind, action), "data")), files, True
        return dict(data.draw(data_for(self.kind, action), "data")), files, False

    def _is_open(self, action: Action, who: Persona) -> bool:
        return not self.model.refusals(who, action, self.cast.acts_for, None)

    def _try(self, action: Action, wrong: bool, expected: set[str], call: Any) -> Outcome | None:
        """Make the call; the model and the door must agree, and a refusal must leave everything as it was."""
        expected = expected | ({"invalid"} if wrong else set())
        try:
            outcome: Outcome = call()
        except Refused as refused:
            by_effect = bool(action.effect) and not expected and refused.code != "not_allowed"
            if refused.code not in expected and not by_effect:
                pytest.fail(f"{action.code} was refused as {refused.code}, model: {expected}")
            self._unchanged(ground_of(self.kind).keeps.get(action.code) if by_effect else None)
            return None
        assert not expected, f"{action.code} was allowed, model: {expected}"
        return outcome

    def _unchanged(self, but: str | None) -> None:
        changed = self.watch.changed()
        assert changed <= {but}, f"a refused action wrote {changed}"

    def _took(self, action: Action, who: Persona, outcome: Outcome) -> None:
        self.matter = outcome.matter
        stage = action.to or self.model.stage
        if action.code in ground_of(self.kind).decides_stage:
            stage = outcome.matter.stage
            assert stage in {s.code for s in self.kind.stages}
        self._apply(action, who.account.pk if who.account else None, stage)
        self.watch.changed()

    def _apply(self, action: Action, actor_id: int | None, stage: str) -> None:
        handler_id = Matter.objects.values_list("handler_id", flat=True).get(pk=self.matter.pk) if self.matter else None
        known = len(self.model.clocks)
        self.model.apply(action, self.at, actor_id, to=stage, handler_id=handler_id)
        for clock in self.model.clocks[known:]:
            if clock.code in ground_of(self.kind).decides_limit:
                row = MatterClock.objects.filter(matter=self.matter, code=clock.code).order_by("pk").last()
                clock.due_at = row.due_at if row else clock.due_at

    def _matter(self) -> Matter:
        assert self.matter is not None
        return Matter.objects.select_related("place").get(pk=self.matter.pk)

    @invariant()
    def stands_where_the_model_stands(self) -> None:
        """Stage, version, limits and log."""
        if self.matter is None:
            return
        row, model = self._matter(), self.model
        model.handler_id, model.organisation_id = row.handler_id, row.organisation_id
        assert (row.stage, row.version, row.closed_at) == (model.stage, model.version, model.closed_at)
        assert row.due_at == model.due_at
        names = [f.name for f in fields(RunningClock)]
        clocks = [RunningClock(**c) for c in MatterClock.objects.filter(matter=row).order_by("pk").values(*names)]
        assert sorted(clocks, key=repr) == sorted(model.clocks, key=repr)
        events = list(Event.objects.filter(matter=row).order_by("seq"))
        assert [(e.action, e.from_stage, e.to_stage, e.actor_id) for e in events] == model.log
        assert list(broken_links(events)) == []

    @invariant()
    def offers_what_the_declaration_allows(self) -> None:
        """The page's buttons are the model's, for everyone in turn."""
        if self.matter is None:
            return
        row = self._matter()
        someone = self.cast.people[(self.model.version * 7 + self.keys) % len(self.cast.people)]
        if someone.account is not None:
            offered = [a.code for a in allowed_actions(someone.account, row, at=self.at)]
            assert offered == self.model.offered(someone, self.cast.acts_for)


@pytest.mark.timeout(600)
@pytest.mark.parametrize("kind", registry.kinds(), ids=lambda kind: kind.code)
def test_no_kind_makes_an_illegal_move(db: None, kind: Kind) -> None:
    roles = sorted({w for a in kind.actions for w in a.who} - set(RELATIONS))
    town = make_district()
    cast = make_cast(town, roles, at=datetime(2023, 1, 1, tzinfo=UTC), later=datetime(2090, 1, 1, tzinfo=UTC))
    if kind.discreet:  # kept at the community: a post at the building does not reach it
        cast = replace(cast, people=tuple(p for p in cast.people if not p.name.endswith("at the building")))
    machine = type(f"LegalMovesOf_{kind.code}", (LegalMoves,), {"kind": kind, "town": town, "cast": cast})
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=EXAMPLES, stateful_step_count=20, deadline=None, print_blob=True,
            suppress_health_check=list(HealthCheck), phases=[Phase.reuse, Phase.generate, Phase.shrink],
        ),
    )  # fmt: skip
