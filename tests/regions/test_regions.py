"""Every shipped region: its tables are what its script makes, hold together, and run at sensible loads."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from functools import cache
from pathlib import Path

import pandas as pd
import pytest
import yaml

from sim.compile import compile_scenario
from sim.compile.offered_load import open_seconds, overloaded
from sim.config.folders import folders
from sim.config.load import load_study
from sim.config.schema.travel_rules import TravelConfig
from sim.config.world import World
from sim.model.codes import AGE_GROUPS

ROOT = Path(__file__).resolve().parents[2]
REGIONS = ROOT / "configs" / "region"
NAMES = folders(ROOT).region_names()
KEYS = {
    "municipalities": ["municipality"],
    "zones": ["zone"],
    "sites": ["site"],
    "pools": ["pool"],
    "offers": ["site", "service"],
    "targets": ["target"],
}
PEOPLE = [f"people_{age}" for age in AGE_GROUPS]
QUICK = {
    "vgr": "vgr_quick",
    "vastmanland": "vastmanland_quick",
    "goteborgsregionen": "goteborgsregionen_quick",
    "teaching": "teaching",
}  # a study of each region
OWN = {"vastmanland": 2, "teaching": 2}  # scenarios of a region's own


@cache
def tables(region: str) -> dict[str, pd.DataFrame]:
    return {name: pd.read_csv(REGIONS / region / f"{name}.csv", dtype={"municipality": str}) for name in KEYS}


@cache
def source(region: str, name: str) -> pd.DataFrame:
    return pd.read_csv(REGIONS / region / "source" / f"{name}.csv", dtype=str, keep_default_na=False)


@cache
def world(region: str) -> World:
    """The region as its tables say, before anything is fitted."""
    return load_study([f"study={QUICK[region]}", "scenarios=[baseline]"], root=ROOT, fitted=False)


def test_what_regions_share_is_no_region() -> None:
    assert sorted(QUICK) == NAMES
    assert (REGIONS / "_shared").is_dir()


def test_make_data_builds_every_region() -> None:
    scripts = {path.parent.name for path in REGIONS.glob("*/build.py")}
    assert scripts == set(NAMES)
    target = (ROOT / "Makefile").read_text(encoding="utf-8").split("\ndata:")[1].split("\n\n")[0]
    assert "configs/region/*/build.py" in target


@pytest.mark.parametrize("region", NAMES)
def test_the_script_makes_the_tracked_tables_byte_for_byte(region: str, tmp_path: Path) -> None:
    command = [sys.executable, "-B", str(REGIONS / region / "build.py"), str(tmp_path)]
    subprocess.run(command, check=True, cwd=tmp_path, env={**os.environ, "PYTHONPATH": str(ROOT)})
    for name in KEYS:
        assert (tmp_path / f"{name}.csv").read_bytes() == (REGIONS / region / f"{name}.csv").read_bytes(), name
    foretold = REGIONS / region / "forecast.csv"
    assert (tmp_path / "forecast.csv").exists() == foretold.exists()
    assert not foretold.exists() or (tmp_path / "forecast.csv").read_bytes() == foretold.read_bytes()


@pytest.mark.parametrize("region", NAMES)
def test_every_row_has_a_source_and_a_quality_and_is_there_once(region: str) -> None:
    for name, key in KEYS.items():
        table = tables(region)[name]
        assert table["source"].str.len().ge(3).all(), name
        assert table["quality"].isin(list("ABCDX")).all(), name
        assert not table.duplicated(key).any(), name


@pytest.mark.parametrize("region", NAMES)
def test_people_sum_to_the_population_of_every_municipality(region: str) -> None:
    zones, municipalities = tables(region)["zones"], tables(region)["municipalities"].set_index("municipality")
    summed = zones[PEOPLE].sum(axis=1).groupby(zones["municipality"]).sum()
    pd.testing.assert_series_equal(summed, municipalities["people"].sort_index(), check_names=False)
    assert (zones[PEOPLE] >= 0).all(axis=None)


@pytest.mark.parametrize("region", NAMES)
def test_every_service_to_which_somebody_goes_has_a_site_for_every_age_and_need(region: str) -> None:
    care = yaml.safe_load((ROOT / "configs" / "care" / "standard.yaml").read_text(encoding="utf-8"))
    offers = tables(region)["offers"]
    rules = [rule for need in care["needs"].values() for rule in need["first"].values()]
    at_hand = {service for rule in rules for service in rule.get("at_hand", ())}  # may stand nowhere
    services = care["services"].values()
    ways = [rule for said in services for part in ("next", "patience") for rule in said.get(part, {}).values()]
    asked = {service for rule in rules for service in rule["to"]} | {
        step["to"] for way in ways for step in way["then"].values()
    }  # a scenario opens the others
    sited = {name for name, said in care["services"].items() if "unlimited_at" not in said}
    assert (sited - at_hand) & asked <= set(offers["service"]) <= sited
    for column, all_of in (("ages", AGE_GROUPS), ("needs", care["needs"])):
        for service, given in offers.groupby("service")[column]:
            taken = {one for cell in given for one in (all_of if cell == "all" else cell.split())}
            assert taken == set(all_of), (service, column)


@pytest.mark.parametrize("region", NAMES)
def test_some_emergency_room_never_closes_and_takes_everyone(region: str) -> None:
    er = tables(region)["offers"].query("service == 'er'")
    assert (er["calendar"].eq("always") & er["needs"].eq("all")).any()


@pytest.mark.parametrize("region", NAMES)
def test_every_municipality_has_primary_care_and_care_of_its_own(region: str) -> None:
    sites, codes = tables(region)["sites"], set(tables(region)["municipalities"]["municipality"])
    for kind in ("primary_care_centre", "municipality"):
        assert set(sites.loc[sites["kind"] == kind, "municipality"]) == codes


@pytest.mark.parametrize("region", NAMES)
def test_beds_are_those_of_the_sources_less_what_is_not_modelled(region: str) -> None:
    pools = tables(region)["pools"]
    beds = pools.loc[pools["resource"].isin(["bed", "rare_bed"]), "capacity"].sum()
    assert beds == round(source(region, "hospitals")["beds_model_2025"].astype(int).sum() * 0.82)


@pytest.mark.parametrize("region", NAMES)
def test_every_crossing_is_defined(region: str) -> None:
    said = yaml.safe_load((REGIONS / region / "travel.yaml").read_text(encoding="utf-8"))
    travel = TravelConfig.model_validate(said)
    for name in ("zones", "sites"):
        assert travel.unknown(tables(region)[name]["crossing"].dropna()) == []


@pytest.mark.parametrize("region", NAMES)
def test_a_target_leads_to_the_row_it_comes_from(region: str) -> None:
    """Copied figures name their parameter, and say what it says; the others are sums and formulas that name theirs."""
    rows = source(region, "parameters").set_index("parameter")
    copied = source(region, "targets").set_index("target")
    hospitals = {f"er_visits_{h.lower()}" for h in source(region, "hospitals")["hospital_id"]}
    for row in tables(region)["targets"].itertuples():
        if row.target in copied.index:
            name, said = row.source.split(": ", 1)
            assert name == copied.loc[row.target, "parameter"]
            assert said == rows.loc[name, "source"]
            scale = float(copied.loc[row.target, "scale"])
            assert row.value == pytest.approx(float(rows.loc[name, "value"]) * scale, rel=1e-5)
        else:
            assert row.target in {*hospitals, "er_visits_total", "admissions", "admissions_all_care"}


@pytest.mark.parametrize("region", NAMES)
def test_parameters_that_the_tables_name_are_rows_of_the_sources(region: str) -> None:
    known = set(source(region, "parameters")["parameter"])
    named = re.compile(r"\b(?:PC|TEL|DIG|MOB|ED|IP)\.[a-z]\w*(?:\.\w+)?")
    for name in ("sites", "pools", "offers", "targets"):
        for text in tables(region)[name]["source"]:
            assert {found.removesuffix(".") for found in named.findall(text)} <= known, text


@pytest.mark.parametrize("region", NAMES)
def test_no_queue_of_the_baseline_grows_by_more_than_a_hundredth(region: str) -> None:
    loads = overloaded(compile_scenario(world(region), "baseline"))
    assert all(one.load < 1.02 or one.turns_away for one in loads), loads


def test_vastmanland_is_what_it_is() -> None:
    table = tables("vastmanland")
    assert len(table["municipalities"]) == 10 and len(table["zones"]) == 29
    assert table["municipalities"]["people"].sum() == 281_158
    hospitals = table["sites"].query("kind == 'hospital'")["site"]
    assert set(hospitals) == {"vml_vasteras", "vml_koping", "vml_sala", "vml_fagersta"}
    er = table["offers"].query("service == 'er'").set_index("site")
    assert er.loc["vml_koping", "calendar"] == "er_day" and "serious_acute" not in er.loc["vml_koping", "needs"]
    assert table["sites"]["kind"].eq("primary_care_centre").sum() == 30


def test_rates_are_scaled_by_age_and_not_for_the_region_that_they_are_of() -> None:
    told = re.compile(r"x (\d+) people")
    crews = {r: tables(r)["pools"].query("resource == 'mobile_team'")["source"].iloc[0] for r in ("vgr", "vastmanland")}
    asked = {region: int(told.search(text).group(1)) for region, text in crews.items()}  # type: ignore[union-attr]
    assert asked["vgr"] == 1_772_821
    assert asked["vastmanland"] == pytest.approx(281_158 * 1.14, rel=0.001)


@pytest.mark.parametrize("region", NAMES)
def test_scenarios_of_a_region_run_there(region: str) -> None:
    files = sorted((REGIONS / region / "scenarios").glob("*.yaml"))
    assert len(files) == OWN.get(region, 0)
    found = load_study([f"study={QUICK[region]}"], root=ROOT, files=files)
    people = tables(region)["municipalities"]["people"].sum()
    for name in found.scenarios:
        assert compile_scenario(found, name).people.sum() == people, name


@pytest.mark.parametrize(
    ("region", "scenario", "site", "gains", "from_places"),
    [
        ("vastmanland", "acute_to_vasteras", "vml_koping", "vml_vasteras", 41),
        ("teaching", "close_er_mellanby", "sjukhus_mellanby", "sjukhus_storstad", 13),
    ],
)
def test_a_closed_emergency_room_moves_its_places(
    region: str, scenario: str, site: str, gains: str, from_places: int
) -> None:
    path = REGIONS / region / "scenarios" / f"{scenario}.yaml"
    found = load_study([f"study={QUICK[region]}", "scenarios=[baseline]"], root=ROOT, files=[path], fitted=False)
    before, after = (compile_scenario(found, name) for name in ("baseline", scenario))
    hours = [dict(zip(m.pools, open_seconds(m) / 3600, strict=True)) for m in (before, after)]
    places = tables(region)["pools"].set_index("pool")["capacity"]
    assert places[f"{gains}_er_place"] == from_places
    assert hours[1][f"{site}_er_place"] == 0
    assert hours[1][f"{gains}_er_place"] > hours[0][f"{gains}_er_place"]


def test_a_region_for_teaching_says_on_every_row_of_people_and_places_that_it_is_made_up() -> None:
    for name in ("municipalities", "zones", "sites"):
        table = tables("teaching")[name]
        assert table["source"].str.contains("made up for teaching").all(), name
        assert (table["quality"] == "D").all(), name


def test_goteborgsregionen_is_its_13_municipalities() -> None:
    table = tables("goteborgsregionen")
    assert len(table["municipalities"]) == 13 and len(table["zones"]) == 100
    assert table["municipalities"]["people"].sum() == 1_087_605
    assert "1384" in set(table["municipalities"]["municipality"])  # Kungsbacka, in Region Halland


def test_rows_that_two_regions_share_are_the_same() -> None:
    for name, key in (("municipalities", "scb_code"), ("localities", "locality_id"), ("age_2019", "scb_code")):
        vgr, gr = (source(region, name).set_index(key) for region in ("vgr", "goteborgsregionen"))
        both = vgr.index.intersection(gr.index)
        assert len(both) > 11
        pd.testing.assert_frame_equal(vgr.loc[both], gr.loc[both])


def built(folder: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-B", str(folder / "teaching" / "build.py"), str(folder)]
    env = {**os.environ, "PYTHONPATH": str(ROOT)}
    return subprocess.run(command, cwd=folder, env=env, text=True, capture_output=True, check=False)


@pytest.fixture
def copied(tmp_path: Path) -> Path:
    """The region for teaching beside what regions share, to break."""
    for name in ("_shared", "teaching"):
        shutil.copytree(REGIONS / name, tmp_path / name)
    return tmp_path


def change(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


def test_missing_tables_and_columns_of_the_sources_are_told_at_once(copied: Path) -> None:
    sources = copied / "teaching" / "source"
    (sources / "places.csv").unlink()
    change(sources / "hospitals.csv", "beds_model_2025", "beds")
    done = built(copied)
    assert done.returncode == 2
    assert "source/places.csv: the table is missing" in done.stderr
    assert "source/hospitals.csv: column beds_model_2025: the column is missing" in done.stderr
    assert "Traceback" not in done.stderr and not (copied / "zones.csv").exists()


def test_sources_that_do_not_fit_together_are_told_at_once(copied: Path) -> None:
    sources = copied / "teaching" / "source"
    change(sources / "localities.csv", ",25000,", ",26000,")
    change(sources / "places.csv", "team_base,mellanby", "team_base,melanby")
    change(sources / "hospitals.csv", "9902", "9903")
    with (sources / "targets.csv").open("a", encoding="utf-8") as file:
        file.write("calls,contacts,all,,TEL.calls,1,contacts,compare,,\n")
    done = built(copied)
    assert done.returncode == 2 and "Traceback" not in done.stderr
    told = done.stderr.splitlines()[1:]
    assert told == [
        "municipality 9902: its localities have 36000 people, it has 35000",
        "source/hospitals.csv, Mellanby sjukhus: unknown municipality 9903",
        "source/places.csv, team_mellanby: unknown place 'melanby'; a locality_id or a hospital_id",
        "source/targets.csv, calls: TEL.calls is no row of source/parameters.csv",
    ]


def test_a_region_without_an_emergency_room_or_a_telephone_is_told(copied: Path) -> None:
    sources = copied / "teaching" / "source"
    change(sources / "hospitals.csv", ",yes,", ",no,")
    change(sources / "places.csv", "telephone_centre", "team_base")
    done = built(copied)
    assert "no emergency room is open at all hours" in done.stderr
    assert "source/places.csv has no telephone_centre" in done.stderr


@pytest.mark.parametrize("region", NAMES)
def test_longer_hours_of_primary_care_have_its_summers_and_christmases(region: str) -> None:
    calendars = world(region).region.calendars
    usual, longer = calendars["vardcentraler"], calendars["weekdays_08_20_saturday_10_14"]
    assert [dates[:2] for dates in usual.exceptions] == [dates[:2] for dates in longer.exceptions] != []
    factors = [
        [{day.capacity_factor for day in week.mon or ()} for *_, week in one.exceptions] for one in (usual, longer)
    ]
    assert factors[0] == factors[1]
