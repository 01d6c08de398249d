"""A discreet kind: kept at the community, and nowhere to be met but on its desk's own pages."""

from __future__ import annotations

from dataclasses import replace

import pytest
from django.test import Client
from django.utils import timezone

from linhe.core.indicators.models import Rollup
from linhe.core.indicators.rolling import roll_up
from linhe.core.loop import registry
from linhe.core.loop.access import visible_to
from linhe.core.loop.acting import act, begin
from linhe.core.loop.models import Matter
from linhe.core.notices.models import Notice
from tests.factories import District, make_account, make_district, make_post

pytestmark = pytest.mark.django_db


@pytest.fixture
def town() -> District:
    """A tiny district."""
    return make_district()


@pytest.fixture(autouse=True)
def _discreet_toy(monkeypatch: pytest.MonkeyPatch) -> None:
    toy = replace(registry.kind("toy"), discreet=True, page="/somewhere/", reads=())
    monkeypatch.setitem(registry._KINDS, ("toy", 1), toy)


@pytest.fixture
def matter(town: District) -> Matter:
    """A discreet toy of somebody in the building."""
    return begin("toy", "raise", by=make_account(), place=town.building, data={"size": 1}).matter


def test_it_is_kept_at_the_community(matter: Matter, town: District) -> None:
    found = Matter.objects.get(pk=matter.pk)
    assert (found.place_id, found.at_community_id) == (town.community.pk, town.community.pk)
    assert (found.at_compound_id, found.at_building_id) == (None, None)


def test_nobody_meets_it_on_a_generic_page(matter: Matter, town: District, client: Client) -> None:
    courier = make_post("courier", town.district)
    taken = act(matter, "take", by=courier).matter
    owner = taken.requester
    assert owner is not None
    for who in (owner, courier, make_post("community_worker", town.community)):
        assert not visible_to(who, at=timezone.now()).exists()
        client.force_login(who)
        for url in (f"/matters/{matter.pk}/", f"/api/matters/{matter.pk}", f"/api/matters/{matter.pk}/events",
                    "/new/toy/raise/"):  # fmt: skip
            assert client.get(url).status_code == 404, url
        for url in ("/matters/", "/my/?show=all"):
            assert f"/matters/{matter.pk}/" not in client.get(url).content.decode(), url
        assert client.get("/api/matters").json()["rows"] == []
        assert client.get("/map/matters.geojson").json()["features"] == []
        body = {"place_code": town.building.code, "data": {"size": 1}}
        answer = client.post(
            "/api/kinds/toy/raise", body, content_type="application/json", headers={"Idempotency-Key": "key-12345678"}
        )
        assert answer.status_code == 404


def test_its_notices_lead_to_the_desk(matter: Matter, town: District, client: Client) -> None:
    act(matter, "take", by=make_post("courier", town.district))
    notice = Notice.objects.get()
    client.force_login(notice.account)
    page = client.get("/notices/").content.decode()
    assert 'href="/somewhere/"' in page
    assert f"/matters/{matter.pk}/" not in page


def test_its_figures_stop_at_the_community(matter: Matter, town: District) -> None:
    roll_up()
    counted = set(Rollup.objects.values_list("place__code", flat=True))
    assert counted == {p.code for p in (town.community, town.subdistrict, town.district)}
