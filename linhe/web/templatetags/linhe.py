"""The shell's template tags; each is shown with an example in COMPONENTS.md."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django import template
from django.forms import BoundField, CheckboxInput, CheckboxSelectMultiple, Form, RadioSelect
from django.template.context import Context
from django.templatetags.static import static
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from linhe.core.loop.kinds import Kind, Stage
from linhe.core.places.models import Place
from linhe.lib.masking import mask_phone
from linhe.lib.text import Text
from linhe.web import moments
from linhe.web.drawing import draw_loop

register = template.Library()


@register.simple_tag
def t(zh: str, en: str, **values: object) -> str:
    """``{% t "你好，{name}" "Hello, {name}" name=x %}``: the label in the reader's language."""
    return str(Text(zh, en).format(**values) if values else Text(zh, en))


@register.simple_tag
def place_name(place: Place) -> str:
    """The name of a place in the reader's language."""
    return str(Text(place.name, place.name_en or place.name))


@register.simple_tag
def icon(name: str, label: str = "") -> SafeString:
    """An icon of the set. With ``label`` it is read out, without it is decoration."""
    address = f"{static('web/img/icons.svg')}#{name}"
    if label:
        return format_html('<svg class="icon" role="img" aria-label="{}"><use href="{}"></use></svg>', label, address)
    return format_html('<svg class="icon" aria-hidden="true" focusable="false"><use href="{}"></use></svg>', address)


@register.simple_tag
def stage_badge(stage: Stage) -> SafeString:
    """The name of a stage in its tone."""
    return format_html('<span class="badge tone-{}">{}</span>', stage.tone, stage.name)


@register.simple_tag
def when(at: datetime | None) -> SafeString | str:
    """A moment as people say it, with the exact one for machines."""
    if at is None:
        return ""
    return format_html('<time datetime="{}">{}</time>', at.isoformat(), moments.moment(at, now=timezone.now()))


@register.simple_tag
def clock(due_at: datetime | None, name: object = "", paused: bool = False) -> SafeString | str:
    """Time left until a limit; ``data-due`` lets the page's script keep it moving."""
    if due_at is None:
        return ""
    left = moments.time_left(due_at, now=timezone.now(), paused=paused)
    tone = f" clock_{left.tone}" if left.tone else ""
    due = "" if paused else format_html(' data-due="{}"', due_at.isoformat())
    return format_html(
        '<span class="clock{}"{}>{}{}<span class="clock__text">{}</span></span>',
        tone, due, icon("clock"), f"{name} " if name else "", left.label,
    )  # fmt: skip


@register.simple_tag
def run_time(seconds: int | None) -> str:
    """How long something took: ``4:05``, ``1:02:09``."""
    return "–" if seconds is None else moments.run_time(seconds)


@register.simple_tag
def loop_drawing(kind: Kind, now: str = "") -> SafeString:
    """The loop of a kind as SVG; ``now`` marks the stage a matter is at."""
    return mark_safe(draw_loop(kind, now=now))


@register.inclusion_tag("components/cell.html")
def cell(title: object, note: object = "", href: str = "", icon: str = "", value: object = "") -> dict[str, Any]:
    """A row of a list (inside ``<ul class="cells">``); with ``href`` it leads somewhere."""
    return {"title": title, "note": note, "href": href, "icon": icon, "value": value}


@register.inclusion_tag("components/figure.html")
def figure(value: object, label: object, href: str = "", unit: object = "", tone: str = "") -> dict[str, Any]:
    """A number; ``href`` leads to the events behind it. None shows a dash."""
    return {"value": value, "label": label, "href": href, "unit": unit, "tone": tone}


@register.inclusion_tag("components/empty.html")
def empty_state(
    title: object, text: object = "", drawing: str = "rest", href: str = "", action: object = ""
) -> dict[str, Any]:
    """Nothing here yet: a drawing, a sentence, and what to do next."""
    return {"title": title, "text": text, "drawing": f"drawings/{drawing}.svg", "href": href, "action": action}


@register.inclusion_tag("components/note.html")
def note(text: object, tone: str = "move", icon: str = "info") -> dict[str, Any]:
    """A sentence that stands out in its tone (wait, move, good, bad, over)."""
    return {"text": text, "tone": tone, "icon": icon}


@register.inclusion_tag("components/field.html")
def field(bound: BoundField) -> dict[str, Any]:
    """One field of a form: label, hint, error, input."""
    widget = bound.field.widget
    parts = (("hint", bound.help_text), ("error", bound.errors))
    described = [f"{bound.auto_id}_{part}" for part, shown in parts if shown]
    attrs: dict[str, str | bool] = {"aria-describedby": " ".join(described)} if described else {}
    if bound.errors:
        attrs["aria-invalid"] = "true"
    several = isinstance(widget, RadioSelect | CheckboxSelectMultiple)
    return {
        "field": bound,
        "several": several,
        "tick": isinstance(widget, CheckboxInput),
        "input": "" if several else bound.as_widget(attrs=attrs),
        "described": " ".join(described),
        "required": bound.field.required,
    }


@register.inclusion_tag("components/fields.html")
def fields(form: Form) -> dict[str, Any]:
    """Every field of a form, hidden ones too, after the faults that concern the whole form."""
    return {"form": form}


@register.inclusion_tag("components/timeline.html")
def timeline(entries: list[Any]) -> dict[str, Any]:
    """What happened, oldest first: entries with ``what``, ``who``, ``at``, ``tone``, ``said`` and ``photos``."""
    return {"entries": entries}


@register.inclusion_tag("components/matter_list.html", takes_context=True)
def matter_list(context: Context, matters: Any) -> dict[str, Any]:
    """Matters as rows that open their page, with stage and time left."""
    return {"matters": matters, "request": context.get("request")}


@register.inclusion_tag("components/pager.html", takes_context=True)
def pager(context: Context, next_before: int | None) -> dict[str, Any]:
    """Older and newest pages of a list paged by key; keeps the other query parameters."""
    request = context["request"]
    kept = {k: v for k, v in request.GET.items() if k != "before"}
    return {
        "older": "?" + urlencode(kept | {"before": next_before}) if next_before else "",
        "newest": "?" + urlencode(kept) if "before" in request.GET else "",
    }


@register.inclusion_tag("components/phone.html")
def phone(number: str, reveal: str = "") -> dict[str, Any]:
    """A number, masked; ``reveal`` is the address (POST) that shows it once and writes the read log."""
    return {"masked": mask_phone(number) if number else "", "reveal": reveal}
