"""The pages, as residents, members, the chair and the secretary open them."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from linhe.core.loop.acting import act, begin
from linhe.core.loop.models import Matter
from linhe.core.notices.models import Notice
from linhe.core.people.models import Account
from linhe.desks.councils.models import AgendaItem, Body, MeetingDetail, Membership, Motion, Seat, Turnout
from linhe.desks.councils.queries.checkin import check_in
from tests.factories import make_account
from tests.integration.desks.councils.world import World
from tests.trust.desks.councils import carried


def client(account: Account) -> Client:
    """A browser in which someone is signed in."""
    found = Client()
    found.force_login(account, backend="django.contrib.auth.backends.ModelBackend")
    return found


def get(account: Account, path: str, status: int = 200) -> str:
    """A page's text."""
    answer = client(account).get(path)
    assert answer.status_code == status, path
    return answer.content.decode()


def post(account: Account, path: str, **data: Any) -> Any:
    """Send a form."""
    return client(account).post(path, data)


def in_session(world: World) -> Matter:
    """A meeting that began just now, on the real clock."""
    now = timezone.now()
    data = {"body": world.body.pk, "starts_at": now - timedelta(minutes=5), "room": "活动室"}
    matter = begin(
        "meeting", "plan", by=world.secretary, place=world.body.place, data=data, at=now - timedelta(days=5)
    ).matter
    for action, more, at in (
        ("add_item", {"title": "飞线充电", "topic": "charging"}, now - timedelta(days=5)),
        ("convene", {}, now - timedelta(days=4)),
        ("open", {}, now - timedelta(minutes=4)),
    ):
        matter = act(matter, action, by=world.secretary, data=more, at=at).matter
    return matter


def test_a_resident_proposes_and_a_neighbour_supports(world: World) -> None:
    me, neighbour = world.residents[:2]
    assert "我来提一件事" in get(me, "/councils/")
    form = get(me, "/councils/propose/")
    assert "和平社区" in form
    answer = post(me, "/councils/propose/", topic="charging", subject="建", words="详细", place=world.town.building.pk)
    assert answer.status_code == 422
    assert "详细" in answer.content.decode()
    answer = post(me, "/councils/propose/", topic="charging", subject="楼下建充电棚", place=world.town.building.pk)
    matter = Matter.objects.get(kind="petition")
    assert answer["Location"] == f"/councils/petitions/{matter.pk}/"
    assert "楼下建充电棚" in get(neighbour, "/councils/")
    page = get(neighbour, f"/councils/petitions/{matter.pk}/")
    assert "我附议" in page
    assert me.name not in page
    for _ in range(2):  # a double tap
        assert post(neighbour, f"/councils/petitions/{matter.pk}/support/").status_code == 302
    assert "您已附议" in get(neighbour, f"/councils/petitions/{matter.pk}/")
    post(world.residents[2], f"/councils/petitions/{matter.pk}/support/")
    assert "列入议题" in get(world.secretary, f"/councils/petitions/{matter.pk}/")
    answer = post(world.secretary, f"/councils/petitions/{matter.pk}/adopt/", body=world.body.pk, title="建充电棚")
    assert answer.status_code == 302
    assert AgendaItem.objects.get().title == "建充电棚"
    get(make_account(home=world.town.other_building), f"/councils/petitions/{matter.pk}/", 404)


def test_who_has_no_home_is_led_to_register_it(world: World) -> None:
    stranger = make_account()
    assert "登记" in get(stranger, "/councils/propose/")
    assert "登记住处" in get(stranger, "/councils/")


