"""Export of the territory tree as CSV and GeoJSON; what comes out can be imported again without a change."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable
from typing import Any

from linhe.core.places.models import Place
from linhe.core.places.place_files import COLUMNS
from linhe.lib.geography import Datum, Point, convert

SHIFTED_DECIMALS = 9
"""Converting back to a shifted datum restores the digits of the source; 9 decimals are a tenth of a millimetre."""


def places_as_csv(places: Iterable[Place]) -> str:
    """One line a place, coordinates in the datum they came in; a byte-order mark first, for Excel."""
    target = io.StringIO(newline="")
    writer = csv.DictWriter(target, COLUMNS, lineterminator="\r\n")
    writer.writeheader()
    for place in places:
        lng, lat = _in_source_datum(place) or ("", "")
        writer.writerow(_names(place) | {"lng": lng, "lat": lat, "datum": place.datum})
    return "\ufeff" + target.getvalue()


def places_as_geojson(places: Iterable[Place]) -> str:
    """A FeatureCollection in WGS-84, as RFC 7946 asks; ``source_datum`` tells where a coordinate came from."""
    features = [_feature(place) for place in places]
    return json.dumps({"type": "FeatureCollection", "features": features}, ensure_ascii=False, allow_nan=False)


def _feature(place: Place) -> dict[str, Any]:
    properties: dict[str, Any] = _names(place) | {"datum": "WGS-84", "source_datum": place.datum}
    point = _point(place)
    geometry = place.boundary
    if point and geometry:
        properties |= {"lng": point.lng, "lat": point.lat}
    elif point:
        geometry = {"type": "Point", "coordinates": list(point)}
    return {"type": "Feature", "id": place.code, "geometry": geometry, "properties": properties}


def _names(place: Place) -> dict[str, str]:
    return {
        "code": place.code, "parent_code": place.parent.code if place.parent else "", "kind": place.kind,
        "name": place.name, "name_en": place.name_en, "address": place.address,
    }  # fmt: skip


def _point(place: Place) -> Point | None:
    return None if place.lng is None or place.lat is None else Point(place.lng, place.lat)


def _in_source_datum(place: Place) -> Point | None:
    point, datum = _point(place), _known(place.datum)
    if point is None or datum == "WGS-84":
        return point
    shifted = convert(point, source="WGS-84", target=datum)
    return Point(round(shifted.lng, SHIFTED_DECIMALS), round(shifted.lat, SHIFTED_DECIMALS))


def _known(datum: str) -> Datum:
    return "GCJ-02" if datum == Place.Datum.GCJ02 else "BD-09" if datum == Place.Datum.BD09 else "WGS-84"
