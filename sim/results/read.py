"""What a study left in its folder, read back: tables and plain data, nothing that computes."""

from __future__ import annotations

import errno
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
import pandas as pd
import pyarrow as pa
import yaml

from sim.config.schema.screening_table import SENSITIVITY
from sim.config.sentence import N_, Sentence
from sim.results.changes_by_world import DECISIVE, DRAWS, read_decisive, read_draws
from sim.results.compare import COLUMNS, TEXT, TYPES
from sim.results.decomposition import read_decomposition
from sim.results.files import sha256
from sim.results.identity import SCHEMA, Damaged, read_sealed
from sim.results.published import VALIDATION
from sim.results.timeline import BY_PERIOD, TIMELINE, TIMELINE_COLUMNS

T = TypeVar("T")
DECOMPOSITION = "decomposition.csv"
DAMAGED = N_("{path} is damaged: {why}. Run the study again: it is written anew from the runs, which are kept")
PARTS = ("study", "execution", "region", "care", "scenarios")  # of the configuration
CONFIG, MANIFEST, MEASURES_FILE, COMPARISON = "config.yaml", "manifest.json", "measures.parquet", "comparison.csv"
NEEDED = (MEASURES_FILE, COMPARISON, CONFIG, MANIFEST)
# that the manifest names
TABLES = (
    MEASURES_FILE, COMPARISON, DECOMPOSITION, BY_PERIOD, TIMELINE, DRAWS, DECISIVE, VALIDATION, SENSITIVITY,
)  # fmt: skip
ABOUT = ("study", "baseline", "seed", "versions", "wall_s", "runs", "failed", "files")  # of the manifest
MEASURE_COLUMNS = (
    "scenario",
    "variant",
    "replication",
    "period",
    "measure",
    "unit",
    "by",
    "group",
    "value",
    "note",
    "early",
    "late",
)


@dataclass(frozen=True)
class Results:
    """The results of a study.

    ``measures``: one row a run (scenario, variant, replication), period, measure, by and group. ``comparison``: as
    ``compare.compare`` makes it, ``decomposition`` as the function of that name. ``config``: the resolved configuration
    (``config.world.resolved``). ``manifest``: runs, versions, seed, timings. ``worlds``: what was drawn in each world,
    and ``decisive``: the figures that go most with each change (``sim.results.changes_by_world``); both without rows
    if there were no worlds. ``by_period``: some of the measures of each calendar period of the window, and
    ``timeline``: their changes, as ``comparison`` after the column ``period``; both without rows if the study has no
    ``period``.
    """

    folder: Path
    measures: pd.DataFrame
    comparison: pd.DataFrame
    decomposition: pd.DataFrame
    config: dict[str, Any]
    manifest: dict[str, Any]
    worlds: pd.DataFrame
    decisive: pd.DataFrame
    by_period: pd.DataFrame = field(default_factory=lambda: pd.DataFrame(columns=list(MEASURE_COLUMNS)))
    timeline: pd.DataFrame = field(default_factory=lambda: pd.DataFrame(columns=TIMELINE_COLUMNS))


class DamagedStudy(ValueError):
    """A file of a study's folder is there, and is not what a study leaves."""


def read_results(folder: Path | str) -> Results:
    """The results in a study's folder.

    Raises FileNotFoundError if one of its four files is missing, and DamagedStudy with the file that is not believed:
    one that cannot be read, or is not what was stored.
    """
    folder = Path(folder)
    for name in NEEDED:
        if not (folder / name).exists():
            raise FileNotFoundError(errno.ENOENT, "no such file", str(folder / name))
    manifest, config = read_manifest(folder), read_config(folder)
    if damaged := damaged_tables(folder, manifest):
        raise DamagedStudy(refusal(damaged[0]))
    return Results(
        folder,
        _whole(folder / MEASURES_FILE, _read_measures),
        _whole(folder / COMPARISON, read_comparison),
        _whole(folder / DECOMPOSITION, read_decomposition),
        config,
        manifest,
        _whole(folder / DRAWS, read_draws),
        _whole(folder / DECISIVE, read_decisive),
        _whole(folder / BY_PERIOD, _read_by_period),
        _whole(folder / TIMELINE, read_timeline),
    )


def damaged_tables(folder: Path, manifest: dict[str, Any]) -> list[Damaged]:
    """The tables of a study's folder that are not those that its manifest was written with."""
    return [
        Damaged(folder / name, why) for name in TABLES if (why := _fault(folder / name, manifest["files"].get(name)))
    ]


def _fault(path: Path, about: dict[str, Any] | None) -> Sentence | None:
    if not path.exists():
        return Sentence("it is missing") if about else None
    if about is None:
        return Sentence("the manifest does not know it")
    if path.is_dir():
        return Sentence("it is a folder")
    if sha256(path) != about["sha256"]:
        return Sentence("it is not the file that the manifest was written with")
    return None


def read_config(folder: Path) -> dict[str, Any]:
    """The configuration of a study's folder. Raises DamagedStudy, and FileNotFoundError."""
    return _whole(folder / CONFIG, _read_config)


