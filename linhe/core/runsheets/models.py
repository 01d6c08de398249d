"""Sheets that were made from a template, their items and clocks. Only effects of actions write them."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from linhe.core.loop.models import Matter
from linhe.core.people.models import Account
from linhe.lib.text import Text

OPEN, DONE, SKIPPED, FAILED, REPLACED, NONE = "open", "done", "skipped", "failed", "replaced", "none"
STATES = (OPEN, DONE, SKIPPED, FAILED, REPLACED, NONE)


class RunSheet(models.Model):
    """The sheet of a matter (one-to-one): which template it was made from, and where its time stands.

    ``revision`` counts the plans that filled it in; ``last_at`` is the moment of the latest confirmation, which none
    that follows may lie before; ``blocks`` holds the tags whose items may not be carried out now, each with its reason.
    """

    matter = models.OneToOneField(Matter, primary_key=True, on_delete=models.PROTECT, related_name="run_sheet")
    template = models.CharField(max_length=40)
    template_date = models.DateField()
    drill = models.BooleanField()
    revision = models.PositiveSmallIntegerField(default=1)
    began_at = models.DateTimeField()
    last_at = models.DateTimeField()
    paused_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    blocks = models.JSONField(default=dict)

    class Meta:
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["template", "-began_at"], name="runsheet_template")
        ]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(condition=Q(last_at__gte=F("began_at")), name="runsheet_time_runs_forward"),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True) | Q(paused_at__isnull=True, ended_at__gte=F("began_at")),
                name="runsheet_ends_running_and_after_it_began",
            ),
        ]


class RunItem(models.Model):
    """One item to call and to repeat, in the order of ``seq``; ``step`` is its number in the template and ``part``
    counts the operations of that step (0: it is done once)."""

    sheet = models.ForeignKey(RunSheet, on_delete=models.PROTECT, related_name="items", db_index=False)
    seq = models.PositiveSmallIntegerField()
    revision = models.PositiveSmallIntegerField()
    step = models.PositiveSmallIntegerField()
    part = models.PositiveSmallIntegerField(default=0)
    code = models.CharField(max_length=40)
    phase = models.CharField(max_length=20)
    role = models.CharField(max_length=40)
    zh = models.CharField(max_length=300)
    en = models.CharField(max_length=400)
    takes_zh = models.CharField(max_length=200, blank=True)
    takes_en = models.CharField(max_length=300, blank=True)
    target_s = models.PositiveIntegerField()
    needs = models.JSONField(default=list)
    tags = models.JSONField(default=list)
    may_skip = models.BooleanField(default=False)
    planned = models.BooleanField(default=True)
    operation = models.JSONField(null=True)
    state = models.CharField(max_length=8, default=OPEN)
    opened_at = models.DateTimeField(null=True)
    paused_s = models.PositiveIntegerField(default=0)
    called_by = models.ForeignKey(Account, null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    called_at = models.DateTimeField(null=True)
    done_by = models.ForeignKey(Account, null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    done_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["sheet", "seq"], name="runitem_one_a_place"),
            models.UniqueConstraint(
                fields=["sheet"], condition=Q(state=OPEN, called_at__isnull=False), name="runitem_one_called_at_a_time"
            ),
            models.CheckConstraint(condition=Q(state__in=STATES), name="runitem_state_is_known"),
            models.CheckConstraint(
                condition=Q(called_by__isnull=True) | Q(done_by__isnull=True) | ~Q(called_by=F("done_by")),
                name="runitem_takes_two_people",
            ),
            models.CheckConstraint(
                condition=~Q(state=DONE)
                | Q(called_at__isnull=False, done_at__isnull=False, called_by__isnull=False, done_by__isnull=False),
                name="runitem_done_was_called_and_repeated",
            ),
            models.CheckConstraint(
                condition=Q(called_at__isnull=True) | Q(done_at__isnull=True) | Q(done_at__gte=F("called_at")),
                name="runitem_repeated_after_the_call",
            ),
        ]

    @property
    def text(self) -> Text:
        """What is called and repeated."""
        return Text(self.zh, self.en)

    @property
    def takes(self) -> Text:
        """People, tools, papers."""
        return Text(self.takes_zh, self.takes_en)

    @property
    def label(self) -> str:
        """Its number as people say it: ``9`` or ``9-2``."""
        return f"{self.step}-{self.part}" if self.part else str(self.step)


class RunClock(models.Model):
    """A limit between two moments of the run, as the template had it when the sheet was made."""

    sheet = models.ForeignKey(RunSheet, on_delete=models.PROTECT, related_name="clocks", db_index=False)
    code = models.CharField(max_length=40)
    zh = models.CharField(max_length=80)
    en = models.CharField(max_length=120)
    limit_s = models.PositiveIntegerField()
    start = models.CharField(max_length=60)
    stop = models.CharField(max_length=60)
    started_at = models.DateTimeField(null=True)
    stopped_at = models.DateTimeField(null=True)
    paused_s = models.PositiveIntegerField(default=0)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["sheet", "code"], name="runclock_once_a_sheet"),
            models.CheckConstraint(
                condition=Q(stopped_at__isnull=True) | Q(stopped_at__gte=F("started_at")),
                name="runclock_stops_after_it_starts",
            ),
        ]

    @property
    def name(self) -> Text:
        """What it measures."""
        return Text(self.zh, self.en)
