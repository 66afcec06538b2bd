"""Levers on capacity, hours and sites, and how ramps and ranges apply: counted by hand on the tiny world."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import pytest
from lever_world import (
    BED_SEK,
    LESS_ER,
    ROOM_SEK,
    between,
    compiled,
    draft,
    exactly,
    places,
    run,
    same,
    sek_per_week,
    world,
)

from sim.compile.draft import Draft
from sim.compile.levers import Applier
from sim.config.schema import scenario as s
from sim.config.schema.pathway_rules import When
from sim.model.codes import LEVELS, ONE

# capacity


def test_added_units_are_spread_as_capacity_is_and_surge_grows_with_them() -> None:
    """8 more beds on 6 and 10: 9 and 15; surge of 1 and 2: 1.5 and 3."""
    lever = s.CapacityLever(kind="capacity", pools=s.Pools(resource="bed"), add_units=exactly(8))
    made = draft(lever)
    assert [made.pools[p].capacity for p in ("beds_north", "beds_south")] == [9, 15]
    assert [made.pools[p].surge for p in ("beds_north", "beds_south")] == [1.5, 3]
    assert places(compiled(lever), "beds_south") == (15, 18)
    assert places(compiled(), "beds_south") == (10, 12)


def test_units_added_to_pools_without_any_are_spread_evenly() -> None:
    empty = s.CapacityLever(kind="capacity", pools=s.Pools(resource="bed"), scale=exactly(-1))
    more = s.CapacityLever(kind="capacity", pools=s.Pools(resource="bed"), add_units=exactly(8))
    made = draft(empty, more)
    assert [made.pools[p].capacity for p in ("beds_north", "beds_south")] == [4, 4]


def test_a_scale_of_a_half_makes_four_rooms_six() -> None:
    lever = s.CapacityLever(kind="capacity", pools=s.Pools(resource="room"), scale=exactly(0.5))
    assert places(compiled(lever), "rooms") == (6, 6)


def test_only_pools_that_fit_every_line_are_changed() -> None:
    south = s.Pools(resource="bed", where=s.Where(sites=["hospital_south"], subregions=["South"]))
    none = s.Pools(resource="bed", where=s.Where(sites=["hospital_south"], subregions=["North"]))
    made = draft(s.CapacityLever(kind="capacity", pools=south, scale=exactly(1)))
    assert [made.pools[p].capacity for p in ("beds_north", "beds_south", "rooms")] == [6, 20, 4]
    made = draft(s.CapacityLever(kind="capacity", pools=none, scale=exactly(1)))
    assert [made.pools[p].capacity for p in ("beds_north", "beds_south", "rooms")] == [6, 10, 4]


def test_what_is_added_is_paid_by_other_pools() -> None:
    """4 rooms more cost 162,000 SEK a week; a bed costs 42,000, so the 16 beds become 16 - 3.857."""
    lever = s.CapacityLever(
        kind="capacity", pools=s.Pools(resource="room"), scale=exactly(1), paid_by=s.Pools(resource="bed")
    )
    made = draft(lever)
    assert made.pools["rooms"].capacity == 8
    beds = made.pools["beds_north"].capacity + made.pools["beds_south"].capacity
    assert beds == pytest.approx(16 - 4 * ROOM_SEK / BED_SEK)
    assert made.pools["beds_north"].capacity / beds == pytest.approx(6 / 16)
    assert sek_per_week(made) == pytest.approx(sek_per_week(draft()))


def test_pools_that_cannot_pay_are_refused() -> None:
    lever = s.CapacityLever(
        kind="capacity", pools=s.Pools(resource="bed"), scale=exactly(5), paid_by=s.Pools(resource="room")
    )
    with pytest.raises(ValueError, match="what is to pay for it has"):
        draft(lever)


# transfer


def test_a_transfer_keeps_cost_and_moves_surge_with_beds() -> None:
    """A quarter of 16 beds is 168,000 SEK a week: 4.148 rooms."""
    lever = s.TransferLever(
        kind="transfer",
        source_pools=s.Pools(resource="bed"),
        target_pools=s.Pools(resource="room"),
        share=exactly(0.25),
    )
    made = draft(lever)
    assert [made.pools[p].capacity for p in ("beds_north", "beds_south")] == [4.5, 7.5]
    assert [made.pools[p].surge for p in ("beds_north", "beds_south")] == [0.75, 1.5]
    assert made.pools["rooms"].capacity == pytest.approx(4 + 4 * BED_SEK / ROOM_SEK)
    assert sek_per_week(made) == pytest.approx(sek_per_week(draft()))


def test_a_transfer_of_staff_hours_keeps_hours_instead() -> None:
    """4 beds are 336 staff hours a week, a room 67.5."""
    lever = s.TransferLever(
        kind="transfer",
        source_pools=s.Pools(resource="bed"),
        target_pools=s.Pools(resource="room"),
        share=exactly(0.25),
        exchange="staff_hours",
    )
    assert draft(lever).pools["rooms"].capacity == pytest.approx(4 + 4 * 0.5 * 168 / (1.5 * 45))


def test_a_transfer_to_what_has_no_capacity_is_refused() -> None:
    gone = s.CapacityLever(kind="capacity", pools=s.Pools(resource="room"), scale=exactly(-1))
    to_rooms = s.TransferLever(
        kind="transfer",
        source_pools=s.Pools(resource="bed"),
        target_pools=s.Pools(resource="room"),
        share=exactly(0.25),
    )
    with pytest.raises(ValueError, match="no capacity that could grow"):
        draft(gone, to_rooms)


# opening hours


@pytest.mark.parametrize(("capacity", "rooms"), [("spread", 4 * 45 / 98), ("added", 4)])
def test_longer_hours_are_spread_or_added(capacity: str, rooms: float) -> None:
    said = {"kind": "opening_hours", "service": "primary_care", "calendar": "every_day_08_22", "capacity": capacity}
    made = draft(s.OpeningHoursLever.model_validate(said))
    assert made.pools["rooms"].capacity == pytest.approx(rooms)
    assert made.offers["vc_norrby", "primary_care"].calendar == "every_day_08_22"
    cost = sek_per_week(made) - sek_per_week(draft())
    assert cost == pytest.approx(0 if capacity == "spread" else 4 * 1.5 * 600 * (98 - 45))


def test_longer_hours_have_units_on_a_sunday_evening() -> None:
    sunday_20 = (2 * 24 + 20) * 3600
    lever = s.OpeningHoursLever(
        kind="opening_hours", service="primary_care", calendar="every_day_08_22", capacity="added"
    )
    assert places(compiled(), "rooms", sunday_20) == (0, 0)
    assert places(compiled(lever), "rooms", sunday_20) == (4, 4)


def test_opening_hours_at_some_sites_leave_the_others() -> None:
    lever = s.OpeningHoursLever(
        kind="opening_hours", service="er", where=s.Where(sites=["hospital_north"]), calendar="weekdays"
    )
    made = draft(lever)
    assert made.pools["er_north"].calendar == "weekdays"
    assert made.pools["er_south"].calendar == "er_places"


# closing and opening


def close(services: Sequence[str], moved: float) -> s.CloseLever:
    return s.CloseLever(
        kind="close",
        services=list(services),
        where=s.Where(sites=["hospital_north"]),
        moved=exactly(moved),
        to_sites={"hospital_south": 1.0},
    )


def test_a_close_moves_the_stated_share_of_places() -> None:
    """Half of 4 ER places move to the 4 of the south."""
    model = compiled(close(["er"], 0.5))
    assert places(model, "er_north") == (0, 0)
    assert places(model, "er_south") == (6, 6)
    assert places(model, "beds_north") == (6, 7)


def test_a_close_moves_unit_hours_where_hours_differ() -> None:
    """4 places of 45 hours a week are half moved to a pool of 143.5 hours: 2 x 45 / 143.5 places more."""
    short = s.OpeningHoursLever(
        kind="opening_hours",
        service="er",
        where=s.Where(sites=["hospital_north"]),
        calendar="weekdays",
        capacity="added",
    )
    made = draft(short, close(["er"], 0.5))
    assert made.pools["er_south"].capacity == pytest.approx(4 + 2 * 45 / 143.5)


def test_nobody_comes_to_a_closed_service_but_its_site_goes_on() -> None:
    model = compiled(close(["er"], 0))
    _, contacts = run(model)
    er, ward, north = model.services.index("er"), model.services.index("ward"), model.sites.index("hospital_north")
    began = contacts.request >= 0
    assert not ((contacts.site == north) & (contacts.service == er) & began).any()
    assert ((contacts.service == er) & began).sum() > 100
    assert model.open_ptr[model.offer[north, er]] == model.open_ptr[model.offer[north, er] + 1]
    assert places(model, "beds_north") == (6, 7)
    assert model.offer[north, ward] >= 0


def test_units_that_another_service_still_uses_stay_but_for_the_share_that_moves() -> None:
    """ER and ward share the 6 beds of the north, and the 10 of the south. Half moves: 3 stay for the other service,
    or none if both are closed."""

    def shared() -> Draft:
        made = draft()
        for site in ("north", "south"):
            made.offers[f"hospital_{site}", "er"].pool = f"beds_{site}"
        return made

    applier = Applier(world().care, world().region)
    one, both = shared(), shared()
    applier.apply(one, close(["er"], 0.5), 1.0)
    assert [one.pools[p].capacity for p in ("beds_north", "beds_south")] == [3, 13]
    assert [one.pools[p].surge for p in ("beds_north", "beds_south")] == [0.5, 2.5]
    applier.apply(both, close(["er", "ward"], 0.5), 1.0)
    assert [both.pools[p].capacity for p in ("beds_north", "beds_south")] == [0, 13]


def test_an_opened_service_has_a_pool_and_patients_of_its_own() -> None:
    lever = s.OpenLever(
        kind="open",
        service="primary_care",
        sites={"hospital_south": 3.0},
        resource="room",
        level="primary_care",
        calendar="weekdays",
    )
    assert draft(lever, share=0.5).pools["hospital_south_primary_care_added"].capacity == 1.5
    model = compiled(lever)
    south, care = model.sites.index("hospital_south"), model.services.index("primary_care")
    offer = model.offer[south, care]
    assert places(model, "hospital_south_primary_care_added") == (3, 3)
    assert LEVELS[model.offer_level[offer]] == "primary_care"
    episodes, contacts = run(model)
    there = (contacts.site == south) & (contacts.service == care)
    zones = {model.zones[z] for z in episodes.zone[contacts.episode[there]]}
    assert zones == {"soderby"}  # the nearest is chosen


# ramps and ends


def test_a_ramp_makes_phases_with_its_shares() -> None:
    """The run starts on 1 October, the ramp's steps lie on the 5th and the 8th; what is before counts as begun."""
    ramp = {date(2027, 9, 1): 0.25, date(2027, 10, 5): 0.5, date(2027, 10, 8): 1.0}
    lever = s.DemandLever(kind="demand", when=When(needs=["acute"]), change=exactly(-0.4), ramp=ramp)
    model = compiled(lever)
    assert (model.phase_start[1:] / 86400).tolist() == [4, 7]
    acute = model.needs.index("acute")
    assert (model.factor[:, acute, 0] / ONE).tolist() == pytest.approx([0.9, 0.8, 0.6])


