"""What the documents say of the program is so: names, tables, files, links, and how luck is made."""

from __future__ import annotations

import hashlib
import re
import tempfile
from collections import Counter
from dataclasses import fields
from fnmatch import fnmatchcase
from functools import cache
from pathlib import Path
from typing import Any, get_args

import numpy as np
import pytest
import yaml
from doc_tables import ACUITY, HEADS, MODEL, ROOT, blocks, coded, expected, rewritten, tables, text, world
from hand_made import TINY, tiny
from pydantic import BaseModel

from sim.app import exits
from sim.config.load import load_study
from sim.config.reading.region_tables import COLUMNS, OPTIONAL
from sim.config.schema import base, care, region, scenario, service_choice, study_design, travel_rules
from sim.config.variants import Variant
from sim.demand import draw_episodes
from sim.demand import words as demand
from sim.measures import DEFINITIONS
from sim.measures.catalogue import CHAPTERS
from sim.model import codes, randomness
from sim.model import tables as arrays
from sim.report import write_report
from sim.results import compare, decomposition, read
from sim.study.study import run_study

DOCS = sorted(page for folder in ("", "generated", "api", "sv") for page in (ROOT / "docs" / folder).glob("*.md"))
TOLD = [
    MODEL,
    *(ROOT / "docs" / f"{name}.md" for name in ("architecture", "results", "glossary")),
    ROOT / "README.md",
]
REGIONS = sorted((ROOT / "configs" / "region").glob("*/README.md"))
LINKED = [*DOCS, *REGIONS, *(ROOT / name for name in ("README.md", "CONTRIBUTING.md", "DATA.md", "results/README.md"))]
FILE = re.compile(r"[\w.*-]+(/[\w.*-]+)*/?")
ENDINGS = (".py", ".md", ".yaml", ".csv", ".json", ".jsonl", ".parquet", ".html", ".toml", ".lock", "/")
WRITTEN = re.compile(r"^( +)(\S+?)/?(  .*)?$")
MASK = (1 << 64) - 1
YOURS = "mine.yaml"  # the scenario that the reader writes


def first_column(*head: str) -> list[str]:
    return [row[0].strip("`") for row in tables(text(MODEL))[head]]


def names_of(enum: Any) -> list[str]:
    return [member.name.lower() for member in enum]


@cache
def repository() -> list[str]:
    """Files and folders that belong to the project, folders with a slash at the end."""
    skipped = {".venv", ".git", "results", "__pycache__", "build", "dist"}
    found = (p for top in ROOT.iterdir() if top.name not in skipped for p in [top, *top.rglob("*")])
    kept = (p for p in found if "__pycache__" not in p.parts)
    return [f"/{p.relative_to(ROOT).as_posix()}{'/' if p.is_dir() else ''}" for p in kept]


A_MONTH = ("period=month", "start=2027-10-01", "end=2027-10-31")


@cache
def leavings() -> frozenset[str]:
    """What a study of the tiny world leaves: paths from the folder of results."""
    with tempfile.TemporaryDirectory() as name:
        found = run_study(load_study([f"results={name}", "workers=1", "worlds=2", *A_MONTH], root=TINY), progress=False)
        write_report(found, "en")
        paths = [p.relative_to(name).as_posix() for p in Path(name).rglob("*") if not p.name.startswith(".")]
    return frozenset(p.replace("tiny", "<study>") for p in paths)


