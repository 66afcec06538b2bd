"""Ambulances in every shipped region as its tables say, before anything is fitted: expected contacts, nobody drawn."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from sim.compile import compile_scenario
from sim.compile.traffic import Floats, flows, onward, ways_on
from sim.config.folders import folders
from sim.config.load import load_study
from sim.model.codes import ACUITIES, AGE_GROUPS, Action
from sim.model.tables import Model

ROOT = Path(__file__).resolve().parents[2]
REGIONS = folders(ROOT).region_names()
STUDY = {"teaching": "teaching"}  # else the region's quick one
EVIDENCE = pd.read_csv(ROOT / "configs/care/source/evidence.csv").set_index("parameter")["value"]


@cache
def expected(region: str) -> tuple[Model, Floats, Floats, Floats]:
    """A model, and by need, age group and acuity: patients of ambulances, those conveyed to an ER, all ER contacts."""
    overrides = [f"study={STUDY.get(region, f'{region}_quick')}", "scenarios=[baseline]"]
    model = compile_scenario(load_study(overrides, root=ROOT, fitted=False), "baseline")
    found = flows(model, 0)
    contacts = found.episodes[:, None] * found.visits
    crew, er = (model.services.index(s) for s in ("ambulance", "er"))
    ways = ways_on(model, 0)
    at_once = onward(model, ways, model.next_action[ways.item] == Action.AT_ONCE)
    conveyed = at_once[:, crew, er]  # share of each class
    shape = len(model.needs), len(AGE_GROUPS), ACUITIES
    met = contacts[:, crew]
    return model, met.reshape(shape), (met * conveyed).reshape(shape), contacts[:, er].reshape(shape)


@pytest.mark.parametrize("region", REGIONS)
def test_as_many_are_expected_at_emergency_rooms_by_ambulance_as_published(region: str) -> None:
    _, _, conveyed, er = expected(region)
    source = pd.read_csv(ROOT / "configs/region/vgr/source/parameters.csv").set_index("parameter")["value"]
    published = float(source["ED.arrival_share_ambulance"])
    assert conveyed.sum() / er.sum() == pytest.approx(published, rel=0.08)


@pytest.mark.parametrize("region", REGIONS)
def test_as_many_are_left_at_home_as_published_and_nobody_of_acuity_1(region: str) -> None:
    _, met, conveyed, _ = expected(region)
    left = 1 - conveyed.sum(axis=(0, 1)) / met.sum(axis=(0, 1))  # by acuity
    assert left[0] == pytest.approx(0, abs=1e-9)
    assert 0 < left[1] < 0.05
    assert (np.diff(left[:4]) > 0).all()
    all_left = 1 - conveyed.sum() / met.sum()
    assert float(EVIDENCE["EMS.not_conveyed"]) < all_left < float(EVIDENCE["EMS.non_conveyance"])


@pytest.mark.parametrize("region", REGIONS)
def test_the_urgent_and_the_frail_come_by_ambulance_more_than_others_and_children_less(region: str) -> None:
    model, _, conveyed, er = expected(region)
    by_acuity = conveyed.sum(axis=(0, 1)) / er.sum(axis=(0, 1))
    assert (np.diff(by_acuity) < 0).all()
    by_age = conveyed.sum(axis=(0, 2)) / er.sum(axis=(0, 2))
    assert by_age.argmin() == 0
    soon = 2  # acuity 3
    frail = model.needs.index("frailty")
    by_need = conveyed[:, :, soon].sum(axis=1) / np.maximum(er[:, :, soon].sum(axis=1), 1)
    assert by_need.argmax() == frail


@pytest.mark.parametrize("region", REGIONS)
def test_the_patients_of_ambulances_are_as_urgent_as_in_gothenburg(region: str) -> None:
    _, met, _, _ = expected(region)
    mix = met.sum(axis=(0, 1)) / met.sum()
    published = [float(EVIDENCE[f"EMS.retts_share_{c}"]) for c in ("red", "orange", "yellow", "green")]
    assert [*mix[:3], mix[3:].sum()] == pytest.approx(published, abs=0.05)
