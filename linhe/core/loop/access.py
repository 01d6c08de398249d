"""Who may do and read what: ``can`` and ``visible_to``, the two gates of every write and every read."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime

from django.db.models import Q, QuerySet

from linhe.core.loop import registry
from linhe.core.loop.kinds import ANYONE, DELEGATE, HANDLER, ORGANISATION, REQUESTER, SYSTEM, Action, Kind
from linhe.core.loop.models import Matter
from linhe.core.people.models import Account, Post
from linhe.core.people.queries import posts_of, principals_of
from linhe.core.people.roles import speaking_roles
from linhe.core.places.models import Located, Place, within


def standing(
    account: Account | None,
    action: Action,
    matter: Located | Place,
    *,
    at: datetime,
    posts: Iterable[Post] | None = None,
) -> str | None:
    """Under which name (relation or role) someone may take an action, None when they may not.

    ``matter`` is the matter, or the place where one shall begin. Posts are read afresh unless given, so a revoked
    post stops counting with the next request.
    """
    if account is None:
        return SYSTEM if SYSTEM in action.who else None
    if not account.is_active:
        return None
    if isinstance(matter, Matter):
        if REQUESTER in action.who and account.pk == matter.concerns_id:
            return REQUESTER
        if HANDLER in action.who and account.pk == matter.handler_id:
            return HANDLER
        if DELEGATE in action.who and matter.concerns_id in principals_of(account, at=at):
            return DELEGATE
    if ANYONE in action.who:
        return ANYONE
    held = list(posts_of(account, at=at) if posts is None else posts)
    if ORGANISATION in action.who and isinstance(matter, Matter) and _acts_in(held, matter):
        return ORGANISATION
    return next(
        (p.role for p in held if p.role in action.who and p.place.contains(matter)),
        None,
    )


def _acts_in(held: Iterable[Post], matter: Matter) -> bool:
    """Whether one of these posts acts for the organisation that a matter lies with, at a place that contains it."""
    speaking = speaking_roles()
    return matter.organisation_id is not None and any(
        post.organisation_id == matter.organisation_id and post.role in speaking and post.place.contains(matter)
        for post in held
    )


def can(account: Account | None, action: Action, matter: Located | Place, *, at: datetime) -> bool:
    """Whether someone may take an action on a matter (or begin one at a place) now."""
    return standing(account, action, matter, at=at) is not None


def concerning(people: Collection[int]) -> Q:
    """Matters of these people: asked for them, or by them for themselves."""
    return Q(beneficiary__in=people) | Q(requester__in=people, beneficiary__isnull=True)


def visible_to(
    account: Account, *, at: datetime, place: Place | None = None, kind: str | None = None
) -> QuerySet[Matter]:  # fmt: skip
    """The matters that someone may read: their own, those of people they act for, those they handle, those that lie
    with their organisation, and those of the kinds that their posts read at their places. Every list, page and API
    starts here. Discreet kinds are not among them: their desks have gates of their own.

    ``place`` narrows them to those in a place, ``kind`` to those of a kind. What holds for the whole place (and kind)
    is then not asked of each matter again, so that their own index serves the list, however wide the reader's posts.
    """
    if not account.is_active:
        return Matter.objects.none()
    mine = concerning({account.pk, *principals_of(account, at=at)}) | Q(handler=account)
    declared = None if kind is None else registry.kind(kind)
    rows = Matter.objects.filter(mine | read_by_posts(account, at=at, place=place, kind=declared))
    if place is not None:
        rows = rows.filter(within(place))
    if kind is not None:
        rows = rows.filter(kind=kind)
    discreet = [one.code for one in registry.kinds() if one.discreet]
    return rows.exclude(kind__in=discreet) if discreet and (declared is None or declared.discreet) else rows


def read_by_posts(account: Account, *, at: datetime, place: Place | None = None, kind: Kind | None = None) -> Q:
    """What somebody's posts let them read in a place: a condition on matters or, for one ``kind``, on the located rows
    that a desk keeps beside them."""
    speaking = speaking_roles()
    found = _NOTHING
    for post in posts_of(account, at=at):
        here = _EVERYTHING if place is not None and post.place.contains(place) else within(post.place)
        if post.organisation_id is not None and post.role in speaking:
            found |= Q(organisation=post.organisation_id) & here
        if kind is not None:
            found |= here if post.role in kind.reads else _NOTHING
        elif read := [one.code for one in registry.kinds() if post.role in one.reads]:
            found |= Q(kind__in=read) & here
    return found


_NOTHING, _EVERYTHING = Q(pk__in=()), ~Q(pk__in=())


def own_to(account: Account, *, at: datetime, handled: bool = True) -> list[QuerySet[Matter]]:
    """Of the matters that someone may read, those that concern them or people they act for, and those they handle.

    The same as narrowing ``visible_to``, but no post is asked, so that a wide one does not hide the few own ones; and
    a set for each way in which a matter can be theirs, so that each is walked newest first along an index of its own.
    Sets may overlap.
    """
    if not account.is_active:
        return []
    rows = Matter.objects.all()
    if discreet := [kind.code for kind in registry.kinds() if kind.discreet]:
        rows = rows.exclude(kind__in=discreet)
    people = sorted({account.pk, *principals_of(account, at=at)})
    found = [rows.filter(requester=person, beneficiary__isnull=True) for person in people]
    found += [rows.filter(beneficiary=person) for person in people]
    return [*found, rows.filter(handler=account)] if handled else found


def allowed_actions(account: Account, matter: Matter, *, at: datetime, posts: list[Post] | None = None) -> list[Action]:
    """The actions that someone may take on a matter from its present stage, in declared order. A page with many
    matters reads the ``posts`` once."""
    if posts is None:
        posts = posts_of(account, at=at)
    return [
        action
        for action in matter.declared.actions_from(matter.stage)
        if standing(account, action, matter, at=at, posts=posts)
    ]
