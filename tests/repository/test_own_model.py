"""docs/own_model.md: its six examples run as it says, its files are the files, and its figures are current."""

from __future__ import annotations

import re
from math import factorial, log
from typing import get_args

import numpy as np
import pandas as pd
import pytest
from doc_tables import coded, tables, text
from markov_examples import births, hospitals
from own_model import EXAMPLES, PAGE, SHOWN, head, rewritten, rows, values
from scipy import stats

from sim.compile import compile_scenario
from sim.config.load import load_study
from sim.config.schema import base
from sim.config.schema.care import Profile
from sim.simulation import simulate

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
    assert len(shown) == 13
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


NURSE_AND_DOCTOR = {"baseline": (1, 2), "second_doctor": (2, 2), "third_nurse": (1, 3)}


@pytest.mark.parametrize("scenario", NURSE_AND_DOCTOR)
def test_births_wait_for_bed_nurse_and_doctor_as_in_their_markov_chain(scenario: str) -> None:
    exact = births(*NURSE_AND_DOCTOR[scenario])
    names = ("delivery_bed", "delivery", "complication", "visit", "bed", "nurse", "doctor")
    for cut, name in zip(SHOWN["birth"], names, strict=True):
        _is(exact[name], values("birth", cut, scenario))
    if scenario == "baseline":
        told = [f"{exact[name]:.2g}" for name in names[:4]]
        assert "{} births wait for a bed, {} for a nurse, {} for the doctor, and {} visits".format(*told) in text(PAGE)


def _is(right: float, found: list[float]) -> None:
    """A mean of replications is what it should be, but for chance."""
    mean, error = np.mean(found), np.std(found, ddof=1) / len(found) ** 0.5
    assert abs(mean - right) < 4 * error, (mean, right, error)
    assert 0.75 * right < mean < 1.25 * right


def test_the_emergency_rooms_hold_as_many_as_in_their_markov_chain_when_nobody_is_sent_on() -> None:
    exact = hospitals(diverting=False)
    for cut, side in zip(SHOWN["diversion"][:2], ("north", "south"), strict=True):
        _is(exact[side] + exact[f"used_{side}"], values("diversion", cut, "baseline"))


def test_the_emergency_rooms_that_divert_hold_about_as_many_as_where_the_journey_takes_no_time() -> None:
    exact = hospitals(diverting=True)
    for cut, side in zip(SHOWN["diversion"][:2], ("north", "south"), strict=True):
        found = np.mean(values("diversion", cut, "diverting"))
        assert found == pytest.approx(exact[side] + exact[f"used_{side}"], rel=0.05)
    for told in (True, False):
        north, south = (hospitals(told)[side] + hospitals(told)[f"used_{side}"] for side in ("north", "south"))
        assert f"{north:.2f} and {south:.2f}" in text(PAGE)


def test_who_is_in_intensive_care_comes_back_as_often_as_the_ways_on_say() -> None:
    again = 0.85 * 0.1
    for scenario in ("baseline", "one_more_bed"):
        _is(365 / (1 - again), values("step_down", SHOWN["step_down"][5], scenario))


def test_nobody_waits_to_go_down_while_another_waits_to_come_up() -> None:
    model = compile_scenario(load_study(root=EXAMPLES / "step_down"), "baseline")
    waits = {}
    table = pd.DataFrame(vars(simulate(model, seed=1).contacts))
    last = int(table[["request", "start"]].max().max())
    table["held_by"] = table.groupby("episode")["service"].shift()
    for name in ("intensive_care", "step_down"):
        own = table[(table.service == model.services.index(name)) & table.held_by.notna()]
        change = np.zeros(last + 1, dtype=np.int64)
        for start, end in zip(own.request, own.start.where(own.start >= 0, last), strict=True):
            change[int(start)] += 1
            change[int(end)] -= 1
        waits[name] = change.cumsum()
    assert waits["step_down"].max() > 1
    assert waits["intensive_care"].max() > 0
    assert not ((waits["step_down"] > 0) & (waits["intensive_care"] > 0)).any()
    held = table[table.held_by.notna()]
    up = held[held.service == model.services.index("intensive_care")]
    down = held[(held.service == model.services.index("step_down")) & (held.start > held.request)]
    assert len(set(up.start) & set(down.start)) > 5  # they change places in one second


def test_every_law_and_every_kind_of_profile_is_told() -> None:
    named = set(coded(PAGE))
    laws = {get_args(law.model_fields["dist"].annotation)[0] for law in get_args(get_args(base.Distribution)[0])}
    assert laws <= named
    assert len(laws) == 9
    assert set(Profile.model_fields) - {"source", "quality"} <= named
