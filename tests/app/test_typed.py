"""What is typed is what runs, or it is refused; and what runs is told first."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from commands import MINE, here, standing_in_queue
from hydra.core.override_parser.overrides_parser import OverridesParser
from hypothesis import given
from hypothesis import strategies as st

from sim.app import exits
from sim.app.hydra_app import in_hydras_words, job_name
from sim.config.errors import ConfigErrors
from sim.config.hydra_words import in_quotes, swept
from sim.config.load import load_study

TEXTS = st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=12)


@pytest.fixture(autouse=True)
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    return standing_in_queue(tmp_path, monkeypatch)


@given(TEXTS | st.text(alphabet="'\\\"a,[]{}=: ", max_size=8))
def test_hydra_reads_any_text_in_quotes_as_that_text(text: str) -> None:
    (override,) = OverridesParser.create().parse_overrides([f"name={in_quotes(text)}"])
    assert str(override.value()) == text


@given(st.lists(TEXTS, max_size=3))
def test_hydra_reads_a_list_of_texts_in_quotes_as_that_list(texts: list[str]) -> None:
    (override,) = OverridesParser.create().parse_overrides([f"scenarios={in_quotes(list(texts))}"])
    assert list(map(str, override.value())) == texts  # type: ignore[arg-type]


NAMES = ["2027_01", "1_000", "0x10", "1e3", "007", "on", "null", "true", "nan", "2027-01-01"]


@pytest.mark.parametrize("name", NAMES)
def test_a_name_is_the_name_that_was_typed(root: Path, name: str) -> None:
    text = (root / "scenarios" / "baseline.yaml").read_text("utf-8")
    text = text.replace("Nuläge", "Ett annat").replace("Baseline", "Another")
    (root / "scenarios" / f"{name}.yaml").write_text(text, "utf-8")
    world = load_study([f"name={name}", f"scenarios=[baseline,{name}]"])
    assert (world.study.name, world.study.scenarios) == (name, ["baseline", name])


TYPED = [
    ("label.sv=Läge A", "Läge A"),
    ("label.sv=a: {b", "a: {b"),
    ("label.sv=it's, 'so'", "it's, 'so'"),
    ("label.sv='Läge A'", "Läge A"),
    ("label={sv: Läge A, en: Case A}", "Läge A"),
]


@pytest.mark.parametrize(("text", "label"), TYPED)
def test_a_label_is_the_text_that_was_typed(text: str, label: str) -> None:
    assert load_study([text]).study.label.sv == label


@pytest.mark.parametrize("number", ["1_000", "1e3", "8.0", "0x10", "٣", "1 000"])
def test_a_number_that_is_none_is_refused_and_not_guessed(number: str) -> None:
    done = here("check", f"replications={number}")
    assert done.code == exits.BAD_INPUT
    assert f"replications: must be a whole number (found '{number}')" in done.errors


def test_a_key_that_is_given_twice_is_refused() -> None:
    done = here("check", "seed=3", "seed=4")
    assert (done.code, done.errors.count("seed: the key is given twice")) == (exits.BAD_INPUT, 1)


def test_the_study_is_told_first_with_what_differs_from_its_file() -> None:
    lines = here("check", "name=2027_01", "replications=2", "scenarios=[baseline]").output.splitlines()
    assert lines[:6] == [
        "2027_01: A queue M/M/c",
        "2027-01-11 to 2027-03-07 after 2 days of warm-up; town, care model queue; 2 replications, seed 1; results in "
        "results.",
        "Baseline baseline, and nothing against it.",
        "Differs: name 2027_01 (in the file: mmc).",
        "Differs: scenarios [baseline] (in the file: [baseline, one_more_place]).",
        "Differs: replications 2 (in the file: 16).",
    ]


def test_what_is_changed_within_a_scenario_is_told_too() -> None:
    output = here("check", "one_more_place.levers.fifth.add_units.high=2").output
    assert "Differs: one_more_place.levers.fifth.add_units.high 2 (before: 1.0).\n" in output


def test_what_is_as_in_its_file_is_not_told_as_different() -> None:
    assert "Differs" not in here("check", "replications=16").output


def test_a_file_that_replaces_a_shipped_scenario_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    mine = MINE.replace("resource: room", "resource: bed")
    for file in ("given/baseline.yaml", "scenarios/near_care.yaml", "given/mine.yaml"):
        (tmp_path / file).parent.mkdir(exist_ok=True)
        label = f"{{sv: {Path(file).stem}, en: {Path(file).stem}}}"
        (tmp_path / file).write_text(mine.replace("{sv: Fler rum, en: More rooms}", label), "utf-8")
    files = [Path("given/baseline.yaml"), Path("given/mine.yaml")]
    differences = load_study(["study=teaching", "scenarios=[baseline,near_care]"], files=files).differences
    replaced = [text.partition(" replaces the one that comes with the program")[0] for text in differences[1:]]
    assert sorted(replaced) == ["scenario given/baseline.yaml", "scenario scenarios/near_care.yaml"]


def test_a_file_that_replaces_a_scenario_of_ones_own_world_says_so(root: Path, tmp_path: Path) -> None:
    given_file = tmp_path / "baseline.yaml"
    given_file.write_text((root / "scenarios" / "baseline.yaml").read_text("utf-8"), "utf-8")
    (replaced,) = load_study([], files=[given_file]).differences
    assert replaced == f"scenario {given_file} replaces scenarios/baseline.yaml"
    assert load_study([], files=[Path("scenarios/baseline.yaml")]).differences == ()


def test_python_m_sim_refuses_keys_that_it_does_not_use() -> None:
    with pytest.raises(ConfigErrors) as caught:
        in_hydras_words(["study=teaching", "scenario=nobody", "scenarios=[baseline,near_care]", "seeed=3"])
    keys = {problem.key: problem for problem in caught.value.problems}
    assert keys.keys() == {"scenarios", "seeed"}
    assert "name it with scenario=" in keys["scenarios"].message
    assert keys["seeed"].nearest == "seed"


def test_python_m_sim_quotes_what_is_typed_and_leaves_what_is_hydras() -> None:
    words = ["--cfg", "job", "hydra/launcher=joblib", "hydra.launcher.n_jobs=2", "name=2027_01", "label.sv=Läge A"]
    assert in_hydras_words(words) == [*words[:4], "name='2027_01'", "label.sv='Läge A'"]
    assert in_hydras_words(["seed=3,4"]) == ["seed='3,4'"]  # no sweep: pydantic refuses it
    assert in_hydras_words(["-m", "seed=3,4", "scenario=glob(*)"]) == ["-m", "seed='3','4'", "scenario=glob(*)"]


@pytest.mark.parametrize("value", ["range(1,3)", "glob(n*)"])
def test_functions_of_a_sweep_stay_functions(value: str) -> None:
    assert swept(value, "command line", "seed") == value


def test_a_job_is_named_from_what_it_was_given() -> None:
    given_words = ["study='teaching'", "scenario='nobody'", "seed='4'", "replications='2'", "workers='1'"]
    assert job_name("teaching", ["baseline", "nobody"], given_words) == "teaching__nobody__seed_4"
    assert job_name("teaching", ["baseline", "nobody"], given_words[:2]) == "teaching__nobody"
    long = [f"label.sv='{'ett långt namn ' * 9}{n}'" for n in range(2)]
    names = {job_name("teaching", ["baseline", "nobody"], [one]) for one in long}
    assert len(names) == 2
    assert all(len(name) <= 80 for name in names)


def test_python_m_sim_quotes_changes_within_a_part_and_finds_their_scenario() -> None:
    path = "one_more_place.levers.fifth.add_units.value"
    changes = [f"{path}=0.5", f"{path}=1"]
    assert in_hydras_words([f"{path}=0.5,1"]) == ["scenario='one_more_place'", f"+changes.0='{path}=0.5,1'"]
    swept_words = ["-m", "scenario='one_more_place'", f"+changes.0='{changes[0]}','{changes[1]}'"]
    assert in_hydras_words(["-m", f"{path}=0.5,1"]) == swept_words
    assert in_hydras_words(["-m", "scenario=one_more_place", f"{path}=0.5,1"]) == swept_words
    assert in_hydras_words(["-m", f"{path}=range(0.5,2.5,1)"])[2] == f"+changes.0='{path}=0.5','{path}=1.5'"
    assert in_hydras_words(["care.services.x.label.sv=å"]) == ["+changes.0='care.services.x.label.sv=å'"]


REFUSED = [
    ("one_more.fifth.add_units=1", "one_more", "one_more_place"),
    ("x.fifth.add_units=1", "x", ""),
    ("one_more_place.a.b=glob(*)", "one_more_place.a.b", ""),
]


@pytest.mark.parametrize(("word", "key", "nearest"), REFUSED)
def test_python_m_sim_refuses_changes_of_no_scenario_and_sweeps_that_say_no_values(
    word: str, key: str, nearest: str
) -> None:
    with pytest.raises(ConfigErrors) as caught:
        in_hydras_words(["-m", word])
    (problem,) = caught.value.problems
    assert (problem.key, problem.nearest) == (key, nearest)


def test_a_job_is_named_from_what_was_changed_within_a_part() -> None:
    words = ["+changes.0='near_care.levers.more.scale.value=0.03'", "+changes.1='region.pools.a.capacity=2'"]
    assert job_name("s", ["baseline", "near_care"], words) == "s__near_care__more_scale_0_03__region_pools_a_capacity_2"
    labels = {job_name("s", ["baseline"], [f"label.sv='{text}'"]) for text in ("Läge", "Låge")}
    assert len(labels) == 2


EVIL = "from pathlib import Path\nPath({mark!r}).write_text('ran')\n"


def test_no_code_from_the_working_folder_runs_and_errors_end_as_in_careshift(root: Path, tmp_path: Path) -> None:
    mark = tmp_path / "ran"
    for name in ("hydra_plugins/evil/__init__.py", "typer.py", "numpy.py", "sitecustomize_.py"):
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(EVIL.format(mark=str(mark)), "utf-8")
    words = [sys.executable, "-m", "sim", "scenario=one_more_place", "replications=1_0"]
    done = subprocess.run(words, cwd=root, text=True, capture_output=True, check=False)
    assert done.returncode == exits.BAD_INPUT, done.stderr
    assert "replications: must be a whole number (found '1_0')" in done.stderr
    assert "Traceback" not in done.stderr
    assert not mark.exists()
