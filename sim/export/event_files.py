"""The event log of a run as files: CSV, Parquet and XES."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pyarrow as pa
from pyarrow import csv, parquet

from sim.compile import clock_of
from sim.export.event_log import EventLog, iso_moments
from sim.export.run_again import run_again
from sim.export.xes import write_xes
from sim.report.language import N_, Code, Language
from sim.report.names import Names
from sim.results.files import write_whole
from sim.results.read import Results

MOMENT = "time:timestamp"


def event_log(results: Results, scenario: str, replication: int, code: Code, days: float | None = None) -> pd.DataFrame:
    """The events of a run that is simulated again (``event_log.COLUMNS``); activities have their names in a language.

    ``days``: cases that are under way in the first days of the window; without it, in the window. Raises what
    ``run_again`` raises.
    """
    world, run = run_again(results, scenario, replication)
    language = Language(code)
    clock, names = clock_of(world), Names(results.config, language)
    ends = [language.translate(N_("Arrival")), language.translate(N_("Departure"))]
    activities = [*(names.service(service) for service in run.model.services), *ends]
    return EventLog(run, activities, clock.zone, clock.origin, days).frame()


def write_events(log: pd.DataFrame, folder: Path, name: str) -> list[Path]:
    """Writes an event log as ``<name>.csv``, ``.parquet`` and ``.xes.gz`` into a folder; each whole or not at all."""
    paths = [folder / f"{name}{ending}" for ending in (".csv", ".parquet", ".xes.gz")]
    write_whole(paths[0], lambda path: _write_csv(path, log))
    write_whole(paths[1], lambda path: _write_parquet(path, log))
    write_whole(paths[2], lambda path: write_xes(path, log, name))
    return paths


def _write_csv(path: Path, log: pd.DataFrame) -> None:
    """Plain text for every column; pyarrow, since there may be millions of rows."""
    table = pa.Table.from_pandas(log.assign(**{MOMENT: iso_moments(log[MOMENT])}), preserve_index=False)
    texts = [field.with_type(pa.string()) if pa.types.is_dictionary(field.type) else field for field in table.schema]
    csv.write_csv(table.cast(pa.schema(texts)), path, csv.WriteOptions(quoting_style="needed"))


def _write_parquet(path: Path, log: pd.DataFrame) -> None:
    table = pa.Table.from_pandas(log, preserve_index=False).replace_schema_metadata({})
    parquet.write_table(table, path, compression="zstd")


__all__ = ["event_log", "write_events"]
