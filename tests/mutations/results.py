"""Faults in what is made of contacts: measures, comparison, report, store."""

from __future__ import annotations

from patches import Patch

MEASURES = (
    Patch(
        "the warm-up is not cut",
        "measures/view.py",
        "self.low, self.high = model.window_start, model.horizon",
        "self.low, self.high = 0, model.horizon",
        ("test_measures_emergency.py::test_arrivals_are_requests_in_the_window",),
    ),
    Patch(
        "the wait of the served only",
        "measures/er_patients.py",
        "survival_quantiles(cut.code, until - view.request, happened, cut.size, (50, 90))",
        "survival_quantiles(cut.code[happened], (until - view.request)[happened], happened[happened], cut.size, "
        "(50, 90))",
        ("test_measures_emergency.py::test_a_wait_that_too_few_reach_is_missing_with_its_reason",),
    ),
    Patch(
        "who gave up counts as served at that moment",
        "measures/kaplan_meier.py",
        "censored = np.flatnonzero(part & 1 == 1)",
        "censored = np.flatnonzero(part & 1 == 2)",
        ("test_kaplan_meier.py::test_the_quantiles_of_a_hand_example",),
    ),
    Patch(
        "time before the window is counted",
        "measures/intervals.py",
        "np.minimum(finish, high) - np.maximum(begin, low)",
        "np.minimum(finish, high) - begin",
        ("test_intervals.py::test_an_overlap_is_what_lies_in_the_window",),
    ),
    Patch(
        "within four hours asks those who came just before the end, too",
        "measures/er_patients.py",
        "early = view.request + FOUR_HOURS_S <= run.high",
        "early = view.request <= run.high",
        ("test_measures_emergency.py::test_within_four_hours_asks_only_those_who_came_four_hours_before_the_end",),
    ),
    Patch(
        "the way to a booked visit counts whether it took place or not",
        "measures/travel.py",
        "((mode == Mode.BOOKED) & view.came)",
        "(mode == Mode.BOOKED)",
        ("test_measures_travel.py::test_a_booked_patient_travels_only_if_service_starts",),
    ),
    Patch(
        "surge counts as places",
        "measures/intervals.py",
        "return sums(pool, open_s * model.places_value, pools)",
        "return sums(pool, open_s * model.capacity_value, pools)",
        ("test_measures_hospital.py::test_occupancy_is_bed_hours_over_hours_of_places",),
    ),
    Patch(
        "the unserved are contacts",
        "measures/view.py",
        "yield view.where(view.outcome != Outcome.UNSERVED)",
        "yield view",
        ("test_measures_balance.py::test_the_unserved_are_counted_and_are_no_contacts",),
    ),
    Patch(
        "a flow comes from the level that it goes to",
        "measures/ledger.py",
        "before = self.run.level.take(self.run.previous_row[requests.index])",
        "before = asked.level",
        ("test_measures_balance.py::test_a_flow_is_from_the_level_before_whenever_that_was",),
    ),
)
COMPARE = (
    Patch(
        "the interval is not paired",
        "results/compare.py",
        'np.asarray(cells["change"].std(ddof=1))',
        'np.asarray((cells["value"].var(ddof=1) + cells["base"].var(ddof=1)) ** 0.5)',
        ("test_compare.py::test_the_interval_and_p_are_those_of_the_paired_t_test",),
    ),
    Patch(
        "Holm's adjustment is left out",
        "results/compare.py",
        "step = (left * families.obj)",
        "step = (1 * families.obj)",
        (
            "test_compare.py::test_holm_of_municipalities_is_over_municipalities_of_one_scenario",
            "test_compare.py::test_holm_of_other_cuts_is_over_scenarios",
        ),
    ),
    Patch(
        "luck alone makes a change robust, whatever the assumptions",
        "results/conclusion.py",
        "    same_side = _ends_agree(table, up, known) & _worlds_agree(table)\n",
        "    same_side = up | down\n",
        (
            "test_compare.py::test_no_change_is_robust_when",
            "test_conclusion.py::test_a_change_is_robust_where_nine_worlds_in_ten_have_its_sign",
        ),
    ),
    Patch(
        "the report calls robust what only luck's interval makes sure",
        "report/html/answer.py",
        "conclusion_of(writer, effect) is Conclusion.ROBUST\n",
        "not effect.low <= 0 <= effect.high\n",
        ("test_report.py::test_only_what_the_comparison_calls_robust_is_called_robust",),
    ),
)
STORE = (
    Patch(
        "a run's key misses the seed",
        "study/store.py",
        "{model_digest} {seed} {replication} {code_hash()}",
        "{model_digest} {replication} {code_hash()}",
        (
            "test_determinism.py::test_a_runs_key_is_that_of_model_seed_replication_and_program",
            "test_determinism.py::test_another_seed_is_another_result",
        ),
    ),
    Patch(
        "a run's key misses the program",
        "study/store.py",
        "{model_digest} {seed} {replication} {code_hash()}",
        "{model_digest} {seed} {replication}",
        ("test_determinism.py::test_a_runs_key_is_that_of_model_seed_replication_and_program",),
    ),
    Patch(
        "a model's hash misses its tables of probabilities",
        "study/store.py",
        "for part in (value.ptr, value.cum, value.item) if isinstance(value, Discrete) else (value,):",
        "for part in () if isinstance(value, Discrete) else (value,):",
        ("test_determinism.py::test_every_number_and_name_of_a_model_is_in_its_hash",),
    ),
    Patch(
        "results depend on the order of the scenarios",
        "study/plan.py",
        "return sorted(points, key=lambda p: (p.scenario, _VARIANTS.index(p.variant)))",
        "return points",
        ("test_determinism.py::test_an_indian_machine_with_four_workers_and_shuffled_scenarios_writes_the_same_bytes",),
    ),
)
FAULTS = (*MEASURES, *COMPARE, *STORE)
