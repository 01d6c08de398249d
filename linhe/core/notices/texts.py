"""The words of a notice: an app's own from ``texts/notices.toml``, otherwise made of the names that its kind declares.

A file says for an action of a kind, and for whom it is meant (a relation, a role, or ``everyone``)::

    [errand.accept.requester]
    zh = "「{title}」有人接单了"
    en = "“{title}” was accepted"

Known places to fill: title, action, stage, place, and what the sender put into ``params``.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

from django.apps import apps

from linhe.core.loop import registry
from linhe.core.notices.models import Notice
from linhe.lib.text import Text

EVERYONE = "everyone"
_DEFAULTS = {
    "requester": Text(
        "您的「{title}」：{action}。现在是「{stage}」。", "Your “{title}”: {action}. It is now at “{stage}”."
    ),
    "handler": Text(
        "您经办的「{title}」：{action}。现在是「{stage}」。",
        "“{title}”, which you handle: {action}. It is now at “{stage}”.",
    ),
    "organisation": Text(
        "贵单位承办的「{title}」：{action}。现在是「{stage}」。",
        "“{title}”, which lies with your organisation: {action}. It is now at “{stage}”.",
    ),
    EVERYONE: Text("{place}「{title}」：{action}。", "{place}, “{title}”: {action}."),
}


class InvalidTexts(ValueError):
    """A file of notice texts has a mistake; the message names the file and the key."""


def text_of(notice: Notice) -> Text:
    """The words of a notice in both languages."""
    params = notice.params
    found = _words(notice.code, params.get("for", EVERYONE))
    return Text(
        found.zh.format_map(_Filled({**params, **_names(params, "zh")})),
        found.en.format_map(_Filled({**params, **_names(params, "en")})),
    )


def problems() -> list[str]:
    """Mistakes in the files, and texts for actions that no kind declares."""
    try:
        known = declared_texts()
    except InvalidTexts as error:
        return [str(error)]
    actions = {f"{kind.code}.{action.code}" for kind in registry.kinds() for action in kind.actions}
    kinds = {kind.code for kind in registry.kinds()}
    return [
        f"{code}: no kind declares this action"
        for code, _ in known
        if code.split(".")[0] in kinds and code not in actions
    ]


@cache
def declared_texts() -> dict[tuple[str, str], Text]:
    """All texts of all installed apps by (code, for whom)."""
    found: dict[tuple[str, str], Text] = {}
    for app in apps.get_app_configs():
        file = Path(app.path, "texts", "notices.toml")
        if file.is_file():
            shown = f"{app.name.replace('.', '/')}/texts/notices.toml"
            try:
                content = tomllib.loads(file.read_text(encoding="utf-8"))
            except tomllib.TOMLDecodeError as error:
                raise InvalidTexts(f"{shown}: is not valid TOML: {error}") from error
            for code, whom, text in _tables(content, shown):
                if (code, whom) in found:
                    raise InvalidTexts(f"{shown}: {code}.{whom}: is declared twice")
                found[code, whom] = text
    return found


def _tables(content: dict[str, Any], file: str) -> Iterator[tuple[str, str, Text]]:
    for kind, actions in content.items():
        for action, people in actions.items():
            for whom, text in people.items():
                if not isinstance(text, dict) or set(text) != {"zh", "en"}:
                    raise InvalidTexts(f"{file}: {kind}.{action}.{whom}: needs zh and en")
                yield f"{kind}.{action}", whom, Text(text["zh"], text["en"])


def _words(code: str, whom: str) -> Text:
    texts = declared_texts()
    return texts.get((code, whom)) or texts.get((code, EVERYONE)) or _DEFAULTS.get(whom) or _DEFAULTS[EVERYONE]


def _names(params: dict[str, Any], language: str) -> dict[str, str]:
    """Names in one language: of the matter and the place as they were, of action and stage as declared."""
    if "kind" not in params:
        return {}
    kind = registry.kind(params["kind"], params["version"])
    action, stage = kind.action(params["action"]).name, kind.stage(params["stage"]).name
    return {
        "title": params["title"][language],
        "place": params["place"][language],
        "action": getattr(action, language),
        "stage": getattr(stage, language),
    }


class _Filled(dict[str, Any]):
    """A place that nobody filled stays empty: a missing word must not keep a message from being read."""

    def __missing__(self, key: str) -> str:
        return ""