def test_the_secretary_plans_convenes_and_runs_a_meeting(world: World) -> None:
    me = world.secretary
    assert world.body.name in get(me, "/councils/work/")
    soon = (timezone.localtime() + timedelta(days=5)).strftime("%Y-%m-%dT%H:%M")
    answer = post(me, f"/councils/bodies/{world.body.pk}/plan/", starts_at=soon)
    assert answer.status_code == 422
    answer = post(me, f"/councils/bodies/{world.body.pk}/plan/", starts_at=soon, room="活动室")
    meeting = MeetingDetail.objects.get()
    run = f"/councils/meetings/{meeting.pk}/run/"
    assert answer["Location"] == run
    answer = post(me, run + "convene/")
    assert answer.status_code == 422
    assert "请先加入议题" in answer.content.decode()
    assert post(me, run + "add_item/", title="装直饮水机", topic="water").status_code == 302
    assert post(me, run + "convene/").status_code == 302
    assert "装直饮水机" in get(world.members[1], f"/councils/meetings/{meeting.pk}/")
    assert "装直饮水机" in get(world.residents[0], f"/councils/meetings/{meeting.pk}/")
    notice = Notice.objects.filter(account=world.members[1]).get()
    assert notice.params["page"] == f"/councils/meetings/{meeting.pk}/"
    assert f"/councils/meetings/{meeting.pk}/" in get(world.members[1], "/notices/")
    get(world.members[1], run, 403)
    get(make_account(home=world.town.other_building), run, 404)


def test_a_member_checks_in_votes_and_the_chair_confirms(world: World) -> None:
    matter = in_session(world)
    run, page = f"/councils/meetings/{matter.pk}/run/", f"/councils/meetings/{matter.pk}/"
    meeting = MeetingDetail.objects.get()
    assert check_in(meeting, at=timezone.now()).code in get(world.secretary, f"/councils/meetings/{matter.pk}/code/")
    assert "<svg" in get(world.secretary, run)
    wrong = post(world.members[1], page + "do/attend/", code="000000", way="onsite")
    assert wrong.status_code == 422
    for member in world.members[:3]:
        code = check_in(meeting, at=timezone.now()).code
        assert f'value="{code}"' in get(member, f"{page}?code={code}")
        assert post(member, page + "do/attend/", code=code, way="online").status_code == 302
    seat = Seat.objects.get(membership__account=world.members[3])
    assert post(world.secretary, run + "roll_call/", seats=[seat.pk]).status_code == 302
    item = AgendaItem.objects.get()
    assert post(world.residents[0], page + "do/comment/", item=item.pk, words="支持，但别占消防通道").status_code == 302
    assert "别占消防通道" in get(world.secretary, run)
    assert "别占消防通道" not in get(world.members[1], page)
    assert post(world.secretary, run + "note/", item=item.pk, words="物业出地方").status_code == 302
    assert (
        post(world.secretary, run + "move/", item=item.pk, words="建充电棚", rule="simple", secret="on").status_code
        == 302
    )
    motion = Motion.objects.get()
    assert post(world.secretary, run + "open_vote/", motion=motion.pk).status_code == 302
    assert "建充电棚" in get(world.members[0], "/councils/")
    vote = f"{page}vote/{motion.pk}/"
    for member, choice in zip(world.members[:3], ("yes", "yes", "yes"), strict=True):
        assert "没有人能查到" in get(member, vote)
        sure = post(member, vote, choice=choice)
        assert "对吗" in sure.content.decode()
        assert not Turnout.objects.filter(seat__membership__account=member).exists()
        for _ in range(2):  # a double tap
            assert post(member, vote, choice=choice, sure="1").status_code == 302
    assert post(world.members[3], vote, choice="maybe", sure="1").status_code == 422
    assert "已投 3 票" in get(world.secretary, run)
    get(world.residents[0], vote, 404)
    assert post(world.secretary, run + "close_vote/", motion=motion.pk).status_code == 302
    assert "通过" in get(world.residents[0], page)
    assert post(world.secretary, run + "close/").status_code == 302
    get(world.residents[0], page + "minutes.pdf", 404)
    assert post(world.secretary, run + "correct/", text="和平社区议事会会议纪要\n改过。").status_code == 302
    assert "改过。" in get(world.chair, page)
    assert post(world.chair, page + "do/confirm/", edition=1).status_code == 409
    assert post(world.chair, page + "do/confirm/", edition=2).status_code == 302
    answer = client(world.residents[0]).get(page + "minutes.pdf")
    assert answer.content.startswith(b"%PDF")
    assert "公示决议" in get(world.secretary, run)
    assert post(world.secretary, f"/councils/motions/{motion.pk}/publish/", days="0").status_code == 422
    answer = post(world.secretary, f"/councils/motions/{motion.pk}/publish/", days="10", role="community_worker")
    resolution = Matter.objects.get(kind="resolution")
    assert answer["Location"] == f"/councils/resolutions/{resolution.pk}/"
    assert "/object/" in get(world.residents[0], answer["Location"])
    assert "/object/" not in get(make_account(home=world.town.other_building), answer["Location"])
    assert post(world.residents[0], answer["Location"] + "object/", words="挡光").status_code == 302
    assert "打开" in get(world.secretary, f"/matters/{resolution.pk}/")
    assert post(world.secretary, answer["Location"] + "dismiss/", words="已改位置").status_code == 403
    assert post(world.second, answer["Location"] + "dismiss/", words="已改位置").status_code == 302


