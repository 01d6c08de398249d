"""12345 orders by file: every form is read, bad rows are named, a number is one matter."""

from __future__ import annotations

import json
import threading
from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, connections, transaction
from django.utils import timezone

from linhe.core.loop.models import Matter
from linhe.core.loop.refusals import Refused
from linhe.desks.reports.jobs import delete_old_files_hourly
from linhe.desks.reports.models import HotlineFile, HotlineOrder
from linhe.desks.reports.services import hotline_import as importing
from linhe.lib.tables import write_xlsx
from tests.factories import make_district, make_post
from tests.integration.desks.reports.conftest import AT, Scene
from tests.integration.desks.reports.orders import HEAD, csv, receive, row, upload


def test_good_rows_are_imported_and_bad_ones_named_by_line_and_column(scene: Scene) -> None:
    file = upload(
        scene,
        csv(
            row(1),
            "GD-2,昨天下午,物业管理,垃圾没人收,安居小区,,,,,",
            ",2026-03-03 10:00,天气,太热,,,,,,",
            row(1, "重复的一行"),
            "GD-5,2026-03-03 10:00,噪音,夜里施工,安居小区,,没登记的公司,3个工作日,,not a phone",
        ),
    )
    preview = importing.preview(file, at=AT)
    faults = {(f.line, f.column) for one in preview for f in one.row.faults}
    assert faults == {
        (3, "来电时间"), (4, "工单编号"), (4, "诉求类别"), (4, "小区"), (5, "工单编号"), (6, "联系电话"),
    }  # fmt: skip
    assert [one.state for one in preview] == ["taken", "bad", "bad", "bad", "bad"]
    assert Matter.objects.count() == 0
    done = importing.import_file(file, at=AT)
    assert (done.taken, done.known, done.bad) == (1, 0, 4)
    assert importing.import_file(file, at=AT).taken == 1
    assert Matter.objects.count() == 1
    order = HotlineOrder.objects.get()
    assert (order.number, order.matter.place, order.organisation, order.category) == (
        "GD-1", scene.town.compound, scene.company, "property",
    )  # fmt: skip
    bad = importing.bad_rows(done, at=AT)
    assert [one["原行号"] for one in bad] == ["3", "4", "5", "6"]
    assert bad[0]["问题"].startswith("来电时间：")
    assert bad[3]["诉求内容"] == "夜里施工"


@pytest.mark.parametrize("form", ["gb18030", "utf-8-sig", "xlsx", "json"])
def test_every_form_of_file_is_read(form: str, scene: Scene) -> None:
    names, cells = HEAD.split(","), row(7).split(",")
    if form == "xlsx":
        content = write_xlsx({"工单": [names, cells]})
    elif form == "json":
        content = json.dumps([dict(zip(names, cells, strict=True))], ensure_ascii=False).encode()
    else:
        content = csv(row(7)).decode().encode(form)
    assert importing.import_file(upload(scene, content), at=AT).taken == 1
    assert HotlineOrder.objects.get().content == "电梯坏了没人修"


def test_a_number_is_one_matter_also_across_files(scene: Scene) -> None:
    first, second = upload(scene, csv(row(1), row(2))), upload(scene, csv(row(2), row(3)))
    importing.import_file(first, at=AT)
    assert [one.state for one in importing.preview(second, at=AT)] == ["known", "taken"]
    done = importing.import_file(second, at=AT)
    assert (done.taken, done.known) == (1, 1)
    assert HotlineOrder.objects.count() == 3


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"", "空"),
        (b"\x00\x01\x02", "读不出来"),
        (csv(head=HEAD), "没有工单"),
        (csv("1,2", head="工单编号,来电时间"), "诉求类别、诉求内容"),
        (csv(*(row(n) for n in range(2001))), "2000"),
    ],
    ids=["empty", "binary", "no rows", "columns missing", "too many"],
)
def test_files_that_are_no_import_are_refused(content: bytes, told: str, scene: Scene) -> None:
    with pytest.raises(Refused) as refused:
        upload(scene, content)
    assert told in refused.value.message.zh
    assert HotlineFile.objects.count() == 0


def test_a_row_names_only_places_of_the_clerk(scene: Scene) -> None:
    make_district("990301")
    scene.town.compound.name = "光明小区"
    scene.town.compound.save()
    rows = [
        f"GD-{n},2026-03-03 10:00,其他,有事,{compound},{community},"
        for n, (compound, community) in enumerate(
            [("光明小区", ""), ("光明小区", "光明社区"), ("光明小区", "和平社区"), ("", "和平社区"), ("天外小区", "")]
        )
    ]
    file = upload(scene, csv(*rows, head="工单编号,来电时间,诉求类别,诉求内容,小区,社区,街道"))
    read = importing.preview(file, at=AT)
    assert [one.state for one in read] == ["bad", "taken", "taken", "taken", "bad"]
    assert [one.row.place and one.row.place.code for one in read][1:4] == [
        "990201001002-001", "990201001001-001", "990201001001",
    ]  # fmt: skip


def test_old_files_go(scene: Scene) -> None:
    upload(scene, csv(row(1)))
    HotlineFile.objects.update(uploaded_at=timezone.now() - timedelta(hours=13))
    delete_old_files_hourly(0)  # by the real clock
    assert HotlineFile.objects.count() == 0
    upload(scene, csv(row(1)))
    assert importing.delete_old_files(at=AT + timedelta(hours=12)) == 0
    assert importing.delete_old_files(at=AT + timedelta(hours=13)) == 1


def test_files_are_encrypted_and_ones_own(scene: Scene) -> None:
    file = upload(scene, csv(row(1)))
    with connection.cursor() as cursor:
        cursor.execute("SELECT t::text FROM reports_hotlinefile t")
        assert "鸟名" not in str(cursor.fetchall())
    with pytest.raises(Refused):
        importing.file_of(scene.clerk, file.pk)
    with pytest.raises(Refused):
        importing.upload(account=scene.clerk, name="x", content=csv(row(1)), at=AT)


@pytest.mark.django_db(transaction=True)
def test_two_imports_at_once_make_one_matter_a_number() -> None:
    town = make_district()
    clerks = [make_post("subdistrict_officer", town.subdistrict) for _ in range(4)]
    rows = [f"GD-{n},2026-03-03 10:00,其他,有事,安居小区" for n in range(12)]
    head, barrier, failures = "工单编号,来电时间,诉求类别,诉求内容,小区", threading.Barrier(4), []
    files = [
        importing.upload(account=clerk, name="x", content=csv(*(rows if n % 2 else rows[::-1]), head=head), at=AT)
        for n, clerk in enumerate(clerks)
    ]

    def run(file: HotlineFile) -> None:
        try:
            barrier.wait()
            importing.import_file(file, at=AT)
        except Exception as error:  # noqa: BLE001 - told below, in the thread of the test
            failures.append(error)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=(file,)) for file in files]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    assert Matter.objects.count() == HotlineOrder.objects.count() == 12
    kept = HotlineFile.objects.all()
    assert (sum(f.taken for f in kept), sum(f.known for f in kept)) == (12, 36)


def test_constraints_hold_in_the_database(scene: Scene) -> None:
    order = receive(scene).hotline
    for wrong in ({"number": ""}, {"answered_at": AT}, {"satisfied": True}, {"result": "solved"}, {"in_time": True}):
        with pytest.raises(IntegrityError), transaction.atomic():
            HotlineOrder.objects.filter(pk=order.pk).update(**wrong)