@cache
def vocabulary() -> frozenset[str]:
    """Every name that configuration, results or arrays know."""
    modules = (base, care, region, scenario, service_choice, study_design, travel_rules)
    models = {m for one in modules for m in vars(one).values() if isinstance(m, type) and issubclass(m, BaseModel)}
    known = {name for model in models for name in model.model_fields}
    for field in (f for model in models for f in model.model_fields.values()):
        known |= {str(v) for v in re.findall(r"'([a-z0-9_]+)'", str(field.annotation))}
    known |= {f.name for array in (arrays.Model, arrays.Episodes, arrays.Contacts) for f in fields(array)}
    enums = (codes.Mode, codes.Origin, codes.Outcome, codes.Purpose, codes.EventClass)
    known |= {name for enum in enums for name in names_of(enum)}
    known |= {*get_args(Variant)}
    known |= {column for tables in (COLUMNS, OPTIONAL) for columns in tables.values() for column in columns}
    known |= {
        *compare.COLUMNS,
        *decomposition.COLUMNS,
        *read.MEASURE_COLUMNS,
        *DEFINITIONS,
        *codes.LEVELS,
        *codes.AGE_GROUPS,
        *codes.PAYERS,
    }
    shipped = world()
    for part in (shipped.care.services, shipped.care.needs, shipped.care.profiles, shipped.care.resources):
        known |= set(part)
    known |= {*shipped.region.calendars, *shipped.region.travel.crossings, *shipped.region.sites["site"]}
    known |= {p.stem for folder in ("scenarios", "configs/study") for p in (ROOT / folder).glob("*.yaml")}
    return frozenset(known | {"load_study", "run_study", "vary", "read_results", "write_report"})


@pytest.mark.parametrize("name", HEADS)
def test_tables_that_repeat_the_configuration_are_current(name: str) -> None:
    assert tables(text(MODEL)).get(HEADS[name]) == expected()[name], "run: make docs"


def test_rewriting_the_tables_changes_nothing_else() -> None:
    old = text(MODEL).replace("| `er` | Emergency room |", "| `er` | Something else |")
    assert old != text(MODEL)
    assert rewritten(old) == rewritten(text(MODEL)) == text(MODEL)


def test_the_tables_of_services_and_needs_list_exactly_those_of_the_care_model() -> None:
    said = yaml.safe_load(text(ROOT / "configs" / "care" / "standard.yaml"))
    listed = {"services": "services", "waits": "services", "needs": "needs", "resources": "resources"}
    for table, part in listed.items():
        assert first_column(*HEADS[table]) == list(said[part]), table


def test_some_figures_of_the_tables_are_those_of_the_file() -> None:
    said = yaml.safe_load(text(ROOT / "configs" / "care" / "standard.yaml"))
    for row in tables(text(MODEL))[HEADS["needs"]]:
        need = said["needs"][row[0].strip("`")]
        rates = [need["rate_per_1000_year"].get(age, {"value": 0})["value"] for age in codes.AGE_GROUPS]
        assert [float(cell) for cell in row[2:6]] == rates
        mixes = [[100 * mix["mix"][q] for q in ACUITY] for mix in need["acuity"].values()]
        shares = [[float(s) for s in part.split(":")[-1].split()] for part in row[7].split(";")]
        assert shares == [pytest.approx(mix) for mix in mixes]
    modes = {row[0].strip("`"): row[2].strip("`") for row in tables(text(MODEL))[HEADS["services"]]}
    assert modes == {name: service["mode"] for name, service in said["services"].items()}


def test_the_readme_counts_what_there_is() -> None:
    here = world()
    true = {
        "places": here.region.zones,
        "sites": here.region.sites,
        "services": here.care.services,
        "needs": here.care.needs,
    }
    for number, what in re.findall(r"(\d+) (places|sites|services|needs)\b", text(ROOT / "README.md")):
        assert int(number) == len(true[what]), what


def test_every_kind_of_lever_is_told_once() -> None:
    kinds = [get_args(lever.model_fields["kind"].annotation)[0] for lever in get_args(get_args(scenario.AnyLever)[0])]
    assert first_column("lever", "what it changes", "its effect") == kinds


def test_modes_origins_outcomes_and_events_are_those_of_the_tables() -> None:
    assert first_column("mode", "where the patient is", "travel") == names_of(codes.Mode)
    assert first_column("origin", "why the contact was asked for") == names_of(codes.Origin)
    assert first_column("outcome", "how it ended within the run") == names_of(codes.Outcome)
    assert first_column("class", "event", "order within the class") == names_of(codes.EventClass)
    purposes = tables(text(MODEL))[("purpose", "number", "high half", "low half")]
    assert [(row[0].strip("`"), int(row[1])) for row in purposes] == [(p.name.lower(), p.value) for p in codes.Purpose]