def test_everyone_may_read_what_was_decided(world: World) -> None:
    motion = carried(world.body, world.chair, at=timezone.now() - timedelta(days=3))
    resolution = begin(
        "resolution", "publish", by=world.secretary, place=world.body.place, data={"motion": motion.pk}
    ).matter
    stranger = Client()
    page = stranger.get(f"/councils/bodies/{world.body.pk}/").content.decode()
    assert "增设充电棚" in page
    assert not any(member.name in page for member in world.members)
    assert stranger.get(f"/councils/resolutions/{resolution.pk}/").status_code == 200
    answer = stranger.post(f"/councils/resolutions/{resolution.pk}/object/", {"words": "x"})
    assert answer["Location"].startswith("/sign-in/")


def test_the_secretary_founds_a_body_and_fills_it(world: World) -> None:
    me = world.secretary
    page = "/councils/work/found/"
    assert "成立" in get(me, page)
    assert post(me, page, kind="council", place=world.town.community.pk, name="x").status_code == 422
    answer = post(me, page, kind="assembly", place=world.town.compound.pk, name="安居小区业主大会")
    body = Body.objects.get(kind="assembly")
    members = f"/councils/bodies/{body.pk}/members/"
    assert answer["Location"] == members
    owner = world.residents[0]
    assert post(me, members, do="add", phone=owner.phone, function="chair", area="89.635").status_code == 422
    assert post(me, members, do="add", phone="19988887777", function="chair", area="89.63").status_code == 422
    assert post(me, members, do="add", phone=owner.phone, function="chair", area="89.63").status_code == 302
    one = Membership.objects.get(body=body)
    assert (one.area_dm2, one.function) == (8963, "chair")
    assert post(me, members, do="add", phone=owner.phone, function="member", area="1").status_code == 422
    assert post(me, members, do="renew", membership=one.pk).status_code == 302
    renewed = Membership.objects.get(body=body, ended_at__isnull=True)
    assert renewed.renews == one
    assert "连任" in get(me, members)
    assert post(me, members, do="end", membership=renewed.pk).status_code == 302
    assert not Membership.objects.filter(body=body, ended_at__isnull=True).exists()
    get(owner, members, 403)


@pytest.mark.parametrize("path", ["/councils/", "/councils/work/", "/councils/propose/"])
def test_pages_in_english(world: World, path: str) -> None:
    world.secretary.language = "en"
    world.secretary.home = world.town.building
    world.secretary.save()
    text = get(world.secretary, path)
    assert "议题" not in text.replace(world.body.name, "")


@pytest.mark.parametrize("path", ["/councils/", "/councils/work/", "/councils/bodies/{body}/"])
def test_more_rows_take_no_more_queries(world: World, path: str) -> None:
    address, counts = path.format(body=world.body.pk), []
    world.secretary.home = world.town.building
    world.secretary.save()
    browser = client(world.secretary)
    browser.get(address)  # what a first look notes is not counted
    for _ in range(2):
        world.petition()
        world.planned("飞线充电")
        motion = carried(world.body, world.chair, at=timezone.now() - timedelta(days=3))
        data = {"motion": motion.pk}
        begin("resolution", "publish", by=world.secretary, place=world.body.place, data=data, at=timezone.now())
        browser.get(address)
        with CaptureQueriesContext(connection) as queries:
            assert browser.get(address).status_code == 200
        counts.append(len(queries))
    assert counts[1] <= counts[0] < 40
