"""The template tags render what they promise and escape what they are given."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django import forms
from django.template import Context, Template
from django.test import RequestFactory
from django.utils import timezone, translation

from linhe.web.views.design import icon_names


def render(source: str, **context: object) -> str:
    return Template("{% load linhe %}" + source).render(Context(context))


def test_t_speaks_the_reader_language_and_fills_places() -> None:
    assert render('{% t "还有 {n} 件" "{n} more" n=3 %}') == "还有 3 件"
    with translation.override("en"):
        assert render('{% t "还有 {n} 件" "{n} more" n=3 %}') == "3 more"


def test_t_escapes_values() -> None:
    assert "<b>" not in render('{% t "{x}" "{x}" x=x %}', x="<b>")


def test_icon_is_decoration_unless_it_has_a_label() -> None:
    assert 'aria-hidden="true"' in render('{% icon "map" %}')
    assert 'aria-label="地图"' in render('{% icon "map" "地图" %}')


def test_clock_tells_late_from_left() -> None:
    now = timezone.now()
    assert "clock_late" in render("{% clock at %}", at=now - timedelta(minutes=3))
    assert "clock_late" not in render("{% clock at %}", at=now + timedelta(hours=3))
    assert render("{% clock at %}", at=None) == ""


def test_phone_is_masked() -> None:
    html = render("{% phone number %}", number="13812345678")
    assert "138****5678" in html
    assert "13812345678" not in html


class Form(forms.Form):
    name = forms.CharField(label="姓名", help_text="请写全名")
    colour = forms.ChoiceField(label="颜色", choices=[("r", "红")], widget=forms.RadioSelect, required=False)


def test_field_ties_hint_and_error_to_its_input() -> None:
    html = render("{% fields form %}", form=Form({"name": ""}))
    assert 'aria-describedby="id_name_hint id_name_error"' in html
    assert 'id="id_name_error"' in html
    assert 'aria-invalid="true"' in html
    assert "<legend" in html


def test_field_escapes_what_was_typed() -> None:
    assert "<script>" not in render("{% fields form %}", form=Form({"name": "<script>"}))


def test_figure_without_a_value_shows_a_dash_and_leads_where_told() -> None:
    assert "–" in render('{% figure None "满意度" %}')
    assert 'href="/matters/"' in render('{% figure 3 "件" "/matters/" %}')


def test_pager_keeps_the_other_parameters() -> None:
    request = RequestFactory().get("/my/", {"show": "closed", "before": "9"})
    html = render("{% pager 5 %}", request=request)
    assert "show=closed&amp;before=5" in html
    assert 'href="?show=closed"' in html


@pytest.mark.parametrize(
    "name", ["curtain", "medicine", "groceries", "water", "clothes", "hazard", "care", "check", "bag"]
)
def test_icons_that_desks_name_exist(name: str) -> None:
    assert name in icon_names()
