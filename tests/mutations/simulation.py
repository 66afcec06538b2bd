"""Faults in what makes contacts: engine, rules, demand, compilation."""

from __future__ import annotations

from patches import Patch

ENGINE = (
    Patch(
        "one server more than there are",
        "engines/reference/pool_calendars.py",
        "default=(0, 0))[1]",
        "default=(0, 0))[1] + 1",
        (
            "test_journey.py::test_equal_targets_are_served_in_the_order_in_which_they_asked",
            "test_invariants.py::test_the_law_of_contacts_holds_in_any_network",
        ),
    ),
    Patch(
        "who is listed is listed anew at every visit",
        "engines/reference/decisions.py",
        "visit = 0 if self.m.listed[service] else visit",
        "visit = visit",
        ("test_listed.py::test_who_is_listed_comes_to_one_site_at_every_visit_to_every_service_of_the_list",),
    ),
    Patch(
        "one server less where a queue has formed",
        "engines/reference/pools.py",
        "self._take_back(shift)\n        self.start_whoever_can()",
        "self._take_back(shift)\n        if self.users + 1 < self.capacity:\n            self.start_whoever_can()",
        ("test_journey.py::test_a_holder_keeps_the_unit_until_the_next_contact_starts",),
    ),
    Patch(
        "wrong sign of the target wait",
        "engines/reference/simpy_engine.py",
        "contact.request + self.says.target(patient, contact)",
        "contact.request - self.says.target(patient, contact)",
        ("test_journey.py::test_the_queue_is_ordered_by_request_plus_target",),
    ),
    Patch(
        "patience counted from now, not from the request",
        "engines/reference/simpy_engine.py",
        "ends = contact.request + self.says.patience(",
        "ends = self.agenda.now + self.says.patience(",
        ("test_initial_state.py::test_who_waited_too_long_before_the_run_has_left",),
    ),
    Patch(
        "travel reversed: from the next site to the one before",
        "engines/reference/simpy_engine.py",
        "travel = m.travel_s[start][site] if patient.place != start and contact.origin != INITIAL else 0",
        "travel = m.travel_s[self.zones + site][start - self.zones] if patient.place != start >= self.zones else "
        "m.travel_s[start][site] if patient.place != start and contact.origin != INITIAL else 0",
        ("test_mutations.py::test_a_transfer_takes_the_road_from_the_one_site_to_the_next",),
    ),
    Patch(
        "a boarding patient frees the unit at once",
        "engines/reference/held_units.py",
        "if way.action == HOLDING:",
        "if False:",
        ("test_journey.py::test_a_holder_keeps_the_unit_until_the_next_contact_starts",),
    ),
    Patch(
        "a follow-up starts from the site, not from home",
        "engines/reference/simpy_engine.py",
        "                patient.place = patient.home\n",
        "",
        ("test_journey.py::test_a_follow_up_starts_from_home_after_its_delay",),
    ),
    Patch(
        "the team is back without driving home",
        "engines/reference/services.py",
        "contact.back = max(contact.start + away, now)",
        "contact.back = max(contact.start + busy, now)",
        ("test_journey_hours.py::test_a_team_is_occupied_for_the_drive_out_the_visit_and_the_drive_back",),
    ),
    Patch(
        "patience ends before service of the same second",
        "model/codes.py",
        "    SERVICE_END = 2\n    ARRIVAL = 3\n    REQUEST = 4\n    PATIENCE_END = 5\n",
        "    SERVICE_END = 5\n    ARRIVAL = 3\n    REQUEST = 4\n    PATIENCE_END = 2\n",
        ("test_journey.py::test_service_that_starts_in_the_second_in_which_patience_ends_is_given",),
    ),
)
RULES = (
    Patch(
        "what is left of a draw is not counted from its threshold",
        "model/rules.py",
        "below = cum[chosen - 1] if chosen > first else 0",
        "below = 0",
        ("test_rules.py::test_what_a_choice_leaves_of_a_word_is_uniform_again",),
    ),
    Patch(
        "the tail of a distribution shifted by one step",
        "model/rules.py",
        "step = 1025 + ((word & 0x3FFFFF) >> 12)",
        "step = 1024 + ((word & 0x3FFFFF) >> 12)",
        ("test_distributions.py::test_a_table_follows_the_distribution_far_into_its_tail",),
    ),
    Patch(
        "a probability of 0 can be drawn",
        "model/rules.py",
        "return bisect_right(cum, word, first, last)\n\n\ndef remainder",
        "return max(bisect_right(cum, word - 1, first, last), first)\n\n\ndef remainder",
        (
            "test_rules.py::test_pick_takes_the_first_threshold_above_the_word",
            "test_properties.py::test_a_row_never_picks_what_has_no_width",
        ),
    ),
    Patch(
        "every visit to a service has the luck of the first",
        "model/randomness.py",
        "mix((service + visit * _VISIT + purpose * _PURPOSE) & MASK)",
        "mix((service + purpose * _PURPOSE) & MASK)",
        ("test_rules.py::test_purposes_services_and_visits_have_luck_of_their_own",),
    ),
    Patch(
        "still open in the second of closing",
        "model/rules.py",
        "return (bisect_right(toggles, now, first, last) - first) & 1 == 1",
        "return (bisect_right(toggles, now - 1, first, last) - first) & 1 == 1",
        (
            "test_rules.py::test_an_offer_is_open_from_its_opening_to_before_its_closing",
            "test_journey_hours.py::test_open_means_open_at_the_second_of_the_decision",
        ),
    ),
)
DEMAND = (
    Patch(
        "people of a higher layer are kept as those of the first",
        "demand/layers.py",
        "level = (self.layer << 32) + (kind & LOW)",
        "level = (kind & LOW)",
        ("test_demand.py::test_a_factor_above_one_keeps_everybody_and_adds_others",),
    ),
    Patch(
        "a higher layer has the people of the first once more",
        "demand/layers.py",
        "stream = stream_of(root, model.need_hash[need], age, layer)",
        "stream = stream_of(root, model.need_hash[need], age)",
        ("test_demand.py::test_a_factor_above_one_keeps_everybody_and_adds_others",),
    ),
    Patch(
        "an episode's key is a running number",
        "demand/__init__.py",
        "return Episodes(**columns)",
        'columns["key"] = mix(np.arange(len(order), dtype=np.uint64))\n    return Episodes(**columns)',
        ("test_demand.py::test_a_further_need_changes_no_other_episode",),
    ),
    Patch(
        "an episode's key does not know where the patient lives",
        "demand/layers.py",
        "own, before = mix(self.stream ^ self.model.zone_hash)",
        "own, before = mix(self.stream ^ 0 * self.model.zone_hash)",
        ("test_mutations.py::test_an_episodes_key_is_that_of_its_zone_and_of_its_number_there",),
    ),
    Patch(
        "every replication has the same luck",
        "demand/__init__.py",
        'hash_of(f"careshift seed {seed} replication {replication}")',
        'hash_of(f"careshift seed {seed}")',
        ("test_demand.py::test_the_same_people_fall_ill_whenever_a_replication_is_drawn",),
    ),
    Patch(
        "people fall ill in the first half of an hour",
        "demand/layers.py",
        "((when & LOW) * np.uint64(3600))",
        "((when & LOW) * np.uint64(1800))",
        ("test_demand.py::test_a_need_arises_in_the_hours_of_its_profile_alone",),
    ),
)
COMPILE = (
    Patch(
        "mean for median in a lognormal",
        "config/distributions.py",
        "return float(np.log(spec.mean)) - variance / 2, variance**0.5",
        "return float(np.log(spec.mean)), variance**0.5",
        (
            "test_distributions.py::test_mean_and_sd_of_a_lognormal_are_not_those_of_its_logarithm",
            "test_distributions.py::test_a_table_has_the_mean_and_the_spread_of_its_distribution[lognormal]",
        ),
    ),
    Patch(
        "rate for mean in an exponential",
        "config/distributions.py",
        "return stats.expon(scale=spec.mean)",
        "return stats.expon(scale=1 / spec.mean)",
        ("test_distributions.py::test_a_table_has_the_mean_and_the_spread_of_its_distribution[exponential]",),
    ),
    Patch(
        "every day has 24 hours",
        "compile/calendars.py",
        "return int((self._utc(day, minutes(hhmm)) - self.origin).total_seconds())",
        "return 86400 * (day - self.first).days + 60 * minutes(hhmm)",
        (
            "test_calendars.py::test_a_day_has_23_24_or_25_hours",
            "test_calendars.py::test_a_night_shift_is_as_long_as_the_night",
            "test_calendars.py::test_a_night_shift_serves_as_many_as_the_night_has_hours",
            "test_calendars.py::test_people_fall_ill_by_the_clock_on_the_wall",
        ),
    ),
    Patch(
        "a fraction of a unit is lost at every shift",
        "compile/calendars.py",
        "    carried[factor] = before + units\n",
        "",
        ("test_calendars.py::test_a_fraction_of_a_unit_is_spread_over_the_shifts",),
    ),
    Patch(
        "the machine's time zone for the region's",
        "compile/calendars.py",
        "datetime(day.year, day.month, day.day, hour, rest, tzinfo=self.zone).astimezone(UTC)",
        "datetime(day.year, day.month, day.day, hour, rest).astimezone(UTC)",
        ("test_determinism.py::test_a_swedish_machine_with_two_workers_writes_the_same_bytes",),
    ),
    Patch(
        "texts are hashed by Python's own hash, which is another one in every process",
        "compile/thresholds.py",
        '[int.from_bytes(hashlib.blake2b(t.encode(), digest_size=8).digest(), "little") for t in texts]',
        "[hash(t) & (2**64 - 1) for t in texts]",
        ("test_determinism.py::test_a_swedish_machine_with_two_workers_writes_the_same_bytes",),
    ),
    Patch(
        "a holiday is as its weekday",
        "compile/calendars.py",
        "weekday = [6 if _is_holiday(holidays, t.date()) else t.weekday() for t in local]",
        "weekday = [t.weekday() for t in local]",
        (
            "test_calendars.py::test_a_holiday_is_as_sunday_in_hours_and_profile_unless_said",
            "test_calendars.py::test_days_have_the_arrivals_of_their_kind_and_length",
        ),
    ),
    Patch(
        "the farthest site for the nearest",
        "compile/choice_sets.py",
        "np.where(allowed, seconds, FAR)",
        "np.where(allowed, -seconds, FAR)",
        (
            "test_choice_sets.py::test_nearest_is_the_one_with_the_shortest_travel",
            "test_properties.py::test_closing_a_site_never_shortens_the_way",
        ),
    ),
    Patch(
        "people prefer the site that is further away",
        "compile/choice_sets.py",
        "np.array(key.pulls) - key.per_min * seconds / 60.0",
        "np.array(key.pulls) + key.per_min * seconds / 60.0",
        ("test_choice_sets.py::test_logit_shares_fall_with_travel_time_and_rise_with_pull",),
    ),
    Patch(
        "a ramp is in full force from its first date",
        "compile/levers.py",
        'change = share * self.size(lever, "change")',
        'change = self.size(lever, "change")',
        ("test_mutations.py::test_demand_changes_by_the_share_of_the_ramp_that_is_in_force",),
    ),
)
FAULTS = (*ENGINE, *RULES, *DEMAND, *COMPILE)
