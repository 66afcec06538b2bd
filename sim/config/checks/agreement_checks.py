"""The same fact in two tables, or twice in one: it must agree, or be told apart."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from math import isnan

from sim.config.errors import Problem, unknown
from sim.config.reading.region_tables import Table
from sim.config.schema.care import Care
from sim.config.sentence import Sentence
from sim.model.codes import ACUITY_NAMES, AGE_GROUPS


def check_names(municipalities: Table) -> Iterator[Problem]:
    """Municipalities of one name, and sub-regions that differ in nothing that a reader sees."""
    first: dict[str, int] = {}
    subregions: dict[str, str] = {}
    for line, row in municipalities.numbered():
        name, part = str(row["name"]), str(row["subregion"])
        if first.setdefault(name, line) != line:
            text = Sentence("is the name of row {row} too: a scenario could not tell them apart", row=first[name])
            yield Problem(municipalities.file, f"row {line}, name", name, text)
        other = subregions.setdefault(_plain(part), part)
        if other != part:
            text = Sentence("differs from {other} in capital letters or spaces alone", other=other)
            yield Problem(municipalities.file, f"row {line}, subregion", part, text, other)


def _plain(name: str) -> str:
    return "".join(name.casefold().split())


def check_targets_agree(tables: Mapping[str, Table], care: Care | None) -> Iterator[Problem]:
    """Published figures of a group that the region has not, or that lie outside their own range."""
    groups: dict[str, Sequence[str]] = {"age_group": AGE_GROUPS, "acuity": ACUITY_NAMES}
    for by, table, column in (("site", "sites", "site"), ("municipality", "municipalities", "municipality")):
        if tables[table].readable:
            groups[by] = tables[table].names(column)
    if care is not None:
        groups |= {"service": list(care.services), "need": list(care.needs)}
    targets = tables["targets"]
    for line, row in targets.numbered():
        by, group = str(row["by"]), str(row["group"])
        if row["measure"] != "none" and by in groups and group not in groups[by]:
            yield unknown(targets.file, f"row {line}, group", group, by, groups[by])
        if by == "all" and group:
            text = Sentence("a figure of all has no group")
            yield Problem(targets.file, f"row {line}, group", group, text)
        value, low, high = (float(str(row[c])) for c in ("value", "low", "high"))
        unfit = row["use"] == "fit" and value <= 0  # told elsewhere
        if not unfit and ((not isnan(low) and low > value) or (not isnan(high) and high < value)):
            text = Sentence("must be from low {low} to high {high}", low=f"{low:g}", high=f"{high:g}")
            yield Problem(targets.file, f"row {line}, value", f"{value:g}", text)


__all__ = ["check_names", "check_targets_agree"]
