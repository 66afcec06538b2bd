"""A study: computed once, the same whatever computes it, resumed after anything."""

from __future__ import annotations

import hashlib
import json
import pickle
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from reports import with_ranged_travel
from studies import command, computed, events, run_files
from worlds import at_variant

from sim.compile import compile_scenario
from sim.config.load import load_study
from sim.results.files import sha256
from sim.results.read import read_results
from sim.study.parcels import pack, unpack
from sim.study.plan import plan
from sim.study.points import ScenarioPoint
from sim.study.store import OtherStudy, differences, model_hash
from sim.study.study import run_study

ROOT = Path(__file__).resolve().parents[2]
TINY = ROOT / "tests" / "data" / "tiny"


def run(root: Path, *overrides: str) -> tuple[Path, dict[str, object]]:
    results = run_study(load_study([f"results={root / 'results'}", *overrides], root=root), progress=False)
    return results.folder, results.manifest


def names(points: Sequence[ScenarioPoint]) -> list[str]:
    """What the runs of some points are called."""
    return [f"{point.name} {r}" for point in points for r in range(point.replications)]


def test_a_study_has_every_replication_and_both_ends_of_the_assumptions() -> None:
    runs = names(plan(load_study(root=TINY)))
    assert sorted(runs) == sorted(
        [f"{s} value {r}" for s in ("baseline", "near_care", "closed_er") for r in (0, 1)]
        + [f"{s} {end} 0" for s in ("near_care", "closed_er") for end in ("low", "high")]
        + [f"near_care mechanism {r}" for r in (0, 1)]
    )


def test_every_scenario_and_the_baseline_are_run_with_short_and_long_trips_where_travel_has_a_range(
    tmp_path: Path,
) -> None:
    root = with_ranged_travel(tmp_path)
    added = set(names(plan(load_study(root=root)))) - set(names(plan(load_study(root=TINY))))
    assert added == {f"{s} {t}_trips 0" for s in ("baseline", "near_care", "closed_er") for t in ("short", "long")}
    world = load_study(["assumption_runs=false"], root=root)
    assert {r.variant for r in plan(world)} == {"value", "mechanism"}


def test_trips_change_distances_and_leave_effect_sizes_at_their_value(tmp_path: Path) -> None:
    world = load_study(root=with_ranged_travel(tmp_path))
    usual, short, long = (
        compile_scenario(at_variant(world, "near_care", v), "near_care") for v in ("value", "short_trips", "long_trips")
    )
    assert (short.travel_s < usual.travel_s).all() and (usual.travel_s < long.travel_s).all()
    assert np.array_equal(short.factor, usual.factor)
    assert pickle.dumps(short.shift) == pickle.dumps(usual.shift)


def test_without_its_runs_of_trips_no_change_is_robust_even_where_no_effect_size_has_a_range(tmp_path: Path) -> None:
    root = with_ranged_travel(tmp_path)
    path = root / "scenarios" / "closed_er.yaml"
    path.write_text(path.read_text("utf-8").replace("low: 0.25, high: 0.75", "low: 0.5, high: 0.5"), encoding="utf-8")
    comparison = run_study(load_study([f"results={root / 'results'}"], root=root), progress=False).comparison
    nearest = comparison[(comparison["measure"] == "nearest_er_min") & (comparison["by"] == "all")]
    row = nearest.set_index("scenario").loc["closed_er"]
    assert row["low_assumption"] < row["change"] < row["high_assumption"]
    assert row["robust"]
    unvaried = run_study(
        load_study([f"results={root / 'results'}", "name=unvaried", "assumption_runs=false"], root=root), progress=False
    ).comparison
    assert not unvaried["robust"].any()


def test_measures_are_the_same_bytes_whatever_the_workers_and_the_order_of_scenarios(tmp_path: Path) -> None:
    files = []
    orders = ("[baseline,near_care,closed_er]", "[baseline,closed_er,near_care]")
    for workers, order in ((1, orders[0]), (2, orders[0]), (2, orders[1])):
        root = Path(shutil.copytree(TINY, tmp_path / f"{len(files)}"))
        folder, _ = run(root, f"workers={workers}", f"scenarios={order}")
        files.append((folder / "measures.parquet").read_bytes())
    assert files[0] == files[1] == files[2]


def test_a_scenario_alone_has_the_runs_that_it_has_in_company(root: Path) -> None:
    _, together = run(root, "name=together")
    _, alone = run(root, "name=alone", "scenarios=[baseline,near_care]")
    keys = [{(r["scenario"], r["variant"], r["replication"]): r["key"] for r in m["runs"]} for m in (together, alone)]
    assert keys[1].items() <= keys[0].items()
    assert not computed(root / "results" / "alone")


def test_a_study_that_is_done_computes_nothing_again(root: Path) -> None:
    folder, _ = run(root)
    before = (folder / "measures.parquet").read_bytes()
    assert len(computed(folder)) == 12
    folder, manifest = run(root)
    assert len(computed(folder)) == 12
    assert (folder / "measures.parquet").read_bytes() == before
    assert len(manifest["runs"]) == 12  # type: ignore[arg-type]


def test_added_replications_and_scenarios_compute_only_what_is_new(root: Path) -> None:
    folder, _ = run(root, "scenarios=[baseline,near_care]")
    old = len(computed(folder))
    folder, _ = run(root, "scenarios=[baseline,near_care,closed_er]", "replications=3")
    new = computed(folder)[old:]
    closed = ("value 0", "value 1", "value 2", "low 0", "high 0")
    assert sorted(map(str, new)) == sorted(
        ["baseline value 2", "near_care value 2", "near_care mechanism 2", *(f"closed_er {run}" for run in closed)]
    )


