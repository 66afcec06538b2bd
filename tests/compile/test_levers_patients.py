"""Levers on patients, their first contacts, how often they come and how they go on: counted by hand."""

from __future__ import annotations

import numpy as np
import pytest
from lever_world import LESS_ER, a_class, compiled, draft, exactly, row, run, ways, world

from sim.compile.draft import Way
from sim.compile.levers import Applier
from sim.config.schema import scenario as s
from sim.config.schema.base import Deterministic
from sim.config.schema.pathway_rules import When
from sim.demand import draw_episodes
from sim.model.codes import ACUITIES, AGE_GROUPS, LEVELS, ONE, PAYERS, Action, Origin

# first contacts


def test_a_shift_is_a_share_of_one_classs_first_contacts_with_failure_and_delay() -> None:
    model = compiled(LESS_ER)
    er, care = model.services.index("er"), model.services.index("primary_care")
    c = a_class("minor", "18_64", 4)
    shifted = row(model.shift, int(model.shift_row[0, c, er]))
    assert list(shifted.values()) == [0.5]
    (j,) = shifted
    assert model.shift_to[j] == care
    assert model.shift_fail[j] == ONE // 4
    assert set(model.quantile[model.shift_delay[j]].tolist()) == {2 * 3600}
    others = np.delete(model.shift_row[0, :, er], c)
    assert (others == -1).all()
    assert (model.shift_row[0, c, np.arange(len(model.services)) != er] == -1).all()


def test_those_whose_shift_fails_go_on_to_the_old_service() -> None:
    """All adults' minor illness is moved from the ER and half fails: half as many fall back as were moved."""
    lever = s.ShiftLever(
        kind="shift",
        when=When(needs=["minor"]),
        from_service="er",
        to_service="self_care",
        share=exactly(1),
        fail_share=exactly(0.5),
        fail_after=Deterministic(dist="deterministic", unit="min", value=30),
    )
    model = compiled(lever)
    episodes, contacts = run(model)
    er = model.services.index("er")
    minor = episodes.need[contacts.episode] == model.needs.index("minor")
    moved = int((contacts.origin == Origin.SHIFTED).sum())
    failed = int(((contacts.origin == Origin.FELL_BACK) & (contacts.service == er) & minor).sum())
    assert moved > 30
    assert abs(failed - moved / 2) < 3 * (moved / 4) ** 0.5
    assert not ((contacts.service == er) & (contacts.origin == Origin.FIRST) & minor).any()


def test_induced_contacts_are_counted_per_moved_one() -> None:
    """Adults: of acuity 4 an eighth begins at the ER, half of it moves: 1/16; twice that."""
    lever = LESS_ER.model_copy(update={"induced": exactly(2)})
    model = compiled(lever)
    n, a = model.needs.index("minor"), AGE_GROUPS.index("18_64")
    chosen = (n * len(AGE_GROUPS) + a) * ACUITIES + 3
    care = model.services.index("primary_care")
    assert row(model.induced, int(model.induced_row[0, chosen])) == {care: 2 / 16}
    rest = [r for c, r in enumerate(model.induced_row[0].tolist()) if c != chosen]
    assert all(row(model.induced, r) == {} for r in rest)
    _, contacts = run(model)
    assert (contacts.origin == Origin.INDUCED).sum() > 0


def test_demand_and_enrolment_multiply_for_whom_they_are_about() -> None:
    """0.8 of the rate by prevention; 40 of 100 enrolled, a quarter fewer: times 0.9."""
    fewer = s.DemandLever(kind="demand", when=When(needs=["frailty"]), change=exactly(-0.2))
    enrol = s.EnrolmentLever(
        kind="enrolment",
        when=When(needs=["frailty"], ages=["80plus"]),
        enrolled=exactly(40),
        eligible=exactly(100),
        reduction=exactly(0.25),
        staff_min_per_week=exactly(30),
        sek_per_staff_h=exactly(500),
        sek_per_year=exactly(1000),
    )
    model = compiled(fewer, enrol)
    n = model.needs.index("frailty")
    factor = model.factor[0] / ONE
    assert factor[n, AGE_GROUPS.index("65_79")] == pytest.approx(0.8)
    assert factor[n, AGE_GROUPS.index("80plus")] == pytest.approx(0.8 * 0.9)
    assert (np.delete(factor, n, axis=0) == 1).all()
    at = 0, LEVELS.index("mobile_team"), PAYERS.index("region")
    assert model.extra_staff_h_per_week[at] == 20
    assert model.extra_sek_per_year[at] == pytest.approx(20 * 365.25 / 7 * 500 + 40 * 1000, abs=1)
    assert model.extra_sek_per_year.sum() == model.extra_sek_per_year[at]


