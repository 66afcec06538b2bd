"""Items 3.1 to 3.4."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any

import pandas as pd

from sim.config.world import TABLES
from sim.report.html.assumptions import care_records, scenario_records
from sim.report.markdown import bullets, paragraphs, table
from sim.report.numbers import DASH
from sim.report.stress_des.subject import Subject

QUALITIES = {
    "A": "official statistics, trial, meta-analysis or registry",
    "B": "observational study or an authority's page",
    "C": "old, press or foreign",
    "D": "judgement",
    "X": "derived here, the formula being the source",
}
DERIVED = ("D", "X")


def sources(subject: Subject) -> str:
    """Item 3.1."""
    figures = [(part, *one) for part, one in _figures_with_source(subject)]
    frame = pd.DataFrame(figures, columns=["part", "source", "quality"])
    counts = frame.groupby(["part", "quality"], sort=False).size().unstack(fill_value=0)
    rows = [(part, *(counts.loc[part].get(q, 0) for q in QUALITIES)) for part in counts.index]
    rows_of_interest = (
        frame[~frame["quality"].isin(DERIVED)].drop_duplicates(["source", "quality"]).sort_values(["quality", "source"])
    )
    lines = _alike(f"{row.quality}: {_line(str(row.source))}" for row in rows_of_interest.itertuples())
    return paragraphs(
        "Every figure carries its source and a quality: "
        + "; ".join(f"{q} {text}" for q, text in QUALITIES.items())
        + ". Figures by part of the configuration and quality:",
        table(("part", *QUALITIES), rows),
        "Sources of quality A, B and C:" if lines else "No figure has a source of quality A, B or C.",
        bullets(lines),
    )


def _alike(texts: Iterable[str]) -> list[str]:
    """Each text once; of those that differ by their numbers alone, as the formulas of pools do, the first."""
    groups: dict[str, list[str]] = {}
    for text in dict.fromkeys(texts):
        groups.setdefault(re.sub(r"\d[\d.,]*", "0", text), []).append(text)
    return [
        texts[0] + (f" (and {len(texts) - 1} with other numbers)" if len(texts) > 1 else "")
        for texts in groups.values()
    ]


def _line(text: str) -> str:
    """A source's text in one line, its stars no markup."""
    return " ".join(text.split()).replace("*", "\\*")


def _figures_with_source(subject: Subject) -> Iterator[tuple[str, tuple[str, str]]]:
    """Source and quality of every figure, with the part of the configuration that it belongs to."""
    for name in TABLES:
        rows = getattr(subject.world.region, name)
        for one in rows[["source", "quality"]].astype(str).itertuples(index=False):
            yield f"`{name}.csv`", (one.source, one.quality)
    parts = {"travel": subject.config["region"]["travel"], "care model": subject.config["care"]}
    used = {name: subject.config["scenarios"][name]["levers"] for name in subject.world.study.scenarios}
    for part, record in {**parts, "levers": used}.items():
        for one in _records(record):
            yield part, (one["source"], one["quality"])


def _records(record: Any) -> Iterator[dict[str, Any]]:
    """Everything with a source within a part of the configuration."""
    if isinstance(record, dict):
        if "source" in record and "quality" in record:
            yield record
        for value in record.values():
            yield from _records(value)


def preprocessing(subject: Subject) -> str:
    """Item 3.2."""
    region = subject.world.region
    derived = {name: int((getattr(region, name)["quality"] == "X").sum()) for name in TABLES}
    rows = [(f"`{name}.csv`", len(getattr(region, name)), number) for name, number in derived.items()]
    return paragraphs(
        "What a row of a table was derived from, and how, is the text of its source (quality X); a region's README, "
        "where it has one, tells it in prose. " + (region.file.notes or "The region's file has no further notes."),
        table(("table", "rows", "of these derived here"), rows),
        "When compiling: hours become seconds of the run's own calendar (summer time, holidays as Sundays), "
        "distributions become tables of 2,050 whole seconds whose mean and mean square are held against the exact "
        "ones, logit shares below 0.0001 are left out, and arrivals are normalised over the calendar year. Nothing is "
        "imputed or removed as an outlier.",
    )


