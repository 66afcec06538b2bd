"""Exact values of the mechanisms against hand values, limits in which they are known, and what must balance."""

from __future__ import annotations

from math import exp

import numpy as np
import pytest

from sim.credibility.verification import daily_chains, overflow, response_chains, theory
from sim.credibility.verification.markov_chains import StaffedShift, staffed_queue
from sim.credibility.verification.state_spaces import DayPart, periodic, stationary

DAY = [
    StaffedShift(360, 0, 0),
    StaffedShift(120, 0.02, 0),
    StaffedShift(240, 0.02, 2),
    StaffedShift(240, 0.02, 2),
    StaffedShift(480, 0, 0),
]


def test_a_chain_of_two_states_is_in_each_by_the_rate_of_the_other() -> None:
    found = stationary((0,), lambda n: [((1 - n,), 3.0 if n else 1.0)])
    assert found.states.tolist() == [[0], [1]]
    assert found.share == pytest.approx([3 / 4, 1 / 4])
    assert found.mean(lambda n: 10 * n) == pytest.approx(2.5)


def test_a_chain_that_is_emptied_at_noon_fills_anew_each_half_day() -> None:
    def fills(n: int) -> list[tuple[tuple[int, ...], float]]:
        return [((1,), 0.01)] if n == 0 else [((1,), 0.0)]

    found = periodic((0,), [DayPart(720, fills), DayPart(720, fills, lambda n: (0,))])
    full = found.mean(lambda n: n)
    assert full[720:] == pytest.approx(1 - np.exp(-0.01 * np.arange(720)), abs=1e-8)
    assert full[100] == pytest.approx(1 - exp(-0.01 * 820), abs=1e-8)


def test_a_queue_at_which_nobody_balks_is_mmc() -> None:
    away, wait, present = response_chains.balking(2, 1.6, 10, lambda n: 0.0)
    assert away == 0
    assert wait == pytest.approx(theory.mmc_wait(2, 1.6, 10))
    assert present == pytest.approx(1.6 + wait * 0.16)


def test_a_queue_at_which_all_balk_from_a_number_on_is_mmck() -> None:
    away, wait, _ = response_chains.balking(2, 1.8, 10, lambda n: float(n >= 5))
    assert (away, wait) == pytest.approx(theory.mmck(2, 5, 1.8, 10))


def test_one_unit_at_which_half_balk_if_it_is_busy_is_solved_by_hand() -> None:
    """Refused with 1/2 from one on, load 1: shares 1/3, 1/3, 1/6, 1/12 ...; two thirds find it busy."""
    away, _, present = response_chains.balking(1, 1.0, 10, lambda n: 0.5 * (n > 0))
    assert away == pytest.approx(1 / 3)
    assert present == pytest.approx(4 / 3)


def test_the_class_of_a_value_is_the_number_of_thresholds_reached() -> None:
    assert [response_chains.class_of(n, (1, 4)) for n in (-1, 0, 1, 3, 4, 9)] == [0, 0, 1, 1, 2, 2]


def test_admission_by_a_chain_of_both_stations_is_that_of_the_ward_alone() -> None:
    def admitted(k: int) -> float:
        return 0.7 if k < 2 else 0.3

    def follow(n: int, k: int) -> list[tuple[tuple[int, ...], float]]:
        """Present at a first station of one unit, and in or waiting for the beds."""
        seen, out = (n > 0) * 0.1, min(k, 2) / 30
        to_bed = seen * admitted(k) * (k < 60)
        moves = [
            ((n + 1, k), 0.05 * (n < 60)),
            ((n - 1, k + 1), to_bed),
            ((n - 1, k), seen - to_bed),
            ((n, k - 1), out),
        ]
        return [move for move in moves if move[1] > 0]

    pair = stationary((0, 0), follow)
    share, wait = response_chains.admitting(2, 0.05, 30, admitted)
    waiting = pair.mean(lambda n, k: np.maximum(k - 2, 0))
    assert wait == pytest.approx(waiting / (0.05 * share), rel=1e-4)


def test_a_unit_that_does_not_hasten_is_mm1_and_one_always_hastened_a_quicker_one() -> None:
    assert response_chains.hastened(0.6, 20, (1, 3), (1, 1, 1)) == pytest.approx((theory.mmc_wait(1, 0.6, 20), 0.6))
    assert response_chains.hastened(0.6, 20, (1, 3), (0.5, 0.5, 0.5)) == pytest.approx(
        (theory.mmc_wait(1, 0.3, 10), 0.3)
    )
    assert response_chains.hastened(0.6, 20, (1, 3), (1, 0.8, 0.6))[0] < theory.mmc_wait(1, 0.6, 20)


def test_days_on_which_nobody_answers_are_poisson() -> None:
    found = response_chains.yesterday(40, (40,), (0.25, 0.25))
    assert (found.mean, found.variance) == pytest.approx((30, 30))
    assert found.correlation == pytest.approx(0, abs=1e-9)


def test_a_steep_answer_a_day_late_sways_and_a_gentle_one_hardly() -> None:
    steep = response_chains.yesterday(40, (36,), (0.0, 0.5))
    gentle = response_chains.yesterday(40, (26, 30, 34, 38, 42, 46), (0.0, 0.02, 0.04, 0.06, 0.08, 0.1, 0.12))
    assert steep.variance > 3 * 40
    assert steep.correlation < -0.6
    assert gentle.variance < 40
    assert -0.2 < gentle.correlation < 0


