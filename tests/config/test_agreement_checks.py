"""The same fact twice: a region in which it does not agree is refused, by row."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from commands import edit

from sim.config.errors import ConfigErrors
from sim.config.load import load_study

TINY = Path(__file__).resolve().parents[1] / "data" / "tiny"


@pytest.mark.parametrize(
    ("file", "old", "new", "key", "told"),
    [
        ("targets.csv", "site,hospital_south", "site,hospital_soth", "row 2, group", "did you mean hospital_south"),
        ("targets.csv", "site,hospital_south", "acuity,6", "row 2, group", "unknown acuity"),
        ("targets.csv", "site,hospital_south", "all,hospital_south", "row 2, group", "has no group"),
        ("targets.csv", "2000,1500,2500", "2000,2100,2500", "row 2, value", "from low 2100 to high 2500"),
        ("targets.csv", "2000,1500,2500", "2000,1500,1900", "row 2, value", "from low 1500 to high 1900"),
        ("municipalities.csv", "0115,Söderby", "0115,Norrby", "row 3, name", "name of row 2"),
        ("municipalities.csv", "South", "north", "row 3, subregion", "capital letters"),
    ],
)
def test_what_does_not_agree_is_refused_by_row(
    tmp_path: Path, file: str, old: str, new: str, key: str, told: str
) -> None:
    root = Path(shutil.copytree(TINY, tmp_path / "root"))
    edit(root, f"configs/region/tiny/{file}", old, new)
    with pytest.raises(ConfigErrors) as caught:
        load_study(root=root)
    (problem,) = caught.value.problems
    assert problem.key == key
    assert told in str(problem)
