"""Places and the mixin that stores a row's ancestors, so that a district reads as fast as a building."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models
from django.db.models import Q

from linhe.core.places.kinds import KIND_LABELS, LEVEL_OF, LEVELS, ROOTS

ANCESTOR_FIELDS = tuple(f"at_{level}_id" for level in LEVELS)


class Place(models.Model):
    """One node of the territory tree: an official place or a compound, building or unit below it."""

    class Datum(models.TextChoices):
        """Datum of the source that a coordinate came from; what is stored is always WGS-84."""

        WGS84 = "WGS-84"
        GCJ02 = "GCJ-02"
        BD09 = "BD-09"

    code = models.CharField(max_length=32, unique=True)
    name = models.CharField(max_length=80)
    name_en = models.CharField(max_length=120, blank=True)
    kind = models.CharField(max_length=12, choices=[(k, v.zh) for k, v in KIND_LABELS.items()])
    parent = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="children")
    district = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    subdistrict = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    community = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    grid = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    compound = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    building = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    lat = models.FloatField(null=True, blank=True)
    lng = models.FloatField(null=True, blank=True)
    datum = models.CharField(max_length=6, choices=Datum, default=Datum.WGS84)
    h3_cell = models.CharField(max_length=15, blank=True, db_index=True)
    address = models.CharField(max_length=200, blank=True)
    boundary = models.JSONField(null=True, blank=True)

    class Meta:
        ordering: ClassVar[list[str]] = ["code"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=Q(lat__isnull=True, lng__isnull=True)
                | Q(lat__gte=-90, lat__lte=90, lng__gte=-180, lng__lte=180),
                name="place_coordinates_in_range",
            ),
            models.CheckConstraint(
                condition=Q(kind__in=ROOTS, parent__isnull=True) | (~Q(kind__in=ROOTS) & Q(parent__isnull=False)),
                name="place_only_a_root_has_no_parent",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def level(self) -> str:
        """Level of the tree: town counts as subdistrict, village as community, province as district."""
        return LEVEL_OF[self.kind]

    def ancestor_ids(self) -> list[int]:
        """Ids of the root down to this place itself, in order, without gaps."""
        ids = [getattr(self, f"{level}_id") for level in LEVELS]
        known = [i for i in ids if i is not None]
        return known if known and known[-1] == self.pk else [*known, self.pk]

    def contains(self, row: Located | Place) -> bool:
        """Whether a located row (or another place) lies in this place."""
        if isinstance(row, Place):
            return self.pk == row.pk or self.pk in row.ancestor_ids()
        if self.level == "unit":
            return bool(row.place_id == self.pk)
        return bool(getattr(row, f"at_{self.level}_id") == self.pk)


class Located(models.Model):
    """A row that happens at a place; it carries the ids of the place's ancestors for indexed reads."""

    place = models.ForeignKey(Place, on_delete=models.PROTECT, related_name="+")
    at_district = models.ForeignKey(Place, null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    at_subdistrict = models.ForeignKey(Place, null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    at_community = models.ForeignKey(Place, null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    at_grid = models.ForeignKey(Place, null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    at_compound = models.ForeignKey(Place, null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    at_building = models.ForeignKey(Place, null=True, on_delete=models.PROTECT, related_name="+", db_index=False)

    class Meta:
        abstract = True


def ancestors_of(place: Place) -> dict[str, Any]:
    """The keyword arguments that locate a new row at ``place``."""
    return {"place_id": place.pk} | {f"at_{level}_id": getattr(place, f"{level}_id") for level in LEVELS}


def within(place: Place) -> Q:
    """Rows of a :class:`Located` model that lie in ``place``: one indexed column, whatever the level."""
    if place.level == "unit":
        return Q(place_id=place.pk)
    return Q(**{f"at_{place.level}_id": place.pk})


def ancestor_indexes(prefix: str) -> list[models.Index]:
    """One ``(ancestor, id)`` index a level, newest first, for keyset pages of a :class:`Located` model."""
    return [models.Index(fields=[f"at_{level}", "-id"], name=f"{prefix}_{level}") for level in LEVELS]
