"""Natural experiments as files: what is refused, what is shipped, and one that is run from end to end."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from typer.testing import CliRunner

from sim.app.cli import app
from sim.compile import travel_matrix
from sim.config.errors import ConfigErrors
from sim.config.folders import folders
from sim.config.load import load_study
from sim.config.reading.experiment_files import read_experiments
from sim.config.world import World
from sim.credibility.experiments import load_experiments
from sim.model.codes import AGE_GROUPS
from sim.report.html.experiments_line import foretold_sentence
from sim.report.language import Language
from sim.report.pages.experiments_page import EXPERIMENTS_INTRODUCTION
from sim.results.foretold import EXPERIMENTS_FILE, Agreement, care_hash

ROOT = Path(__file__).resolve().parents[2]
TINY = ROOT / "tests" / "data" / "tiny"
PAGE = ROOT / "docs" / "generated" / "experiments.md"
STALE = "out of date: careshift experiments region=vgr --write docs/generated/experiments.md"
GOOD = """
label: {sv: "Färre vårdplatser", en: "Fewer beds"}
study: "A study that was made up for this test."
use: kept_out
regions: [tiny]
window: {start: 2027-10-04, end: 2027-10-10, warm_up_days: 3}
after:
  levers:
    less:
      kind: close
      services: [er]
      where: {sites: [hospital_north]}
      moved: {value: 0, low: 0, high: 0, source: "the definition", quality: D}
readings:
  - measure: nearest_er_min
  - measure: er_visits_per_1000_year
    by: municipality
    groups: ["0114", "0115"]
    published: {sign: none, low: -0.9, high: 0.9, source: "a trial", quality: A}
  - measure: contacts_per_1000_year
    by: service
    groups: [er]
    per: {measure: contacts_per_1000_year}
    published: {sign: up, source: "a trial", quality: A}
  - measure: er_arrivals_per_day
    times: er_share_treatable_in_primary_care
"""
SILENT = """
label: {sv: "Avgift", en: "A fee"}
study: "Another study that was made up."
use: kept_out
regions: [tiny]
not_expressible: "Nobody pays."
"""


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A working directory with the tiny world and an experiment."""
    shutil.copytree(TINY, tmp_path, dirs_exist_ok=True)
    (tmp_path / "configs" / "experiments").mkdir()
    said(tmp_path, GOOD)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def said(root: Path, text: str, name: str = "mine") -> None:
    (root / "configs" / "experiments" / f"{name}.yaml").write_text(text, encoding="utf-8")


def problems(root: Path, text: str) -> str:
    said(root, text)
    with pytest.raises(ConfigErrors) as errors:
        load_experiments(load_study(root=root), root=root)
    return str(errors.value)


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("use: kept_out", "use: kept", "mine.yaml: use: unknown value (found 'kept'); allowed: fit, kept_out"),
        ("use: kept_out", "usage: kept_out", "mine.yaml: use: is missing"),
        (
            "[tiny]",
            "[tinny]",
            "mine.yaml: regions[0]: unknown region (found 'tinny'); allowed: tiny; did you mean tiny?",
        ),
        (
            "hospital_north",
            "hospital_nort",
            "mine.yaml: after: levers.less.where.sites: unknown site (careshift places",
        ),
        ("measure: nearest_er_min", "measure: nearest_er", "readings[0].measure: unknown measure (found 'nearest_er')"),
        ("by: municipality", "by: hour", "readings[1].by: unknown cut of er_visits_per_1000_year (found 'hour')"),
        ('"0115"', '"0116"', "readings[1].groups[1]: unknown municipality (found '0116')"),
        ("low: -0.9, high", "high", "low and high are given together"),
        ("none, low: -0.9", "up, low: -0.9", "from -0.9 to 0.9 is not all up"),
        ("end: 2027-10-10", "end: 2027-10-01", "end 2027-10-01 is before start 2027-10-04"),
        ("kind: close", "kind: shut", "after.levers.less.kind: unknown kind (found 'shut')"),
        ("regions: [tiny]", "regions: [tiny]\nnot_expressible: because", "has no window, levers or readings"),
    ],
)
def test_a_file_that_is_wrong_is_told_by_file_and_key(root: Path, old: str, new: str, told: str) -> None:
    assert old in GOOD
    assert told in problems(root, GOOD.replace(old, new))


def test_all_that_is_wrong_is_told_at_once_and_without_a_traceback(root: Path) -> None:
    said(root, GOOD.replace("hospital_north", "hospital_nort").replace("nearest_er_min", "nearest_er"))
    said(root, SILENT.replace("use: kept_out", ""), "fee")
    done = CliRunner().invoke(app, ["experiments", "study=tiny"])
    assert done.exit_code == 2 and "3 errors" in done.output and "Traceback" not in done.output
    for told in ("levers.less.where.sites", "readings[0].measure", "fee.yaml: use: is missing"):
        assert told in done.output


def test_before_and_after_that_are_the_same_try_nothing(root: Path) -> None:
    same = re.sub(r"after:.*?readings:", "readings:", GOOD, flags=re.DOTALL)
    assert "before and after are the same" in problems(root, same)