def test_overflow_of_one_group_has_the_moments_of_riordan() -> None:
    """Mean and variance of the busy units in an endless second group (Wilkinson 1956)."""
    mean = 2.5 * theory.erlang_b(3, 2.5)
    variance = mean * (1 - mean + 2.5 / (3 + 1 - 2.5 + mean))
    found = overflow.shared_overflow((3, 1, 25), (2.5, 1e-12))
    assert found.mean(lambda i, j, k: k) == pytest.approx(mean)
    assert found.mean(lambda i, j, k: k**2) == pytest.approx(variance + mean**2)


def test_two_groups_that_take_each_others_patients_are_one_for_whoever_is_lost() -> None:
    """All are served by whatever is free, with one mean: those lost are those of one group of all units."""
    found = overflow.mutual_overflow((3, 2), (2.0, 1.5))
    lost = found.mean(lambda i, j: (i == 3) & (j == 2))
    assert lost == pytest.approx(theory.erlang_b(5, 3.5))
    assert found.mean(lambda i, j: i + j) == pytest.approx(3.5 * (1 - lost))


def test_units_kept_for_nobody_are_erlang_b_and_one_kept_is_solved_by_hand() -> None:
    assert overflow.reserved(4, (1.5, 2.1), (0, 0)) == pytest.approx([theory.erlang_b(4, 3.6)] * 2)
    # two units, offered 1 and 1, one kept: shares 1 : 2 : 1, the second class is away with 1 or 2 busy
    assert overflow.reserved(2, (1, 1), (0, 1)) == pytest.approx([1 / 4, 3 / 4])


def test_a_spill_that_comes_at_once_is_a_loss_and_one_that_never_comes_mm1() -> None:
    assert overflow.spilled(0.8, 20, 0) == pytest.approx((theory.erlang_b(1, 0.8), 0))
    share, wait = overflow.spilled(0.8, 20, 4000)
    assert share == pytest.approx(0, abs=1e-9)
    assert wait == pytest.approx(theory.mmc_wait(1, 0.8, 20))


def test_a_full_queue_without_impatience_is_mmck() -> None:
    full, left = overflow.leaving(4, 1.1, 10, 1e12)
    assert full == pytest.approx(theory.mmck(1, 4, 1.1, 10)[0])
    assert left == pytest.approx(0, abs=1e-9)
    full, left = overflow.leaving(100, 0.9, 10, 20)
    assert full == pytest.approx(0, abs=1e-9)
    assert left == pytest.approx(theory.erlang_a(1, 0.9, 10, 20)[3])


def test_rounds_all_day_are_erlang_b_and_an_hour_of_rounds_lengthens_the_stay() -> None:
    always = daily_chains.rounds(4, 3.6 / 600, 600, 0, 24)
    assert always.mean(lambda busy, done: busy + done == 4) == pytest.approx(
        np.full(1440, theory.erlang_b(4, 3.6)), rel=1e-6
    )
    room = daily_chains.rounds(40, 0.5 / 60, 600, 10, 12).mean(lambda busy, done: busy + done)
    told = [daily_chains.after_rounds(0.5, 10, 22, (hour - 12) % 24) for hour in range(24)]
    assert room[::60] == pytest.approx(told, rel=1e-5)
    assert np.mean(room) == pytest.approx(0.5 * (10 + daily_chains.extra_stay(22)), rel=1e-3)


def test_planned_care_that_may_start_at_any_hour_waits_as_mmc() -> None:
    found = daily_chains.planned_starts(2, 0.0, 0.12, 10, 0, 24, 100)
    assert found.mean(lambda waiting, busy: waiting) == pytest.approx(
        np.full(1440, 0.12 * theory.mmc_wait(2, 1.2, 10)), rel=1e-5
    )


def test_planned_care_that_never_may_start_leaves_the_acute_a_loss_system() -> None:
    found = daily_chains.planned_starts(3, 0.12, 0.05, 20, 12, 12, 5)
    assert found.mean(lambda waiting, busy: busy == 3)[0] == pytest.approx(theory.erlang_b(3, 2.4), rel=1e-6)


def test_one_shift_that_never_ends_is_mmc_under_every_rule() -> None:
    day = [StaffedShift(1440, 0.03, 2)]
    there = 0.03 * (theory.mmc_wait(2, 1.2, 40) + 40)
    assert daily_chains.handed_over(day, 40, 100) == pytest.approx(np.full(1440, there), rel=1e-5)


def test_fresh_units_help_whoever_waits_and_handing_over_keeps_them() -> None:
    finish = sum(level.sum() for level in staffed_queue(DAY, 40, 60))
    fresh = daily_chains.fresh_shifts(DAY, 40, 60).sum()
    handed = daily_chains.handed_over(DAY, 40, 60).sum()
    assert fresh < finish < handed


def test_a_boundary_at_which_nobody_is_busy_changes_nothing() -> None:
    day = [StaffedShift(360, 0.02, 2), StaffedShift(1080, 0, 2)]
    apart = [*day[:1], StaffedShift(600, 0, 2), StaffedShift(480, 0, 2)]
    plain = sum(staffed_queue(day, 20, 40))
    fresh = daily_chains.fresh_shifts(apart, 20, 40)
    assert fresh[:360] == pytest.approx(plain[:360], abs=1e-5)
