"""Given episodes and a given start as arrays: local times become seconds, text ids become hashes."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime
from typing import Any

import numpy as np
import pandas as pd

from sim.compile.calendars import Clock
from sim.compile.thresholds import stable_hash
from sim.config.schema.region import Region
from sim.config.sentence import Sentence
from sim.config.world import Given
from sim.model.codes import AGE_GROUPS, Ints
from sim.model.tables import Model

WHO = ("zone", "need", "age", "acuity", "service", "site")
NO_GIVEN: dict[str, Any] = {
    "given": np.zeros((0, 7), dtype=np.int64),
    "given_hash": np.zeros(0, dtype=np.uint64),
    "there": np.zeros((0, 8), dtype=np.int64),
    "there_hash": np.zeros(0, dtype=np.uint64),
}


def given_arrays(
    patients: Given, region: Region, clock: Clock, needs: list[str], services: list[str]
) -> dict[str, Any]:
    """``drawn``, ``start_drawn``, ``given*`` and ``there*`` of a model; episodes outside the run are left out."""
    codes = {
        "zone": _numbers(region.zones["zone"]),
        "need": _numbers(needs),
        "age": _numbers(AGE_GROUPS),
        "acuity": _numbers("12345"),
        "service": {**_numbers(services), "": -1},
        "site": {**_numbers(region.sites["site"]), "": -1},
    }
    out = dict(NO_GIVEN)
    if patients.episodes is not None:
        times = _seconds(patients.episodes["time"], clock)
        inside = (times >= 0) & (times < clock.horizon_s)
        out["given"] = np.column_stack([times, *_code_columns(patients.episodes, codes)])[inside]
        out["given_hash"] = stable_hash(_ids("given", patients.episodes))[inside]
    if patients.start is not None:
        requested, started = (_seconds(patients.start[column], clock) for column in ("requested", "started"))
        out["there"] = np.column_stack([requested, started, *_code_columns(patients.start, codes)])
        out["there_hash"] = stable_hash(_ids("there", patients.start))
    in_place = patients.episodes is not None and patients.in_place
    return {"drawn": int(not in_place), "start_drawn": int(patients.start is None), **out}


def refuse_unreached(model: Model) -> None:
    """Raises ValueError if a given episode goes to a site that nobody of its zone chooses for the service."""
    for _, zone, need, age, _, service, site in model.given[model.given[:, 6] >= 0].tolist():
        r = int(model.choice_set[service, need, age]) * (len(model.zones) + len(model.sites)) + zone
        row = slice(model.choice_ptr[r], model.choice_ptr[r + 1])
        if site not in model.choice_site[row]:
            where = f"{model.sites[site]} for {model.services[service]}"
            raise ValueError(
                Sentence(
                    "a given episode goes to {where}, where nobody of its age from {value} goes",
                    where=where,
                    value=model.zones[zone],
                )
            )


def _numbers(names: Any) -> dict[str, int]:
    return {name: i for i, name in enumerate(names)}


def _code_columns(table: pd.DataFrame, codes: dict[str, dict[str, int]]) -> list[Ints]:
    return [np.array([codes[column][name] for name in table[column]], dtype=np.int64) for column in WHO]


def _seconds(column: pd.Series[str], clock: Clock) -> Ints:
    """Seconds since the start of the run; a time that comes twice is the first, none is 1."""
    moments = [datetime.fromisoformat(text).replace(tzinfo=clock.zone) if text else None for text in column]
    passed = [round((m.astimezone(UTC) - clock.origin).total_seconds()) if m else 1 for m in moments]
    return np.array(passed, dtype=np.int64)


def _ids(kind: str, table: pd.DataFrame) -> list[str]:
    """A text for each row: its id, or what it says and which one of those that say the same it is."""
    columns = [column for column in table.columns if column != "id"]
    counts: Counter[str] = Counter()
    ids = []
    for row in table.to_dict("records"):
        content = " ".join(str(row[column]) for column in columns)
        counts[content] += not row["id"]
        ids.append(f"{kind} id {row['id']}" if row["id"] else f"{kind} {content} {counts[content]}")
    return ids


__all__ = ["given_arrays", "refuse_unreached"]
