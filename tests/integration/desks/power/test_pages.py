"""The pages: the dispatcher's console, the phones of supervisor, operator and truck crew."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest
from django.test import Client

from linhe.core.loop.models import Event, Matter
from linhe.core.people.models import Account
from linhe.core.runsheets.models import DONE, RunItem
from tests.integration.desks.power.world import County

JSON = {"HTTP_ACCEPT": "application/json"}


def signed_in(account: Account) -> Client:
    client = Client()
    client.force_login(account)
    return client


def sent(county: County, matter: Matter, **more: Any) -> dict[str, Any]:
    return {"key": str(uuid4()), "page": "run", **county.named(matter), **more}


def test_the_dispatcher_raises_the_alarm_from_the_console(county: County) -> None:
    client = signed_in(county.dispatcher)
    page = client.get("/power/")
    assert "城东一线" in page.content.decode()
    data = {"feeder": "test-33", "scene": "lightning", "drill": "on", "key": "alarm-1"}
    answer = client.post("/power/alarm/", data, follow=True)
    matter = Matter.objects.get(kind="power_event")
    assert answer.redirect_chain[-1][0] == f"/power/{matter.pk}/"
    assert "雷电" in answer.content.decode()
    again = client.post("/power/alarm/", data | {"key": "alarm-2"})
    assert again.status_code == 409
    assert "已有一起在办的故障" in again.content.decode()


def test_two_phones_confirm_an_item_without_script(county: County) -> None:
    matter = county.alarm()
    url = f"/power/{matter.pk}/"
    supervisor, dispatcher = signed_in(county.supervisor), signed_in(county.dispatcher)
    assert "等监护人唱票" in dispatcher.get(f"{url}run/").content.decode()
    assert supervisor.post(f"{url}do/call_item/", sent(county, matter)).status_code == 302
    page = dispatcher.get(f"{url}run/").content.decode()
    assert "已逐字复诵" in page
    assert dispatcher.post(f"{url}do/repeat_item/", sent(county, matter, heard="on")).status_code == 302
    assert RunItem.objects.get(sheet=matter.pk, seq=1).state == DONE


def test_a_refusal_shows_the_phone_page_with_its_reason(county: County) -> None:
    matter = county.alarm()
    answer = signed_in(county.dispatcher).post(f"/power/{matter.pk}/do/repeat_item/", sent(county, matter))
    assert answer.status_code == 409
    assert "还没有唱票" in answer.content.decode()


def test_the_queue_of_a_phone_learns_what_to_send_again(county: County) -> None:
    matter = county.alarm()
    url = f"/power/{matter.pk}/do/"
    supervisor, dispatcher = signed_in(county.supervisor), signed_in(county.dispatcher)
    early = dispatcher.post(f"{url}repeat_item/", sent(county, matter), **JSON)
    assert (early.status_code, early.json()["code"], early.json()["again"]) == (409, "not_called", True)
    data = sent(county, matter)
    assert supervisor.post(f"{url}call_item/", data, **JSON).json() == {"repeated": False}
    assert supervisor.post(f"{url}call_item/", data, **JSON).json() == {"repeated": True}
    wrong = supervisor.post(f"{url}call_item/", sent(county, matter, revision=9), **JSON)
    assert (wrong.json()["code"], wrong.json()["again"]) == ("replanned", False)


def test_pages_are_for_those_who_work_there(county: County) -> None:
    matter = county.alarm()
    for account, status in ((county.observer, 200), (county.crew, 200), (county.outsider, 404)):
        client = signed_in(account)
        for url in ("/power/", f"/power/{matter.pk}/", f"/power/{matter.pk}/run/"):
            assert client.get(url).status_code == status, (account, url)
    assert signed_in(county.supervisor).post(f"/power/{matter.pk}/solve/").status_code == 404


@pytest.mark.parametrize("action", ["pause", "set_weather", "skip_item"])
def test_the_console_leads_the_run(county: County, action: str) -> None:
    matter = county.alarm()
    county.to_step(matter, 2)
    more = {"pause": {"reason": "explain"}, "set_weather": {"lightning": "on"}, "skip_item": {"reason": "order"}}[
        action
    ]
    data = sent(county, matter, **more) | {"page": ""}
    answer = signed_in(county.dispatcher).post(f"/power/{matter.pk}/do/{action}/", data, follow=True)
    assert answer.status_code == 200
    assert Event.objects.filter(matter=matter, action=action).count() == 1


def test_pages_of_a_run_take_a_steady_number_of_queries(
    county: County, django_assert_max_num_queries: Any
) -> None:  # fmt: skip
    matter = county.alarm()
    client = signed_in(county.dispatcher)
    for url, most in (("/power/", 30), (f"/power/{matter.pk}/", 30), (f"/power/{matter.pk}/run/", 22)):
        with django_assert_max_num_queries(most):
            client.get(url)


def test_the_service_worker_belongs_to_the_desk() -> None:
    answer = Client().get("/power/sw.js")
    assert answer["Content-Type"].startswith("text/javascript")
