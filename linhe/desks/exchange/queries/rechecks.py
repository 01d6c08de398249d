"""Reads of re-checks: the last of a province, and its differences with the applications behind them."""

from __future__ import annotations

from typing import Any

from django.db.models import Count

from linhe.core.loop.queries import Page, page_of
from linhe.core.places.models import Place
from linhe.desks.exchange.engine.reading import shipped
from linhe.desks.exchange.models import Difference, Recheck
from linhe.desks.exchange.queries.rulebook import STATUSES
from linhe.lib.text import Text

NOT_THEN, NOT_NOW = Text("当时尚无此规则", "not in force then"), Text("此规则已停用", "no longer in force")
TONES = {"pass": "good", "fail": "bad", "unknown": "wait"}


def rechecks_of(province: Place) -> list[Recheck]:
    """The last re-checks of a province, newest first."""
    return list(Recheck.objects.filter(province=province).order_by("-pk")[:12])


def tallied(recheck: Recheck) -> list[dict[str, Any]]:
    """How many reviews each rule would judge differently, most first."""
    rows = Difference.objects.filter(recheck=recheck).values("rule", "before", "after").annotate(n=Count("pk"))
    told = [
        {"rule": row["rule"], "title": _title(row["rule"]), "n": row["n"], **_words(row["before"], row["after"])}
        for row in rows
    ]
    return sorted(told, key=lambda row: (-row["n"], row["rule"]))


def differing_cases(recheck: Recheck) -> int:
    """How many applications would be judged differently."""
    return Difference.objects.filter(recheck=recheck).values("run").distinct().count()


def differences_page(recheck: Recheck, *, rule: str = "", before: int | None = None) -> Page[Difference]:
    """The differences one by one, newest first, with their listings."""
    rows = Difference.objects.filter(recheck=recheck)
    if rule:
        rows = rows.filter(rule=rule)
    return page_of(rows.select_related("run__filing__listing__lot__seller"), before=before)


def shown(rows: list[Difference]) -> list[dict[str, Any]]:
    """Differences in words."""
    return [{"row": one, "title": _title(one.rule), **_words(one.before, one.after)} for one in rows]


def _words(before: str, after: str) -> dict[str, Any]:
    names: dict[str, Text] = dict(STATUSES.items())
    return {
        "was": names.get(before, NOT_THEN), "was_tone": TONES.get(before, "over"),
        "is_now": names.get(after, NOT_NOW), "now_tone": TONES.get(after, "over"),
    }  # fmt: skip


def _title(rule: str) -> Text:
    versions = shipped().versions(rule)
    return Text(*versions[-1].title) if versions else Text(rule, rule)
