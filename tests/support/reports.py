"""A real study of the tiny world, with scenarios that a report must tell well."""

from __future__ import annotations

import re
import shutil
from html.parser import HTMLParser
from pathlib import Path

from sim.config.load import load_study
from sim.report.html.change_cells import Writer
from sim.report.html.effects import Effects
from sim.report.html.page import render
from sim.report.language import Code, Language
from sim.report.names import Names
from sim.results.read import Results
from sim.study.study import run_study

TINY = Path(__file__).parents[1] / "data" / "tiny"
SCRIPT = "<script>alert(1)</script>"
ALL_CLOSED = f"""
label: {{sv: "Allt stängt {SCRIPT}", en: "All closed {SCRIPT}"}}
description: {{sv: "Ingen akutmottagning & inget annat.", en: "No emergency room & nothing else."}}
statements: [S2]
levers:
  close_all:
    kind: close
    services: [er]
    where: {{sites: [hospital_north, hospital_south]}}
    moved: {{value: 0, low: 0, high: 0, source: "the definition", quality: X}}
"""
RANGED = """
detour:
  all: {up_to_km: 1000, factor: {value: 1.25, low: 1.1, high: 1.4, source: assumption, quality: D}}
speed:
  all: {up_to_km: 1000, speed_kmh: {value: 60, low: 50, high: 70, source: assumption, quality: D}}
access_min: {value: 5, low: 2, high: 8, source: assumption, quality: D}
within_km: {value: 2, low: 1, high: 3, source: assumption, quality: D}
crossings:
  isle:
    penalty_min: {value: 20, low: 10, high: 30, source: assumption, quality: D}
    penalty_km: {value: 0, source: assumption, quality: D}
"""
PROMISE = """
label: {sv: "Löfte", en: "Promise"}
description: {sv: "Fler rum för samma pengar.", en: "More rooms for the same money."}
budget_neutral: true
inherits: [near_care]
"""


def study(folder: Path, replications: int = 3) -> Results:
    """Results of the tiny study with all its scenarios, one that closes every emergency room, and a broken promise."""
    for name, text in (("all_closed", ALL_CLOSED), ("promise", PROMISE)):
        (folder / f"{name}.yaml").write_text(text, encoding="utf-8")
    overrides = [f"results={folder / 'results'}", f"replications={replications}", "workers=1"]
    files = [folder / "all_closed.yaml", folder / "promise.yaml"]
    return run_study(load_study(overrides, root=TINY, files=files), progress=False)


def with_ranged_travel(folder: Path) -> Path:
    """A copy of the tiny world in which detours, speeds and access have a range."""
    root = Path(shutil.copytree(TINY, folder / "ranged"))
    (root / "configs" / "region" / "tiny" / "travel.yaml").write_text(RANGED, encoding="utf-8")
    return root


def writer(results: Results, code: Code = "en") -> Writer:
    """What turns results into words."""
    language = Language(code)
    return Writer(Effects(results), Names(results.config, language), language)


def page(results: Results, code: Code = "en") -> str:
    """The page without its figures."""
    return render(results, writer(results, code), {})


class Outline(HTMLParser):
    """Collects attributes, headings, ids, and the text within each kind of element."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str]]] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, {k: v or "" for k, v in attrs}))

    def all(self, tag: str) -> list[dict[str, str]]:
        return [attributes for name, attributes in self.tags if name == tag]


def text(page: str) -> str:
    """What a reader sees, without tags and with ordinary spaces."""
    body = re.sub(r"<style>.*?</style>", "", page, flags=re.DOTALL)
    plain = re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", body).replace("\N{NO-BREAK SPACE}", " "))
    return re.sub(r" ([.,;:)])", r"\1", plain)