def test_every_chapter_of_measures_is_linked_from_the_model() -> None:
    linked = re.findall(r"\[([^\]]+)\]\(generated/measures\.md#", text(MODEL))
    assert [" ".join(title.split()) for title in linked] == list(CHAPTERS)


def test_every_ramp_is_done_before_a_shipped_study_begins() -> None:
    files = [yaml.safe_load(text(p)) for p in (ROOT / "scenarios").glob("*.yaml")]
    ramps = [lever.get("ramp", {}) for one in files for lever in one.get("levers", {}).values()]
    last = max(day for ramp in ramps for day in ramp)
    for path in (ROOT / "configs" / "study").glob("*.yaml"):
        said = yaml.safe_load(text(path))
        if said.get("period", "none") != "none":  # there the steps are what one looks at
            continue
        assert (said["start"] - last).days > said["warm_up_days"], path.name


@pytest.mark.parametrize("path", TOLD, ids=lambda p: p.name)
def test_every_name_in_code_style_is_known(path: Path) -> None:
    word = r"[a-z0-9_]+" if path == MODEL else r"[a-z0-9]+(_[a-z0-9]+)+"
    named = {code for code in coded(path) if re.fullmatch(word, code)}
    assert named - vocabulary() == set()
    if path == MODEL:
        assert len(named) > 80


@pytest.mark.parametrize("path", TOLD, ids=lambda p: p.name)
def test_every_file_that_is_named_exists(path: Path) -> None:
    named = {code for code in coded(path) if FILE.fullmatch(code) and code.endswith(ENDINGS)}
    drawn = re.findall(r"\b(?:sim|configs|scenarios)/[\w/.]*", "\n".join(blocks(path)))
    for name in sorted({*named, *drawn}):
        there = any(fnmatchcase(one, f"*/{name}") for one in repository())
        assert there or _comes_with_use(name), f"{path.name} names {name}"


def _comes_with_use(name: str) -> bool:
    last = name.rstrip("/").rsplit("/", 1)[-1]
    return (
        name.startswith(("results/", "build/"))
        or last == YOURS
        or any(one.rsplit("/", 1)[-1] == last for one in leavings())
    )


