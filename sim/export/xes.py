"""Event logs as XES (IEEE 1849-2016), compressed: a trace for each case, an event for each row."""

from __future__ import annotations

import gzip
from itertools import groupby
from operator import itemgetter
from pathlib import Path
from xml.sax.saxutils import escape, quoteattr

import pandas as pd

from sim.export.event_log import iso_moments

HEAD = """<?xml version="1.0" encoding="UTF-8"?>
<log xes.version="1849-2016" xes.features="" xmlns="http://www.xes-standard.org/">
<extension name="Concept" prefix="concept" uri="http://www.xes-standard.org/concept.xesext"/>
<extension name="Lifecycle" prefix="lifecycle" uri="http://www.xes-standard.org/lifecycle.xesext"/>
<extension name="Organizational" prefix="org" uri="http://www.xes-standard.org/org.xesext"/>
<extension name="Time" prefix="time" uri="http://www.xes-standard.org/time.xesext"/>
"""
CASE = "case:concept:name"
TEXTS = ("concept:name", "lifecycle:transition", "org:resource", "event", "service", "site", "origin", "outcome")
AT_A_TIME = 200_000  # rows whose text is held at once


def write_xes(path: Path, log: pd.DataFrame, name: str) -> None:
    """Writes an event log (``event_log.COLUMNS``, cases one after another) as ``.xes.gz``.

    What is empty is left out. The same log gives the same bytes.
    """
    with path.open("wb") as raw, gzip.GzipFile("", "wb", compresslevel=4, fileobj=raw, mtime=0) as file:
        file.write(f'{HEAD}<string key="concept:name" value={quoteattr(name)}/>\n'.encode())
        last: str | None = None
        for start in range(0, len(log), AT_A_TIME):
            lines = []
            part = log.iloc[start : start + AT_A_TIME]
            pathways = part["pathway"].astype(str)
            for (case, pathway), events in groupby(
                zip(part[CASE], pathways, _events(part), strict=True), itemgetter(0, 1)
            ):
                if case != last:
                    lines.append("" if last is None else "</trace>\n")
                    lines.append(f'<trace><string key="concept:name" value="{case}"/>{_text("pathway", pathway)}\n')
                    last = case
                lines += [event for _, _, event in events]
            file.write("".join(lines).encode())
        file.write(("" if last is None else "</trace>\n").encode() + b"</log>\n")


def _events(part: pd.DataFrame) -> list[str]:
    """The element of each row."""
    columns = [_column(part[name], name) for name in TEXTS]
    dates = iso_moments(part["time:timestamp"]).tolist()
    return [
        f'<event><date key="time:timestamp" value="{date}"/>{"".join(texts)}</event>\n'
        for date, *texts in zip(dates, *columns, strict=True)
    ]


def _column(values: pd.Series, name: str) -> list[str]:
    """The element of each value of a column of names; nothing where it is empty."""
    codes = values.cat.codes.tolist()
    texts = [*(_text(name, str(one)) for one in values.cat.categories), ""]  # -1 is the last
    return [texts[code] for code in codes]


def _text(key: str, value: str) -> str:
    return f'<string key="{escape(key)}" value={quoteattr(value)}/>'


__all__ = ["write_xes"]
