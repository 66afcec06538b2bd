"""Places that scenarios name: what is not there is refused by name, with the nearest that is."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from sim.compile import compile_scenario
from sim.config.errors import ConfigErrors, with_names
from sim.config.load import load_study

TINY = Path(__file__).resolve().parents[1] / "data" / "tiny"
SIZE = {"value": 0.5, "low": 0.5, "high": 0.5, "source": "assumption", "quality": "D"}
LABEL = {"sv": "-", "en": "-"}
SHIFT: dict[str, Any] = {
    "kind": "shift", "when": {}, "from_service": "er", "to_service": "primary_care", "share": SIZE,
}  # fmt: skip
HOURS = {"kind": "opening_hours", "service": "er", "calendar": "weekdays"}
BEDS = {"kind": "capacity", "scale": SIZE}
ROOMS_HOURS = {"kind": "opening_hours", "service": "primary_care", "calendar": "weekdays"}
NORTH = "did you mean hospital_north (Norra sjukhuset)?"


def refused(folder: Path, lever: dict[str, Any]) -> list[str]:
    """The lines of what is wrong with a lever."""
    path = folder / "mine.yaml"
    path.write_text(json.dumps({"label": LABEL, "description": LABEL, "levers": {"it": lever}}), encoding="utf-8")
    with pytest.raises(ConfigErrors) as errors:
        compile_scenario(load_study(["scenarios=[baseline]"], root=TINY, files=[path]), "mine")
    return [str(problem) for problem in errors.value.problems]


@pytest.mark.parametrize(
    ("where", "key", "told"),
    [
        ({"municipalities": ["Norby"]}, "where.municipalities", "did you mean Norrby?"),
        ({"subregions": ["Nort"]}, "where.subregions", "did you mean North?"),
        ({"within": {"minutes": 9, "sites": ["hospital_nord"]}}, "where.within.sites", NORTH),
        ({"within": {"minutes": 9, "sites": ["Norra sjukhus"]}}, "where.within.sites", NORTH),
        ({"municipalities": ["Norrby"], "subregions": ["South"]}, "where", "nobody lives there"),
        ({"municipalities": ["Norrby"], "within": {"minutes": 1, "sites": ["hospital_south"]}}, "where", "nobody"),
        ({"sites": ["vc_norrby"]}, "where.sites", "nobody lives at a site"),
        ({}, "where", "says no place"),
        ({"municipalities": []}, "where.municipalities", ""),
        ({"within": {"minutes": 0, "sites": ["vc_norrby"]}}, "where.within.minutes", "greater than 0"),
    ],
)  # fmt: skip
def test_a_place_without_people_is_refused_by_name(where: Any, key: str, told: str, tmp_path: Path) -> None:
    (line,) = refused(tmp_path, {**SHIFT, "where": where})
    assert f"levers.it.{key}:" in line
    assert told in line


@pytest.mark.parametrize(
    ("lever", "key", "told"),
    [
        ({**HOURS, "where": {"sites": ["hospital_nort"]}}, "where.sites", NORTH),
        ({**HOURS, "where": {"sites": ["vc_norrby"]}}, "where.sites", "(Vårdcentralen Norrby) does not offer er"),
        ({**HOURS, "where": {"within": {"minutes": 9, "sites": ["vc_norrby"]}}}, "where.within", "levers about people"),
        (
            {**ROOMS_HOURS, "where": {"subregions": ["South"]}},
            "where", "no site there offers primary_care; allowed: vc_norrby (Vårdcentralen Norrby)",
        ),
        ({**BEDS, "pools": {"resource": "room", "where": {"subregions": ["South"]}}}, "pools", "no pool of the region"),
        ({**BEDS, "pools": {"where": {"municipalities": ["Nowhere"]}}}, "pools.where.municipalities", "unknown"),
    ],
)  # fmt: skip
def test_a_place_without_such_a_site_is_refused_by_name(lever: Any, key: str, told: str, tmp_path: Path) -> None:
    (line,) = refused(tmp_path, lever)
    assert f"levers.it.{key}:" in line
    assert told in line


@pytest.mark.parametrize(
    ("lever", "key"),
    [
        ({**HOURS, "sites": ["hospital_north"]}, "sites"),
        ({**BEDS, "pools": {"resource": "bed", "subregions": ["South"]}}, "pools.subregions"),
        ({**SHIFT, "municipalities": ["Norrby"]}, "municipalities"),
    ],
)
def test_a_place_that_is_not_said_under_where_is_told_how(lever: Any, key: str, tmp_path: Path) -> None:
    lines = refused(tmp_path, lever)
    last = key.rpartition(".")[2]
    assert any(
        f"levers.it.{key}: unknown key: say it under where, as where: {{{last}: [...]}}" in line for line in lines
    )


def test_every_message_has_the_name_of_a_site_beside_the_id_of_it_and_of_its_pools(tmp_path: Path) -> None:
    root = Path(shutil.copytree(TINY, tmp_path / "root"))
    offers = root / "configs" / "region" / "tiny" / "offers.csv"
    offers.write_text(offers.read_text("utf-8").replace("beds_north,", "bedz_north,"), "utf-8")
    with pytest.raises(ConfigErrors) as errors:
        load_study(["scenarios=[baseline]"], root=root)
    assert "did you mean beds_north (Norra sjukhuset)?" in str(errors.value)
    assert "rooms (Vårdcentralen Norrby)" in str(errors.value)


def test_a_name_stands_behind_the_quotes_of_an_id_and_nowhere_twice() -> None:
    names = {"er_north": "Norra akuten"}
    assert with_names("closes 'er_north', er_north and er_north.", names) == (
        "closes 'er_north' (Norra akuten), er_north (Norra akuten) and er_north (Norra akuten)."
    )
    for other in ("er_north (the first)", "er_north/beds.csv", "sites.er_north.pull", "er_north_2", "a-er_north"):
        assert with_names(other, names) == other
