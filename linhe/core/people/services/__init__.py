"""Writes about people: keyword-only, each in one transaction."""

from linhe.core.people.services.accounts import (
    change_name,
    change_password,
    create_account,
    disable_account,
    end_sessions,
    register_resident,
    set_display,
    set_home,
)
from linhe.core.people.services.consents import give_consent, withdraw_consent
from linhe.core.people.services.family import ask_delegation, confirm_delegation, end_delegation
from linhe.core.people.services.posts import delegate_post, end_post, grant_post
from linhe.core.people.services.privacy import erase_account, erase_again, export_account, log_read, reveal_phone

__all__ = [
    "ask_delegation",
    "change_name",
    "change_password",
    "confirm_delegation",
    "create_account",
    "delegate_post",
    "disable_account",
    "end_delegation",
    "end_post",
    "end_sessions",
    "erase_account",
    "erase_again",
    "export_account",
    "give_consent",
    "grant_post",
    "log_read",
    "register_resident",
    "reveal_phone",
    "set_display",
    "set_home",
    "withdraw_consent",
]
