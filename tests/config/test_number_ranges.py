"""Every number has two ranges beside its unit: what cannot be is refused, what hardly ever is is asked about."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from types import NoneType
from typing import Annotated, Any, Literal, get_args, get_origin

import pytest
from pydantic import BaseModel

from sim.config.errors import ConfigErrors, Problem
from sim.config.load import load_study
from sim.config.reading.cells import Measured
from sim.config.reading.forecast_table import FORECAST_COLUMNS
from sim.config.reading.region_tables import COLUMNS, readers_of
from sim.config.schema import number_kinds
from sim.config.schema.base import EffectSize, Figure
from sim.config.schema.free_parameters import UsualWaits
from sim.config.schema.number_ranges import NumberKind, kind_in
from sim.config.schema.screening_table import SENSITIVITY_COLUMNS
from sim.config.unusual_numbers import measured_values, number_questions
from sim.report.pages.reference_page import FILES, _within

ROOT = Path(__file__).resolve().parents[2]
TINY = ROOT / "tests" / "data" / "tiny"
CARE, REGION, NEAR = "configs/care/standard.yaml", "configs/region/tiny", "scenarios/near_care.yaml"
OF_THEIR_FIELD = (Figure, EffectSize)  # whose numbers are of the kind of the field that holds them
KINDS = {name: kind for name, kind in vars(number_kinds).items() if isinstance(kind, NumberKind)}
TEXT_COLUMNS = {  # the columns of a region that hold no number
    "municipality", "name", "subregion", "source", "quality", "zone", "crossing", "site", "kind", "pool", "resource",
    "calendar", "shift_end", "service", "level", "ages", "needs", "serves", "target", "measure", "by", "group", "unit",
    "year", "population", "use", "note", "from", "to",
}  # fmt: skip


def models() -> list[type[BaseModel]]:
    """Every model of every file."""
    seen: set[type[BaseModel]] = set()
    return [one for model in [*FILES.values(), UsualWaits] for one in _within(model, seen)]


def without_kind(annotation: Any, kind: NumberKind | None) -> Iterator[Any]:
    """The numbers, figures and times within an annotation of which no kind is said."""
    origin, args = get_origin(annotation), get_args(annotation)
    if origin is Annotated:
        yield from without_kind(args[0], kind_in(args[1:]) or kind)
    elif annotation in (int, float) or (isinstance(annotation, type) and is_measured(annotation)):
        yield from () if kind is not None else (annotation,)
    elif origin is dict:
        yield from without_kind(args[1], kind)
    elif origin is not Literal:
        for part in args:
            yield from without_kind(part, kind) if part is not NoneType else ()


def is_measured(model: type) -> bool:
    """Whether a model is a number with its range, or a time with its unit."""
    return issubclass(model, Figure) or (issubclass(model, BaseModel) and "dist" in model.model_fields)


@pytest.mark.parametrize("model", models())
def test_every_number_of_the_schema_has_a_kind(model: type[BaseModel]) -> None:
    if model not in OF_THEIR_FIELD:
        lacking = [n for n, f in model.model_fields.items() if [*without_kind(f.annotation, kind_in(f.metadata))]]
        assert lacking == []


@pytest.mark.parametrize("table", COLUMNS)
def test_every_column_of_numbers_of_a_table_has_a_kind(table: str) -> None:
    measured = {column for column, reader in readers_of(table).items() if isinstance(reader, Measured)}
    assert set(readers_of(table)) - measured <= TEXT_COLUMNS
    assert not measured & TEXT_COLUMNS


def test_every_column_of_numbers_of_a_forecast_has_a_kind() -> None:
    plain = {column for column, reader in FORECAST_COLUMNS.items() if not isinstance(reader, Measured)}
    assert plain == {"forecast", "municipality", "source", "quality"}


def test_every_column_of_numbers_of_what_was_screened_has_a_kind() -> None:
    measured = {column for column, reader in SENSITIVITY_COLUMNS.items() if isinstance(reader, Measured)}
    assert set(SENSITIVITY_COLUMNS) - measured == {
        "outcome", "about", "parameter", "kind", "sv", "en", "sign", "source", "quality", "care", "fitted", "written",
        "version", "code", "seed", "start", "end",
    }  # fmt: skip


@pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS)
def test_what_is_usual_can_be(kind: NumberKind) -> None:
    assert kind.hard.low <= kind.usual.low < kind.usual.high <= kind.hard.high


def test_the_walk_finds_every_number_that_a_world_has() -> None:
    world = load_study(root=TINY)
    found = {".".join(one.path) for one in measured_values(world.care)}
    assert {
        "co2_g_per_km",
        "redraws",
        "resources.room.staff_h_per_unit_h",
        "needs.minor.rate_per_1000_year.0_17",
    } <= found
    assert {"services.er.duration.all.time", "services.er.next.urgent.then.admitted.probability"} <= found
    assert {"profiles.flat.hour.23", "services.primary_care.targets.target_min.5"} <= found


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A copy of the tiny world."""
    return Path(shutil.copytree(TINY, tmp_path / "root"))


