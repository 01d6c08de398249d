"""The label on a building names its place; a forged one does not."""

from __future__ import annotations

import pytest

from linhe.core.places.stickers import place_of_sticker, sticker_of
from linhe.lib.refusals import Refused
from tests.factories import make_district

pytestmark = pytest.mark.django_db


def test_a_label_leads_to_its_place() -> None:
    town = make_district()
    assert place_of_sticker(sticker_of(town.building)) == town.building


@pytest.mark.parametrize(
    "change", [str.upper, lambda t: t[:-1], lambda t: "x" + t, lambda t: t.split(":")[0], lambda t: ""]
)
def test_a_forged_label_leads_nowhere(change) -> None:  # type: ignore[no-untyped-def]  # a table of functions
    town = make_district()
    with pytest.raises(Refused):
        place_of_sticker(change(sticker_of(town.building)))