def read_manifest(folder: Path) -> dict[str, Any]:
    """The manifest of a study's folder. Raises DamagedStudy, and FileNotFoundError."""
    return _whole(folder / MANIFEST, _read_manifest)


def refusal(damaged: Damaged) -> Sentence:
    """That a file is not believed, why, and what to do."""
    return Sentence(DAMAGED, path=damaged.path, why=damaged.why)


def _whole(path: Path, read: Callable[[Path], T]) -> T:
    """What is read of a file. Raises DamagedStudy if it is not what it should be."""
    try:
        return read(path)
    except OSError as error:
        if error.errno is not None:  # the disk's, as a permission that is missing
            raise
        raise DamagedStudy(refusal(Damaged(path, _reason(path, error)))) from None
    except (ValueError, KeyError, TypeError, pa.ArrowException, yaml.YAMLError) as error:
        raise DamagedStudy(refusal(Damaged(path, _reason(path, error)))) from None


def _reason(path: Path, error: Exception) -> str:
    """Our own sentence, or the first line of what a library says."""
    if error.args and isinstance(error.args[0], Sentence):
        return error.args[0]
    lines = str(error).removeprefix(f"{path}: ").splitlines() or [type(error).__name__]
    return lines[0].rstrip(".")


def _read_measures(path: Path) -> pd.DataFrame:
    table = pd.read_parquet(path)
    if missing := [column for column in MEASURE_COLUMNS[:-2] if column not in table.columns]:
        raise ValueError(Sentence("it lacks {names}", names=", ".join(missing)))
    return table


def _read_by_period(path: Path) -> pd.DataFrame:
    return _read_measures(path) if path.exists() else pd.DataFrame(columns=list(MEASURE_COLUMNS))


def _read_config(path: Path) -> dict[str, Any]:
    return _keyed(yaml.load(_believed(path), Loader=yaml.CSafeLoader), PARTS)


def _read_manifest(path: Path) -> dict[str, Any]:
    manifest = _keyed(json.loads(_believed(path)), ABOUT)
    if manifest.get("schema") != SCHEMA:
        raise ValueError(Sentence("it was stored by another version"))
    return manifest


def _believed(path: Path) -> str:
    """The text of a file that carries its identity. Raises ValueError with what is wrong."""
    content = read_sealed(path)
    if isinstance(content, Damaged):
        raise ValueError(content.why)
    return content.decode("utf-8")


def _keyed(data: object, keys: tuple[str, ...]) -> dict[str, Any]:
    if not isinstance(data, dict):
        raise ValueError(Sentence("it has no keys and values"))
    if missing := [key for key in keys if key not in data]:
        raise ValueError(Sentence("it lacks {names}", names=", ".join(missing)))
    return data


def write_comparison(table: pd.DataFrame, path: Path) -> None:
    """Writes what ``compare`` made as CSV: empty for a number that is missing, numbers with all their digits."""
    table.to_csv(path, index=False, lineterminator="\n", encoding="utf-8")


def read_timeline(path: Path) -> pd.DataFrame:
    """A study's ``timeline.csv``, as ``read_comparison`` reads, after its period; without rows if there is none.

    Raises ValueError if a column is missing or does not have its type.
    """
    return read_comparison(path, TIMELINE_COLUMNS) if path.exists() else pd.DataFrame(columns=TIMELINE_COLUMNS)


def read_comparison(path: Path, columns: list[str] = COLUMNS) -> pd.DataFrame:
    """What ``write_comparison`` wrote, to the last bit: a group such as 0114 stays text, an empty number is NaN.

    Raises FileNotFoundError, or ValueError if a column is missing or does not have its type.
    """
    text = pd.read_csv(path, dtype=str, keep_default_na=False, encoding="utf-8")
    missing = [column for column in columns if column not in text.columns]
    if missing:
        raise ValueError(f"{path}: no column {', '.join(missing)}")
    table = text[columns].copy()
    for column in columns:
        if column not in (*TEXT, "period"):
            table[column] = _numbers(text[column], TYPES.get(column, np.float64))
    return table


def _numbers(text: pd.Series, kind: type[np.generic]) -> np.ndarray:
    """Values of one column; Python's ``float`` gives back every bit that was written."""
    if kind is np.bool_:
        if not set(text) <= {"True", "False"}:
            raise ValueError(f"column {text.name}: True and False, nothing else")
        return np.array(text == "True", dtype=np.bool_)
    return np.array([float(one) if one else np.nan for one in text], dtype=np.float64).astype(kind)


__all__ = [
    "COMPARISON", "CONFIG", "DECOMPOSITION", "MANIFEST", "MEASURES_FILE", "MEASURE_COLUMNS", "PARTS", "TABLES",
    "DamagedStudy", "Results", "damaged_tables", "read_comparison", "read_config", "read_manifest", "read_results",
    "read_timeline", "refusal", "write_comparison",
]  # fmt: skip
