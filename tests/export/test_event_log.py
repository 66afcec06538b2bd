"""The event log of a run: every contact has its rows, in order, and the run is the stored one."""

from __future__ import annotations

import gzip
import shutil
import xml.etree.ElementTree as ET
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd
import pytest
from commands import edit
from hand_made import TINY
from stories import Person, episodes
from worlds import Offer, Sketch, service, way

from sim.config.errors import ConfigErrors
from sim.export import xes
from sim.export.event_files import event_log, write_events
from sim.export.event_log import COLUMNS, EventLog, iso_moments
from sim.export.formats import RunChoice, export
from sim.export.nothing_written import NothingWritten
from sim.export.run_again import run_again
from sim.export.xes import write_xes
from sim.model.codes import ABSENT
from sim.results.read import Results
from sim.simulation import Simulation, simulate_episodes
from sim.study.stored_world import stored_world

XES = "{http://www.xes-standard.org/}"
SHORT = ["entity_id", "event", "event_type", "time", "resource_id", "lifecycle:transition"]


@pytest.fixture(autouse=True)
def standing(monkeypatch: pytest.MonkeyPatch) -> None:
    """In the tiny world's folder, where its region is found."""
    monkeypatch.chdir(TINY)


@pytest.fixture(scope="module")
def log(results: Results, tmp_path_factory: pytest.TempPathFactory) -> pd.DataFrame:
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(TINY)
        return event_log(results, "closed_er", 1, "sv")


def hand_made(folder: Path, days: float | None = None) -> pd.DataFrame:
    """One room and three people: one is seen and rung up later, one leaves the queue, one still waits at midnight."""
    services = {
        "er": service(60, patience=30, then=[way("call", after=10)], leaves=[way("exit")]),
        "call": service(5, "remote", unlimited_at="self_care"),
    }
    model = Sketch(services, {"a": {"er": Offer(1)}}).compile(folder)
    people = episodes(model, [Person(0), Person(10), Person(1435)])
    run = Simulation(model, people, simulate_episodes(model, people, "simpy"))
    zone = ZoneInfo("Europe/Stockholm")
    start = pd.Timestamp("2027-03-01", tz=zone).tz_convert("UTC").to_pydatetime()
    return EventLog(run, ["Akut", "Samtal", "Ankomst", "Avslut"], zone, start, days).frame()


def test_every_contact_has_its_rows_counted_by_hand(tmp_path: Path) -> None:
    log = hand_made(tmp_path)
    rows = [tuple(None if pd.isna(cell) else cell for cell in row) for row in log[SHORT].itertuples(index=False)]
    assert rows == [
        (0, "arrival", "arrival_departure", 0, None, "complete"),
        (0, "er_wait", "queue", 0, None, "schedule"),
        (0, "er_begins", "resource_use", 0, 1, "start"),
        (0, "er_ends", "resource_use_end", 60, 1, "complete"),
        (0, "call_wait", "queue", 70, None, "schedule"),
        (0, "call_begins", "queue", 70, None, "start"),
        (0, "call_ends", "resource_use_end", 75, None, "complete"),
        (0, "depart", "arrival_departure", 75, None, "complete"),
        (1, "arrival", "arrival_departure", 10, None, "complete"),
        (1, "er_wait", "queue", 10, None, "schedule"),
        (1, "er_left", "queue", 40, None, "withdraw"),
        (1, "depart", "arrival_departure", 40, None, "complete"),
        (2, "arrival", "arrival_departure", 1435, None, "complete"),
        (2, "er_wait", "queue", 1435, None, "schedule"),
        (2, "er_begins", "resource_use", 1435, 1, "start"),
    ]
    assert list(log.columns) == list(COLUMNS)
    assert log["concept:name"].tolist()[:3] == ["Ankomst", "Akut", "Akut"]
    assert log["org:resource"].dropna().unique().tolist() == [f"{log['pool'][1]} 1"]
    assert iso_moments(log["time:timestamp"]).tolist()[3] == "2027-03-01T01:00:00+01:00"
    assert log["case:concept:name"].nunique() == 1, "the three have the same luck, and so the same key"


