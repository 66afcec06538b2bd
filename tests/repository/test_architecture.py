"""docs/architecture.md tells the house as it is: its order, its rooms, what they import, and its picture."""

from __future__ import annotations

import re
import sys
import tomllib

import pytest
from doc_tables import ROOT, blocks, tables, text

sys.path.insert(0, str(ROOT / "docs"))

from drawings import drawn_house, house, imports, layers, way

PAGE = ROOT / "docs" / "architecture.md"
PICTURES = ROOT / "docs" / "generated"
ROOMS = [room for floor in layers() for room in floor]


def may_import() -> dict[str, set[str]]:
    """Rooms by room, as the table of the page says."""
    rows = tables(text(PAGE))[("room", "what it says", "what it may import")]
    found = {}
    for room, _, told in rows:
        name = room.strip("`")
        below = {one for floor in layers()[floor_of(name) + 1 :] for one in floor}
        found[name] = below if told == "all below" else set(re.findall(r"`(\w+)`", told))
    return found


def floor_of(room: str) -> int:
    return next(j for j, floor in enumerate(layers()) if room in floor)


def test_the_order_of_modules_is_the_one_that_is_checked() -> None:
    contracts = tomllib.loads(text(ROOT / "pyproject.toml"))["tool"]["importlinter"]["contracts"]
    ordered = next(contract["layers"] for contract in contracts if contract["type"] == "layers")
    assert [*ordered] in [block.splitlines() for block in blocks(PAGE)]


def test_the_table_has_every_room_once_from_the_top_to_the_ground() -> None:
    told = [row[0].strip("`") for row in tables(text(PAGE))[("room", "what it says", "what it may import")]]
    assert told == ROOMS
    here = {p.stem for p in (ROOT / "sim").iterdir() if p.is_dir() or p.suffix == ".py"}
    assert {name for name in here if not name.startswith("_")} == set(ROOMS)


@pytest.mark.parametrize("room", ROOMS)
def test_a_room_imports_what_the_page_allows_and_nothing_else(room: str) -> None:
    used = {b for a, b in imports() if a == room}
    assert used - may_import()[room] == set()
    if len(may_import()[room]) < 5:
        assert may_import()[room] - used == set(), "what is allowed by name is used"


def test_the_pictures_are_of_this_program() -> None:
    for name, made in (("house", house()), ("way", way())):
        assert text(PICTURES / f"{name}.svg") == made, "run: make docs"


def test_every_file_that_the_way_names_is_there() -> None:
    named = re.findall(r"\b(?:sim|configs|scenarios)/[\w/.]*", way())
    assert len(named) > 8
    assert [name for name in named if not (ROOT / name).exists()] == []


def test_a_house_has_a_dot_for_each_import_and_a_box_for_each_room() -> None:
    drawn = drawn_house([["a"], ["b", "c"], ["d"]], {("a", "b"), ("a", "d"), ("c", "d")})
    assert drawn.count("<circle") == 3
    assert re.findall(r'font-weight="600">(\w)<', drawn) == ["a", "b", "c", "d"]


def test_a_room_without_a_floor_is_refused() -> None:
    with pytest.raises(ValueError, match=r"without a layer.*: x$"):
        drawn_house([["a"]], {("a", "x")})