def test_a_ramped_capacity_steps_up_on_its_days() -> None:
    """Half of 10 more beds from 2 October, all from the 6th: days 1 and 5 of the run."""
    ramp = {date(2027, 10, 2): 0.5, date(2027, 10, 6): 1.0}
    lever = s.CapacityLever(kind="capacity", pools=s.Pools(resource="bed"), scale=exactly(1), ramp=ramp)
    model = compiled(lever)
    assert [places(model, "beds_south", day * 86400 - 1)[0] for day in (1, 2, 5, 6)] == [10, 15, 15, 20]


BEFORE_ITS_DATE = [
    s.CapacityLever(kind="capacity", pools=s.Pools(resource="bed"), scale=exactly(1)),
    s.OpeningHoursLever(kind="opening_hours", service="primary_care", calendar="every_day_08_22"),
    close(["er"], 0.5),
]


@pytest.mark.parametrize("lever", BEFORE_ITS_DATE, ids=lambda lever: lever.kind)
def test_a_lever_before_its_first_date_changes_nothing(lever: s.AnyLever) -> None:
    assert same(compiled(lever.model_copy(update={"ramp": {date(2030, 1, 1): 1.0}})), compiled())
    assert not same(compiled(lever), compiled())


def test_the_low_run_does_little_and_the_high_run_much() -> None:
    lever = s.CapacityLever(kind="capacity", pools=s.Pools(resource="bed"), add_units=between(4, 8, 16))
    beds = [draft(lever, variant=v).pools["beds_south"].capacity for v in ("low", "value", "high")]
    assert beds == [12.5, 15, 20]


def test_failure_and_cost_are_at_their_other_ends() -> None:
    lever = LESS_ER.model_copy(update={"share": between(0.2, 0.5, 0.8), "fail_share": between(0.1, 0.25, 0.3)})
    found = {v: draft(lever, variant=v).shifts[0] for v in ("low", "value", "high")}
    assert {v: (d.share, d.fail) for v, d in found.items()} == {
        "low": (0.2, 0.3),
        "value": (0.5, 0.25),
        "high": (0.8, 0.1),
    }


def test_a_reduction_is_strongest_at_its_lowest_number() -> None:
    """A change of -0.3 to -0.1 does most at -0.3, which is the high run."""
    lever = s.DemandLever(kind="demand", when=When(needs=["acute"]), change=between(-0.3, -0.2, -0.1))
    acute = draft().needs.index("acute")
    factors = {v: float(draft(lever, variant=v).factor[acute, 0]) for v in ("low", "value", "high")}
    assert factors == pytest.approx({"low": 0.9, "value": 0.8, "high": 0.7})
