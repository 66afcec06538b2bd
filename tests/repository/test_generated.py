"""What the program writes of itself: docs/generate.py knows every page, and docs/contributing.md tells of each."""

from __future__ import annotations

import re
import subprocess
import sys

import pytest
from doc_tables import ROOT, coded, tables, text

sys.path.insert(0, str(ROOT / "docs"))

from generate import GENERATED, choose
from ways import table, without_charts

RECIPES = ROOT / "docs" / "contributing.md"
TOLD = tables(text(RECIPES))[("name", "what is written", "takes")]


def test_every_page_in_the_folder_is_written_by_a_name() -> None:
    there = {p.relative_to(ROOT).as_posix() for p in (ROOT / "docs" / "generated").iterdir()}
    assert there == {f for one in GENERATED.values() for f in one.files if f.startswith("docs/generated/")}
    assert all((ROOT / file).is_file() for one in GENERATED.values() for file in one.files)


def test_the_page_tells_of_every_name_what_it_writes_and_how_long_it_takes() -> None:
    assert [(row[0].strip("`"), row[2]) for row in TOLD] == [(name, one.takes) for name, one in GENERATED.items()]
    for row in TOLD:
        assert GENERATED[row[0].strip("`")].files[0] in row[1]


def test_every_script_that_is_called_is_there() -> None:
    called = [command[0] for one in GENERATED.values() for command in one.commands if command[0] != "-m"]
    assert len(called) >= 4
    assert [script for script in called if not (ROOT / script).is_file()] == []


def test_without_a_name_only_what_takes_seconds_is_written() -> None:
    assert {GENERATED[name].takes for name in choose([])} == {"seconds"}
    assert choose(["validation", "house"]) == ["validation", "house"]
    assert choose(["all"]) == list(GENERATED)


def test_an_unknown_name_is_refused_with_the_nearest_one() -> None:
    with pytest.raises(ValueError, match="is it measures"):
        choose(["meassures"])
    done = subprocess.run([sys.executable, "docs/generate.py", "x"], cwd=ROOT, capture_output=True, check=False)
    assert done.returncode == 2


def test_a_flow_chart_is_a_table_of_its_ways() -> None:
    chart = '  a(["need"])\n  b["Emergency room"]\n  a --> b\n  a -.-> a\n'.replace('(["need"])', "([need])")
    assert table(chart).splitlines()[2:] == ["| need | Emergency room | need |"]
    assert without_charts(f"x\n```mermaid\nflowchart LR\n{chart}```\ny").startswith("x\n| from |")
    with pytest.raises(ValueError, match="no node and no way"):
        table("  a ==> b")


def test_every_page_by_hand_has_its_place_in_the_site() -> None:
    line = re.compile(r"^([a-z_/]+)$", flags=re.MULTILINE)
    listed = set(line.findall(text(ROOT / "docs" / "index.md")))
    listed |= {f"sv/{page}" for page in line.findall(text(ROOT / "docs" / "sv" / "index.md"))}
    pages = {p.relative_to(ROOT / "docs").with_suffix("").as_posix() for p in (ROOT / "docs").rglob("*.md")}
    assert {p for p in pages if not p.startswith("examples/")} == listed | {"index"}


def test_every_test_that_the_recipes_name_is_there() -> None:
    named = {code for code in coded(RECIPES) if re.fullmatch(r"test_\w+", code)}
    sources = "\n".join(text(path) for path in (ROOT / "tests").rglob("test_*.py"))
    assert len(named) > 10
    assert {name for name in named if f"def {name}(" not in sources} == set()


def test_every_file_that_the_recipes_name_is_there() -> None:
    named = {code for code in coded(RECIPES) if re.fullmatch(r"(sim|docs|tests|configs|notebooks)/[\w./]+", code)}
    assert len(named) > 15
    assert {name for name in named if not (ROOT / name).exists()} == set()
