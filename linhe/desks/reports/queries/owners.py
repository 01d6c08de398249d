"""Who a report goes to: the community, a department of the duty list, or the property company of the compound."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Q

from linhe.core.people.models import Organisation, Post
from linhe.core.places.models import Place
from linhe.desks.reports.queries.categories import DEPARTMENT, PROPERTY, duty_of

PROPERTY_ROLE = "property_manager"


def owner_of(category: str, place: Place, *, at: datetime) -> Organisation | None:
    """The organisation in charge of a category at a place; None is the community itself."""
    duty = duty_of(category, at=at, place_code=place.code)
    if duty.owner == DEPARTMENT:
        return department_of(duty.organisation, place)
    if duty.owner == PROPERTY:
        return property_company_of(place, at=at)
    return None


def organisation_of(code: str) -> Organisation | None:
    """The organisation of that code, None when there is none."""
    return Organisation.objects.filter(code=code).first() if code else None


def department_of(code: str, place: Place) -> Organisation | None:
    """The department that the duty list names: by its own code, or by its short one in the district of a place."""
    named = Organisation.objects.filter(code__in=(code, f"{place.code[:6]}-{code}")).order_by("-code")
    return next((one for one in named if one.place.contains(place)), None)


def property_company_of(place: Place, *, at: datetime) -> Organisation | None:
    """The company whose manager holds the post nearest to a place; None where nobody manages."""
    held = Post.objects.filter(Q(valid_to__isnull=True) | Q(valid_to__gt=at), valid_from__lte=at)
    held = held.filter(role=PROPERTY_ROLE, organisation__isnull=False, place__in=place.ancestor_ids())
    posts = held.select_related("organisation")
    order = place.ancestor_ids()
    nearest = max(posts, key=lambda post: (order.index(post.place_id), -post.pk), default=None)
    return nearest.organisation if nearest else None


def organisations_for(place: Place, *, at: datetime) -> list[Organisation]:
    """To whom a report at a place can be routed: the departments, and who manages a property around it."""
    managed = Post.objects.filter(
        Q(valid_to__isnull=True) | Q(valid_to__gt=at), role=PROPERTY_ROLE, place__in=place.ancestor_ids()
    )
    here = Q(kind="department") | Q(pk__in=managed.values("organisation"))
    return list(Organisation.objects.filter(here).order_by("kind", "code"))
