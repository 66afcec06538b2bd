"""Files with one small damage: each is refused in plain words, or runs as before, or what changed is told.

``CARESHIFT_DAMAGES=2000`` tries as many; the figures of docs/reliability.md are of such a run.
"""

from __future__ import annotations

import os
import random
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from file_damage import Damage, damage
from judged import Judgement, judge

TINY = Path(__file__).resolve().parents[1] / "data" / "tiny"
TRIED = int(os.environ.get("CARESHIFT_DAMAGES", "200"))
SEED = int(os.environ.get("CARESHIFT_DAMAGE_SEED", "17"))
AT_ONCE = 8  # damages in one test


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return Path(shutil.copytree(TINY, tmp_path_factory.mktemp("damaged") / "root"))


@pytest.fixture(scope="module")
def before(root: Path) -> Judgement:
    return judge(root, [])


def files_of(root: Path) -> list[str]:
    return sorted(str(path.relative_to(root)) for path in root.rglob("*") if path.suffix in (".csv", ".yaml"))


def tried(root: Path, seed: int, number: int) -> Iterator[tuple[Damage, Judgement]]:
    luck = random.Random(seed)
    for _ in range(number):
        one = damage(root, files_of(root), luck)
        whole = (root / one.file).read_bytes()
        (root / one.file).write_bytes(one.text.encode("utf-8"))
        judgement = judge(root, [])
        (root / one.file).write_bytes(whole)
        yield one, judgement


@pytest.mark.parametrize("part", range(TRIED // AT_ONCE))
def test_a_damaged_file_breaks_nothing_and_changes_nothing_in_silence(root: Path, before: Judgement, part: int) -> None:
    for one, judgement in tried(root, SEED * 1000 + part, AT_ONCE):
        assert not judgement.broken, f"{one}\n{judgement.broken}"
        assert not judgement.silent_changes(before), str(one)


REGION = "configs/region/tiny"
SPARE = "spare,bed,vc_norrby,1,0,always,finish,0,assumption,D\nteam,team"
FOUND = {  # what damages found once, and how it is told
    "a study that is cut short": ("configs/study/tiny.yaml", "care: standard", "", "scenarios"),
    "a pool of too many units": (f"{REGION}/pools.csv", "vc_norrby,2,", "vc_norrby,200,", "lines is idle"),
    "a share that is none": (f"{REGION}/calendars.yaml", "factor: 0.5", "factor: 500", "er_north is idle"),
    "an hour that has the day": ("configs/care/standard.yaml", "hour: [1,", "hour: [60,", "many times the others"),
    "a scenario without levers": ("scenarios/near_care.yaml", "levers:", "", "has no levers"),
    "trips that no number holds": (f"{REGION}/travel.yaml", "value: 1.25", "value: 1e300", "travel"),
    "a pool that nobody uses": (f"{REGION}/pools.csv", "team,team", SPARE, "spare: no offer"),
    "a place far from its town": (f"{REGION}/sites.csv", "57.80,12.02", "59.80,14.02", "km from the next place"),
    "a lone place far from all": (f"{REGION}/zones.csv", "0115,57.80", "0115,67.80", "km from the next place"),
    "a group that there is not": ("configs/config.yaml", "study:", "stuyd:", "must name one study"),
    "a unit of another kind": (f"{REGION}/pools.csv", "er_north,er_place", "er_north,room", "is of er_place"),
    "a unit of another site": (f"{REGION}/offers.csv", "er,er_north", "er,er_south", "stands at another site"),
}


@pytest.mark.parametrize("name", FOUND)
def test_what_a_damage_found_is_told(root: Path, name: str) -> None:
    file, old, new, told = FOUND[name]
    path = root / file
    whole = path.read_text("utf-8")
    assert old in whole
    cut = whole.index(old) if not new else 0
    path.write_text(whole[:cut] + "\n" if cut else whole.replace(old, new, 1), "utf-8")
    judgement = judge(root, [])
    path.write_text(whole, "utf-8")
    assert not judgement.broken, judgement.broken
    assert any(told in line for line in [judgement.refused, *judgement.remarks]), judgement


def test_the_judge_sees_a_place_that_has_lost_its_people(root: Path, before: Judgement) -> None:
    assert before.figures["baseline people"] == 10_000
    assert not before.remarks
    half = Judgement(figures=dict(before.figures) | {"baseline people": 5000.0})
    assert half.silent_changes(before) == {"baseline people": (10_000, 5000)}
    assert not Judgement(figures=half.figures, remarks=frozenset({"told"})).silent_changes(before)
