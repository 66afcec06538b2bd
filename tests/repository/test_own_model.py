"""docs/own_model.md: its three examples run as it says, its files are the files, and its figures are current."""

from __future__ import annotations

import re
from math import factorial, log
from typing import get_args

import numpy as np
import pytest
from doc_tables import coded, tables, text
from own_model import EXAMPLES, PAGE, SHOWN, head, rewritten, rows, values
from scipy import stats

from sim.config.schema import base
from sim.config.schema.care import Profile

FILE = re.compile(r"`(\w+/(?:configs|scenarios)/[\w/.]+)`[^`]*\n\n```\w*\n(.*?)^```", flags=re.M | re.S)
ARRIVALS, SERVICE = 6.0, 2.0  # an hour


def erlang_c(servers: int, load: float) -> float:
    """Probability of waiting in M/M/c (Erlang 1917; Gross et al. 2008, section 2.3)."""
    last = load**servers / factorial(servers) * servers / (servers - load)
    return last / (sum(load**n / factorial(n) for n in range(servers)) + last)


@pytest.mark.parametrize("example", SHOWN)
def test_the_figures_of_the_page_are_those_of_a_run(example: str) -> None:
    told, found = tables(text(PAGE))[head(example)], rows(example)
    assert [row[:2] for row in told] == [row[:2] for row in found]
    for row, other in zip(told, found, strict=True):
        shown, ran = ([float(v) for v in r[2:]] for r in (row, other))
        assert shown == pytest.approx(ran, rel=0.01, abs=1e-9), f"{row[0]}: run make docs PAGES=own_model"


def test_rewriting_the_figures_changes_nothing_else() -> None:
    old = re.sub(r"\| `waiting_mean` \| er \|.*", "| `waiting_mean` | er | 1 | 1 |", text(PAGE))
    assert old != text(PAGE)
    assert rewritten(old).splitlines() == text(PAGE).splitlines()


def test_every_file_that_the_page_shows_is_as_shown() -> None:
    shown = FILE.findall(text(PAGE))
    assert len(shown) == 8
    for name, block in shown:
        assert block.strip("\n") in text(EXAMPLES / name), name


def test_the_queue_finds_what_erlang_found() -> None:
    load = ARRIVALS / SERVICE
    for scenario, servers in (("baseline", 4), ("one_more_place", 5)):
        wait = erlang_c(servers, load)
        waiting = wait * load / (servers - load)
        p90 = 60 * log(wait / 0.1) / (servers * SERVICE - ARRIVALS)
        exact = {0: waiting + load, 1: waiting, 2: p90, 3: load / servers}
        for j, right in exact.items():
            found = np.array(values("mmc", SHOWN["mmc"][j], scenario))
            z = (found.mean() - right) / (found.std(ddof=1) / len(found) ** 0.5)
            assert abs(z) < 4, (scenario, SHOWN["mmc"][j], found.mean(), right)
            assert 0.7 * right < found.mean() < 1.3 * right
        for number in (f"{wait:.4f}", f"{waiting:.3f}", f"{waiting + load:.3f}", f"{p90:.1f}"):
            assert number in text(PAGE)


def test_the_exact_figures_are_within_the_intervals_of_the_study() -> None:
    for scenario, servers in (("baseline", 4), ("one_more_place", 5)):
        found = np.array(values("mmc", SHOWN["mmc"][1], scenario))
        half = stats.t.ppf(0.975, len(found) - 1) * found.std(ddof=1) / len(found) ** 0.5
        exact = erlang_c(servers, 3) * 3 / (servers - 3)
        assert abs(found.mean() - exact) < half


def test_more_beds_shorten_boarding_where_they_are_and_nowhere_else() -> None:
    north, south = SHOWN["wards"][:2]
    pairs = zip(values("wards", north, "baseline"), values("wards", north, "more_beds"), strict=True)
    assert all(after < before for before, after in pairs)
    assert values("wards", south, "baseline") == values("wards", south, "more_beds")


def test_one_more_room_turns_fewer_away() -> None:
    turned = SHOWN["clinic"][0]
    pairs = list(zip(values("clinic", turned, "baseline"), values("clinic", turned, "one_more_room"), strict=True))
    assert all(0 < after < before for before, after in pairs)


def test_every_law_and_every_kind_of_profile_is_told() -> None:
    named = set(coded(PAGE))
    laws = {get_args(law.model_fields["dist"].annotation)[0] for law in get_args(get_args(base.Distribution)[0])}
    assert laws <= named
    assert len(laws) == 9
    assert set(Profile.model_fields) - {"source", "quality"} <= named
