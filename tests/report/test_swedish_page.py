"""The Swedish report is in Swedish: no English words but where they are marked as such, no name in place of words."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from pathlib import Path

import pandas as pd
import pytest
import yaml
from reports import page

from sim.config.load import load_study
from sim.config.schema.base import Label
from sim.config.world import resolved
from sim.report.html.assumptions import care_records
from sim.report.html.validation_section import UNANSWERED, UNITS
from sim.report.language import Language
from sim.report.names import Names
from sim.results.published import NO_MEASURE
from sim.study.study import run_study

ROOT = Path(__file__).resolve().parents[2]
ENGLISH = re.compile(r"\b([Tt]he|[Oo]f|[Aa]nd|[Ww]ith|[Ff]rom|[Aa]re|[Nn]ot|[Ww]hich|[Bb]y|[Tt]han)\b")
SWEDISH = re.compile(r"\b(och|är|inte|som|av|ett|på|den|för)\b", re.IGNORECASE)
VOID = {"area", "base", "br", "col", "hr", "img", "input", "link", "meta", "source", "wbr"}
READ = ("alt", "aria-label", "title")  # attributes that a reader sees or hears
SCENARIOS = [
    *sorted((ROOT / "scenarios").glob("*.yaml")),
    *sorted((ROOT / "configs" / "region").glob("*/scenarios/*.yaml")),
    *sorted((ROOT / "configs" / "experiments").glob("*.yaml")),
    *sorted((ROOT / "docs" / "examples").glob("levers/*.yaml")),
]
REGIONS = [*ROOT.glob("configs/region/*/region.yaml"), *ROOT.glob("docs/examples/*/configs/region/*/region.yaml")]


class Spoken(HTMLParser):
    """The text of a page that is in the page's own language, and its attributes that are read."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.texts: list[str] = []
        self._open: list[tuple[str, bool]] = []
        self.feed(html)

    @property
    def is_own(self) -> bool:
        """Whether what comes now is in the page's language, and text."""
        return not any(foreign for _, foreign in self._open)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Goes into an element."""
        given = dict(attrs)
        if tag not in VOID:
            self._open.append((tag, given.get("lang") == "en" or tag in ("script", "style")))
        if self.is_own:
            self.texts += [str(given[name]) for name in READ if given.get(name)]

    def handle_endtag(self, tag: str) -> None:
        """Comes out of it, and out of what was not closed within."""
        while self._open and self._open.pop()[0] != tag:
            pass

    def handle_data(self, data: str) -> None:
        """Keeps a text."""
        if self.is_own:
            self.texts.append(data)


@pytest.fixture(scope="module")
def swedish(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The Swedish page of a short study of the made-up county, with the shipped care model and a shipped scenario."""
    short = ["end=2027-10-04", "warm_up_days=0", "replications=2", "engine=simpy", "workers=1"]
    folder = tmp_path_factory.mktemp("swedish")
    return page(run_study(load_study(["study=teaching", *short, f"results={folder}"]), progress=False), "sv")


def test_the_swedish_page_has_no_english_words_but_where_it_says_so(swedish: str) -> None:
    texts = Spoken(swedish).texts
    assert len(texts) > 1000
    assert [text for text in texts if ENGLISH.search(text)] == []


def test_no_text_of_the_swedish_page_is_marked_as_english_but_sources(swedish: str) -> None:
    marked = re.findall(r'<(\w+)[^>]*lang="en"', swedish)
    assert set(marked) == {"td"}


def levers(path: Path) -> dict[str, dict[str, object]]:
    data = yaml.safe_load(path.read_text("utf-8"))
    return {
        **data.get("levers", {}),
        **data.get("before", {}).get("levers", {}),
        **data.get("after", {}).get("levers", {}),
    }


@pytest.mark.parametrize("path", SCENARIOS, ids=lambda path: path.stem)
def test_every_shipped_motive_stands_in_both_languages(path: Path) -> None:
    for name, lever in levers(path).items():
        if "note" in lever:
            note = Label.model_validate(lever["note"])
            assert note.sv != note.en, name
            assert not ENGLISH.search(note.sv), name
            assert not SWEDISH.search(note.en), name


def test_there_are_motives_to_look_at() -> None:
    assert sum("note" in lever for path in SCENARIOS for lever in levers(path).values()) > 40


@pytest.mark.parametrize("path", REGIONS, ids=lambda path: path.parent.name)
def test_who_comes_from_outside_is_told_in_both_languages(path: Path) -> None:
    label = Label.model_validate(yaml.safe_load(path.read_text("utf-8"))["users_from_outside"])
    assert label.sv != label.en


def test_the_care_model_is_told_without_names_of_the_configuration() -> None:
    config = resolved(load_study(["study=teaching"]))
    language = Language("sv")
    care = config["care"]
    told = [a for _, rows in care_records(care, Names(config, language), language) for a in rows]
    texts = " ".join(f"{a.what} {a.value}" for a in told)
    parts = ("signals", "services", "profiles", "needs", "resources")
    names = {name.replace("_", " ") for part in parts for name in care[part] if "_" in name}
    assert [name for name in names if re.search(rf"\b{name}\b", texts)] == []
    assert not ENGLISH.search(texts)


def test_every_shipped_figure_that_no_measure_answers_has_a_name_and_a_unit() -> None:
    for path in ROOT.glob("configs/region/*/targets.csv"):
        rows = pd.read_csv(path)
        rows = rows[rows["measure"] == NO_MEASURE]
        assert set(rows["target"]) <= set(UNANSWERED), path
        assert set(rows["unit"]) <= set(UNITS), path
