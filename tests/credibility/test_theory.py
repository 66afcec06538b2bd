"""Closed forms against numbers that can be looked up or worked out by hand, and the gate."""

from __future__ import annotations

from math import exp, inf, nan
from pathlib import Path

import numpy as np
import pytest
from scipy.integrate import quad
from typer.testing import CliRunner

from sim.app.cli import app
from sim.credibility.verification import cases, judge, theory, verify
from sim.credibility.verification.gates import Verdict
from sim.credibility.verification.markov_chains import StaffedShift, blocked_tandem, staffed_queue
from sim.engines.reference.decisions import Decisions
from sim.report.pages.verification_page import page, table_of


def test_two_units_and_one_erlang_block_a_fifth_and_let_a_third_wait() -> None:
    assert theory.erlang_b(2, 1) == pytest.approx(1 / 5)  # (1/2) / (1 + 1 + 1/2)
    assert theory.erlang_c(2, 1) == pytest.approx(1 / 3)
    assert theory.mmc_wait(2, 1, 10) == pytest.approx(10 / 3)


def test_one_unit_with_half_the_load_has_a_wait_of_one_service() -> None:
    assert theory.mmc_wait(1, 0.5, 10) == pytest.approx(10)
    assert theory.pollaczek_khinchine(0.5, 10, 1) == pytest.approx(10)
    assert theory.pollaczek_khinchine(0.5, 10, 0) == pytest.approx(5)
    assert theory.cobham([0.5], 10) == pytest.approx([10])


def test_a_tenth_waits_longer_than_the_90th_percentile() -> None:
    wait = theory.mmc_wait_quantile(3, 2.4, 10, 0.9)
    assert theory.erlang_c(3, 2.4) * exp(-wait * (3 - 2.4) / 10) == pytest.approx(0.1)


def test_a_queue_without_room_is_erlang_b_and_with_much_room_erlang_c() -> None:
    assert theory.mmck(4, 4, 3.6, 10) == pytest.approx((theory.erlang_b(4, 3.6), 0))
    assert theory.mmck(2, 400, 1.2, 10) == pytest.approx((0, theory.mmc_wait(2, 1.2, 10)))


def test_waits_by_class_add_up_to_what_is_conserved() -> None:
    loads = [0.2, 0.3, 0.15]
    waits = theory.cobham(loads, 10)
    assert waits == sorted(waits)
    total = sum(load * wait for load, wait in zip(loads, waits, strict=True))
    assert total == pytest.approx(theory.conserved(0.65, 10))


def test_erlang_a_lies_between_erlang_b_and_erlang_c() -> None:
    wait, served, left, share = theory.erlang_a(3, 2.4, 10, 1e9)
    assert (wait, served) == pytest.approx((theory.mmc_wait(3, 2.4, 10),) * 2, rel=1e-4)
    assert share == pytest.approx(0, abs=1e-6)
    hurried = theory.erlang_a(3, 2.4, 10, 1e-6)
    assert hurried[3] == pytest.approx(theory.erlang_b(3, 2.4), rel=1e-4)
    wait, served, left, share = theory.erlang_a(3, 2.7, 10, 20)
    assert wait == pytest.approx(share * left + (1 - share) * served)


def test_one_impatient_patient_at_a_time_is_solved_by_hand() -> None:
    """One unit, offered 1, patience as service: the number there is Poisson with mean 1, the unit busy with 1 - 1/e."""
    wait, _, _, left = theory.erlang_a(1, 1, 1, 1)
    assert left == pytest.approx(1 - (1 - exp(-1)))
    assert wait == pytest.approx(exp(-1))


def test_a_fifth_that_comes_back_adds_a_quarter() -> None:
    assert theory.jackson([4.0], [[0.2]]) == pytest.approx([5.0])
    assert theory.jackson([1.0, 0], [[0, 1], [0.5, 0]]) == pytest.approx([2.0, 2.0])


