"""Evidence that the care model and the scenarios name is kept, with value, unit, source and quality."""

from __future__ import annotations

import re
from pathlib import Path

import pandas as pd
import pytest

ROOT = Path(__file__).resolve().parents[2]
NAMED = re.compile(r"\b[A-Z]{2,6}\.[A-Za-z0-9_]+(?:\.[a-z0-9]+)?\*?")
FILES = [
    *ROOT.glob("configs/care/*.yaml"),
    *ROOT.glob("scenarios/*.yaml"),
    *ROOT.glob("configs/region/*/scenarios/*.yaml"),
]
KEPT = [ROOT / "configs/care/source/evidence.csv", *ROOT.glob("configs/region/*/source/parameters.csv")]


def kept() -> pd.DataFrame:
    return pd.concat([pd.read_csv(path, dtype=str, keep_default_na=False) for path in KEPT])


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_evidence_that_is_named_is_a_row_that_is_kept(path: Path) -> None:
    rows = set(kept()["parameter"])
    named = set(NAMED.findall(path.read_text(encoding="utf-8")))
    families = {name for name in named if name.endswith("*")}
    assert named - families <= rows, sorted(named - families - rows)
    assert all(any(row.startswith(name[:-1]) for row in rows) for name in families), families


def test_evidence_says_its_unit_its_source_and_its_quality() -> None:
    rows = pd.read_csv(KEPT[0], dtype=str, keep_default_na=False)
    assert not rows["parameter"].duplicated().any()
    assert (rows[["value", "unit", "source"]] != "").all(axis=None)
    assert set(rows["quality"]) <= set("ABCDX")
