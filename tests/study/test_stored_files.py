"""No stored file is believed that is not what was stored; what can be made again is, to the same bytes."""

from __future__ import annotations

import random
import shutil
from pathlib import Path

import pandas as pd
import pytest
from damage import AGAIN, FINE, MISSING, REFUSED, SHORT, STUDY, Harm, flip, harms, place_of, run_files

from sim.config.load import load_study
from sim.results.identity import Damaged, fault_of, read_table, write_table
from sim.results.journal import read_journal
from sim.results.read import DamagedStudy, Results, read_results
from sim.results.stored_runs import RunFile
from sim.study import done_before
from sim.study.inventory import StudyState, inventory
from sim.study.progress import Event, RunDamaged
from sim.study.store import OtherStudy
from sim.study.study import run_study

QUEUE = Path(__file__).resolve().parents[2] / "docs" / "examples" / "mmc"
HEALED = 4  # one in so many is healed here; all of them were, docs/reliability.md
BELIEVED = ("measures.parquet", "comparison.csv", "decomposition.csv", "validation.csv", "config.yaml", "manifest.json")


def run(results: Path, *words: str, heard: list[Event] | None = None) -> Results:
    own = {word.partition("=")[0] for word in words}
    usual = [word for word in SHORT if word.partition("=")[0] not in own]
    world = load_study([*usual, f"results={results}", *words], root=QUEUE)
    return run_study(world, progress=False if heard is None else heard.append)