def test_a_crowd_fills_to_the_offered_load() -> None:
    assert theory.filling(15, inf, 5) == 15
    assert theory.filling(15, 5, 5) == pytest.approx(15 * (1 - exp(-1)))


@pytest.mark.parametrize("at", [0, 6, 9, 12, 18, 23])
def test_arrivals_that_vary_by_the_day_are_integrated(at: int) -> None:
    hourly = [float(h % 5) for h in range(24)]
    assert theory.daily([2.0] * 24, at, 3) == pytest.approx(6)
    pieces = [
        quad(lambda age, b=back: hourly[(at - 1 - b) % 24] * exp(-age / 3), back, back + 1)[0] for back in range(200)
    ]
    assert theory.daily(hourly, at, 3) == pytest.approx(sum(pieces))


def test_a_logit_choice_without_distance_is_by_pull() -> None:
    assert theory.logit([1, 2, 3], [0, 0, 0], 0) == pytest.approx([1 / 3] * 3)
    assert theory.logit([0, 10], [0, 0], 0.1) == pytest.approx([1 / (1 + exp(-1)), exp(-1) / (1 + exp(-1))])


def test_a_day_of_equal_shifts_is_a_station_that_never_closes() -> None:
    waiting, busy = staffed_queue([StaffedShift(1440, 0.15, 2)], 10, 100)
    assert waiting == pytest.approx(np.full(1440, 0.15 * theory.mmc_wait(2, 1.5, 10)), rel=1e-5)
    assert busy == pytest.approx(np.full(1440, 1.5), rel=1e-5)


def test_who_asks_at_night_is_there_in_the_morning() -> None:
    waiting, busy = staffed_queue([StaffedShift(600, 0.02, 0), StaffedShift(840, 0, 5)], 10, 60)
    assert waiting[:600] == pytest.approx(0.02 * np.arange(600), abs=1e-6)
    assert busy[600] == pytest.approx(5, rel=0.05)
    assert waiting[600] + busy[600] == pytest.approx(12, rel=1e-6)


def test_units_that_a_shift_end_surprises_complete_their_patient() -> None:
    shifts = [StaffedShift(720, 0.15, 2), StaffedShift(720, 0, 0)]
    waiting, busy = staffed_queue(shifts, 10, 100)
    assert busy[720 + 30] == pytest.approx(busy[720] * exp(-3), rel=1e-5)
    assert waiting[1439] == pytest.approx(waiting[720])


def test_the_second_of_two_stations_works_as_much_as_is_asked_for() -> None:
    wait, blocked = blocked_tandem(0.001, 10)
    assert wait == pytest.approx(0.01, rel=0.01)  # as M/M/1: the first is hardly ever blocked
    # another is there with probability 0.001 at each station; in half of the cases the next is done before, one service
    assert blocked == pytest.approx(0.001 * (0.001 + 0.001) / 2, rel=0.01)
    assert blocked_tandem(0.45, 10) == pytest.approx(blocked_tandem(0.45, 10, most=500))
    assert blocked_tandem(0.6, 10)[0] > theory.mmc_wait(1, 0.9, 10)  # services are 1.5 times as long in a busy period


def test_a_value_is_right_if_it_is_near_and_its_interval_narrow() -> None:
    spread = np.linspace(-1, 1, 30)
    assert judge("c", "q", list(100 + spread), 100).wrong == ""
    assert judge("c", "q", list(100.5 + spread), 100).wrong == "off"
    assert judge("c", "q", list(100 + 10 * spread), 100).wrong == "too wide to tell"
    assert judge("c", "q", list(120 + 10 * spread), 100).wrong == "off, too wide to tell"


def test_few_replications_and_values_that_are_none_are_wrong() -> None:
    assert judge("c", "q", [99.0, 101.0, 100.0], 100).wrong == "too wide to tell, too few replications"
    assert not judge("c", "q", [100.0], 100).right
    assert not judge("c", "q", [nan] * 30, 100).right
    assert judge("c", "q", [100.0] * 30, 100).right
    assert not judge("c", "q", [100.1] * 30, 100).right


