"""Scenarios of a study are told apart by their labels."""

from __future__ import annotations

from pathlib import Path

import pytest

from sim.config.errors import ConfigErrors
from sim.config.load import load_study

FILE = "label: {sv: %s, en: %s}\ndescription: {sv: x, en: x}\nlevers: {}\n"


def test_two_scenarios_of_a_study_with_one_label_are_refused_in_each_language(tmp_path: Path) -> None:
    for name, sv, en in (("one", "Ett", "One"), ("two", "Ett", "Two"), ("three", "Tre", "One")):
        (tmp_path / f"{name}.yaml").write_text(FILE % (sv, en), "utf-8")
    files = [tmp_path / f"{name}.yaml" for name in ("one", "two", "three")]
    with pytest.raises(ConfigErrors) as refused:
        load_study(["study=teaching", "scenarios=[baseline]"], files=files)
    assert [(Path(p.file).stem, p.key) for p in refused.value.problems] == [("two", "label.sv"), ("three", "label.en")]
    load_study(["study=teaching", "scenarios=[baseline]"], files=files[:1])