def test_a_name_that_is_no_experiment_is_refused_with_the_nearest(root: Path) -> None:
    done = CliRunner().invoke(app, ["experiments", "study=tiny", "--only", "mime"])
    assert done.exit_code == 2 and "did you mean mine?" in done.output
    done = CliRunner().invoke(app, ["experiments", "study=tiny", "--only", "mine", "--write", "page.md"])
    assert done.exit_code == 2 and not (root / "page.md").exists()


class Silent:
    """As much of a report's writer as the sentence asks for."""

    def __init__(self, code: str) -> None:
        self.language = Language(code)  # type: ignore[arg-type]


def test_an_experiment_is_run_written_and_told_in_reports(root: Path) -> None:
    said(root, SILENT, "fee")
    world = load_study(["study=tiny"])
    config = {"region": {"name": "tiny"}, "care": world.care.model_dump(mode="json")}
    assert "not tested" in foretold_sentence(config, Silent("en"))  # type: ignore[arg-type]
    done = CliRunner().invoke(app, ["experiments", "study=tiny", "--write", "page.md"])
    assert done.exit_code == 0, done.output
    assert "foretells 1 of 1" in " ".join(done.output.split())
    page = (root / "page.md").read_text(encoding="utf-8")
    assert page.startswith(EXPERIMENTS_INTRODUCTION) and "*Nobody pays.*" in page
    rows = pd.read_csv(root / "configs" / "region" / "tiny" / EXPERIMENTS_FILE)
    assert rows["experiment"].tolist() == ["fee", *["mine"] * 4]
    assert rows["agreement"].tolist()[0] == Agreement.INEXPRESSIBLE
    assert rows["estimate"].tolist()[1] > 0.5  # one of two emergency rooms is closed: the way is longer
    swedish = foretold_sentence(config, Silent("sv"))  # type: ignore[arg-type]
    assert swedish.startswith("Modellen förutsäger 1 av 1 publicerade naturliga experiment (1 av de 1")
    other = {**config, "care": {**config["care"], "service_choice": None, "x": 1}}
    assert "not tested" in foretold_sentence(other, Silent("en"))  # type: ignore[arg-type]


@pytest.fixture(scope="module")
def vgr() -> World:
    return load_study(["study=validation", "region=vgr"], root=ROOT)


def test_every_shipped_file_names_what_its_regions_have(vgr: World) -> None:
    found = read_experiments(folders(ROOT), (), [])
    assert len(found) >= 15 and {one.experiment.use for one in found} == {"fit", "kept_out"}
    regions = {region for one in found for region in one.experiment.regions}
    loaded = set()
    for region in sorted(regions):
        world = vgr if region == "vgr" else load_study(["study=validation", f"region={region}"], root=ROOT)
        loaded |= {one.name for one in load_experiments(world, root=ROOT)}
    assert loaded == {one.name for one in found} == {p.stem for p in (ROOT / "configs/experiments").glob("*.yaml")}


@pytest.mark.parametrize(
    ("name", "per_km", "service"),
    [
        ("er_distance", (-0.018, -0.012), "er"),
        ("out_of_hours_distance", (np.log(0.5) / 43, np.log(0.78) / 50), "out_of_hours_clinic"),
    ],
)
def test_a_range_that_is_derived_from_distance_is_that_of_the_region(
    vgr: World, name: str, per_km: tuple[float, float], service: str
) -> None:
    experiment = next(one for one in load_experiments(vgr, [name], ROOT)).experiment
    published = next(r.published for r in experiment.readings if r.published is not None)
    closed = next(iter(experiment.after.levers.values())).where.sites
    groups = next((r.groups for r in experiment.readings if r.by == "municipality"), [])
    region, metres = vgr.region, travel_matrix(vgr)[0][: len(vgr.region.zones)]
    offers = region.offers[(region.offers["service"] == service) & region.offers["ages"].str.contains("18_64|all")]
    there = region.sites["site"].isin(offers["site"]).to_numpy()
    after = there & ~region.sites["site"].isin(closed).to_numpy()
    further = (metres[:, after].min(axis=1) - metres[:, there].min(axis=1)) / 1000
    people = region.zones[[f"people_{age}" for age in AGE_GROUPS]].sum(axis=1).to_numpy()
    people = people * (region.zones["municipality"].isin(groups).to_numpy() if groups else 1)
    ends = [float((people * np.expm1(k * further)).sum() / people.sum()) for k in per_km]
    assert [published.low, published.high] == [pytest.approx(end, abs=0.001) for end in ends]


def test_the_page_and_the_table_are_of_this_program(vgr: World) -> None:
    table = pd.read_csv(ROOT / "configs" / "region" / "vgr" / EXPERIMENTS_FILE, keep_default_na=False)
    assert set(table["care"]) == {care_hash(vgr.care.model_dump(mode="json"))}, STALE
    files = {one.name: one.experiment for one in load_experiments(vgr, root=ROOT)}
    readings = {name: max(len(one.readings), 1) for name, one in files.items()}
    assert table.groupby("experiment").size().to_dict() == readings, STALE
    assert {name: table.loc[table["experiment"] == name, "use"].iloc[0] for name in files} == {
        name: one.use for name, one in files.items()
    }, STALE
    page = PAGE.read_text(encoding="utf-8")
    assert page.startswith(EXPERIMENTS_INTRODUCTION), STALE
    for row in table[table["estimate"] != ""].to_dict("records"):
        assert f"| `{row['reading']}` |" in page and f"| {float(row['estimate']) + 0.0:+.1%} |" in page, STALE
