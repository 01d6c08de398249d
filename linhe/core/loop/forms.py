"""A Django form made from an action's data model, for pages that work without JavaScript."""

from __future__ import annotations

import enum
import types
import typing
from datetime import datetime
from typing import Any

from django import forms
from django.utils.datastructures import MultiValueDict
from pydantic import BaseModel
from pydantic.fields import FieldInfo

from linhe.core.loop import registry
from linhe.core.loop.kinds import Action, Kind
from linhe.lib.text import Text


class ManyFilesInput(forms.ClearableFileInput):
    """A file input that takes several photos."""

    allow_multiple_selected = True


class ActionForm(forms.Form):
    """A form whose only judge is the loop: it shows what ``act()`` refused, and keeps what was typed."""

    refused: dict[str, str]

    def full_clean(self) -> None:
        """Attach each refusal to its field, or to the whole form when the field is not shown."""
        self._errors = forms.utils.ErrorDict()
        self.cleaned_data: dict[str, Any] = {}
        for name, message in self.refused.items():
            target = name.split(".")[0]
            self.add_error(target if target in self.fields else None, message)


def form_for(
    kind: Kind,
    action: Action,
    *,
    sent: MultiValueDict[str, str] | None = None,
    errors: dict[str, str] | None = None,
    initial: dict[str, Any] | None = None,
) -> ActionForm:
    """The form of an action. ``sent`` and ``errors`` (from a refusal) bring back what was typed, with its faults."""
    fields: dict[str, forms.Field] = {}
    schema = registry.schema_of(kind, action)
    for name, info in schema.model_fields.items() if schema else ():
        fields[name] = _field(info)
    if action.evidence[1]:
        fields["files"] = forms.FileField(
            label=str(Text("照片", "photos")),
            required=False,
            widget=ManyFilesInput(attrs={"accept": "image/jpeg,image/png,image/webp"}),
        )
    form: ActionForm = type("Form", (ActionForm,), fields)(data=sent, initial=initial)
    form.refused = errors or {}
    return form


def data_of(schema: type[BaseModel] | None, sent: MultiValueDict[str, str]) -> dict[str, Any]:
    """What a browser sent, as data for ``act()``: empty fields count as absent, ticked boxes as true."""
    data: dict[str, Any] = {}
    for name, info in schema.model_fields.items() if schema else ():
        kind = _plain(info.annotation)
        if kind is bool:
            data[name] = name in sent
        elif typing.get_origin(kind) in (list, tuple, set, frozenset):
            data[name] = sent.getlist(name)
        elif sent.get(name, "") != "":
            data[name] = sent[name]
    return data


def _plain(annotation: Any) -> Any:
    """The type behind ``X | None``."""
    if typing.get_origin(annotation) in (typing.Union, types.UnionType):
        return next(a for a in typing.get_args(annotation) if a is not type(None))
    return annotation


def _field(info: FieldInfo) -> forms.Field:
    extra: dict[str, Any] = info.json_schema_extra if isinstance(info.json_schema_extra, dict) else {}
    common: dict[str, Any] = {
        "label": str(Text(extra.get("zh", info.title or ""), extra.get("en", info.title or ""))),
        "help_text": str(Text(extra.get("hint_zh", ""), extra.get("hint_en", ""))),
        "required": info.is_required(),
        "initial": None if info.is_required() else info.default,
    }
    limits = {type(m).__name__.lower(): m for m in info.metadata}
    longest = getattr(limits.get("maxlen"), "max_length", None)
    kind = _plain(info.annotation)
    if choices := extra.get("choices"):
        return forms.ChoiceField(
            choices=[(c, str(Text(zh, en))) for c, zh, en in choices],
            **_radio(extra),
            **common,
        )
    if typing.get_origin(kind) is typing.Literal:
        return forms.ChoiceField(choices=[(c, c) for c in typing.get_args(kind)], **common)
    if isinstance(kind, type) and issubclass(kind, enum.Enum):
        return forms.ChoiceField(
            choices=[(m.value, str(getattr(m, "label", m.value))) for m in kind],
            **common,
        )
    if kind is bool:
        return forms.BooleanField(**(common | {"required": False}))
    if kind is int:
        least, most = (
            getattr(limits.get("ge"), "ge", None),
            getattr(limits.get("le"), "le", None),
        )
        return forms.IntegerField(min_value=least, max_value=most, **common)
    if kind is float:
        return forms.FloatField(**common)
    if kind is datetime:
        return forms.DateTimeField(widget=forms.DateTimeInput(attrs={"type": "datetime-local"}), **common)
    widget: Any = forms.Textarea(attrs={"rows": 3}) if extra.get("widget") == "textarea" else forms.TextInput()
    if extra.get("widget") == "code":
        widget = forms.TextInput(
            attrs={
                "inputmode": "numeric",
                "autocomplete": "one-time-code",
                "maxlength": longest,
            }
        )
    return forms.CharField(max_length=longest, widget=widget, **common)


def _radio(extra: dict[str, Any]) -> dict[str, Any]:
    return {"widget": forms.RadioSelect} if extra.get("widget") == "radio" else {}
