"""Reading ends: files that are none, nesting, and inheritance that is wide, deep or a circle."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

from sim.config.errors import ConfigErrors, Problem
from sim.config.load import load_scenario_file, load_study
from sim.config.reading.inheritance import DEEPEST

TINY = Path(__file__).resolve().parents[1] / "data" / "tiny"
HEAD = 'label: {sv: "x", en: "x"}\ndescription: {sv: "x", en: "x"}\n'
REGION = "configs/region/tiny"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A copy of the tiny world."""
    return Path(shutil.copytree(TINY, tmp_path / "root"))


def heir(root: Path, name: str, parents: list[str]) -> None:
    text = f"{HEAD}inherits: [{', '.join(parents)}]\n"
    (root / "scenarios" / f"{name}.yaml").write_text(text, encoding="utf-8")


def refused(root: Path, *overrides: str) -> list[Problem]:
    with pytest.raises(ConfigErrors) as caught:
        load_study(overrides, root=root)
    return caught.value.problems


def test_scenarios_that_each_inherit_the_two_before_are_merged_once_each(root: Path) -> None:
    heir(root, "h0", ["near_care"])
    heir(root, "h1", ["h0"])
    for number in range(2, DEEPEST):
        heir(root, f"h{number}", [f"h{number - 1}", f"h{number - 2}"])  # 2e10 merges without memory
    world = load_study([f"scenarios=[baseline,h{DEEPEST - 1}]"], root=root)
    assert world.scenarios[f"h{DEEPEST - 1}"].levers == load_study(root=root).scenarios["near_care"].levers


@pytest.mark.parametrize("length", [DEEPEST + 2, 600])
def test_a_chain_that_is_too_long_is_refused_by_the_name_of_its_end(root: Path, length: int) -> None:
    heir(root, "h0", ["near_care"])
    for number in range(1, length):
        heir(root, f"h{number}", [f"h{number - 1}"])
    (problem,) = refused(root, f"scenarios=[baseline,h{length - 1}]")
    assert problem.file.endswith(f"h{length - 1}.yaml")
    assert problem.key == "inherits"
    assert problem.message == "inherits through more than 50 scenarios, one behind the other"


def test_a_circle_is_named(root: Path) -> None:
    heir(root, "one", ["other"])
    heir(root, "other", ["one"])
    (problem,) = refused(root, "scenarios=[baseline,one]")
    assert "one inherits other inherits one" in problem.message


def no_file(path: Path, what: str) -> None:
    """Something that is no ordinary file in the place of one."""
    path.unlink(missing_ok=True)
    if what == "pipe":
        os.mkfifo(path)
    elif what == "folder":
        path.mkdir()
    else:
        path.symlink_to("/dev/zero")


@pytest.mark.parametrize("what", ["pipe", "folder", "device"])
@pytest.mark.parametrize(
    "file", ["scenarios/near_care.yaml", "configs/care/standard.yaml", f"{REGION}/travel.yaml", f"{REGION}/pools.csv"]
)
def test_what_is_no_ordinary_file_is_refused_and_not_waited_for(root: Path, file: str, what: str) -> None:
    no_file(root / file, what)
    assert any(p.file.endswith(file) and p.message == "is no ordinary file" for p in refused(root))


def test_a_file_that_is_too_large_is_refused_before_it_is_read(root: Path) -> None:
    for file, limit in (("scenarios/near_care.yaml", 10**6), (f"{REGION}/zones.csv", 10**8)):
        with (root / file).open("wb") as large:
            large.truncate(limit * 50)  # sparse: nothing is on the disk
    told = {Path(p.file).name: p.message for p in refused(root)}
    assert told["near_care.yaml"] == "larger than 1 MB"
    assert told["zones.csv"] == "larger than 100 MB"


BOMBS = {
    "aliases": "a: &a [x, x]\nb: &b [*a, *a]\nc: [*b, *b]\n",
    "nesting": "a: " + "[" * 5000 + "]" * 5000 + "\n",
    "merges": "a: &a {x: 1}\nb: {<<: *a}\n",
}


@pytest.mark.parametrize("bomb", BOMBS.values(), ids=BOMBS)
def test_a_text_that_would_grow_without_end_is_refused(tmp_path: Path, bomb: str) -> None:
    (tmp_path / "x.yaml").write_text(HEAD + bomb, encoding="utf-8")
    with pytest.raises(ConfigErrors) as caught:
        load_scenario_file(tmp_path / "x.yaml")
    assert any("not allowed" in p.message or "nested deeper" in p.message for p in caught.value.problems)
