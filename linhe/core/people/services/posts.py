"""Posts are granted, delegated and ended; what was ended stops counting with the next request."""

from __future__ import annotations

from datetime import datetime

from django.db import IntegrityError, transaction
from django.db.models import Q

from linhe.core.people.models import Account, Organisation, Post
from linhe.core.people.queries import may_grant
from linhe.core.people.roles import role as role_of
from linhe.core.places.models import Place
from linhe.lib.refusals import Refused
from linhe.lib.text import Text


@transaction.atomic
def grant_post(
    *,
    account: Account,
    role: str,
    place: Place,
    by: Account | None,
    at: datetime,
    valid_from: datetime | None = None,
    valid_to: datetime | None = None,
    organisation: Organisation | None = None,
) -> Post:
    """Give someone a role at a place. ``by=None`` is the system itself; nobody grants to themselves.

    A staff role needs an account with a user name, since staff never sign in by phone code.
    """
    if by is not None and (by.pk == account.pk or not may_grant(by, role=role, place=place, at=at)):
        raise _not_allowed()
    _check_holder(account, role)
    begins = valid_from or at
    if valid_to is not None and valid_to <= begins:
        raise _bad_dates()
    return _keep(
        Post(
            account=account, role=role, place=place, valid_from=begins, valid_to=valid_to, organisation=organisation
        )
    )  # fmt: skip


@transaction.atomic
def delegate_post(
    *, post: Post, deputy: Account, by: Account, at: datetime, valid_from: datetime, valid_to: datetime
) -> Post:
    """The holder (or who may grant it) has someone stand in between two moments. A deputy cannot pass it on."""
    post = Post.objects.select_for_update(of=("self",)).select_related("place").get(pk=post.pk)
    if by.pk != post.account_id and not may_grant(by, role=post.role, place=post.place, at=at):
        raise _not_allowed()
    if post.delegated_from_id is not None:
        raise Refused("deputy", Text("代理的岗位不能再转给别人。", "A deputy cannot pass the post on."))
    if not at <= valid_to or valid_to <= valid_from or (post.valid_to is not None and valid_to > post.valid_to):
        raise _bad_dates()
    if deputy.pk == post.account_id:
        raise Refused("deputy", Text("不能代理自己的岗位。", "Nobody stands in for themselves."))
    _check_holder(deputy, post.role)
    return _keep(
        Post(account=deputy, role=post.role, place=post.place, valid_from=valid_from, valid_to=valid_to,
             delegated_from=post, organisation=post.organisation)
    )  # fmt: skip


@transaction.atomic
def end_post(*, post: Post, by: Account | None, at: datetime) -> None:
    """End a post now, and with it what its deputies hold. The holder may, whose deputy it is, and who may grant it."""
    found = Post.objects.select_for_update(of=("self",)).select_related("place", "delegated_from")
    post = found.get(pk=post.pk)
    concerned = {post.account_id, post.delegated_from.account_id if post.delegated_from else None}
    if by is not None and by.pk not in concerned and not may_grant(by, role=post.role, place=post.place, at=at):
        raise _not_allowed()
    _end(Q(pk=post.pk) | Q(delegated_from=post), by=by, at=at)


def end_all_posts(*, account: Account, by: Account | None, at: datetime) -> None:
    """End every post of an account and those of its deputies."""
    _end(Q(account=account) | Q(delegated_from__account=account), by=by, at=at)


def _end(which: Q, *, by: Account | None, at: datetime) -> None:
    for post in Post.objects.filter(which).filter(Q(valid_to__isnull=True) | Q(valid_to__gt=at)):
        post.valid_to, post.ended_by = max(at, post.valid_from), by
        post.save(update_fields=["valid_to", "ended_by"])


def _check_holder(account: Account, role: str) -> None:
    if not account.is_active:
        raise Refused("inactive", Text("这个账号已停用。", "This account is disabled."))
    if role_of(role).staff and not account.username:
        raise Refused(
            "needs_username",
            Text("这个岗位要用户名和密码登录，请先建工作账号。",
                 "This post signs in with user name and password; make a staff account first."),
        )  # fmt: skip


def _keep(post: Post) -> Post:
    try:
        with transaction.atomic():
            post.save()
    except IntegrityError:
        message = Text("这个人已经在这个地方任这个岗位。", "That person already holds this post there.")
        raise Refused("held_already", message) from None
    return post


def _not_allowed() -> Refused:
    return Refused("not_allowed", Text("您不能任免这个岗位。", "You may not grant or end this post."), status=403)


def _bad_dates() -> Refused:
    message = Text("起止时间不对。", "These dates do not fit.")
    return Refused("invalid", message, status=422, details={"valid_to": str(message)})
