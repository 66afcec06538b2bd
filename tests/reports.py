"""A real study of the tiny world, with scenarios that a report must tell well."""

from __future__ import annotations

from pathlib import Path

from sim.load import load_study
from sim.report.cells import Writer
from sim.report.effects import Effects
from sim.report.language import Code, Language
from sim.report.names import Names
from sim.results import Results
from sim.study import run_study

TINY = Path(__file__).parent / "data" / "tiny"
SCRIPT = "<script>alert(1)</script>"
ALL_CLOSED = f"""
label: {{sv: "Allt stängt {SCRIPT}", en: "All closed {SCRIPT}"}}
description: {{sv: "Ingen akutmottagning & inget annat.", en: "No emergency room & nothing else."}}
statements: [S2]
levers:
  close_all:
    kind: close
    services: [er]
    sites: [hospital_north, hospital_south]
    moved: {{value: 0, low: 0, high: 0, source: "the definition", quality: X}}
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


def writer(results: Results, code: Code = "en") -> Writer:
    """What turns results into words."""
    language = Language(code)
    return Writer(Effects(results), Names(results.config, language), language)
