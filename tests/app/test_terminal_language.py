"""The terminal speaks Swedish to whoever asks for it: tables, progress, questions and what is wrong."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest
from commands import MINE, TINY, here, standing_in_queue
from typer.testing import CliRunner

from sim.app.cli import app
from sim.app.exits import BAD_INPUT, VARIABLE

ENGLISH = re.compile(r"\b([Tt]he|[Oo]f|[Aa]nd|[Ww]ith|[Ff]rom|[Nn]ot|[Aa]re|[Bb]y|[Tt]han)\b")
SV = "language=sv"


@pytest.fixture
def tiny_world(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the tiny world, to stand in, with a scenario of one's own that leaves half a room of four."""
    root = Path(shutil.copytree(TINY, tmp_path / "root"))
    few = MINE.replace("add_units: {value: 2, low: 1, high: 3,", "add_units: {value: -3.5, low: -3.5, high: -3.5,")
    (root / "scenarios" / "few.yaml").write_text(few, encoding="utf-8")
    monkeypatch.chdir(root)
    return root


def test_a_swedish_run_is_told_without_an_english_word(tiny_world: Path) -> None:
    done = here("run", "scenarios=[baseline,near_care,few]", "replications=2", "workers=1", SV)
    assert done.code == 0, done.errors
    assert [line for line in done.output.splitlines() if ENGLISH.search(line)] == []
    for words in ("En första titt:", "Akutbesök/dygn", "modeller är klara", "Av förändringen", "Varning:", "Rapport:"):
        assert words in done.output, words


def test_a_swedish_check_names_what_is_overloaded_and_asks_in_swedish(tiny_world: Path) -> None:
    done = here("check", "scenarios=[baseline,near_care,few]", SV)
    assert done.code == 0, done.errors
    assert [line for line in done.output.splitlines() if ENGLISH.search(line)] == []
    assert "är överbelastad och kön kommer att växa" in done.output
    assert done.output.rstrip().endswith("Inga fel.")


def test_english_is_spoken_unless_another_language_is_asked_for(tiny_world: Path) -> None:
    here("check", SV)
    assert here("check").output.rstrip().endswith("No errors.")


def test_the_environment_chooses_and_what_is_typed_goes_before_it(
    tiny_world: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(VARIABLE, "sv")
    assert here("check").output.rstrip().endswith("Inga fel.")
    assert here("check", "language=en").output.rstrip().endswith("No errors.")


def test_a_language_of_the_environment_that_there_is_not_is_refused(
    tiny_world: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(VARIABLE, "de")
    done = here("check")
    assert done.code == BAD_INPUT
    assert done.errors.strip() == "CARESHIFT_LANGUAGE: 'de' is no language; allowed: en, sv"


def test_scenarios_and_places_are_listed_in_swedish(tiny_world: Path) -> None:
    assert here("scenarios", SV).output.split()[:4] == ["scenario", "åtgärder", "från", "benämning"]
    listed = here("places", "nor", "study=tiny", SV)
    assert listed.code == 0 and "vad det är" in listed.output
    missing = here("places", "nowhere", "study=tiny", SV)
    assert missing.code == BAD_INPUT and "i sitt id eller namn" in missing.errors


def test_the_list_of_scenarios_takes_the_language_and_nothing_else(tiny_world: Path) -> None:
    done = here("scenarios", "replications=3")
    assert done.code == BAD_INPUT and "is not taken here; allowed: language=en, language=sv" in done.errors


WRONG = {
    "replikations=3": "kommandoraden: replikations: okänd nyckel (här står '3'); tillåtet: ",
    "replications=many": "kommandoraden: replications: ska vara ett heltal (här står 'many')",
    "replications=0": "kommandoraden: replications: ska vara minst 1 (här står '0')",
    "start=2027-13-01": "kommandoraden: start: ska vara ett datum, som 2027-10-04",
    "end=2020-01-01": "kommandoraden: end: ligger före start",
    "scenarios=[baseline,mor_rooms]": "okänt namn på scenario (här står 'mor_rooms')",
    "study=nosuch": "kommandoraden: study: okänt namn på studie (här står 'nosuch')",
    "nosuch.yaml": "nosuch.yaml: kan inte läsas: filen finns inte",
    "seed": "kommandoraden: seed: en ändring skrivs nyckel=värde",
}


@pytest.mark.parametrize("word", WRONG)
def test_what_is_wrong_is_told_in_swedish(word: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    standing_in_queue(tmp_path, monkeypatch)
    done = here("check", word, SV)
    assert done.code == BAD_INPUT
    assert WRONG[word] in done.errors
    assert not ENGLISH.search(done.errors)


LEVER = """
label: {{sv: Fler, en: More}}
description: {{sv: Fler., en: More.}}
levers:
  rooms:
    kind: capacity
    pools: {{resource: {resource}}}
    scale: {{value: {value}, low: {low}, high: 1, source: assumption, quality: D}}
"""


def test_what_is_wrong_with_a_lever_is_told_in_swedish(tiny_world: Path) -> None:
    cases = {
        ("rom", 0.1, 0.1): "levers.rooms.pools.resource: okänt namn på resurs (här står 'rom')",
        ("room", -2, -3): "levers.rooms.scale.value: utanför det tillåtna (här står '-2.0'); tillåtet: -1 till 1000",
        ("room", 0.1, 0.5): "levers.rooms.scale: low 0.5 är högre än value 0.1",
        ("room", "much", 0.5): "levers.rooms.scale.value: ska vara ett tal (här står 'much')",
        (
            "room",
            "'0,1'",
            0.05,
        ): "levers.rooms.scale.value: ska vara ett tal med decimalpunkt, inte komma (här står '0,1')",
    }
    for (resource, value, low), words in cases.items():
        Path("wrong.yaml").write_text(LEVER.format(resource=resource, value=value, low=low), encoding="utf-8")
        done = here("check", "wrong.yaml", SV)
        assert done.code == BAD_INPUT and words in done.errors, done.errors
        assert not ENGLISH.search(done.errors)


def test_a_folder_without_a_study_is_told_in_swedish(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(VARIABLE, "sv")
    done = here("precision", str(tmp_path))
    assert done.code == BAD_INPUT and "innehåller ingen färdig studie" in done.errors


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["--help", "language=sv"], ["Kommandon", "Räknar ut det som saknas i en studie", "Läser in en"]),
        (["run", "--help", "language=sv"], ["Argument", "Studiens nycklar"]),
        (["run", "--help"], ["Arguments", "Keys of the study"]),
    ],
)
def test_help_speaks_the_language_that_is_asked_for(words: list[str], told: list[str]) -> None:
    done = CliRunner().invoke(app, words, env={"COLUMNS": "200"})
    assert done.exit_code == 0
    assert [one for one in told if one not in done.output] == []