def test_overlapping_enrolments_multiply_and_more_than_all_are_refused() -> None:
    def enrol(n: float) -> s.EnrolmentLever:
        return s.EnrolmentLever(
            kind="enrolment",
            when=When(needs=["frailty"]),
            enrolled=exactly(n),
            eligible=exactly(100),
            reduction=exactly(0.5),
            staff_min_per_week=exactly(0),
            sek_per_staff_h=exactly(0),
        )

    made = draft(enrol(40), enrol(100))
    n = made.needs.index("frailty")
    assert made.factor[n, AGE_GROUPS.index("80plus")] == pytest.approx(0.8 * 0.5)
    with pytest.raises(ValueError, match="enrols 500 people of 100 eligible"):
        draft(enrol(500))


def test_an_enrolment_is_paid_by_pools() -> None:
    """84 people at 60 minutes and 500 SEK are 42,000 SEK a week: one bed of 16."""
    lever = s.EnrolmentLever(
        kind="enrolment",
        when=When(needs=["frailty"]),
        enrolled=exactly(84),
        eligible=exactly(100),
        reduction=exactly(0),
        staff_min_per_week=exactly(60),
        sek_per_staff_h=exactly(500),
        paid_by=s.Pools(resource="bed"),
    )
    made = draft(lever)
    assert made.pools["beds_north"].capacity + made.pools["beds_south"].capacity == pytest.approx(15)


def test_fewer_episodes_are_drawn_and_those_that_remain_are_the_same() -> None:
    fewer = s.DemandLever(kind="demand", when=When(needs=["acute"]), change=exactly(-0.5))
    before, after = (draw_episodes(m, 1, 0) for m in (compiled(), compiled(fewer)))
    acute = list(world().care.needs).index("acute")
    keys = before.key[(before.need == acute) & (before.time >= 0)]
    kept = after.key[(after.need == acute) & (after.time >= 0)]
    assert set(kept.tolist()) < set(keys.tolist())
    assert abs(len(kept) - len(keys) / 2) < 3 * (len(keys) / 4) ** 0.5


# the rest of the journey


def test_a_pathway_moves_a_share_of_one_way_on() -> None:
    """Of the eighth of minor illness that the ER admits, half goes home with a call the next day."""
    lever = s.PathwayLever(
        kind="pathway",
        service="er",
        when=When(needs=["minor"]),
        from_step="ward",
        to_step="telephone",
        how="follow_up",
        after=Deterministic(dist="deterministic", unit="days", value=1),
        share=exactly(0.5),
    )
    made = draft(lever)
    assert ways(made, "er", a_class("minor", "18_64", 4)) == {"ward": 0.0625, "telephone": 0.0625, "exit": 0.875}
    assert ways(made, "er", a_class("acute", "18_64", 3)) == {"ward": 0.125, "exit": 0.875}
    moved = made.next[made.services.index("er")][a_class("minor", "18_64", 4)][1]
    assert moved == Way(0.0625, "telephone", Action.FOLLOW_UP, lever.after)


def test_a_pathway_may_lead_home() -> None:
    lever = s.PathwayLever(
        kind="pathway", service="telephone", from_step="primary_care", to_step="exit", share=exactly(1)
    )
    made = draft(lever)
    way = next(w for w in made.next[made.services.index("telephone")][0] if w.to == "exit")
    assert way.how == Action.EXIT
    assert ways(made, "telephone", 0)["primary_care"] == 0


def test_durations_are_scaled_for_whom_the_lever_is_about() -> None:
    lever = s.DurationLever(kind="duration", service="primary_care", when=When(acuity=["4"]), change=exactly(-0.2))
    model = compiled(lever)
    care = model.services.index("primary_care")
    minutes = [model.quantile[model.duration[0, care, a_class("minor", "18_64", q)]].max() / 60 for q in (4, 5)]
    assert minutes == [24, 30]


def test_lead_times_are_scaled_for_those_who_have_one() -> None:
    """Adults' minor illness is planned two hours ahead; a quarter less by half is an hour and three quarters."""
    adults = a_class("minor", "18_64", 4)
    lever = s.LeadTimeLever(kind="lead_time", service="primary_care", change=exactly(-0.25))
    made = draft()
    row = made.lead[made.services.index("primary_care")]
    row[adults] = Deterministic(dist="deterministic", unit="h", value=2), 1.0
    Applier(world().care, world().region).apply(made, lever, 0.5)
    assert row[adults] == (Deterministic(dist="deterministic", unit="h", value=2), 0.875)
    assert all(lead is None for c, lead in enumerate(row) if c != adults)


def test_targets_are_set_in_minutes_and_half_in_force_lie_between() -> None:
    lever = s.TargetLever(kind="target", service="er", target_min={"3": 30})
    er = draft().services.index("er")
    assert draft(lever).target_s[er].tolist() == [0, 900, 1800, 7200, 14400]
    assert draft(lever, share=0.5).target_s[er].tolist() == [0, 900, 2700, 7200, 14400]
