"""What lies in a results folder: which studies, in which state, and what of them is not believed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Any

from filelock import FileLock, Timeout

from sim.config.sentence import Sentence
from sim.results.files import sha256
from sim.results.identity import Damaged
from sim.results.journal import JOURNAL, Journal, read_journal
from sim.results.read import CONFIG, MANIFEST, DamagedStudy, damaged_tables, read_config, read_manifest
from sim.results.stored_runs import RunFile
from sim.study.heartbeat import Beat, last_beat
from sim.study.store import LOCK, RUNS, code_hash

ENDS = ("started", "finished", "nothing to do", "interrupted", "stopped")  # what tells in a journal how a study ended
WELL = ENDS[1:3]


class StudyState(StrEnum):
    """What is known of a study."""

    RUNNING = "running"
    DONE = "done"
    INTERRUPTED = "interrupted"
    DAMAGED = "damaged"


@dataclass(frozen=True)
class StudyRecord:
    """A study of a results folder."""

    folder: Path
    state: StudyState
    beat: Beat | None  # of one that runs, or was killed
    runs: int  # that are done and named
    failed: int
    damaged: list[Damaged]
    keys: frozenset[str] | None  # of runs that it may ask for again; None if nothing tells them


@dataclass
class _Look:
    """What a look at one study's folder found."""

    folder: Path
    damaged: list[Damaged] = field(default_factory=list)
    manifest: dict[str, Any] | None = None
    journal: Journal = field(default_factory=lambda: Journal([], []))

    def read(self, name: str, read: Callable[[Path], Any]) -> Any:
        """What is read of a file; None if it is not there, or is not believed, which is noted."""
        try:
            return read(self.folder)
        except FileNotFoundError:
            return None
        except DamagedStudy as error:
            self.damaged.append(_why(self.folder / name, error))
        except OSError as error:
            self.damaged.append(Damaged(self.folder / name, str(error.strerror)))
        return None


def inventory(results: Path) -> list[StudyRecord]:
    """Every study of a results folder, by name. Raises OSError if the folder cannot be read."""
    return [_record(folder) for folder in sorted(results.iterdir()) if _is_study(folder)]


def damaged_runs(results: Path) -> tuple[int, list[Damaged]]:
    """How many stored runs there are, and those that are not believed, whether a study names them or not."""
    files = run_files(results)
    looks = [RunFile(path).look() for path in files]
    return len(files), [look for look in looks if isinstance(look, Damaged)]


def run_files(results: Path) -> list[Path]:
    """All that has the name of a stored run."""
    folder = results / RUNS
    return sorted(path for path in folder.glob("*.parquet")) if folder.is_dir() else []


def _is_study(folder: Path) -> bool:
    return folder.is_dir() and any((folder / name).exists() for name in (CONFIG, MANIFEST, JOURNAL))


def _record(folder: Path) -> StudyRecord:
    look = _Look(folder)
    look.read(CONFIG, read_config)
    look.manifest = look.read(MANIFEST, read_manifest)
    look.journal = look.read(JOURNAL, read_journal) or look.journal
    if look.manifest is not None and not (folder / CONFIG).exists():
        look.damaged.append(Damaged(folder / CONFIG, Sentence("it is missing")))
    look.damaged += _damaged_lines(look)
    beat = last_beat(folder)
    last = look.journal.last(*ENDS)
    ended_well = last is not None and last["event"] in WELL and look.manifest is not None
    manifest = look.manifest or {"runs": [], "failed": []}
    if beat is not None and is_locked(folder):
        state = StudyState.RUNNING
    else:
        if look.manifest is not None and (ended_well or last is None):
            look.damaged += [*damaged_tables(folder, look.manifest), *_damaged_named(folder, look.manifest["runs"])]
        whole = StudyState.DONE if ended_well else StudyState.INTERRUPTED
        state = StudyState.DAMAGED if look.damaged else whole
    return StudyRecord(
        folder, state, beat, len(manifest["runs"]), len(manifest["failed"]), look.damaged, _keys(look, ended_well)
    )


def _damaged_lines(look: _Look) -> list[Damaged]:
    lines = look.journal.damaged
    text = Sentence("lines {numbers} are not what was written", numbers=", ".join(map(str, lines[:10])))
    return [Damaged(look.folder / JOURNAL, text)] if lines else []


def _damaged_named(folder: Path, runs: Sequence[dict[str, Any]]) -> list[Damaged]:
    """Runs of a manifest that are gone, not believed, or not those that it was written with."""
    found = []
    for about in runs:
        path = folder.parent / RUNS / f"{about['key']}.parquet"
        look = RunFile(path).look()
        if look is None:
            found.append(Damaged(path, Sentence("it is missing")))
        elif isinstance(look, Damaged):
            found.append(look)
        elif sha256(path) != about["sha256"]:
            found.append(Damaged(path, Sentence("it is not the file that the manifest was written with")))
    return found


def _keys(look: _Look, ended_well: bool) -> frozenset[str] | None:
    """The runs that a study names: those of its manifest, and of its journal while this program may ask for them."""
    if look.manifest is None and (look.journal.damaged or not look.journal.entries):
        return None
    named = {run["key"] for part in ("runs", "failed") for run in (look.manifest or {}).get(part, ())}
    program = ""
    for entry in look.journal.entries:
        program = entry.get("program", "") if entry["event"] == "started" else program
        if "key" in entry and (not ended_well or program == code_hash()):
            named.add(entry["key"])
    return frozenset(named)


def is_locked(folder: Path) -> bool:
    """Whether a process writes to a study's folder."""
    lock = folder / LOCK
    if not lock.is_file():
        return False
    try:
        with FileLock(lock, timeout=0):
            return False
    except Timeout:
        return True
    except OSError:
        return False


def _why(path: Path, error: DamagedStudy) -> Damaged:
    """A damaged file, with the reason alone."""
    text = error.args[0]
    return Damaged(path, text.parts["why"] if isinstance(text, Sentence) else str(text))


__all__ = ["StudyRecord", "StudyState", "damaged_runs", "inventory", "is_locked", "run_files"]