def test_a_unit_that_is_kept_after_the_service_is_free_when_it_is_given_back(tmp_path: Path) -> None:
    services = {"er": service(60, then=[way("ward", 1, "holding")]), "ward": service(120)}
    model = Sketch(services, {"a": {"er": Offer(2), "ward": Offer(1)}}).compile(tmp_path)
    people = episodes(model, [Person(0), Person(10)])
    run = Simulation(model, people, simulate_episodes(model, people, "simpy"))
    zone = ZoneInfo("UTC")
    log = EventLog(run, ["Akut", "Avdelning", "in", "ut"], zone, datetime(2027, 3, 1, tzinfo=zone)).frame()
    second = log[log["entity_id"] == 1][["event", "time", "resource_id"]].astype({"event": str}).values.tolist()
    assert second[2:6] == [["er_begins", 10, 2], ["ward_wait", 70, pd.NA], ["er_ends", 180, 2], ["ward_begins", 180, 1]]


def test_the_days_choose_whole_cases(tmp_path: Path) -> None:
    assert set(hand_made(tmp_path, days=5 / 1440)["entity_id"]) == {0}
    first = hand_made(tmp_path, days=11 / 1440)
    assert set(first["entity_id"]) == {0, 1}
    assert first["time"].max() == 75


def test_a_log_has_a_row_for_each_second_of_each_contact_of_the_run(results: Results, log: pd.DataFrame) -> None:
    _, run = run_again(results, "closed_er", 1)
    c = run.contacts
    inside = np.isin(c.episode, log["entity_id"].unique())
    started = (c.start != ABSENT) & inside
    free = np.where(c.pool >= 0, c.release, c.end)
    assert (log["event"].astype(str).str.endswith("_wait")).sum() == inside.sum() > 400
    assert (log["lifecycle:transition"] == "start").sum() == started.sum()
    assert (log["event_type"] == "resource_use_end").sum() == (started & (free != ABSENT)).sum()
    assert (log["lifecycle:transition"] == "withdraw").sum() == (
        inside & (c.start == ABSENT) & (c.release != ABSENT)
    ).sum()
    assert (log["event"] == "arrival").sum() == log["entity_id"].nunique()
    assert log["event_type"].eq("resource_use").sum() == (started & (c.pool >= 0)).sum()
    assert log.loc[log["event_type"] == "resource_use", "resource_id"].notna().all()


def test_a_case_begins_with_its_arrival_and_goes_forward_in_time(log: pd.DataFrame) -> None:
    cases = log.groupby("entity_id", sort=False)
    assert (cases.head(1)["event"] == "arrival").all()
    assert (cases["time"].diff().dropna() >= 0).all()
    last = log[log["event"] == "depart"]
    assert last.index.isin(cases.tail(1).index).all()
    assert 0 < len(last) < log["entity_id"].nunique(), "some are still under way when the run ends"


def test_local_times_have_the_offset_of_their_day() -> None:
    moments = pd.Series(pd.to_datetime(["2027-03-28T00:59:59Z", "2027-03-28T01:00:00Z", "2027-10-31T01:00:00Z"]))
    local = moments.dt.tz_convert("Europe/Stockholm")
    assert iso_moments(local).tolist() == [
        "2027-03-28T01:59:59+01:00", "2027-03-28T03:00:00+02:00", "2027-10-31T02:00:00+01:00",
    ]  # fmt: skip
    assert iso_moments(local[:0]).tolist() == []
    west = moments.dt.tz_convert("America/St_Johns")
    assert iso_moments(west).tolist()[0] == "2027-03-27T22:29:59-02:30"


def test_three_files_say_the_same(log: pd.DataFrame, tmp_path: Path) -> None:
    table, parquet, packed = write_events(log, tmp_path, "name")
    assert [path.name for path in (table, parquet, packed)] == ["name.csv", "name.parquet", "name.xes.gz"]
    text = pd.read_csv(table, dtype={"resource_id": "Int64"})
    assert list(text.columns) == list(COLUMNS)
    assert text["time"].tolist() == log["time"].tolist()
    assert text["time:timestamp"].tolist() == iso_moments(log["time:timestamp"]).tolist()
    back = pd.read_parquet(parquet)
    assert (pd.to_datetime(text["time:timestamp"], utc=True) == back["time:timestamp"]).all()
    for name in ("event", "org:resource", "outcome"):
        assert (
            text[name].fillna("").tolist()
            == log[name].astype(object).fillna("").tolist()
            == back[name].astype(object).fillna("").tolist()
        )
    tree = ET.fromstring(gzip.decompress(packed.read_bytes()))
    traces = tree.findall(f"{XES}trace")
    assert len(traces) == log["case:concept:name"].nunique()
    events = [event for trace in traces for event in trace.findall(f"{XES}event")]
    assert [value(event, "concept:name") for event in events] == log["concept:name"].tolist()
    assert [value(event, "time:timestamp") for event in events] == text["time:timestamp"].tolist()
    assert [value(event, "org:resource") for event in events] == log["org:resource"].astype(object).fillna("").tolist()


