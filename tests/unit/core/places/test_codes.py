"""Codes of the territory tree: official 12 digits, extended below the community."""

import pytest

from linhe.core.places.kinds import code_fits, code_lies_below


@pytest.mark.parametrize(
    ("kind", "code"),
    [
        ("district", "140902000000"),
        ("province", "140000000000"),
        ("subdistrict", "140902001000"),
        ("town", "140902101000"),
        ("community", "140902001003"),
        ("village", "140902101203"),
        ("grid", "140902001003-g02"),
        ("compound", "140902001003-001"),
        ("building", "140902001003-001-012"),
        ("unit", "140902001003-001-012-01"),
    ],
)
def test_a_code_fits_its_kind(kind: str, code: str) -> None:
    assert code_fits(kind, code)


@pytest.mark.parametrize(
    ("kind", "code"),
    [
        ("district", "140902001000"),
        ("province", "140900000000"),
        ("subdistrict", "140902000000"),
        ("subdistrict", "140902001003"),
        ("community", "140902001000"),
        ("community", "14090200100"),
        ("community", "１４０９０２００１００３"),
        ("grid", "140902001000-g01"),
        ("compound", "140902001000-001"),
        ("compound", "140902001003-01"),
        ("building", "140902001003-001"),
        ("unit", "140902001003-001-012-1"),
        ("unit", "140902001003-001-012-01\n"),
    ],
)
def test_a_code_of_another_shape_does_not_fit(kind: str, code: str) -> None:
    assert not code_fits(kind, code)


@pytest.mark.parametrize(
    ("code", "parent", "below"),
    [
        ("140902001000", "140902000000", True),
        ("140902001003", "140902001000", True),
        ("140902001003-g02", "140902001003", True),
        ("140902001003-001", "140902001003", True),
        ("140902001003-001", "140902001003-g02", True),
        ("140902001003-001-012", "140902001003-001", True),
        ("140902001003-001-012-01", "140902001003-001-012", True),
        ("140903001000", "140902000000", False),
        ("140902002003", "140902001000", False),
        ("140902001004-001", "140902001003-g02", False),
        ("140902001003-002-012", "140902001003-001", False),
        ("140902001003", "140902001003", False),
    ],
)
def test_a_code_repeats_the_digits_of_its_parent(code: str, parent: str, below: bool) -> None:
    assert code_lies_below(code, parent) is below