def test_a_changed_label_recomputes_nothing(root: Path) -> None:
    run(root)
    path = root / "scenarios" / "near_care.yaml"
    path.write_text(path.read_text("utf-8").replace("label: {sv: ", "label: {sv: Ny "), encoding="utf-8")
    folder, _ = run(root, "name=relabelled")
    assert not computed(folder)


def test_a_changed_effect_size_is_another_study(root: Path) -> None:
    run(root)
    path = root / "scenarios" / "near_care.yaml"
    text = path.read_text("utf-8")
    path.write_text(text.replace("high: 0.75", "high: 0.8"), encoding="utf-8")
    with pytest.raises(OtherStudy, match=r"less_er\.share\.high: 0\.75 there, 0\.8 now[\s\S]*name=tiny_2"):
        run(root)


def test_a_changed_table_is_another_study(root: Path) -> None:
    run(root)
    path = root / "configs" / "region" / "tiny" / "pools.csv"
    path.write_text(path.read_text("utf-8").replace("vc_norrby,4,0", "vc_norrby,5,0"), encoding="utf-8")
    with pytest.raises(OtherStudy, match="tables_sha256"):
        run(root)


def test_how_we_compute_makes_no_other_study() -> None:
    one = {
        "execution": {"workers": 1},
        "study": {"scenarios": ["a", "b"], "replications": 2},
        "scenarios": {"a": 1, "b": 2},
    }
    two = {
        "execution": {"workers": 9},
        "study": {"scenarios": ["a", "c", "b"], "replications": 5},
        "scenarios": {"a": 1, "b": 2, "c": 3},
    }
    assert not differences(one, two)
    assert differences(two, one) == ["scenarios.c: 3 there, nothing now", *differences(two, one)[1:]]
    assert any("replications: 5 there, 2 now" in said for said in differences(two, one))


def test_a_damaged_run_is_computed_again(root: Path) -> None:
    folder, _ = run(root)
    before = (folder / "measures.parquet").read_bytes()
    hurt = run_files(root)[3]
    hurt.write_bytes(hurt.read_bytes()[:-200])
    folder, _ = run(root)
    assert len(computed(folder)) == 13
    assert (folder / "measures.parquet").read_bytes() == before


def test_a_run_that_fails_is_told_and_the_others_are_kept(root: Path) -> None:
    _, manifest = run(root)
    runs = manifest["runs"]
    assert isinstance(runs, list)
    key = next(r["key"] for r in runs if (r["scenario"], r["variant"]) == ("near_care", "low"))
    shutil.rmtree(root / "results")
    (root / "results" / "runs" / f"{key}.parquet" / "in the way").mkdir(parents=True)
    done = subprocess.run(command(root), cwd=root, text=True, capture_output=True, check=False)
    assert done.returncode == 1, done.stderr
    assert "1 of 12 runs failed" in done.stderr
    assert "near_care low 0" in done.stderr
    results = read_results(root / "results" / "tiny")
    assert [(f["scenario"], f["variant"]) for f in results.manifest["failed"]] == [("near_care", "low")]
    assert len(results.manifest["runs"]) == 11
    assert (root / "results" / "tiny" / "report.html").exists()


def test_a_study_of_which_every_run_fails_says_why(root: Path) -> None:
    _, manifest = run(root)
    runs = manifest["runs"]
    assert isinstance(runs, list)
    shutil.rmtree(root / "results")
    for entry in runs:
        (root / "results" / "runs" / f"{entry['key']}.parquet" / "in the way").mkdir(parents=True)
    done = subprocess.run(command(root), cwd=root, text=True, capture_output=True, check=False)
    assert done.returncode == 1, done.stderr
    assert "every run of" in done.stderr
    assert "in the way" not in done.stdout


def test_a_worker_has_the_model_that_was_compiled_and_changes_nothing_in_it(root: Path) -> None:
    model = compile_scenario(load_study(root=root), "near_care")
    parcel = pack(model, root / "tables")
    received = unpack(pickle.loads(pickle.dumps(parcel)))
    assert model_hash(received) == model_hash(model)
    assert not received.travel_s.flags.writeable
    assert np.shares_memory(unpack(parcel).travel_s, received.travel_s)  # a machine has it once


def test_every_line_of_the_journal_bears_its_checksum(root: Path) -> None:
    folder, _ = run(root, "scenarios=[baseline,near_care]")
    for event in events(folder):
        said = event.pop("sha256")
        text = json.dumps(event, ensure_ascii=False)
        assert hashlib.sha256(text.encode()).hexdigest()[:16] == said


def test_the_manifest_knows_the_bytes_of_every_run(root: Path) -> None:
    _, manifest = run(root, "scenarios=[baseline,near_care]")
    runs = manifest["runs"]
    assert isinstance(runs, list)
    for entry in runs:
        assert sha256(root / "results" / "runs" / f"{entry['key']}.parquet") == entry["sha256"]


def test_measures_name_the_run_that_they_are_of(root: Path) -> None:
    folder, _ = run(root)
    measures = pd.read_parquet(folder / "measures.parquet")
    assert set(measures["period"]) == {"window"}
    cells = measures.groupby(["scenario", "variant", "replication"])
    assert len(cells) == 12
    assert cells.size().nunique() == 1
