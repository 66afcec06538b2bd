"""The report's part on what the baseline depends on most, from a real screening of a town."""

from __future__ import annotations

import pandas as pd
import pytest
from reports import Outline, page, text
from roads import Roads

from sim.config.load import load_study
from sim.config.schema.screening_table import SENSITIVITY
from sim.credibility.sensitivity import Screening, screen, write
from sim.report.html.sensitivity_section import MOST
from sim.results.read import Results
from sim.study.study import run_study

SAYS = {"sv": "Vad nuläget beror mest på", "en": "What the baseline depends on most"}


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Roads:
    return Roads(tmp_path_factory.mktemp("town"))


@pytest.fixture(scope="module")
def done(town: Roads) -> Screening:
    screening = screen(town.load(replications=1), 3, progress=False)
    write(screening, town.root)
    return screening


def study(town: Roads) -> Results:
    return run_study(load_study([f"results={town.root / 'results'}"], root=town.root), progress=False)


@pytest.mark.parametrize("code", ["sv", "en"])
def test_what_matters_most_is_told_with_its_range_and_source(town: Roads, done: Screening, code: str) -> None:
    html = page(study(town), code)  # type: ignore[arg-type]
    prose = text(html)
    assert SAYS[code] in prose
    first = {"sv": "Omvägar på vägen, över 10 km fågelvägen", "en": "Detours of roads, beyond 10 km as the crow flies"}
    assert first[code] in prose
    assert {"sv": "9 tal i nuläget", "en": "9 figures of the baseline"}[code] in prose
    rows = done.table[done.table["mu_star"] > 0].groupby("outcome").size().clip(upper=MOST)
    bars = [span for span in Outline(html).all("span") if span.get("class") == "bar"]
    assert len(bars) == rows.sum()
    assert [bar["style"] for bar in bars].count("width:100%") >= 5  # the largest of each outcome


def test_a_region_that_was_not_screened_has_no_such_part(town: Roads, done: Screening) -> None:
    assert SAYS["en"] in text(page(study(town)))
    (town.root / "configs/region/town" / SENSITIVITY).unlink()
    assert SAYS["en"] not in text(page(study(town)))
    write(done, town.root)


def test_a_screening_of_another_care_model_is_not_shown(town: Roads, done: Screening) -> None:
    other = Screening(done.world, done.table.assign(care="other"), [], 0)
    write(other, town.root)
    results = study(town)
    assert not (results.folder / SENSITIVITY).exists()
    write(done, town.root)
    results = study(town)
    assert len(pd.read_csv(results.folder / SENSITIVITY)) == len(done.table)
