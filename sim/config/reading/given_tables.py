"""Given episodes and a given start: tables that a study names, which lie in its region's folder."""

from __future__ import annotations

import re
from datetime import datetime
from pathlib import Path

from sim.config.errors import Problem, unknown
from sim.config.folders import Folders, display_path
from sim.config.reading.cells import READERS, Bad, Reader, one_of
from sim.config.reading.region_tables import Table, read_table
from sim.config.schema.study_design import Study
from sim.config.sentence import Sentence
from sim.model.codes import ACUITY_NAMES, AGE_GROUPS

MOMENT = re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d")


def moment(text: str) -> str:
    """A local time with seconds, as ``2027-10-04T07:30:00``. Raises Bad."""
    try:
        if MOMENT.fullmatch(text):
            return datetime.fromisoformat(text).isoformat()
    except ValueError:
        pass
    raise Bad(Sentence("must be a local time with seconds, as 2027-10-04T07:30:00") if text else Sentence("is missing"))


def _perhaps_moment(text: str) -> str:
    return moment(text) if text else ""


_NAME = READERS["name"]


def _perhaps_name(text: str) -> str:
    return str(_NAME(text)) if text else ""


_WHO: dict[str, Reader] = {
    "zone": _NAME,
    "need": _NAME,
    "age": one_of(*AGE_GROUPS),
    "acuity": one_of(*ACUITY_NAMES),
}
EPISODES: dict[str, Reader] = {"time": moment, **_WHO}
EPISODES_MAY_HAVE: dict[str, Reader] = {"id": READERS["any"], "service": _perhaps_name, "site": _perhaps_name}
INITIAL: dict[str, Reader] = {
    "service": _NAME,
    "site": _NAME,
    **_WHO,
    "requested": moment,
    "started": _perhaps_moment,
}
INITIAL_MAY_HAVE: dict[str, Reader] = {"id": READERS["any"]}


GIVEN = {"episodes": (EPISODES, EPISODES_MAY_HAVE), "initial": (INITIAL, INITIAL_MAY_HAVE)}


def columns_of(name: str) -> list[str]:
    """The columns of a table of given patients, whether its file has them or not."""
    return [column for readers in GIVEN[name] for column in readers]


def read_given(folders: Folders, study: Study, problems: list[Problem]) -> dict[str, Table]:
    """The tables ``episodes`` and ``initial`` of a study, those that it names."""
    tables = {}
    for key, (readers, optional) in GIVEN.items():
        name = getattr(study, key)
        if name is None or study.region not in folders.region_names():
            continue
        path = _path(folders, study.region, key, name, problems)
        if path is not None:
            table = read_table(path, display_path(path), readers, problems, True, optional)
            tables[key] = table.in_order(columns_of(key))
    return tables


def _path(folders: Folders, region: str, key: str, name: str, problems: list[Problem]) -> Path | None:
    """The file in the region's folder, and nowhere else."""
    folder = folders.config(f"region/{region}")
    if Path(name).name == name and (folder / name).is_file():
        return folder / name
    problems.append(
        unknown(
            "study",
            key,
            name,
            Sentence("file in {value}", value=display_path(folder)),
            sorted(p.name for p in folder.glob("*.csv")),
        )
    )
    return None


__all__ = ["GIVEN", "columns_of", "read_given"]