def test_a_log_that_is_written_in_parts_is_the_same(
    log: pd.DataFrame, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_xes(tmp_path / "whole", log, "name")
    monkeypatch.setattr(xes, "AT_A_TIME", 7)
    write_xes(tmp_path / "parts", log, "name")
    assert gzip.decompress((tmp_path / "parts").read_bytes()) == gzip.decompress((tmp_path / "whole").read_bytes())


def value(element: ET.Element, key: str) -> str:
    return next((one.attrib["value"] for one in element if one.attrib["key"] == key), "")


def test_the_run_that_is_simulated_again_is_the_stored_one(results: Results) -> None:
    world, run = run_again(results, "near_care", 1)
    stored = results.measures.query("scenario == 'near_care' and variant == 'value' and replication == 1")
    assert run.measures["value"].to_numpy().tobytes() == stored["value"].to_numpy().tobytes()
    assert world.study.seed == 1


def test_a_run_whose_measures_differ_from_the_stored_ones_is_refused(results: Results) -> None:
    table = results.measures.copy()
    row = table.index[(table["scenario"] == "baseline") & (table["replication"] == 0) & table["value"].notna()][5]
    table.loc[row, "value"] += 1e-9
    with pytest.raises(NothingWritten, match=r"1 of \d+ measures differ.*run the study again"):
        run_again(replace(results, measures=table), "baseline", 0)


@pytest.mark.parametrize(
    ("scenario", "replication", "words"),
    [
        ("nera_care", 0, "--scenario: unknown scenario .found 'nera_care'.*did you mean near_care"),
        ("baseline", 7, "--replication: unknown replication .found '7'.; allowed: 0, 1"),
        ("baseline", -1, "unknown replication"),
    ],
)
def test_a_run_that_is_not_there_is_refused_by_name(
    results: Results, scenario: str, replication: int, words: str
) -> None:
    with pytest.raises(NothingWritten, match=words):
        event_log(results, scenario, replication, "sv")


@pytest.mark.parametrize("days", [0.0, -1.0, float("nan"), float("inf")])
def test_days_that_are_none_are_refused_before_anything_runs(results: Results, days: float) -> None:
    with pytest.raises(NothingWritten, match="--days: must be a number of days above 0"):
        export(results, "events", "sv", run=RunChoice(days=days))


def test_a_study_can_be_run_again_without_its_scenario_files(results: Results, tmp_path: Path) -> None:
    root = Path(shutil.copytree(TINY, tmp_path / "root"))
    shutil.rmtree(root / "scenarios")
    (root / "scenarios").mkdir()
    world = stored_world(results, root)
    assert list(world.scenarios) == ["baseline", "near_care", "closed_er", "formula"]


def test_a_label_that_has_changed_since_keeps_nobody_from_running_it_again(results: Results, tmp_path: Path) -> None:
    root = Path(shutil.copytree(TINY, tmp_path / "root"))
    edit(root, "configs/region/tiny/region.yaml", "label: {sv: ", "label: {sv: Nya ")
    world, run = run_again(results, "baseline", 0, root)
    assert world.region.file.label.sv.startswith("Nya ")
    assert len(run.contacts.episode) > 400


def test_a_table_that_has_changed_since_is_told(results: Results, tmp_path: Path) -> None:
    root = Path(shutil.copytree(TINY, tmp_path / "root"))
    edit(root, "configs/region/tiny/municipalities.csv", "Norrby", "Nordby")
    with pytest.raises(ConfigErrors, match=r"cannot be run again as it was: region\.tables_sha256\.municipalities"):
        stored_world(results, root)
