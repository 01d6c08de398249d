"""The picture of gaps over time: every method with its figure, well-formed, nothing drawn outside."""

import re
from xml.etree import ElementTree

import pytest

from linhe.desks.errands.bench.plot import draw


def row(method: str, seconds: float | None, gap: float | None, size: str = "M") -> dict[str, object]:
    return {"size": size, "method": method, "time_s": seconds, "gap_pct": gap}


def test_picture_shows_every_method_with_a_gap() -> None:
    rows = [
            row("linhe", 0.5, 2.4), row("linhe", 5.0, 1.2), row("VROOM", 30.1, 16.3), row("PyVRP", None, None),
            row("lower bound", 3.0, 0.0), row("greedy <insertion>", 0.01, 28.0), row("linhe", 2.0, 4.0, "L"),
    ]  # fmt: skip
    picture = draw({"rows": rows})
    tree = ElementTree.fromstring(picture)
    circles = tree.findall(".//{http://www.w3.org/2000/svg}circle")
    assert len(circles) == 5
    assert all(0 < float(one.get("cx", 0)) < 460 and 0 < float(one.get("cy", 0)) < 340 for one in circles)
    assert "VROOM 16.3 %" in picture
    assert "PyVRP" not in picture
    assert len(re.findall("<g ", picture)) == 2


def test_earlier_is_left_and_smaller_is_low() -> None:
    picture = draw({"rows": [row("linhe", 0.5, 2.4), row("VROOM", 30.1, 16.3)]})
    (left, low), (right, high) = re.findall(r'circle cx="([\d.]+)" cy="([\d.]+)"', picture)
    assert float(left) < float(right)
    assert float(low) > float(high)


def test_nothing_to_draw_is_said() -> None:
    with pytest.raises(ValueError, match="no row"):
        draw({"rows": [row("PyVRP", None, None)]})
