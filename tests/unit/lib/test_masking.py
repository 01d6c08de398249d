"""What a stranger may see of a phone, a number, a name and an address."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linhe.lib.masking import address_to_building, mask_id_number, mask_name, mask_phone


@pytest.mark.parametrize(
    ("phone", "shown"),
    [
        ("13812345678", "138****5678"),
        ("+86 138-1234-5678", "138****5678"),
        ("8613812345678", "138****5678"),
        ("03511234567", "035****4567"),
        ("6222222", "*****22"),
        ("110", "***"),
        ("", ""),
    ],
)
def test_a_phone_keeps_its_ends(phone: str, shown: str) -> None:
    assert mask_phone(phone) == shown


@given(st.from_regex(r"[0-9]{5,15}", fullmatch=True))
def test_at_least_three_digits_of_a_phone_are_hidden(phone: str) -> None:
    assert mask_phone(phone).count("*") >= 3


@given(st.from_regex(r"[1-9][0-9]{16}[0-9X]", fullmatch=True))
def test_an_id_number_hides_region_birthday_and_order(number: str) -> None:
    shown = mask_id_number(number)
    assert (len(shown), shown.count("*"), shown[0], shown[-1]) == (18, 16, number[0], number[-1])


def test_short_numbers_are_hidden_whole() -> None:
    assert (mask_id_number("12"), mask_id_number("")) == ("**", "")


@pytest.mark.parametrize(
    ("name", "shown"), [("王小明", "王**"), ("王明", "王**"), ("Mary Ann Smith", "M** A** S**"), ("", "")]
)
def test_a_name_keeps_initials(name: str, shown: str) -> None:
    assert mask_name(name) == shown


@pytest.mark.parametrize(
    ("address", "shown"),
    [
        ("和平路5号院3号楼2单元501室", "和平路5号院3号楼"),
        ("阳光小区 12栋 3-402", "阳光小区 12栋"),
        ("幸福里7幢1单元1102", "幸福里7幢"),
        ("金茂大厦B座1803", "金茂大厦B座"),
        ("学府街88号2单元301", "学府街88号"),
        ("学府街88号 301室", "学府街88号"),
        ("学府街88号-3-402", "学府街88号"),
        ("学府街88号", "学府街88号"),
        ("", ""),
    ],
)
def test_an_address_ends_with_the_building(address: str, shown: str) -> None:
    assert address_to_building(address) == shown
