"""The order in which somebody wrote the rows of a table changes no result."""

from __future__ import annotations

import random
import shutil
from pathlib import Path

import pytest
from lever_world import same

from sim.compile import compile_scenario
from sim.config.load import load_study
from sim.config.reading.region_tables import COLUMNS, read_table
from sim.config.world import World

TINY = Path(__file__).resolve().parents[1] / "data" / "tiny"
FOLDER = Path("configs/region/tiny")
EPISODES = """time,zone,need,age,acuity,id
2027-10-04T10:00:00,norrby,acute,18_64,3,
2027-10-04T10:00:00,norrby,acute,18_64,3,
2027-10-04T08:00:00,soderby,acute,80plus,2,mine
2027-10-05T08:00:00,holmen,minor,0_17,4,
"""
INITIAL = """service,site,zone,need,age,acuity,requested,started
ward,hospital_south,soderby,acute,80plus,3,2027-09-30T08:00:00,2027-09-30T09:00:00
ward,hospital_north,norrby,acute,65_79,3,2027-09-29T08:00:00,2027-09-30T07:00:00
"""


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """The tiny world with a matrix, dated rows, given episodes and a given start."""
    root = Path(shutil.copytree(TINY, tmp_path / "root"))
    folder = root / FOLDER
    zones, sites = (read_table(folder / f"{n}.csv", n, COLUMNS[n], []).names(n[:-1]) for n in ("zones", "sites"))
    rows = [f"{a},{b},{0 if a == b else 40_000 + 500 * i},{2400 + i}"
            for i, a in enumerate([*zones, *sites]) for b in sites]  # fmt: skip
    (folder / "matrix.csv").write_text("\n".join(["origin,destination,metres,seconds", *rows, ""]), "utf-8")
    (folder / "travel.yaml").write_text((folder / "travel.yaml").read_text("utf-8") + "matrix_file: matrix.csv\n")
    pools = (
        (folder / "pools.csv").read_text("utf-8").replace("quality\n", "quality,from,to\n").replace(",D\n", ",D,,\n")
    )
    dated = ["beds_south,bed,hospital_south,5,2,always,finish,0,assumption,D,2027-10-05,2027-10-06",
             "beds_south,bed,hospital_south,7,2,always,finish,0,assumption,D,2027-10-08,2027-10-08"]  # fmt: skip
    (folder / "pools.csv").write_text(pools + "\n".join([*dated, ""]), "utf-8")
    (folder / "episodes.csv").write_text(EPISODES, "utf-8")
    (folder / "initial.csv").write_text(INITIAL, "utf-8")
    return root


def loaded(root: Path) -> World:
    given = ["episodes=episodes.csv", "episodes_mode=beside", "initial=initial.csv"]
    return load_study(given, root=root)


TABLES = [*(name for name in COLUMNS if name != "targets"), "matrix", "episodes", "initial"]


def test_rows_of_all_tables_in_another_order_are_the_same_models(root: Path) -> None:
    before = {name: compile_scenario(loaded(root), name) for name in ("baseline", "near_care", "closed_er")}
    luck = random.Random(4)
    for table in TABLES:
        path = root / FOLDER / f"{table}.csv"
        header, *rows = path.read_text("utf-8").splitlines()
        shuffled = luck.sample(rows, len(rows))
        shuffled = shuffled if shuffled != rows else rows[::-1]
        path.write_text("\n".join([header, *shuffled, ""]), "utf-8")
    world = loaded(root)
    assert len(world.region.dated_pools) == 2
    for name, model in before.items():
        assert same(compile_scenario(world, name), model), name