def test_z_and_the_interval_are_those_of_student() -> None:
    found = judge("c", "q", [1.0, 2.0, 3.0], 1.0)
    assert found.simulated == 2
    assert found.z == pytest.approx(3**0.5)
    assert found.half_width == pytest.approx(4.3027 / 3**0.5, rel=1e-4)
    assert found.first == 1


def test_the_page_holds_every_verdict_as_it_was_reached() -> None:
    good = Verdict("M/M/1", "mean wait, min", 15.1, 15, 0.2, 0.9, 30, 14.5)
    bad = Verdict("M/M/c", "present", 7, 5, 0.1, 20.4, 30, 7.5)
    text = page([good, bad])
    assert "1 of 2 values are right." in text
    right, wrong = table_of(text)
    assert (right["verdict"], right["95 % interval"], right["z"]) == ("right", "14.9 to 15.3", "0.90")
    assert (wrong["verdict"], wrong["first replication"]) == ("wrong: off", "7.5")


def test_mean_services_are_at_least_ten_minutes_and_replications_thirty() -> None:
    for case in cases().values():
        for service in case.network.services.values():
            time = service["duration"]["all"]["time"]
            scale = {"min": 1, "h": 60}[time["unit"]]
            assert scale * time.get("mean", time.get("value")) >= 10, case.name
        assert case.replications >= 30


def test_every_case_has_luck_of_its_own_and_exact_values_above_nothing() -> None:
    made = list(cases().values())
    assert len({case.seed for case in made}) == len(made)
    assert all(quantity.exact > 0 for case in made for quantity in case.quantities)


@pytest.fixture
def one_case(monkeypatch: pytest.MonkeyPatch) -> None:
    case = cases()["M/G/inf"]
    monkeypatch.setattr("sim.credibility.verification.trial.cases", lambda: {case.name: case})


def command(*words: str) -> tuple[int, str]:
    done = CliRunner().invoke(app, ["verify", "--workers", "1", *words])
    return done.exit_code, done.output


@pytest.mark.usefixtures("one_case")
def test_the_command_tells_what_is_right_and_writes_the_page(tmp_path: Path) -> None:
    page_file = tmp_path / "page.md"
    code, said = command("--write", str(page_file))
    assert code == 0, said
    assert "1 of 1 values are right." in said
    (row,) = table_of(page_file.read_text("utf-8"))
    assert (row["case"], row["exact"], row["verdict"]) == ("M/G/inf", "15", "right")


@pytest.mark.usefixtures("one_case")
def test_the_command_ends_with_1_if_a_value_is_wrong(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sim.engines.select.choose", lambda *_: "simpy")  # the engine that can be made wrong here
    right = Decisions.duration
    monkeypatch.setattr(Decisions, "duration", lambda self, *told: int(right(self, *told) * 1.05))
    code, said = command()
    assert code == 1, said
    assert "0 of 1 values are right." in said


def test_workers_compute_what_one_process_computes() -> None:
    alone = verify(["M/G/inf, transient"], workers=1, progress=False)
    assert verify(["M/G/inf, transient"], workers=2, progress=False) == alone


def test_an_unknown_case_is_refused() -> None:
    with pytest.raises(KeyError, match="M/M/7"):
        verify(["M/M/7"], progress=False)


def test_weeks_with_a_factor_of_spread_a_half_and_mean_eight_vary_three_times_as_much_as_chance() -> None:
    assert theory.weekly_requests(8, 0.5) == pytest.approx(3)  # 1 + 8 / 4
    assert theory.weekly_requests(8, 0) == 1
    assert theory.weekly_present(8, 0.5, 1e-9) == pytest.approx(3)  # nobody is left of the week before
    assert theory.weekly_present(8, 0.5, 1 / np.log(3)) == pytest.approx(2)  # q is a third: 1 + 2 (2/3) / (4/3)
