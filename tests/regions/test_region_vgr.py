"""The tables of Västra Götaland: what they must hold, and that build.py makes them."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import yaml

from sim.compile import compile_scenario
from sim.compile.traffic import flows
from sim.compile.travel_matrix import matrix
from sim.config.load import load_study
from sim.config.schema.travel_rules import TravelConfig
from sim.model.codes import ACUITIES, ONE

ROOT = Path(__file__).resolve().parents[2]
REGION = ROOT / "configs" / "region" / "vgr"
TABLES = ("municipalities", "zones", "sites", "pools", "offers", "targets")
AGES = ("0_17", "18_64", "65_79", "80plus")
EMERGENCY_ROOMS = {
    *("su_sahlgrenska", "su_ostra", "su_molndal", "su_dsbus", "siv_kungalv", "siv_alingsas"),
    *("sas_boras", "nu_nal", "skas_skovde"),
}


@pytest.fixture(scope="module")
def tables() -> dict[str, pd.DataFrame]:
    return {name: pd.read_csv(REGION / f"{name}.csv", dtype={"municipality": str}) for name in TABLES}


@pytest.fixture(scope="module")
def travel() -> TravelConfig:
    return TravelConfig.model_validate(yaml.safe_load((REGION / "travel.yaml").read_text(encoding="utf-8")))


def minutes(origins: pd.DataFrame, sites: pd.DataFrame, travel: TravelConfig) -> np.ndarray:
    ends = ([t["lat"], t["lon"], t["crossing"].fillna("").tolist()] for t in (origins, sites))
    here, there = ends
    return matrix(*here, *there, travel)[1] / 60


def people(zones: pd.DataFrame) -> pd.Series:
    return zones[[f"people_{age}" for age in AGES]].sum(axis=1)


def test_build_reproduces_the_tracked_tables_byte_for_byte(tmp_path: Path) -> None:
    command = [sys.executable, "-B", str(REGION / "build.py"), str(tmp_path)]
    subprocess.run(command, check=True, cwd=tmp_path, env={**os.environ, "PYTHONPATH": str(ROOT)})
    for name in TABLES:
        assert (tmp_path / f"{name}.csv").read_bytes() == (REGION / f"{name}.csv").read_bytes(), name


@pytest.mark.parametrize("name", TABLES)
def test_every_row_has_a_source_and_a_quality(tables: dict[str, pd.DataFrame], name: str) -> None:
    table = tables[name]
    assert table["source"].str.len().ge(3).all()
    assert table["quality"].isin(list("ABCDX")).all()


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("municipalities", ["municipality"]),
        ("zones", ["zone"]),
        ("sites", ["site"]),
        ("pools", ["pool"]),
        ("offers", ["site", "service"]),
        ("targets", ["target"]),
    ],
)
def test_names_are_there_once_and_are_safe_ids(tables: dict[str, pd.DataFrame], name: str, key: list[str]) -> None:
    table = tables[name]
    assert not table.duplicated(key).any()
    assert table[key[0]].astype(str).str.fullmatch(r"[a-z0-9][a-z0-9_\-]*").all()


def test_the_counts_are_those_of_the_region(tables: dict[str, pd.DataFrame]) -> None:
    assert len(tables["municipalities"]) == 49
    assert len(tables["zones"]) == 290
    kinds = tables["sites"]["kind"].value_counts()
    assert kinds["hospital"] == 19 and kinds["municipality"] == 49 and kinds["out_of_hours_clinic"] == 23
    assert 186 <= kinds["primary_care_centre"] <= 258


def test_people_sum_to_the_population_of_every_municipality(tables: dict[str, pd.DataFrame]) -> None:
    zones, municipalities = tables["zones"], tables["municipalities"].set_index("municipality")
    assert (people(zones) >= 0).all()
    assert people(zones).sum() == municipalities["people"].sum() == 1_772_821
    summed = people(zones).groupby(zones["municipality"]).sum()
    pd.testing.assert_series_equal(summed, municipalities["people"].sort_index(), check_names=False)


def test_people_of_80_and_over_follow_the_forecast(tables: dict[str, pd.DataFrame]) -> None:
    oldest = tables["zones"]["people_80plus"].sum()
    assert oldest == pytest.approx(86_000 + 6 / 22 * 56_000, rel=0.001)


def test_every_municipality_has_a_primary_care_centre(tables: dict[str, pd.DataFrame]) -> None:
    sites = tables["sites"]
    centres = sites[sites["kind"] == "primary_care_centre"]
    assert set(centres["municipality"]) == set(tables["municipalities"]["municipality"])


def test_every_place_lies_in_the_region(tables: dict[str, pd.DataFrame], travel: TravelConfig) -> None:
    for name in ("zones", "sites"):
        table = tables[name]
        assert table["lat"].between(57.0, 59.5).all() and table["lon"].between(10.9, 14.8).all()
        assert set(table["municipality"]) <= set(tables["municipalities"]["municipality"])
        assert travel.unknown(table["crossing"].dropna()) == []


def test_every_offer_has_its_pool_at_its_site(tables: dict[str, pd.DataFrame]) -> None:
    offers, pools = tables["offers"], tables["pools"].set_index("pool")
    assert set(offers["site"]) <= set(tables["sites"]["site"])
    named = offers.assign(pool=offers["pool"].str.split()).explode("pool")
    assert (named["pool"].map(pools["site"]) == named["site"]).all()
    assert set(pools.index) == set(named["pool"])


def test_every_calendar_is_defined(tables: dict[str, pd.DataFrame]) -> None:
    calendars = yaml.safe_load((REGION / "calendars.yaml").read_text(encoding="utf-8"))
    assert set(tables["pools"]["calendar"]) | set(tables["offers"]["calendar"]) <= set(calendars)


def test_capacities_are_positive_and_beds_are_whole(tables: dict[str, pd.DataFrame]) -> None:
    pools = tables["pools"]
    assert (pools["capacity"] >= 1).all()
    whole = pools[pools["resource"].isin(["bed", "rare_bed", "er_place", "mobile_team"])]
    assert (whole["capacity"] % 1 == 0).all() and (pools["surge"] >= 0).all()
    assert (pools.loc[~pools["resource"].isin(["bed", "rare_bed"]), "surge"] == 0).all()


def test_beds_are_the_published_ones_less_psychiatry_and_obstetrics(
    tables: dict[str, pd.DataFrame],
) -> None:
    pools, hospitals = tables["pools"], pd.read_csv(REGION / "source" / "hospitals.csv")
    beds = pools.loc[pools["resource"].isin(["bed", "rare_bed"]), "capacity"].sum()
    assert beds == round(hospitals["beds_model_2025"].sum() * 0.82)


def test_nine_hospitals_have_an_emergency_room_and_children_have_their_own(
    tables: dict[str, pd.DataFrame],
) -> None:
    er = tables["offers"].query("service == 'er'").set_index("site")
    assert set(er.index) == EMERGENCY_ROOMS
    assert er.loc["su_dsbus", "ages"] == "0_17"
    assert er.loc["su_molndal", "ages"] == "18_64 65_79 80plus"
    assert er.loc["nu_nal", "ages"] == "all"


def test_every_age_group_is_served_by_every_service(tables: dict[str, pd.DataFrame]) -> None:
    for service, offers in tables["offers"].groupby("service"):
        taken = {age for ages in offers["ages"] for age in (AGES if ages == "all" else ages.split())}
        assert taken == set(AGES), service


def test_municipal_care_serves_its_own_municipality_only(tables: dict[str, pd.DataFrame]) -> None:
    offers = tables["offers"]
    own = offers["service"].isin(["municipal_care", "home_care_start", "home_care_visit"])
    assert own.sum() == 3 * 49
    assert (offers.loc[own, "serves"] == "municipality").all()
    assert (offers.loc[~own, "serves"] == "region").all()


def test_everybody_is_within_80_minutes_of_a_mobile_team(tables: dict[str, pd.DataFrame], travel: TravelConfig) -> None:
    bases = tables["sites"].query("kind == 'team_base'")
    assert minutes(tables["zones"], bases, travel).min(axis=1).max() < 80


def test_the_share_of_people_near_an_emergency_room_is_the_published_one(
    tables: dict[str, pd.DataFrame], travel: TravelConfig
) -> None:
    """66 % within 15 minutes by car in 2018 (Vardanalys), when Lidköping still had an emergency room."""
    zones, sites = tables["zones"], tables["sites"]
    then = sites[sites["site"].isin(EMERGENCY_ROOMS | {"skas_lidkoping"})]
    at_wheel = minutes(zones, then, travel).min(axis=1) - travel.access_min.value
    share = people(zones)[at_wheel < 15].sum() / people(zones).sum()
    assert share == pytest.approx(0.66, abs=0.02)


def test_targets_are_numbers_within_their_ranges(tables: dict[str, pd.DataFrame]) -> None:
    targets = tables["targets"]
    assert targets["value"].notna().all()
    low, high = targets["low"].fillna(targets["value"]), targets["high"].fillna(targets["value"])
    assert (low <= targets["value"]).all() and (targets["value"] <= high).all()


def test_tables_are_utf_8_with_commas_and_plain_line_ends() -> None:
    for name in TABLES:
        raw = (REGION / f"{name}.csv").read_bytes()
        assert not raw.startswith(b"\xef\xbb\xbf") and b"\r" not in raw and raw.endswith(b"\n")
        assert raw.decode("utf-8").splitlines()[0].count(",") > 4


@pytest.fixture(scope="module")
def yearly() -> dict[str, np.ndarray]:
    """Contacts a year that the care model expects of the region, by service and age group, if nobody waits."""
    world = load_study(["study=vgr_quick", "scenarios=[baseline]"], root=ROOT)
    model = compile_scenario(world, "baseline")
    needs = world.care.needs
    rates = [[needs[n].rate_per_1000_year.get(age) for age in AGES] for n in model.needs]
    rate = np.array([[r.value / 1000 if r else 0.0 for r in row] for row in rates])
    mix = np.diff(model.acuity_cum, axis=1, prepend=0).reshape(*rate.shape, ACUITIES) / ONE
    episodes = (rate * model.people.sum(axis=0))[:, :, None] * mix
    visits = flows(model, 0).visits.reshape(*episodes.shape, len(model.services))
    found = np.einsum("naq,naqs->as", episodes, visits)
    return {service: found[:, s] for s, service in enumerate(model.services)}


@pytest.mark.parametrize(
    ("target", "services"),
    [
        ("er_visits_total", ["er"]),
        ("admissions", ["admission", "planned_surgery", "planned_orthopaedics", "rare_ward"]),
        ("calls_1177", ["telephone_1177"]),
        ("digital_consultations", ["digital_consultation"]),
    ],
)
def test_the_care_model_expects_what_is_published_within_15_per_cent(
    tables: dict[str, pd.DataFrame], yearly: dict[str, np.ndarray], target: str, services: list[str]
) -> None:
    row = tables["targets"].set_index("target").loc[target]
    residents = 1 if row["unit"] == "contacts/year" else people(tables["zones"]).sum() / 1000
    assert sum(yearly[s].sum() for s in services) / residents == pytest.approx(row["value"], rel=0.15)


def test_more_would_be_met_by_mobile_teams_than_published_if_nobody_waited(
    tables: dict[str, pd.DataFrame], yearly: dict[str, np.ndarray]
) -> None:
    """Crews are what limits them: shares are of somebody who meets no wait (service_choice)."""
    published = tables["targets"].set_index("target").loc["mobile_team_visits", "value"]
    residents = people(tables["zones"]).sum() / 1000
    assert published < yearly["mobile_team_visit"].sum() / residents < 2 * published


def test_the_oldest_visit_emergency_rooms_as_often_as_published(
    tables: dict[str, pd.DataFrame], yearly: dict[str, np.ndarray]
) -> None:
    oldest = tables["zones"]["people_80plus"].sum() / 1000
    assert yearly["er"][3] / oldest == pytest.approx(508.8, rel=0.15)


def test_rare_beds_are_enough_wherever_rare_patients_are_drawn(tables: dict[str, pd.DataFrame]) -> None:
    world = load_study(["study=vgr_quick", "scenarios=[baseline]"], root=ROOT)
    model = compile_scenario(world, "baseline")
    found, s = flows(model, 0), model.services.index("rare_ward")
    a_day = np.einsum("c,ct->t", found.episodes, found.by_site[:, s]) / (model.horizon / 86400)
    beds = tables["pools"].query("resource == 'rare_bed'").set_index("site")["capacity"]
    days = world.care.services["rare_ward"].duration["all"].time.mean
    assert days is not None
    load = {site: a_day[model.sites.index(site)] * days / n for site, n in beds.items()}
    assert max(load.values()) < 0.9, load
