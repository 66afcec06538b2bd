"""The Swedish guide: its commands exist, its example is a scenario, its words are those of glossary and report."""

from __future__ import annotations

import re
import shlex
from pathlib import Path
from typing import get_args

import pytest
from commands import here
from doc_tables import ROOT, blocks, tables, text
from typer.main import get_command

from sim.app.cli import app
from sim.config.folders import folders
from sim.config.load import load_study
from sim.config.paths import ROOTS, Finder
from sim.config.schema.scenario import PUT_IN, AnyLever
from sim.config.schema.study_design import Execution, Study
from sim.report.html.change_cells import CONCLUSION_NAMES
from sim.report.language import Language, catalogue

GUIDE = sorted((ROOT / "docs" / "sv").glob("*.md"))
CARESHIFT = ".venv/bin/careshift"
MINE = "mine"  # the scenario that the reader writes
KEYS = {"study", "execution", *Study.model_fields, *Execution.model_fields}


def lines() -> list[str]:
    """Every line of the guide that is typed in a terminal."""
    found = [line.strip() for page in GUIDE for line in text(page).splitlines()]
    return [line for line in found if line.startswith((CARESHIFT, "make ", "export "))]


COMMANDS = [line for line in lines() if line.startswith(CARESHIFT)]


def example() -> str:
    return next(block for page in GUIDE for block in blocks(page) if block.startswith("label:"))


def test_there_are_commands_to_try() -> None:
    assert len(COMMANDS) > 11 and len(GUIDE) > 4


@pytest.mark.parametrize("line", COMMANDS)
def test_every_command_exists_and_takes_what_it_is_given(line: str) -> None:
    _, name, *words = shlex.split(line)
    command = get_command(app).commands[name]  # type: ignore[attr-defined]
    options = {option for parameter in command.params for option in parameter.opts}
    for word in words:
        key, sign, value = word.partition("=")
        if word.startswith("--"):
            assert word in options, word
        elif sign and "." not in key:
            assert key in KEYS, word
            assert all(one in known(key) for one in value.strip("[]").split(",")), word
        elif sign:
            path = key if key.split(".")[0] in ROOTS else f"scenarios.{key}"
            assert Finder(load_study(["scenarios=[baseline,near_care]"])).keys(path)


class Anything:
    """Holds every value: of keys whose values are the reader's own."""

    def __contains__(self, value: object) -> bool:
        return True


def known(key: str) -> set[str] | Anything:
    """The values that a key may have."""
    where = folders(ROOT)
    names = {
        "study": set(where.config_names("study")),
        "scenarios": {*where.scenario_names(), MINE},
        "language": {"sv", "en"},
    }
    return names.get(key, Anything())


def test_other_lines_that_are_typed_are_a_recipe_or_the_language() -> None:
    recipes = set(re.findall(r"^(\w+):", text(ROOT / "Makefile"), flags=re.M))
    for line in set(lines()) - set(COMMANDS):
        word, rest = line.split(" ", 1)
        assert rest in recipes if word == "make" else rest == "CARESHIFT_LANGUAGE=sv", line


@pytest.mark.parametrize(
    "words", [("check", "study=teaching"), ("scenarios",), ("places", "skövde", "study=vgr_quick")]
)
def test_what_takes_seconds_works_in_swedish(words: tuple[str, ...]) -> None:
    done = here(*words, "language=sv")
    assert done.code == 0, done.errors


def test_the_example_is_a_scenario_that_check_accepts(tmp_path: Path) -> None:
    path = tmp_path / f"{MINE}.yaml"
    path.write_text(example(), encoding="utf-8")
    world = load_study(["study=vgr_quick", "scenarios=[baseline]"], files=[path])
    assert list(world.scenarios[MINE].levers) == ["two_crews", "home_instead_of_er"]


def test_words_of_certainty_are_those_of_the_report() -> None:
    told = [row[0] for row in tables(text(ROOT / "docs" / "sv" / "las_rapporten.md"))[("ord", "tecken", "betyder")]]
    names = [Language("sv").translate(name) for name in CONCLUSION_NAMES.values()]
    assert len(told) == len(names)
    assert all(any(name.startswith(word) for name in names) for word in told), (told, names)


def test_titles_that_the_guide_quotes_stand_in_the_report() -> None:
    reading = text(ROOT / "docs" / "sv" / "las_rapporten.md") + text(ROOT / "docs" / "sv" / "kan_och_inte.md")
    quoted = ["Liknar modellen verkligheten?", "Vad som inte har simulerats", "Antaganden", "En första titt"]
    for title in quoted:
        assert title in reading
        assert any(title in one for one in catalogue("sv").values()), title


def test_kinds_of_levers_are_told_once_each_and_as_put_in_or_not() -> None:
    rows = tables(text(ROOT / "docs" / "sv" / "eget_scenario.md"))[("`kind`", "vad den gör", "det som händer är")]
    told = {kind: row[2] for row in rows for kind in re.findall(r"`(\w+)`", row[0])}
    every = {get_args(one.model_fields["kind"].annotation)[0] for one in get_args(get_args(AnyLever)[0])}
    assert set(told) == every
    assert {kind for kind, how in told.items() if how == "antaget"} == PUT_IN


def test_the_swedish_glossary_has_the_words_of_the_glossary() -> None:
    glossary = {
        row[0]: row[1] for row in tables(text(ROOT / "docs" / "glossary.md"))[("English", "Swedish", "meaning")]
    }
    rows = tables(text(ROOT / "docs" / "sv" / "ordlista.md"))[("svenska", "engelska", "betyder")]
    assert {row[1]: row[0] for row in rows if glossary.get(row[1]) != row[0]} == {}


def test_the_guide_is_linked_where_one_begins() -> None:
    assert "docs/sv/index.md" in text(ROOT / "README.md")
    assert "sv/index" in text(ROOT / "docs" / "index.md")
    listed = text(ROOT / "docs" / "sv" / "index.md")
    assert all(f"\n{page.stem}\n" in listed for page in GUIDE if page.stem != "index")
