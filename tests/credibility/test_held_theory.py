"""Exact values of units that are held while others are waited for, against hand values, limits and balance."""

from __future__ import annotations

import pytest

from sim.credibility.verification import held_chains, theory
from sim.credibility.verification.markov_chains import blocked_tandem


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
