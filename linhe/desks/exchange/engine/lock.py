"""Holds the rules that have been in force: a rule that changes without a new ``from`` fails the build.

``rules/lock.json`` keeps a hash for each version of each rule (id and day of ``from``) and for each parameter's series,
one of what the words of rules mean (``meaning``), and the facts and codes that kept findings name.
After adding a version (with its own ``from``, the one before closed by ``to``)::

    python -m linhe.desks.exchange.engine.lock write

It adds what is new and closes what has ended. What was locked and now says something else is refused: old findings
rest on it. A slip that no finding rests on yet is mended by deleting its line by hand, in the same commit. Where words
come to mean something else, ``rulebook.SEMANTICS`` is raised, and with it the hash of every rule set.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from linhe.desks.exchange.engine import meaning
from linhe.desks.exchange.engine.reading import shipped
from linhe.desks.exchange.engine.rulebook import SEMANTICS, RuleBook, digest

MEANING = "meaning@"
FILE = Path(__file__).parents[1] / "rules" / "lock.json"


def entries(book: RuleBook) -> dict[str, dict[str, str | None]]:
    """What is locked: by ``id@from`` the hash of what the rule says and the day on which it ends.

    Neither examples, notes, ``verified_by`` nor ``seen_in`` count: reading the original does not change a rule.
    """
    found: dict[str, dict[str, str | None]] = {}
    for rule in book.rules:
        plain = replace(rule, to_date=None, cite=replace(rule.cite, verified_by=None, seen_in=None))
        ends = rule.to_date.isoformat() if rule.to_date else None
        found[f"{rule.id}@{rule.from_date}"] = {"says": digest(plain.content()), "to": ends}
    for one in book.parameters:
        for start, end, value, source in one.series:
            ends = end.isoformat() if end else None
            found[f"{one.name}@{start}"] = {"says": digest([one.unit, value, source]), "to": ends}
    found[f"{MEANING}{SEMANTICS}"] = {"says": digest(list(meaning.tried())), "to": None}
    found |= {f"fact {path}": {"says": says, "to": None} for path, says in meaning.vocabulary()}
    return dict(sorted(found.items()))


def broken(locked: Mapping[str, Mapping[str, str | None]], book: RuleBook) -> list[str]:
    """What was locked and is gone, says something else, or ends on another day than it did."""
    now = entries(book)
    found = []
    for name, was in locked.items():
        one = now.get(name)
        if one is None and name.startswith(MEANING):
            continue  # another meaning has another number, and so another hash
        if one is None:
            found.append(f"{name} is gone")
        elif one["says"] != was["says"] and name.startswith(MEANING):
            found.append(f"{name}: the words of rules mean something else: raise SEMANTICS")
        elif one["says"] != was["says"]:
            found.append(f"{name} says something else: give the change its own day of from")
        elif was["to"] is not None and one["to"] != was["to"]:
            found.append(f"{name} ended on {was['to']}, now {one['to']}")
    return found


def read() -> dict[str, dict[str, str | None]]:
    """The lock that is committed."""
    found: dict[str, dict[str, str | None]] = json.loads(FILE.read_text(encoding="utf-8"))
    return found


def write() -> list[str]:
    """Add what is new and what has ended; gives what is broken, and then writes nothing."""
    book = shipped()
    if FILE.exists() and (wrong := broken(read(), book)):
        return wrong
    FILE.write_text(json.dumps(entries(book), indent=1) + "\n", encoding="utf-8")
    return []


if __name__ == "__main__":
    if sys.argv[1:] != ["write"]:
        sys.exit(__doc__)
    if wrong := write():
        sys.exit("\n".join(wrong))
