"""A small study that is exported in many ways."""

from __future__ import annotations

import pytest
from hand_made import TINY

from sim.config.load import load_study
from sim.results.read import Results
from sim.study.study import run_study

FORMULA = """
label: {sv: "=SUMMA(A1:A9)", en: "@SUM(A1:A9)"}
description: {sv: "+1 rum & inget annat.", en: "-1 room & nothing else."}
levers:
  rooms:
    kind: capacity
    pools: {resource: room}
    add_units: {value: 1, low: 1, high: 2, source: "=a source", quality: D}
"""


@pytest.fixture(scope="session")
def results(tmp_path_factory: pytest.TempPathFactory) -> Results:
    """A study of the tiny world with a scenario whose label a spreadsheet could take for a formula."""
    folder = tmp_path_factory.mktemp("exported")
    (folder / "formula.yaml").write_text(FORMULA, encoding="utf-8")
    overrides = [f"results={folder / 'results'}", "assumption_runs=false", "workers=1"]
    return run_study(load_study(overrides, root=TINY, files=[folder / "formula.yaml"]), progress=False)
