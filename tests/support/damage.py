"""Some forty ways in which a results folder comes to harm, and what is to become of each."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

STUDY = "mmc"
SHORT = ("end=2027-01-20", "replications=2", "workers=1", "engine=simpy")  # of the example mmc: half a second
AGAIN, REFUSED, MISSING, FINE = "a run is computed again", "refused by name", "missing is told", "nothing is lost"


@dataclass(frozen=True)
class Harm:
    """What is done to a results folder, and what is to become of it before the study is started again."""

    what: str
    expected: str
    file: str  # the one that is to be named
    do: Callable[[Path], None]  # with the file


def run_files(results: Path) -> list[Path]:
    return sorted((results / "runs").glob("*.parquet"))


def flip(path: Path, bit: int) -> None:
    """Turns one bit of a file over."""
    content = bytearray(path.read_bytes())
    content[bit // 8] ^= 1 << bit % 8
    path.write_bytes(content)


def _cut(share: float) -> Callable[[Path], None]:
    return lambda path: os.truncate(path, int(path.stat().st_size * share))


def _foreign(path: Path) -> None:
    path.write_bytes(b"PK\x03\x04 a file of another program")


def _folder(path: Path) -> None:
    path.unlink()
    path.mkdir()


def _link_to_nothing(path: Path) -> None:
    path.unlink()
    path.symlink_to(path.parent / "nowhere")


def _link_in_a_circle(path: Path) -> None:
    path.unlink()
    path.symlink_to(path)


def _link_to_itself_elsewhere(path: Path) -> None:
    away = path.parent.parent / f"away {path.name}"
    shutil.move(path, away)
    path.symlink_to(away)


def _link_to_another(path: Path) -> None:
    other = run_files(path.parent.parent)[-1]
    path.unlink()
    path.symlink_to(other)


def _copy_over(path: Path) -> None:
    shutil.copy(run_files(path.parent.parent)[-1], path)


def _edit(old: str, new: str) -> Callable[[Path], None]:
    def edit(path: Path) -> None:
        text = path.read_text("utf-8")
        assert old in text, old
        path.write_text(text.replace(old, new, 1), "utf-8")

    return edit


def _another_number(path: Path) -> None:
    """As a hand would do it, with the metadata that were there."""
    frame = pd.read_parquet(path)
    frame.to_parquet(path)
    frame.loc[0, "value"] += 1
    frame.to_parquet(path)


def _half_the_lines(path: Path) -> None:
    lines = path.read_text("utf-8").splitlines(keepends=True)
    path.write_text("".join(lines[: len(lines) // 2]), "utf-8")


def _a_line_twice(path: Path) -> None:
    lines = path.read_text("utf-8").splitlines(keepends=True)
    path.write_text("".join([*lines, lines[-1]]), "utf-8")


def _windows_line_ends(path: Path) -> None:
    path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))


def _zeros(path: Path) -> None:
    path.write_bytes(bytes(path.stat().st_size))


def _another_run(path: Path) -> None:
    """One digit of a run's hash."""
    manifest = json.loads(path.read_text("utf-8"))
    manifest["runs"][0]["sha256"] = manifest["runs"][1]["sha256"]
    path.write_text(json.dumps(manifest), "utf-8")


def _torn(path: Path) -> None:
    with path.open("a", encoding="utf-8") as file:
        file.write('{"time": "2027-01-')


def _nothing(path: Path) -> None:
    path.write_bytes(b"")


HARMS = {
    "runs": {
        "cut in half": _cut(0.5),
        "its end cut off": _cut(0.98),
        "empty": _nothing,
        "of another program": _foreign,
        "zeros, as after a power cut": _zeros,
        "another run copied over it": _copy_over,
        "a number edited by hand": _another_number,
        "a folder in its place": _folder,
        "removed": Path.unlink,
        "a link to nothing": _link_to_nothing,
        "a link in a circle": _link_in_a_circle,
        "a link to another run": _link_to_another,
        "a link to itself elsewhere": _link_to_itself_elsewhere,
        "one bit over": lambda path: flip(path, 8 * (path.stat().st_size // 2)),
    },
    "measures.parquet": {
        "cut in half": _cut(0.5),
        "empty": _nothing,
        "a number edited by hand": _another_number,
        "of another program": _foreign,
        "a folder in its place": _folder,
        "a run in its place": lambda path: _whole_copy(run_files(path.parent.parent)[0], path),
        "removed": Path.unlink,
    },
    "comparison.csv": {
        "half its lines": _half_the_lines,
        "a number edited by hand": _edit("er_arrivals_per_day", "er_arrivals_per_dey"),
        "a line twice": _a_line_twice,
        "line ends of Windows": _windows_line_ends,
        "empty": _nothing,
        "removed": Path.unlink,
    },
    "decomposition.csv": {"half its lines": _half_the_lines, "removed": Path.unlink},
    "validation.csv": {"a line twice": _a_line_twice},
    "worlds.csv": {"put there by a hand": lambda path: path.write_text("world,variant\n1,world_01\n")},
    "manifest.json": {
        "cut in half": _cut(0.5),
        "a number edited by hand": _edit('"seed": 1', '"seed": 2'),
        "a run's hash edited": _another_run,
        "not JSON": _foreign,
        "removed": Path.unlink,
    },
    "config.yaml": {
        "cut in half": _cut(0.5),
        "a number edited by hand": _edit("seed: 1", "seed: 2"),
        "removed": Path.unlink,
    },
    "journal.jsonl": {"a line that a kill cut off": _torn, "a line edited by hand": _edit("started", "begun")},
}


def _whole_copy(source: Path, path: Path) -> None:
    shutil.copy(source, path)


def harms() -> Iterator[Harm]:
    """All of them, each with the file that it is done to: of the runs the first."""
    for file, ways in HARMS.items():
        for what, do in ways.items():
            if what == "a link to itself elsewhere":
                expected = FINE
            elif file == "runs":
                expected = AGAIN
            elif what == "removed":
                expected = REFUSED if file == "decomposition.csv" else MISSING
            else:
                expected = FINE if file.startswith("journal") else REFUSED
            yield Harm(f"{file}: {what}", expected, file, do)


def place_of(results: Path, harm: Harm) -> Path:
    """The file that comes to harm."""
    return run_files(results)[0] if harm.file == "runs" else results / STUDY / harm.file
