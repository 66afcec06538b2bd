"""A Mermaid flow chart as a table, for a site that draws nothing in the browser and so needs no network."""

from __future__ import annotations

import re

CHART = re.compile(r"^```mermaid\nflowchart \w+\n(.*?)^```$", re.MULTILINE | re.DOTALL)
NODE = re.compile(r'^\s*(\w+)(?:\["(.*?)"\]|\(\[(.*?)\]\))$')
WAY = re.compile(r"^\s*(\w+) (-->|-\.->) (\w+)$")


def without_charts(text: str) -> str:
    """The text of a page with each flow chart as a table: a row for each node, the nodes that follow it beside it.

    Raises ValueError if a line of a chart is neither a node nor a way from one node to another.
    """
    return CHART.sub(lambda chart: table(chart[1]), text)


def table(chart: str) -> str:
    """The rows of a chart's nodes that lead somewhere; broken arrows have a column of their own."""
    labels: dict[str, str] = {}
    ways: dict[tuple[str, str], list[str]] = {}
    for line in filter(str.strip, chart.splitlines()):
        if node := NODE.match(line):
            labels[node[1]] = node[2] or node[3]
        elif way := WAY.match(line):
            ways.setdefault((way[1], way[2]), []).append(way[3])
        else:
            raise ValueError(f"a flow chart has a line that is no node and no way: {line.strip()}")
    rows = [
        f"| {label} | {' | '.join(', '.join(labels[to] for to in ways.get((name, arrow), [])) for arrow in ARROWS)} |"
        for name, label in labels.items()
        if any((name, arrow) in ways for arrow in ARROWS)
    ]
    return "\n".join(["| from | arrow to | broken arrow to |", "|---|---|---|", *rows])


ARROWS = ("-->", "-.->")
