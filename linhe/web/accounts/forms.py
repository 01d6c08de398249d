"""Forms of signing in and of one's own pages. Labels are in both languages, faults say what to do."""

from __future__ import annotations

from typing import Any

from django import forms
from django.forms import Form
from django.utils.functional import lazystr

from linhe.core.people.roles import Role
from linhe.lib.refusals import Refused
from linhe.lib.text import Text


def _label(zh: str, en: str) -> Any:
    return lazystr(Text(zh, en))


def _code_input() -> forms.TextInput:
    return forms.TextInput(attrs={"autocomplete": "one-time-code", "inputmode": "numeric"})


class PhoneForm(Form):
    """A mobile number."""

    phone = forms.CharField(
        label=_label("手机号", "Mobile number"),
        max_length=24,
        widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "tel", "inputmode": "tel"}),
    )


class CodeForm(Form):
    """The code from the text message."""

    code = forms.CharField(label=_label("短信验证码", "Code from the message"), max_length=12, widget=_code_input())


class WelcomeForm(Form):
    """What a newcomer is called, and the consent without which nothing begins."""

    name = forms.CharField(
        label=_label("怎么称呼您", "What we may call you"),
        help_text=_label("只有给您办事的人看得到。", "Only those who do something for you see it."),
        max_length=40,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    agree = forms.BooleanField(
        label=_label("我已阅读并同意隐私告知", "I have read and agree to the privacy notice"),
        error_messages={"required": _label("请先阅读并同意隐私告知。", "Please read and agree to the privacy notice.")},
    )


class StaffForm(Form):
    """User name and password."""

    username = forms.CharField(
        label=_label("用户名", "User name"),
        max_length=40,
        widget=forms.TextInput(attrs={"autocomplete": "username", "autocapitalize": "none"}),
    )
    password = forms.CharField(
        label=_label("密码", "Password"),
        max_length=128,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )


class EnrolForm(Form):
    """The first one-time password of a new authenticator."""

    code = forms.CharField(label=_label("动态口令", "One-time password"), max_length=12, widget=_code_input())


class NameForm(Form):
    """What someone is called."""

    name = forms.CharField(label=_label("怎么称呼您", "What we may call you"), max_length=40)


class NewPasswordForm(Form):
    """A new password, with the old one."""

    old = forms.CharField(
        label=_label("现在的密码", "Current password"), max_length=128, strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )  # fmt: skip
    new = forms.CharField(
        label=_label("新密码", "New password"), max_length=128, strip=False,
        help_text=_label("至少 10 位。", "At least 10 characters."),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )  # fmt: skip


class GrantForm(Form):
    """Who gets which post where, until when."""

    who = forms.CharField(
        label=_label("用户名或手机号", "User name or mobile number"),
        help_text=_label("工作岗位用用户名；新用户名会建一个工作账号。",
                         "Staff posts go by user name; a new one makes a staff account."),
        max_length=40,
    )  # fmt: skip
    name = forms.CharField(label=_label("姓名(新账号)", "Name (new account)"), max_length=40, required=False)
    role = forms.ChoiceField(label=_label("岗位", "Role"))
    place = forms.CharField(label=_label("地点代码", "Place code"), max_length=32)
    valid_to = forms.DateField(
        label=_label("任到哪天(不含)", "Until (that day not included)"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}),
    )

    def __init__(self, *args: Any, roles: list[Role], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [(role.code, str(role.name)) for role in roles]
        self.fields["role"].choices = choices  # type: ignore[attr-defined]  # a choice field


def put(form: Form, refused: Refused) -> None:
    """Show a refusal at the fields it concerns, or above the form."""
    known = {name: message for name, message in refused.details.items() if name in form.fields}
    for name, message in known.items():
        form.add_error(name, message)
    if not known:
        form.add_error(None, str(refused.message))
