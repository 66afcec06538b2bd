"""Small worlds with given episodes and a given start."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from pathlib import Path

from worlds import Offer, Plain, Sketch, exponential, figure, need, service

from sim.compile import compile_scenario
from sim.config.load import load_study
from sim.config.world import World
from sim.simulation import Simulation, simulate

START = datetime(2027, 3, 1)
HEAD = ("time", "zone", "need", "age", "acuity")
ENGINES = ("simpy", "compiled")


def at(second: int) -> str:
    return (START + timedelta(seconds=second)).isoformat()


def world(
    root: Path,
    rows: list[Mapping[str, object]] | None = None,
    there: list[Mapping[str, object]] | None = None,
    made: Sketch | None = None,
    **study: str,
) -> World:
    """The network with given episodes in place of others, and a given start."""
    made = made or Sketch({"er": service(10)}, {"a": {"er": Offer()}}, {"ill": need({"er": 1})})
    made.load(root)
    folder, path = root / "configs/region/town", root / "configs/study/test.yaml"
    said = dict(study)
    for key, table in (("episodes", rows), ("initial", there)):
        if table is not None:
            columns = list(dict.fromkeys(c for row in table for c in row)) or list(HEAD)
            with (folder / f"{key}.csv").open("w", encoding="utf-8", newline="") as file:
                writer = csv.DictWriter(file, columns, restval="")
                writer.writeheader()
                writer.writerows(table)
            said = {key: f"{key}.csv", **said}
    if rows is not None:
        said = {"episodes_mode": "in_place", **said}
    with path.open("a", encoding="utf-8") as file:
        file.writelines(f"{key}: {value}\n" for key, value in said.items())
    return load_study(root=root)


def one_unit(time: float | Plain = 10, **more: object) -> Sketch:
    return Sketch({"er": service(time)}, {"a": {"er": Offer()}}, {"ill": need({"er": 1})}, **more)  # type: ignore[arg-type]


def ill(second: int, **more: object) -> dict[str, object]:
    return {"time": at(second), "zone": "home", "need": "ill", "age": "18_64", "acuity": 3, **more}


def run(found: World, engine: str = "compiled", scenario: str = "baseline", replication: int = 0) -> Simulation:
    return simulate(compile_scenario(found, scenario), 1, replication, engine)  # type: ignore[arg-type]


def two_sites() -> Sketch:
    services = {
        "er": service(exponential(20), choice={"rule": "logit", "per_min": 0.05}),
        "gp": service(exponential(20)),
    }
    sites = {"a": {"er": Offer(9), "gp": Offer(9)}, "b": {"er": Offer(9)}}
    close = {"kind": "close", "services": ["er"], "where": {"sites": ["b"]}, "moved": figure(0, 0, 0)}
    return Sketch(
        services,
        sites,
        {"ill": need({"er": 0.3, "gp": 0.7})},
        travel={("home", "b"): 20},
        scenarios={"shut": {"x": close}},
    )


def wait_for(service_: str = "ward", **more: object) -> dict[str, object]:
    who = {"zone": "home", "need": "ill", "age": "18_64", "acuity": 3}
    return {"service": service_, "site": "a", **who, "requested": at(-7200), "started": "", **more}


def wards(units: int = 500, patience: Plain | None = None) -> Sketch:
    ward = service(exponential(600), "booked", patience=patience)
    return Sketch({"ward": ward}, {"a": {"ward": Offer(units)}}, {"ill": need({"ward": 1})}, end=date(2027, 3, 14))