def test_the_tree_of_results_is_what_a_study_leaves() -> None:
    found, folders = set(), [""]
    for row in next(
        block for block in blocks(ROOT / "docs" / "results.md") if block.startswith("results/")
    ).splitlines()[1:]:
        indent, name, _ = WRITTEN.fullmatch(row).groups()  # type: ignore[union-attr]
        folders = [*folders[: len(indent) // 2], name]
        found.add("/".join(folders[1:]))
    left = {re.sub(r"^runs/\w+\.parquet$", "runs/<key>.parquet", one) for one in leavings()}
    left = {one for one in left if one not in ("runs", "<study>") and not one.startswith("<study>/figures")}
    assert {one for one in found if "/" in one and not one.endswith("figures")} == left


def test_exit_codes_are_those_of_the_commands() -> None:
    codes = {0, exits.SOME_FAILED, exits.BAD_INPUT, exits.LOCKED, exits.ENVIRONMENT, exits.FAULT, exits.INTERRUPTED}
    told = tables(text(ROOT / "docs" / "results.md"))[("exit code of `careshift`", "meaning")]
    assert [int(row[0]) for row in told] == sorted(codes)


def anchors(path: Path) -> set[str]:
    heads = re.findall(r"^#+ (.+)$", re.sub(r"^```.*?^```", "", text(path), flags=re.M | re.S), flags=re.M)
    return {re.sub(r"[^\w -]", "", head.lower()).replace(" ", "-") for head in heads}


@pytest.mark.parametrize("path", LINKED, ids=lambda p: p.relative_to(ROOT).as_posix())
def test_links_lead_somewhere(path: Path) -> None:
    for target in re.findall(r"\]\(([^)\s]+)\)", text(path)):
        if re.match(r"[a-z]+:", target):
            continue
        file, _, anchor = target.partition("#")
        there = (path.parent / file).resolve() if file else path
        assert there.exists(), f"{path.name}: {target}"
        assert not anchor or anchor in anchors(there), f"{path.name}: {target}"


def test_the_glossary_has_one_row_for_a_word_in_both_languages() -> None:
    rows = tables(text(ROOT / "docs" / "glossary.md"))[("English", "Swedish", "meaning")]
    assert all(len(row) == 3 and all(row) for row in rows)
    assert len({row[0].lower() for row in rows}) == len(rows)


def recipe() -> tuple[dict[str, int], Any]:
    """Constants of the model's page and the function ``mix`` that it tells, read from the text."""
    block = next(block for block in blocks(MODEL) if block.startswith("mix(w)"))
    steps = re.findall(r"w (\^=|\*=) (?:w >> )?([0-9A-F]+)", block.splitlines()[0])
    constants = {name: int(word, 16) for name, word in re.findall(r"^([GP]) +([0-9A-F]{16})$", block, flags=re.M)}

    def mix(word: int) -> int:
        for kind, number in steps:
            word = word ^ word >> int(number) if kind == "^=" else word * int(number, 16) & MASK
        return word

    return constants, mix


def h(said: str) -> int:
    return int.from_bytes(hashlib.blake2b(said.encode(), digest_size=8).digest(), "little")


def test_the_recipe_of_luck_gives_the_keys_and_draws_of_the_program() -> None:
    constants, mix = recipe()
    big, model = constants["G"], tiny()
    stream = h("careshift seed 7 replication 1")
    for one in (h(f"need {model.needs[0]}"), 1, 0):
        stream = mix((stream ^ one) + big & MASK)
    use = mix(stream + 2)
    drawn = draw_episodes(model, 7, 1)
    mine = (drawn.need == 0) & (drawn.age == 1) & (drawn.site < 0)
    number = dict.fromkeys(range(len(model.zones)), 0)
    keys = []
    for i in range(1, int(mine.sum()) + 1):
        zone = int(np.searchsorted(model.zone_cum[1], mix(use + big * i & MASK) >> 32, side="right"))
        number[zone] += 1
        keys.append(mix(mix(stream ^ h(f"zone {model.zones[zone]}")) + big * number[zone] & MASK))
    assert len(keys) > 100
    assert sorted(keys) == sorted(drawn.key[mine].tolist())
    salt = mix(h("service er") + 3 * big + 2 * constants["P"] & MASK)
    assert randomness.draw(keys[0], randomness.salt(h("service er"), 3, 2)) == mix(keys[0] ^ salt)


def test_the_recipe_of_luck_gives_the_keys_of_initial_patients() -> None:
    constants, mix = recipe()
    big, model = constants["G"], tiny()
    drawn = draw_episodes(model, 7, 1)
    there = drawn.site >= 0
    initial = mix((h("careshift seed 7 replication 1") ^ h("initial")) + big & MASK)
    keys = []
    columns = (drawn.service, drawn.site, drawn.need, drawn.age, drawn.acuity)
    for cell, size in Counter(zip(*(c[there].tolist() for c in columns), strict=True)).items():
        s, t, n, a, q = cell
        name = f"{model.services[s]} {model.sites[t]} {model.needs[n]} {codes.AGE_GROUPS[a]} {q}"
        stream = mix((initial ^ h(name)) + big & MASK)
        keys += [mix(stream + big * i & MASK) for i in range(1, size + 1)]
    assert len(keys) > 10
    assert sorted(keys) == sorted(drawn.key[there].tolist())
    uses = (demand.COUNT, demand.WHO, demand.WHEN, demand.KIND, demand.FIRST, demand.START_WHEN, demand.START_ZONE)
    assert uses == (1, 2, 3, 4, 5, 6, 7)
