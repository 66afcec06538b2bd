"""Exact values of the mechanisms against hand values, limits in which they are known, and what must balance."""

from __future__ import annotations

from math import exp

import numpy as np
import pytest

from sim.credibility.verification import daily_chains, held_chains, overflow, response_chains, theory
from sim.credibility.verification.markov_chains import StaffedShift, blocked_tandem, staffed_queue
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


def test_a_doctor_for_each_place_makes_the_place_a_server_of_both_times() -> None:
    variation = (10**2 + 15**2) ** 0.5 / 25
    wait, unseen, used = held_chains.within(1, 1, 0.03, 10, 15)
    assert wait == pytest.approx(theory.pollaczek_khinchine(0.75, 25, variation))
    assert unseen == pytest.approx(0)
    assert used == pytest.approx(0.75)


def test_places_without_end_leave_the_doctors_a_queue_of_their_own() -> None:
    """The output of M/M/inf is Poisson, so the doctors are M/M/c (Burke 1956)."""
    wait, unseen, used = held_chains.within(60, 2, 0.1, 10, 15, most=120)
    assert wait == pytest.approx(0, abs=1e-4)
    assert unseen == pytest.approx(theory.mmc_wait(2, 1.5, 15), rel=1e-4)
    assert used == pytest.approx(0.1 * (10 + 15 + unseen), rel=1e-6)


def test_places_without_end_leave_the_doctors_a_queue_that_some_give_up() -> None:
    """As above, so the doctors are M/M/c+M (Palm 1957)."""
    wait, unseen, used = held_chains.within(60, 2, 0.1, 10, 15, patience=20, most=120)
    of_all, _, _, left = theory.erlang_a(2, 1.5, 15, 20)
    assert wait == pytest.approx(0, abs=1e-6)
    assert unseen == pytest.approx(of_all)
    assert unseen / 20 == pytest.approx(left)
    assert used == pytest.approx(0.1 * (10 + unseen + (1 - left) * 15))


def test_two_places_and_an_impatient_doctors_queue_are_solved_by_hand() -> None:
    """No time of one's own, all rates 1/20: present 0, 1, 2 ... have shares 1/3, 1/3, 1/6, 1/12 ...

    Of those present the first is with the doctor, the second waits in a place and may leave, the others wait for one.
    """
    wait, unseen, used = held_chains.within(2, 1, 1 / 20, 1e-5, 20, patience=20)
    assert (wait, unseen, used) == pytest.approx((20 / 3, 20 / 3, 1), rel=1e-5)


def test_places_in_use_are_filled_by_times_of_ones_own_waits_and_the_seen() -> None:
    _, unseen, used = held_chains.within(4, 1, 0.06, 20, 12, patience=30)
    assert used == pytest.approx(0.06 * (20 + unseen + (1 - unseen / 30) * 12))


def test_enough_nurses_and_doctors_make_the_beds_a_loss_system() -> None:
    away, used, for_nurse, for_doctor = held_chains.three_deep((4, 4, 4), 0.1, (20, 10, 12))
    assert away == pytest.approx(theory.erlang_b(4, 4.2))
    assert used == pytest.approx(4.2 * (1 - away))
    assert (for_nurse, for_doctor) == pytest.approx((0, 0))


def test_beds_in_use_are_those_let_in_times_their_whole_stay() -> None:
    away, used, for_nurse, for_doctor = held_chains.three_deep((6, 3, 1), 0.12, (20, 10, 12))
    assert used == pytest.approx(0.12 * (1 - away) * (42 + for_nurse + for_doctor))


def test_one_bed_one_nurse_one_doctor_are_one_server() -> None:
    away, used, for_nurse, for_doctor = held_chains.three_deep((1, 1, 1), 0.1, (2, 3, 5))
    assert (away, used, for_nurse, for_doctor) == pytest.approx((0.5, 0.5, 0, 0))


def test_boarding_in_a_ward_with_room_is_no_boarding() -> None:
    _, unseen, boarding = held_chains.boarding_within((3, 1, 16), 0.05, (10, 15, 40), most=80)
    assert unseen == pytest.approx(held_chains.within(3, 1, 0.05, 10, 15)[1], rel=1e-4)
    assert boarding == pytest.approx(0, abs=1e-6)


