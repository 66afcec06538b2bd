"""Whatever the disk refuses, one thing after the other: told with its path, nothing half written, and it goes on."""

from __future__ import annotations

import errno
import os
import shutil
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from commands import here
from damage import SHORT, STUDY, run_files

from sim.app import exits
from sim.config.load import load_study
from sim.results import files
from sim.results.files import Disk, temporary_name, write_text
from sim.results.journal import read_journal
from sim.study.study import run_study

QUEUE = Path(__file__).resolve().parents[2] / "docs" / "examples" / "mmc"
REFUSALS = [  # what, and at which share of all that is asked; each single one is tried in docs/reliability.md
    ("read", 1.0), ("write", 0.5), ("write", 1.0), ("append", 0.5), ("flush", 0.7), ("replace", 0.3),
    ("make_folder", 0.0),
]  # fmt: skip
TABLES = ("measures.parquet", "comparison.csv", "decomposition.csv", "validation.csv")


class FailingDisk(Disk):
    """A disk that refuses the n-th of what it is asked; it counts what it is asked."""

    def __init__(self, asked: str = "", number: int = 0, code: int = errno.ENOSPC) -> None:
        self.asked, self.number, self.code = asked, number, code
        self.counts: Counter[str] = Counter()
        self.refused: Path | None = None

    def count(self, asked: str, path: Path) -> None:
        self.counts[asked] += 1
        if (asked, self.counts[asked]) == (self.asked, self.number):
            self.refused = path
            raise OSError(self.code, os.strerror(self.code))  # without the path, as a write has none

    def read(self, path: Path) -> bytes:
        self.count("read", path)
        return super().read(path)

    def write(self, path: Path, content: bytes) -> None:
        path.write_bytes(content[: len(content) // 2])  # as a full disk does
        self.count("write", path)
        super().write(path, content)

    def append(self, path: Path, content: bytes) -> None:
        self.count("append", path)
        super().append(path, content)

    def flush(self, path: Path) -> None:
        self.count("flush", path)
        super().flush(path)

    def replace(self, temporary: Path, path: Path) -> None:
        self.count("replace", path)
        super().replace(temporary, path)

    def make_folder(self, path: Path) -> None:
        self.count("make_folder", path)
        super().make_folder(path)


def run(results: Path, root: Path | None = QUEUE) -> None:
    run_study(load_study([*SHORT, f"results={results}"], root=root), progress=False)


def left(results: Path) -> dict[str, bytes]:
    paths = [results / STUDY / name for name in TABLES] + run_files(results)
    return {path.name: path.read_bytes() for path in paths}


def temporary(results: Path) -> list[str]:
    return [path.name for path in results.rglob(".*") if path.name != ".lock"]


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> tuple[dict[str, bytes], Counter[str]]:
    """What a study leaves on a disk that refuses nothing, and how often that was asked for what."""
    disk, results = FailingDisk(), tmp_path_factory.mktemp("whole") / "results"
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(files, "DISK", disk)
        run(results)
    return left(results), disk.counts


@pytest.mark.parametrize(("asked", "share"), REFUSALS, ids=str)
def test_whatever_the_disk_refuses_is_told_with_its_path_and_the_study_goes_on(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    whole: tuple[dict[str, bytes], Counter[str]],
    asked: str,
    share: float,
) -> None:
    results = tmp_path / "results"
    disk = FailingDisk(asked, max(round(share * whole[1][asked]), 1))
    monkeypatch.setattr(files, "DISK", disk)
    with pytest.raises(OSError, match="No space left on device") as caught:
        run(results)
    assert disk.refused is not None
    assert caught.value.errno == errno.ENOSPC
    named = Path(str(caught.value.filename))
    assert named.parent in (disk.refused.parent, disk.refused)
    assert not named.name.startswith(".")
    assert temporary(results) == []
    monkeypatch.setattr(files, "DISK", Disk())
    run(results)
    assert left(results) == whole[0]


def test_a_run_that_cannot_be_read_is_computed_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, whole: tuple[dict[str, bytes], Counter[str]]
) -> None:
    results = tmp_path / "results"
    run(results)
    first = run_files(results)[0]
    disk = FailingDisk(code=errno.EIO)
    (results / STUDY / "manifest.json").unlink()
    read = disk.read

    def fails_once(path: Path) -> bytes:
        if path == first and disk.refused is None:
            disk.refused = path
            raise OSError(errno.EIO, os.strerror(errno.EIO))
        return read(path)

    monkeypatch.setattr(disk, "read", fails_once)
    monkeypatch.setattr(files, "DISK", disk)
    run(results)
    assert disk.refused == first
    assert left(results) == whole[0]
    damaged = [entry for entry in read_journal(results / STUDY).entries if entry["event"] == "run damaged"]
    assert [(entry["path"], entry["why"]) for entry in damaged] == [(str(first), "Input/output error")]


@pytest.mark.parametrize("workers", [1, 2])
def test_a_full_disk_ends_every_command_with_the_code_of_the_environment(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, workers: int
) -> None:
    root = Path(shutil.copytree(QUEUE, tmp_path / "root"))
    monkeypatch.chdir(root)
    (root / "results").mkdir()
    (root / "results" / "runs").write_text("a file where a folder should be", "utf-8")
    words = [word for word in SHORT if not word.startswith("workers")]
    done = here("run", *words, f"workers={workers}")
    assert done.code == exits.ENVIRONMENT, done
    assert "results/runs" in done.errors
    assert "Traceback" not in done.errors
    assert (root / "results" / "runs").read_text("utf-8") == "a file where a folder should be"


def test_a_name_that_no_file_system_takes_is_told_with_the_path(tmp_path: Path) -> None:
    path = tmp_path / ("x" * 300)
    with pytest.raises(OSError, match="name too long") as caught:
        write_text(path, "text")
    assert caught.value.filename == str(path)


def test_the_temporary_name_of_a_long_one_is_short_enough() -> None:
    assert len(temporary_name("å" * 120).encode()) <= 300
    assert len(temporary_name("x" * 250)) < 255


def _mounted(folder: Path, size: str, again: bool = False) -> bool:
    """Whether a file system of a size in memory could be put at a folder."""
    options = f"remount,size={size}" if again else f"size={size}"
    words = ["mount", "-t", "tmpfs", "-o", options, "tmpfs", str(folder)]
    return shutil.which("mount") is not None and subprocess.run(words, capture_output=True, check=False).returncode == 0


@pytest.fixture
def small(tmp_path: Path) -> Iterator[Path]:
    """A file system of 200 kB."""
    folder = tmp_path / "small"
    folder.mkdir()
    if sys.platform != "linux" or not _mounted(folder, "200k"):
        pytest.skip("a file system cannot be mounted here")
    yield folder
    subprocess.run(["umount", "-l", str(folder)], check=True)


def test_a_study_for_which_the_disk_has_no_room_is_refused_before_anything_is_written(small: Path) -> None:
    command = [sys.executable, "-m", "sim.app.cli", "run", *SHORT, f"results={small}"]
    done = subprocess.run(command, cwd=QUEUE, text=True, capture_output=True, check=False)
    assert done.returncode == exits.ENVIRONMENT, done.stderr
    assert f"{small}: would take about " in done.stderr
    assert list(small.iterdir()) == []


def test_a_study_on_a_disk_that_is_really_full_goes_on_when_there_is_room(
    small: Path, whole: tuple[dict[str, bytes], Counter[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    command = [sys.executable, "-m", "sim.app.cli", "run", *SHORT, f"results={small}", "most_disk_mb=1000"]
    done = subprocess.run(command, cwd=QUEUE, text=True, capture_output=True, check=False)
    assert done.returncode == exits.ENVIRONMENT, done.stderr
    assert "No space left on device" in done.stderr
    assert f"{small}/{STUDY}/" in done.stderr
    assert "Traceback" not in done.stderr
    assert temporary(small) == []
    assert _mounted(small, "20m", again=True)
    monkeypatch.chdir(QUEUE)
    run(small, root=None)
    assert left(small) == whole[0]