def edit(root: Path, file: str, old: str, new: str) -> None:
    text = (root / file).read_text(encoding="utf-8")
    assert old in text, old
    (root / file).write_text(text.replace(old, new, 1), encoding="utf-8")


def refused(root: Path) -> Problem:
    with pytest.raises(ConfigErrors) as caught:
        load_study(root=root)
    return caught.value.problems[0]


PEOPLE = "norrby,Norrby,0114,58.00,12.00,600"
SCALE = "scale: {{value: {0}, low: {0}, high: {0}, source: assumption, quality: D}}"
ADD = "add_units: {value: 2, low: 1, high: 3, source: assumption, quality: D}"
STAY = "{dist: gamma, unit: days, mean: 3, sd: 2}"
HARD = [
    (f"{REGION}/travel.yaml", "speed_kmh: {value: 60", "speed_kmh: {value: 2400", "0.1 to 300 km/h", ""),
    (f"{REGION}/pools.csv", "vc_norrby,4,0", "vc_norrby,4,1e300", "0 to 100,000 units", ""),
    (f"{REGION}/pools.csv", "vc_norrby,4,0", "vc_norrby,1e12,0", "0 to 100,000 units", ""),
    (f"{REGION}/zones.csv", PEOPLE, f"{PEOPLE}000000000000", "0 to 50,000,000 people", ""),
    (CARE, "{value: 1500,", "{value: 150000000,", "0 to 10,000,000 per 1,000 residents and year", ""),
    (CARE, STAY, STAY.replace("mean: 3", "mean: 30000"), "0 s to 7300 days", ""),
    (NEAR, ADD, SCALE.format(3000), "-1 to 1000", ""),
    (NEAR, "high: 0.75", "high: 75", "0 to 1", "75 % = 0.75"),
]


@pytest.mark.parametrize(("file", "old", "new", "allowed", "meant"), HARD)
def test_a_number_that_cannot_be_is_refused_with_what_can(
    root: Path, file: str, old: str, new: str, allowed: str, meant: str
) -> None:
    edit(root, file, old, new)
    problem = refused(root)
    assert problem.file.endswith(file)
    assert (problem.message, problem.allowed, problem.nearest) == ("out of range", allowed, meant)


USUAL = [
    (CARE, "{value: 1500,", "{value: 1.5,", "0_17.value: 1.5 per 1,000 residents and year", "= 1500 per 1,000"),
    (CARE, STAY, STAY.replace("days", "min"), "time.mean: 3 min is meant? Usual is 15 min to 90 days", "unit: days"),
    (CARE, "unit: min, value: 30}", "unit: h, value: 30}", "30 h is meant? Usual is 60 s to 8 h", "unit: min"),
    (f"{REGION}/travel.yaml", "speed_kmh: {value: 60", "speed_kmh: {value: 1", "1 km/h is meant?", ""),
    (f"{REGION}/travel.yaml", "within_km: {value: 2,", "within_km: {value: 500,", "500 km", "500 m = 0.5 km"),
    (f"{REGION}/pools.csv", "vc_norrby,4,0", "vc_norrby,3720,0", "rooms, capacity: 3720 units", "0 to 100 units"),
    (NEAR, ADD, SCALE.format(20), "scale.value: 20 is meant?", "20 % = 0.2"),
    (NEAR, ADD, SCALE.format(-0.99), "scale.value: -0.99 is meant?", "-0.9 to 2."),
]  # fmt: skip


@pytest.mark.parametrize(("file", "old", "new", "said", "meant"), USUAL)
def test_a_number_that_hardly_ever_is_is_asked_about_with_the_unit_that_was_probably_meant(
    root: Path, file: str, old: str, new: str, said: str, meant: str
) -> None:
    edit(root, file, old, new)
    asked = number_questions(load_study(root=root))
    assert asked
    assert all(Path(file).name in one for one in asked)
    assert any(said in one and meant in one for one in asked), asked


def test_no_number_of_any_region_or_study_that_comes_with_the_program_is_asked_about() -> None:
    for study in sorted((ROOT / "configs/study").glob("*.yaml")):
        assert number_questions(load_study([f"study={study.stem}"])) == [], study.stem
    for example in sorted((ROOT / "docs/examples").glob("*/configs")):
        assert number_questions(load_study(root=example.parent)) == [], example