@pytest.fixture(scope="module")
def stored(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A results folder with one study, which no test changes."""
    return run(tmp_path_factory.mktemp("stored") / "results").folder.parent


@pytest.fixture
def results(stored: Path, tmp_path: Path) -> Path:
    """A copy of it."""
    return Path(shutil.copytree(stored, tmp_path / "results"))


def tables(results: Path) -> dict[str, bytes]:
    """What a study leaves that has no time of day in it, and its runs."""
    files = [results / STUDY / name for name in BELIEVED[:-2]] + run_files(results)
    return {path.name: path.read_bytes() for path in files}


def verdict(results: Path) -> tuple[str, str]:
    """What becomes of a study that is read, and what is told."""
    looks = [RunFile(path).look() for path in run_files(results)]
    try:
        read_results(results / STUDY)
    except DamagedStudy as error:
        return REFUSED, str(error)
    except FileNotFoundError as error:
        return MISSING, str(error.filename)
    damaged = [f"{look.path} {look.why}" for look in looks if isinstance(look, Damaged)]
    gone = len(run_files(results)) < 4 or None in looks
    return (AGAIN, damaged[0] if damaged else "") if damaged or gone else (FINE, "")


def believes(path: Path) -> bool:
    """Whether a file is read as if nothing were wrong with it."""
    if path.parent.name == "runs":
        return not isinstance(RunFile(path).look(), Damaged)
    try:
        read_results(path.parent)
    except DamagedStudy:
        return False
    return True


@pytest.mark.parametrize("harm", list(harms()), ids=lambda harm: harm.what)
def test_a_harm_is_told_by_the_name_of_its_file(results: Path, harm: Harm) -> None:
    path = place_of(results, harm)
    harm.do(path)
    became, told = verdict(results)
    assert became == harm.expected
    assert path.name in told or became in (AGAIN, FINE)
    (record,) = inventory(results)
    assert record.state is not StudyState.DONE or harm.expected == FINE


@pytest.mark.parametrize("harm", list(harms())[::HEALED], ids=lambda harm: harm.what)
def test_a_study_that_is_started_again_is_healed_to_the_same_bytes(results: Path, harm: Harm) -> None:
    before, path = tables(results), place_of(results, harm)
    harm.do(path)
    if harm.what.endswith("a folder in its place"):  # nothing in a folder is removed
        path.rmdir()
    run(results)
    assert tables(results) == before
    assert inventory(results)[0].state is StudyState.DONE


def test_of_four_hundred_bits_that_are_turned_over_none_is_believed(stored: Path, tmp_path: Path) -> None:
    results = Path(shutil.copytree(stored, tmp_path / "results"))
    luck = random.Random(1)
    files = run_files(results) + [results / STUDY / name for name in BELIEVED]
    believed = []
    for _ in range(400):
        path = luck.choice(files)
        bit = luck.randrange(8 * path.stat().st_size)
        flip(path, bit)
        believed += [(path, bit)] if believes(path) else []
        flip(path, bit)
    assert believed == []
    assert verdict(results)[0] == FINE


def test_each_bit_of_a_small_stored_table_counts(tmp_path: Path) -> None:
    path = tmp_path / "run.parquet"
    write_table(path, pd.DataFrame({"value": [1.0, 2.0]}), {"kind": "run", "key": "run"})
    whole = path.read_bytes()
    assert fault_of(whole) is None
    for bit in range(8 * len(whole)):
        flipped = bytearray(whole)
        flipped[bit // 8] ^= 1 << bit % 8
        assert fault_of(bytes(flipped)) is not None, bit
    found = read_table(path, {"key": "run"})
    assert not isinstance(found, Damaged)
    assert found.frame["value"].tolist() == [1.0, 2.0]
    assert (found.about["rows"], found.about["schema"]) == ("2", "1")


def test_a_run_says_which_it_is_and_a_damaged_one_is_told_when_it_is_computed_again(results: Path) -> None:
    first = run_files(results)[0]
    table = read_table(first, {"key": first.stem, "kind": "run"})
    assert not isinstance(table, Damaged)
    point, replication = table.about["point"].rsplit(" ", 1)[0], table.about["replication"]
    assert (point, replication) in {(s, r) for s in ("baseline", "one_more_place") for r in ("0", "1")}
    flip(first, 4000)
    heard: list[Event] = []
    run(results, heard=heard)
    (event,) = [event for event in heard if isinstance(event, RunDamaged)]
    assert (event.path, event.why) == (str(first), "its content is not what was stored")
    assert [e["path"] for e in read_journal(results / STUDY).entries if e["event"] == "run damaged"] == [str(first)]


def test_a_damaged_configuration_is_written_anew_only_where_it_is_told_that_it_was_this_one(results: Path) -> None:
    path = results / STUDY / "config.yaml"
    path.write_bytes(path.read_bytes()[:500])
    with pytest.raises(OtherStudy, match=r"config\.yaml is damaged, and nothing tells that this configuration was it"):
        run(results, "seed=7")
    whole = run(results).config
    assert whole["study"]["seed"] == 1
    path.write_bytes(b"")
    (results / STUDY / "journal.jsonl").unlink()  # the manifest still tells
    assert run(results).config == whole
    path.write_bytes(b"")
    (results / STUDY / "journal.jsonl").unlink()
    (results / STUDY / "manifest.json").unlink()
    with pytest.raises(OtherStudy, match="name=mmc_2"):
        run(results)


def test_what_the_journal_tells_of_a_run_stands_in_a_manifest_that_is_written_anew(results: Path) -> None:
    path = results / STUDY / "manifest.json"
    before = read_results(path.parent).manifest
    path.unlink()
    after = run(results).manifest
    assert [set(entry) for entry in after["runs"]] == [{*set(entry)} for entry in before["runs"]]
    assert all(entry["peak_mb"] > 0 for entry in after["runs"])


def test_a_study_that_is_done_compiles_nothing_and_one_that_is_not_whole_does(
    results: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def compiles(*given: object) -> None:
        raise RuntimeError("a model is compiled")

    monkeypatch.setattr("sim.study.evaluate.execute", compiles)
    heard: list[Event] = []
    assert run(results, heard=heard).measures.equals(read_results(results / STUDY).measures)
    assert [getattr(event, "text", "") for event in heard] == ["all 4 runs are there already; nothing is computed"]
    assert run(results, "language=en").config["execution"]["language"] == "en"
    run_files(results)[2].unlink()
    with pytest.raises(RuntimeError, match="a model is compiled"):
        run(results)
    with pytest.raises(RuntimeError, match="a model is compiled"):
        run(results, "replications=3")


def test_another_table_another_program_and_another_library_are_no_study_that_is_done(
    results: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    world = load_study([*SHORT, f"results={results}"], root=QUEUE)
    usual = done_before.origin(world)
    assert usual
    assert usual == done_before.origin(load_study([*SHORT[:2], "workers=2", "language=en"], root=QUEUE))
    assert usual != done_before.origin(world.vary({"region.pools.places.capacity": 5}))
    assert usual != done_before.origin(world.vary({"study.seed": 2}))
    monkeypatch.setattr(done_before, "versions", lambda: {"numpy": "0"})
    assert usual != done_before.origin(world)
    monkeypatch.undo()
    monkeypatch.setattr(done_before, "program_hash", lambda: "another")
    assert usual != done_before.origin(world)