def parameters(subject: Subject) -> str:
    """Item 3.3."""
    names, language = subject.names, subject.language
    head = ("parameter", "value", "low", "high", "source", "quality")
    parts = []
    for title, rows in care_records(subject.config["care"], names, language):
        figures = [
            (r.what, r.value or "see the profiles below", r.low, r.high, _line(r.source), r.quality) for r in rows
        ]
        if figures:
            parts += [f"Base model, {title}:", table(head, figures)]
    parts += ["Profiles of arrivals (relative intensity):", table(("profile", "what", "values"), _profiles(subject))]
    parts += ["Travel:", table(head, _travel(subject.config["region"]["travel"], []))]
    sizes = [
        (f"{record.name}: {lever.text}: {size.what}", size.value, size.low, size.high, _line(size.source), size.quality)
        for record in scenario_records(subject.config, subject.world.study.scenarios[1:], names, language)
        for lever in record.levers
        for size in lever.sizes
    ]
    experiment = table(head, sizes) or "No scenario changes a parameter."
    return paragraphs(
        "People, sites, pools and offers are tables of the region (item 3.1; pools summed in item 2.5.3). "
        "Distributions "
        "are named with their parameters; each was chosen for the shape that its source describes, and is uncorrelated "
        "with the others given need, age group and acuity. Rates, shares, times and capacities may differ between the "
        "phases of a ramp; else only arrivals and calendars change with time.",
        *parts,
        "Experimentation, where different from the base model (a lever that several scenarios share stands with the "
        "first):",
        experiment,
    )


def _profiles(subject: Subject) -> Iterator[tuple[str, str, str]]:
    for name, profile in subject.world.care.profiles.items():
        for what in ("hour", "hour_weekend", "weekday", "month", "hour_of_week"):
            values = getattr(profile, what)
            if values is not None:
                yield f"`{name}`", what.replace("_", " "), " ".join(f"{v:g}" for v in values)
        if profile.piecewise is not None:
            pieces = "; ".join(f"from {moment} {v:g}" for moment, v in profile.piecewise.items())
            yield f"`{name}`", "piecewise", pieces


def _travel(record: Any, path: list[str]) -> Iterator[tuple[str, ...]]:
    """Every figure of the travel file, by the keys that lead there."""
    if isinstance(record, dict) and "value" in record:
        ends = (f"{record[k]:g}" if record[k] is not None else DASH for k in ("value", "low", "high"))
        yield " ".join(path).replace("_", " "), *ends, _line(record["source"]), record["quality"]
    elif isinstance(record, dict):
        for key, value in record.items():
            yield from _travel(value, [*path, str(key)])


def assumptions(subject: Subject) -> str:
    """Item 3.4."""
    weak = [(part, source) for part, (source, quality) in _figures_with_source(subject) if quality == "D"]
    grounds = _alike(f"{part}: {_line(source)}" for part, source in weak)
    return paragraphs(
        bullets([
            "Choice of site knows neither queue nor crowding, and each contact is a choice of its own.",
            "Whoever belongs to the same need, age group and acuity behaves alike; zones differ by ages and distance.",
            "Staff follow their pool; illness, vacancies and breaks are in the capacities.",
            "Patience, durations and ways on do not depend on how crowded it is.",
            "Population, capacities and rates stand still during a run, but for ramps and calendars.",
            "Clinical outcomes, quality of care and deaths are not modelled.",
        ]),
        f"{len(weak)} figures rest on judgement (quality D), on these grounds:",
        bullets(grounds),
    )  # fmt: skip


__all__ = ["assumptions", "parameters", "preprocessing", "sources"]
