"""Beds elsewhere, counted by hand: outliers, transfers to other hospitals, planned admissions that are put off."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hand_made import Measured, changed, measured, people, table, tiny, visit

from sim.model.tables import Model

WINDOW_H = 168
HOUR_S = 3600
PLACES = 16  # 6 in the north and 10 in the south


@pytest.fixture(scope="module")
def model() -> Model:
    return tiny()


def stay(request: float, start: float, end: float, site: str = "hospital_north", **more: object) -> dict[str, object]:
    """A stay on a ward."""
    row: dict[str, object] = visit("ward", site, request=request, start=start, end=end, release=end, **more)
    return row


def er(request: float, end: float, **more: object) -> dict[str, object]:
    """A visit to the emergency room in the north."""
    row: dict[str, object] = visit(request=request, start=request, end=end, release=end, **more)
    return row


def with_outliers(model: Model) -> tuple[Model, int]:
    """The ward of the north may use that of the south after six hours; and the pool of the latter."""
    offers = len(model.offer_pool)
    ward = model.services.index("ward")
    north, south = (model.offer[model.sites.index(site), ward] for site in ("hospital_north", "hospital_south"))
    other = int(model.offer_pool[south])
    count = np.ones(offers, dtype=np.int64)
    count[north] = 2
    spill = np.zeros(offers + 1, dtype=np.int64)
    spill[north + 1] = 6 * HOUR_S
    several = replace(
        model,
        offer_pools_ptr=np.append(0, np.cumsum(count)),
        offer_pools=np.insert(model.offer_pool, north + 1, other),
        offer_spill_s=spill,
    )
    return several, other


def test_an_outlier_lies_in_a_pool_that_takes_the_ward_only_after_some_time(model: Model) -> None:
    several, other = with_outliers(model)
    whose = people(several, {}, {})
    contacts = table(several, whose, stay(0, 6, 26, episode=0), stay(0, 0, 50, episode=1))
    pool = contacts.pool.copy()
    pool[0] = other
    found = Measured(several, whose, replace(contacts, pool=pool))
    assert found("outliers_per_100_places") == pytest.approx(100 * 20 / (PLACES * WINDOW_H))
    assert found("outliers_per_100_places", "site", "hospital_south") == pytest.approx(100 * 20 / (10 * WINDOW_H))
    assert found("outliers_per_100_places", "site", "hospital_north") == 0


def test_an_outlier_who_goes_on_at_once_in_the_same_bed_stays_one(model: Model) -> None:
    several, other = with_outliers(model)
    whose = people(several, {})
    last = stay(26, 26, 27, "hospital_south", origin="referred")
    contacts = table(several, whose, stay(0, 6, 26), last)
    found = Measured(several, whose, replace(contacts, pool=np.array([other, other])))
    assert found("outliers_per_100_places") == pytest.approx(100 * 21 / (PLACES * WINDOW_H))


def test_whose_own_ward_is_the_other_one_is_no_outlier(model: Model) -> None:
    several, _ = with_outliers(model)
    whose = people(several, {})
    contacts = table(several, whose, stay(0, 0, 20, "hospital_south"))
    assert Measured(several, whose, contacts)("outliers_per_100_places") == 0


def test_a_morning_counts_who_lies_beyond_the_places_at_six(model: Model) -> None:
    beside = [stay(0, 0, 6.5, episode=n) for n in range(8)]  # two beyond the six places of the north, on one morning
    later = [stay(7, 7, 29.9, episode=8 + n) for n in range(9)]  # three too many all day, none at six
    found = measured(model, [{}] * 17, *beside, *later)
    assert found("morning_overbeds_per_100_places") == pytest.approx(100 * 2 / (7 * PLACES))
    assert found("morning_overbeds_per_100_places", "site", "hospital_north") == pytest.approx(100 * 2 / (7 * 6))
    assert found("morning_overbeds_per_100_places", "site", "hospital_south") == 0


def test_too_many_on_one_ward_are_overbeds_though_another_has_beds(model: Model) -> None:
    found = measured(model, [{}] * 7, *(stay(0, 0, 7, episode=n) for n in range(7)))
    assert found("morning_overbeds_per_100_places") == pytest.approx(100 * 1 / (7 * PLACES))


def test_a_morning_counts_outliers_at_six(model: Model) -> None:
    several, other = with_outliers(model)
    whose = people(several, {}, {})
    contacts = table(several, whose, stay(0, 6, 26, episode=0), stay(7, 13, 29, episode=1))
    found = Measured(several, whose, replace(contacts, pool=np.array([other, other])))
    assert found("morning_outliers_per_100_places") == pytest.approx(100 * 1 / (7 * PLACES))
    assert found("morning_outliers_per_100_places", "site", "hospital_south") == pytest.approx(100 * 1 / (7 * 10))


def test_a_transfer_is_a_bed_at_another_hospital_than_that_which_decided(model: Model) -> None:
    rows = [
        er(0, 2, episode=0), stay(2, 3, 20, episode=0, origin="referred"),
        er(0, 2, episode=1), stay(2, 4, 20, "hospital_south", episode=1, origin="referred"),
    ]  # fmt: skip
    found = measured(model, [{}, {}], *rows)
    assert found("ward_transfer_share") == 0.5
    assert found("ward_transfer_share", "site", "hospital_north") == 0.5


def test_who_left_the_queue_of_one_ward_for_another_hospital_is_transferred(model: Model) -> None:
    left = visit("ward", "hospital_north", request=2, release=12, origin="referred")
    there = stay(13, 13, 20, "hospital_south", origin="left")
    assert measured(model, [{}], er(0, 2), left, there)("ward_transfer_share") == 1


def test_an_admission_that_no_emergency_room_decided_is_no_transfer(model: Model) -> None:
    found = measured(
        model, [{}], visit("primary_care", "vc_norrby", request=0, start=0, end=1, release=1), stay(1, 1, 9)
    )
    assert np.isnan(found("ward_transfer_share"))


def test_planned_admissions_are_cancelled_where_a_ward_refused_them(model: Model) -> None:
    refuses = np.full_like(model.refuse_row, -1)
    refuses[:, model.services.index("ward"), :] = 0
    off = visit("ward", "hospital_north", request=5, release=5, outcome="turned_away", episode=0)
    rows = off, stay(0, 0, 9, episode=1), stay(0, 0, 9, "hospital_south", episode=2)
    found = measured(changed(model, refuse_row=refuses), [{}, {}, {}], *rows)
    assert found("planned_admission_cancelled_share") == pytest.approx(1 / 3)
    assert found("planned_admission_cancelled_share", "site", "hospital_north") == 0.5
    assert np.isnan(measured(model, [{}, {}, {}], *rows)("planned_admission_cancelled_share"))
