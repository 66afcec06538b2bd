"""``careshift export``: what it writes, and what it refuses before it writes anything."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from commands import edit, here, standing_in_queue

from sim.app import exits


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The example of one queue, its study run."""
    with pytest.MonkeyPatch.context() as patch:
        root = standing_in_queue(tmp_path_factory.mktemp("queue"), patch)
        done = here("run", "replications=2", "workers=1")
        assert done.code == 0, done.errors
    return root


@pytest.fixture
def root(world: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy to stand in."""
    root = Path(shutil.copytree(world, tmp_path / "root"))
    monkeypatch.chdir(root)
    return root


def left(root: Path) -> list[str]:
    return sorted(path.name for path in (root / "results" / "mmc" / "export").glob("*"))


def test_each_format_is_written_into_the_folder_of_the_study(root: Path) -> None:
    for to in ("xlsx", "docx", "pptx", "csv", "events"):
        done = here("export", "results/mmc", "--to", to, "--language", "en")
        assert done.code == 0, done.errors
        assert "Written: results/mmc/export/mmc_" in done.output
    assert left(root) == [
        "mmc_baseline_0_events.csv", "mmc_baseline_0_events.parquet", "mmc_baseline_0_events.xes.gz", "mmc_en.docx",
        "mmc_en.pptx", "mmc_en.xlsx", "mmc_en_headlines.csv", "mmc_en_measures.csv",
    ]  # fmt: skip


def test_a_file_or_a_folder_may_be_chosen_and_a_run(root: Path) -> None:
    assert here("export", "results/mmc", "--to", "xlsx", "--out", "elsewhere/mine.xlsx").code == 0
    run = ("--scenario", "one_more_place", "--replication", "1", "--days", "1")
    assert here("export", "results/mmc", "--to", "events", "--out", "elsewhere", *run).code == 0
    assert sorted(path.name for path in (root / "elsewhere").iterdir()) == [
        "mine.xlsx", "mmc_one_more_place_1_events.csv", "mmc_one_more_place_1_events.parquet",
        "mmc_one_more_place_1_events.xes.gz",
    ]  # fmt: skip


REFUSED = {
    "a folder that is misspelt": (["results/mcm", "--to", "xlsx"], "did you mean results/mmc?"),
    "a format that is misspelt": (["results/mmc", "--to", "xslx"], "--to: unknown format (found 'xslx')"),
    "a scenario that is misspelt": (
        ["results/mmc", "--to", "events", "--scenario", "one_more_plase"],
        "did you mean one_more_place?",
    ),
    "a replication that was not run": (
        ["results/mmc", "--to", "events", "--replication", "2"],
        "unknown replication (found '2'); allowed: 0, 1",
    ),
    "days of a format without runs": (["results/mmc", "--to", "docx", "--days", "2"], "--days: chooses a run"),
    "days that are no number": (["results/mmc", "--to", "events", "--days", "nan"], "--days"),
    "another ending": (["results/mmc", "--to", "docx", "--out", "x.xlsx"], "must be a file that ends with .docx"),
    "a file where a folder is wanted": (["results/mmc", "--to", "csv", "--out", "scenarios/baseline.yaml"], "a folder"),
    "the study's own folder": (["results/mmc", "--to", "csv", "--out", "results/mmc"], "choose another"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_cannot_be_is_refused_by_name_and_nothing_is_written(root: Path, case: str) -> None:
    words, told = REFUSED[case]
    done = here("export", *words)
    assert done.code == exits.BAD_INPUT, done
    assert told in done.errors
    assert "Traceback" not in done.errors
    assert left(root) == []


@pytest.mark.parametrize("name", ["measures.parquet", "comparison.csv", "config.yaml", "manifest.json"])
@pytest.mark.parametrize("command", [("report",), ("precision",), ("export", "--to", "xlsx")], ids=lambda one: one[0])
def test_a_file_that_is_damaged_or_missing_is_told_by_every_command_that_reads_a_study(
    root: Path, name: str, command: tuple[str, ...]
) -> None:
    path = root / "results" / "mmc" / name
    whole = path.read_bytes()
    for damaged in (whole[: len(whole) // 10], b""):
        path.write_bytes(damaged)
        done = here(command[0], "results/mmc", *command[1:])
        assert done.code == exits.BAD_INPUT, done.errors
        assert f"results/mmc/{name} is damaged" in done.errors
    path.unlink()
    done = here(command[0], "results/mmc", *command[1:])
    assert done.code == exits.BAD_INPUT
    assert f"{name} is missing" in done.errors


def test_a_comparison_that_is_not_of_the_manifest_is_told(root: Path) -> None:
    path = root / "results" / "mmc" / "comparison.csv"
    lines = path.read_text("utf-8").splitlines(keepends=True)
    path.write_text("".join(lines[:-1]), "utf-8")  # every line that is left is whole
    done = here("export", "results/mmc", "--to", "csv")
    assert done.code == exits.BAD_INPUT
    assert "comparison.csv is damaged: it is not the file that the manifest was written with. Run" in done.errors


def test_a_run_of_tables_that_have_changed_is_refused(root: Path) -> None:
    edit(root, "configs/region/town/pools.csv", "hospital,4,", "hospital,5,")
    done = here("export", "results/mmc", "--to", "events")
    assert done.code == exits.BAD_INPUT
    assert "cannot be run again as it was: region.tables_sha256.pools" in done.errors


def test_an_export_that_cannot_be_written_leaves_the_one_before(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert here("export", "results/mmc", "--to", "docx", "--language", "en").code == 0
    before = (root / "results" / "mmc" / "export" / "mmc_en.docx").read_bytes()

    def breaks(*given: object) -> None:
        raise OSError(28, "No space left on device", "mmc_en.docx")

    monkeypatch.setattr("sim.export.brief._pages", breaks)
    done = here("export", "results/mmc", "--to", "docx", "--language", "en")
    assert (done.code, done.errors) == (exits.ENVIRONMENT, "mmc_en.docx: No space left on device\n")
    assert (root / "results" / "mmc" / "export" / "mmc_en.docx").read_bytes() == before
    assert left(root) == ["mmc_en.docx"]
