"""Validation: hits and misses, what another region's fit predicts, and that the page is of this program."""

from __future__ import annotations

import re
import shutil
from datetime import date
from math import log
from pathlib import Path

import pandas as pd
import pytest
from calibrated_town import CALLS, PARAMETERS, REGION, STAY, VISITS, Town
from typer.testing import CliRunner

from sim.app.cli import app
from sim.compile import compile_scenario
from sim.config.load import load_study
from sim.config.schema.free_parameters import Fitted, FittedFactor, FittedRun
from sim.credibility.validation import Validation, validate
from sim.credibility.validation.validation import UNFITTED, hits, with_fit
from sim.demand import draw_episodes
from sim.measures import measure
from sim.report.markdown import PARTS, heading
from sim.report.numbers import FOUR, number
from sim.report.pages.validation_page import INTRODUCTION, write_page
from sim.results.published import compare_with_targets
from sim.simulation import simulate_episodes

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs" / "generated" / "validation.md"
REGIONS = ("vgr", "vastmanland", "goteborgsregionen")
STALE = "docs/generated/validation.md is not of this program: careshift validate region={} --write it"
ALIKE = 1e-4  # six digits are written, and another kind of processor may round a table otherwise


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Town:
    """A town that was fitted, and its twin, whose fit is carried over."""
    made = Town(tmp_path_factory.mktemp("town"))
    visits, calls, stay = made.simulated({"rate": 1.4}, VISITS, CALLS, STAY)
    made.targets((VISITS, visits), (CALLS, calls), (STAY, 1.5 * stay), tolerance=0.1, kept_out=(STAY,))
    made.calibrate()
    shutil.copytree(made.root / REGION, made.root / REGION.parent / "twin")
    return made


@pytest.fixture(scope="module")
def validation(town: Town) -> Validation:
    return validate(town.load(), progress=False, root=town.root)


def test_hits_are_counted_by_class_and_fitted_figures_apart(validation: Validation) -> None:
    found = hits(validation.own).set_index("use")
    assert found.loc["fit", ["figures", "hit"]].tolist() == [2, 2]
    assert found.loc["kept_out", ["figures", "hit"]].tolist() == [1, 0]


def test_the_fit_of_another_region_predicts_and_no_fit_does_not(validation: Validation) -> None:
    assert list(validation.tables) == ["town", UNFITTED, "twin"]
    off = {name: table["deviation"].abs().tolist()[:2] for name, table in validation.tables.items()}
    assert off["town"] == off["twin"] and max(off["town"]) < 0.1 < min(off[UNFITTED])


def test_what_draws_to_a_site_is_not_carried_to_another_region(tmp_path: Path) -> None:
    town = Town(tmp_path)
    town.may_vary({"pull": {"kind": "pull", "site": "hospital", "service": "er"}, "rate": PARAMETERS["rate"]})
    plain = town.load()
    factors = {"factor": 2.0, "low": 1.0, "high": 2.0, "posterior_over_prior": 0.5, "identified": True}
    found = {name: FittedFactor(**factors) for name in ("pull", "rate")}
    run = FittedRun(
        written=date(2026, 11, 24), version="0", code="0", seed=1, replications=1, start=date(2027, 3, 1),
        end=date(2027, 3, 1), warm_up_days=0,
    )  # fmt: skip
    fitted = Fitted(care="test", run=run, parameters=found, residuals={})
    worlds = [with_fit(plain, plain.region.free, fitted, carried=carried) for carried in (True, False)]
    assert [w.region.offers["pull"].tolist() for w in worlds] == [[0.0], [pytest.approx(log(2))]]
    assert all(w.care.needs["ill"].rate_per_1000_year["18_64"].value == 4000 for w in worlds)


def test_runs_are_stored_and_not_computed_again(
    town: Town, validation: Validation, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sim.study.evaluate.compute", None)
    again = validate(town.load(), progress=False, root=town.root)
    pd.testing.assert_frame_equal(again.own, validation.own)


def test_a_part_of_the_page_is_replaced_and_the_others_stay(validation: Validation, tmp_path: Path) -> None:
    path = tmp_path / "page.md"
    path.write_text("# Old\n\nold\n\n## x\n\nold part\n\n## Elsewhere\n\nkept\n", encoding="utf-8")
    write_page(validation, path)
    text = path.read_text(encoding="utf-8")
    assert text.startswith(INTRODUCTION) and "old part" not in text and "## Elsewhere\n\nkept\n" in text
    write_page(validation, path)
    assert path.read_text(encoding="utf-8") == text


def test_the_commands_fit_and_tell(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(town.root)
    given = ["study=test", "replications=2"]
    done = CliRunner().invoke(app, ["validate", *given, "--write", "page.md"])
    assert done.exit_code == 0, done.output
    assert "Kept out, within 10%, quality C, D, X: 0 of 1" in done.output
    assert (town.root / "page.md").read_text(encoding="utf-8").startswith(INTRODUCTION)
    fitted = CliRunner().invoke(app, ["calibrate", *given])
    assert fitted.exit_code == 0, fitted.output
    assert "next to nothing of: other, stay" in " ".join(fitted.output.split())


def test_a_region_without_what_a_fit_needs_is_bad_input(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    town = Town(tmp_path)
    town.targets()
    monkeypatch.chdir(tmp_path)
    for command in ("calibrate", "validate"):
        done = CliRunner().invoke(app, [command, "study=test"])
        assert done.exit_code == 2 and "targets.csv" in done.output


@pytest.mark.parametrize(("value", "text"), [(0.0353, "0.0353"), (12345.6, "12,346"), (8.4, "8.400"), (0, "0")])
def test_numbers_have_four_digits_that_count(value: float, text: str) -> None:
    assert number(value, *FOUR) == text


def rows(part: str) -> list[dict[str, str]]:
    """Rows of the tables of figures in a region's part."""
    found = []
    for table in re.findall(r"(?:^\|.*\n)+", part, re.MULTILINE):
        lines = [[cell.strip() for cell in line.strip().strip("|").split(" | ")] for line in table.splitlines()]
        if lines[0][0] == "figure" and "first" in lines[0]:
            found += [dict(zip(lines[0], line, strict=True)) for line in lines[2:]]
    return found


@pytest.mark.parametrize("region", REGIONS)
def test_the_page_is_of_this_program(region: str) -> None:
    world = load_study(["study=validation", f"region={region}"], root=ROOT)
    parts = {heading(part): part for part in PARTS.split(PAGE.read_text(encoding="utf-8"))[1:]}
    told = {row["figure"]: row for row in rows(parts[world.region.file.label.sv])}
    targets = world.region.targets
    assert sorted(told) == sorted(name.replace("_", " ") for name in targets["target"]), STALE.format(region)
    model = compile_scenario(world, "baseline")
    episodes = draw_episodes(model, world.study.seed, 0)
    measures = measure(model, episodes, simulate_episodes(model, episodes))
    for row in compare_with_targets(measures, targets).to_dict("records"):
        said = told[row["target"].replace("_", " ")]
        assert said["published"].split(" ")[0] == number(row["published"], *FOUR), STALE.format(region)
        if not pd.isna(row["simulated"]):
            assert float(said["first"]) == pytest.approx(row["simulated"], rel=ALIKE), STALE.format(region)


def test_the_page_has_nothing_but_the_regions() -> None:
    text = PAGE.read_text(encoding="utf-8")
    assert text.startswith(INTRODUCTION)
    assert len(PARTS.split(text)) - 1 == len(REGIONS)
