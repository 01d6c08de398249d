"""The sample day: its files come from their generator, and the reader refuses what does not fit."""

import re
import shutil
from pathlib import Path

import pytest

from linhe.desks.errands.sample.generate import FOLDER, generate, write
from linhe.desks.errands.sample.reader import SHIFT_END_S, SHIFT_START_S, drive_s, plan_couriers, read
from linhe.lib.geography import Point


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the sample that a test may spoil."""
    return Path(shutil.copytree(FOLDER, tmp_path / "day"))


def test_committed_files_are_what_the_generator_writes(tmp_path: Path) -> None:
    write(tmp_path)
    assert {file.name for file in tmp_path.iterdir()} == {file.name for file in FOLDER.iterdir()}
    for file in tmp_path.iterdir():
        assert file.read_bytes() == (FOLDER / file.name).read_bytes()


def test_another_seed_gives_another_day() -> None:
    assert generate(1) == generate(1)
    assert generate(1) != generate(2)


def test_sample_is_a_whole_day() -> None:
    day = read(FOLDER)
    assert (len(day.sites), len(day.orders)) == (8, 120)
    assert 25 <= len(day.couriers) <= 35
    assert [order.pickup_s for order in day.orders] == sorted(order.pickup_s for order in day.orders)
    assert sorted(trip for courier in day.couriers for trip in courier.trips) == sorted(trip.id for trip in day.trips)


def test_planned_times_follow_from_driving_and_service() -> None:
    day = read(FOLDER)
    for courier in day.couriers:
        here, time = day.sites[courier.site_id], SHIFT_START_S
        for stop in courier.stops:
            time += drive_s(here, stop.at)
            assert stop.arrive_s == pytest.approx(time)
            here, time = stop.at, stop.leave_s
        assert courier.end_s == pytest.approx(time + drive_s(here, day.sites[courier.site_id]))
        assert courier.end_s <= SHIFT_END_S
        between = [stop.place_id for stop in courier.stops if not stop.order_id]
        assert between == [courier.site_id] * (len(courier.trips) - 1)


def test_next_trip_goes_to_a_new_courier_when_the_shift_is_over() -> None:
    day = read(FOLDER)
    alone = plan_couriers(day.trips[:3], day.sites, day.spots, end_s=SHIFT_START_S)
    assert [courier.trips for courier in alone] == [(trip.id,) for trip in day.trips[:3]]
    assert [courier.id for courier in alone] == ["C0001", "C0002", "C0003"]


def test_driving_is_a_straight_line_with_a_factor() -> None:
    assert drive_s(Point(0, 0), Point(0.01, 0)) == pytest.approx(1111.95 * 1.3 / (15 / 3.6), rel=1e-4)


@pytest.mark.parametrize(
    ("file", "line", "old", "new", "message"),
    [
        ("sites.csv", 2, r",38\.", ",138.", "sites.csv, line 2, column Lat: 138"),
        ("spots.csv", 3, r"^\w+", "B0001", "spots.csv, line 3, column Spot_id: 'B0001' stands there twice"),
        ("spots.csv", 4, r",112\.\d+", ",east", "spots.csv, line 4, column Lng: 'east' is not a number"),
        ("shops.csv", 5, r",112\.\d+", ",nan", "shops.csv, line 5, column Lng: nan is outside -180..180"),
        ("shops.csv", 2, r"^\w+", "", "shops.csv, line 2, column Shop_id: is empty"),
        ("parcels.csv", 9, r"\d+$", "0", "parcels.csv, line 9, column Num: 0 is below 1"),
        ("parcels.csv", 9, r"\d+$", "1.5", "parcels.csv, line 9, column Num: '1.5' is not a whole number"),
        ("parcels.csv", 2, r"A001", "A999", "parcels.csv, line 2, column Site_id: 'A999' is not in sites.csv"),
        ("o2o_orders.csv", 6, r",S\d+", ",S999", "o2o_orders.csv, line 6, column Shop_id: 'S999' is not in shops.csv"),
        ("o2o_orders.csv", 7, r"\d\d:\d\d", "7:5", "o2o_orders.csv, line 7, column Pickup_time: '7:5' is not a time"),
        ("o2o_orders.csv", 7, r"\d\d:\d\d", "24:00", "o2o_orders.csv, line 7, column Pickup_time: '24:00' is not a"),
        ("o2o_orders.csv", 8, r"\d\d:\d\d", "23:59", "o2o_orders.csv, line 8, column Delivery_time: is before"),
        ("trips.csv", 3, r",2,", ",1,", "trips.csv, line 3, column seq: 1 stands twice in trip 'T0000'"),
        ("trips.csv", 3, r"A001", "A002", "trips.csv, line 3, column site_id: trip 'T0000' begins at 'A001'"),
        ("trips.csv", 3, r"F\d+", "F0001", "trips.csv, line 3, column order_id: 'F0001' stands there twice"),
        ("trips.csv", 3, r"F\d+", "X1", "trips.csv, line 3, column order_id: 'X1' is not in parcels.csv"),
        ("trips.csv", 3, r"B\d+", "B0450", "trips.csv, line 3, column spot_id: parcels.csv has"),
        ("trips.csv", 4, r"\d+$", "-1", "trips.csv, line 4, column service_s: -1 is outside 0..86400"),
        ("trips.csv", 1, r"seq", "sequence", "trips.csv, line 1, column seq: is missing"),
        ("trips.csv", 4, r"$", ",5", "trips.csv, line 4: has a different number of columns than line 1"),
        ("trips.csv", 4, r",\d+$", "", "trips.csv, line 4: has a different number of columns than line 1"),
    ],
)
def test_bad_line_is_refused_by_file_line_and_column(
    folder: Path, file: str, line: int, old: str, new: str, message: str
) -> None:
    path = folder / file
    lines = path.read_text(encoding="utf-8").splitlines()
    spoiled = re.sub(old, new, lines[line - 1], count=1)
    assert spoiled != lines[line - 1]
    lines[line - 1] = spoiled
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    with pytest.raises(ValueError, match="^" + re.escape(message)):
        read(folder)


def test_missing_folder_or_file_is_named(folder: Path) -> None:
    with pytest.raises(ValueError, match="there is no such folder"):
        read(folder / "nowhere")
    (folder / "shops.csv").unlink()
    with pytest.raises(ValueError, match=r"shops\.csv: is missing"):
        read(folder)


def test_file_that_is_not_text_is_refused(folder: Path) -> None:
    (folder / "shops.csv").write_bytes(b"Shop_id,Lng,Lat\nS1,\xff\xfe,38\n")
    with pytest.raises(ValueError, match=r"shops\.csv: is not UTF-8 text"):
        read(folder)


def test_excel_export_with_byte_order_mark_is_read(folder: Path) -> None:
    path = folder / "sites.csv"
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes().replace(b"\n", b"\r\n"))
    assert len(read(folder).sites) == 8
