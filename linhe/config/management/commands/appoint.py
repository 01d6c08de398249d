"""``linhe appoint``: make the first staff; afterwards administrators grant posts by page."""

from __future__ import annotations

import argparse
import secrets
from typing import Any

from django.db import transaction
from django.utils import timezone
from rich.console import Console

from linhe.config import command
from linhe.core.people.models import Account
from linhe.core.people.roles import roles
from linhe.core.people.services import create_account, grant_post
from linhe.core.places.models import Place
from linhe.lib.refusals import Refused


class Command(command.Command):
    """Grants a post in the name of the system; a new user name gets an account and a first password."""

    help = "give someone a post at a place; the first administrator begins here"

    def options(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("username", help="user name; a new one makes an account")
        parser.add_argument("--role", default="administrator", choices=[role.code for role in roles()])
        parser.add_argument("--place", required=True, metavar="CODE", help="code of the place, such as 140902000000")
        parser.add_argument("--name", default="", help="the person's name, for a new account")

    def perform(self, *, username: str, role: str, place: str, name: str, **options: Any) -> dict[str, Any]:
        where = Place.objects.filter(code=place).first()
        if where is None:
            raise command.Usage(f"there is no place with the code {place}")
        now, password = timezone.now(), ""
        try:
            with transaction.atomic():
                account = Account.objects.filter(username=username).first()
                if account is None:
                    password = secrets.token_urlsafe(12)
                    account = create_account(
                        username=username, name=name, password=password, at=now, must_change_password=True
                    )
                grant_post(account=account, role=role, place=where, by=None, at=now)
        except Refused as refused:
            raise command.Usage("; ".join(refused.details.values()) or refused.message.en) from refused
        return {"username": username, "role": role, "place": place, "first_password": password}

    def show(self, result: dict[str, Any], console: Console) -> None:
        console.print(f"{result['username']} is {result['role']} at {result['place']}", highlight=False)
        if result["first_password"]:
            console.print(f"first password, shown only now: {result['first_password']}", markup=False, highlight=False)