def test_one_place_whose_patient_boards_is_a_tandem_with_blocking() -> None:
    """The first of the two times is hardly any: one station before one bed, which blocks it."""
    waits, _, boarding = held_chains.boarding_within((1, 1, 1), 0.045, (1e-4, 10, 10))
    _, blocked = blocked_tandem(0.45, 10)
    assert waits == pytest.approx(0.45 + blocked, rel=1e-3)
    assert boarding == pytest.approx(blocked, rel=1e-3)


def test_one_bed_before_another_is_solved_by_hand() -> None:
    """One bed each and nobody goes back, all rates 1: a tandem where nobody waits to come in.

    Idle both, busy first, busy second, busy both, blocked: balance gives 2 : 3 : 2 : 1 : 1.
    """
    away, waits, back = held_chains.exchanged((1, 1), 1.0, (1.0, 1.0), 0.0)
    assert (away, waits, back) == pytest.approx((5 / 9, 1 / 9, 0))


def test_who_goes_back_at_once_always_finds_a_way() -> None:
    """One bed each: two who wait for each other exchange, so that throughput is never nothing."""
    away, waits, back = held_chains.exchanged((1, 1), 10.0, (1.0, 1.0), 0.5)
    assert away < 1
    assert waits > 0
    assert back > 0


def test_units_between_which_nobody_moves_are_queues_of_their_own() -> None:
    found = held_chains.exchanged_past_queues((3, 4), (2, 3), (0.04, 0.05), (60, 90), (0, 0))
    for unit, known, arrivals in zip(
        found, (theory.mmck(3, 5, 2.4, 60), theory.mmck(4, 7, 4.5, 90)), (0.04, 0.05), strict=True
    ):
        assert (unit.away, unit.outside / arrivals / (1 - unit.away)) == pytest.approx(known)
        assert unit.done == 0


def test_units_to_one_of_which_nobody_comes_from_outside_are_those_without_queues() -> None:
    icu, ward = held_chains.exchanged_past_queues((3, 4), (0, 0), (0.04, 0), (60, 90), (1, 0.5))
    assert (icu.away, icu.done, ward.done) == pytest.approx(held_chains.exchanged((3, 4), 0.04, (60, 90), 0.5))


def test_one_bed_each_and_nobody_may_wait_is_solved_by_hand() -> None:
    """All rates 1, half go on. Nobody there, one, two in service, one of two done: balance gives 3 : 12 : 8 : 8."""
    for unit in held_chains.exchanged_past_queues((1, 1), (0, 0), (1, 1), (1, 1), (0.5, 0.5)):
        assert unit == pytest.approx((18 / 31, 4 / 31, 0, 22 / 31))


def test_who_moves_up_is_before_those_from_outside_and_who_moves_down_behind_them() -> None:
    """One bed behind beds without end, whose output is Poisson (Burke 1956): two classes of priority (Cobham 1954)."""
    first, second = theory.cobham([0.2, 0.15], 10)
    icu, ward = held_chains.exchanged_past_queues((1, 9), (15, 15), (0.015, 0.02), (10, 1), (0, 1))
    assert (ward.done / 0.02, icu.outside / 0.015) == pytest.approx((first, second), rel=1e-4)
    icu, ward = held_chains.exchanged_past_queues((9, 1), (15, 15), (0.015, 0.02), (1, 10), (1, 0))
    assert (ward.outside / 0.02, icu.done / 0.015) == pytest.approx((first, second), rel=1e-4)


def test_as_many_leave_a_unit_as_are_let_in_or_move_in() -> None:
    arrivals, times, on = (0.03, 0.02), (60, 90), (0.6, 0.4)
    found = held_chains.exchanged_past_queues((3, 4), (2, 2), arrivals, times, on)
    ended = [unit.in_service / time for unit, time in zip(found, times, strict=True)]
    for j in (0, 1):
        assert ended[j] == pytest.approx(arrivals[j] * (1 - found[j].away) + ended[1 - j] * on[1 - j])


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
