"""The first administrator comes from the command line."""

from __future__ import annotations

import pytest
from django.utils import timezone

from linhe.config.command import Usage
from linhe.config.management.commands.appoint import Command
from linhe.core.people.models import Account
from linhe.core.people.queries import posts_of
from tests.factories import make_district


def test_a_new_user_name_gets_an_account_a_password_and_the_post(db: None) -> None:
    town = make_district()
    ask = {"username": "chief", "role": "administrator", "place": town.district.code, "name": "李主任"}
    made = Command().perform(**ask)
    account = Account.objects.get(username="chief")
    assert account.check_password(made["first_password"])
    assert [post.role for post in posts_of(account, at=timezone.now())] == ["administrator"]
    assert Command().perform(**(ask | {"role": "auditor"}))["first_password"] == ""
    for wrong in (ask, ask | {"place": "1"}, ask | {"username": "no spaces please"}):
        with pytest.raises(Usage):
            Command().perform(**wrong)
