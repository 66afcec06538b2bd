"""Every kind of lever is whole: schema, check, effect, a sentence in both languages, and a part of the guide."""

from __future__ import annotations

import copy
import re
from dataclasses import fields, is_dataclass
from pathlib import Path
from typing import Any, get_args

import numpy as np
import pytest
from doc_tables import ROOT, tables, text
from lever_examples import EXAMPLES, figure, kinds, loaded, tiny

from sim.compile import compile_scenario
from sim.compile.levers import _KINDS
from sim.config.errors import ConfigErrors
from sim.config.load import load_study
from sim.config.schema.base import EffectSize
from sim.config.schema.scenario import PUT_IN, Lever
from sim.config.world import resolved
from sim.model.tables import Model
from sim.report.html.effect_parts import ASSUMPTIONS
from sim.report.html.lever_sentences import SIZES, WORDS, lever_sentence
from sim.report.language import Code, Language, catalogue
from sim.report.names import Names

GUIDE = ROOT / "docs" / "scenario.md"
NOWHERE = "no_such"
NAMING = (  # fields that name something of the world
    "service", "services", "from_service", "to_service", "from_step", "to_step", "sites", "to_sites", "resource",
    "calendar", "menu", "pools", "source_pools", "target_pools", "paid_by", "when", "where",
)  # fmt: skip
OWN = ("kind", "level", "payer", "exchange", "capacity", "how", "ages")  # fields whose words the schema itself lists
NUMBERS = ("target_min", "fail_after", "after")  # what may be any number that the schema allows


def own_fields(kind: str) -> set[str]:
    return set(kinds()[kind].model_fields) - set(Lever.model_fields) - {"kind"}


def lever_table() -> list[list[str]]:
    """The rows of the model page's table of levers."""
    return [list(row) for row in tables(text(ROOT / "docs" / "model.md"))[("lever", "what it changes", "its effect")]]


def baseline(folder: Path) -> Model:
    return compile_scenario(load_study(root=tiny(folder)), "baseline")


def same(one: Any, other: Any) -> bool:
    """Whether two models, or parts of them, are equal to the last number."""
    if is_dataclass(one):
        return all(same(getattr(one, f.name), getattr(other, f.name)) for f in fields(one))
    if isinstance(one, np.ndarray):
        return np.array_equal(one, other)
    return bool(one == other)


def faulty(value: Any) -> Any:
    """The same field, but what it names is not there."""
    if isinstance(value, str):
        return NOWHERE
    if isinstance(value, list):
        return [NOWHERE]
    if "resource" in value:
        return {**value, "resource": NOWHERE}
    if "municipalities" in value or "where" in value:
        return {"municipalities": [NOWHERE]}
    return {"needs": [NOWHERE]} if not value or "needs" in value else {NOWHERE: 1}


@pytest.mark.parametrize("kind", kinds())
def test_the_schema_takes_every_field_of_a_kind(kind: str, tmp_path: Path) -> None:
    assert set(EXAMPLES[kind]) == own_fields(kind), "an example here has all fields of its kind"
    (lever,) = loaded(tmp_path, kind, EXAMPLES[kind]).scenarios["mine"].levers.values()
    assert type(lever) is kinds()[kind]


@pytest.mark.parametrize("kind", kinds())
def test_the_checks_know_every_field_of_a_kind(kind: str, tmp_path: Path) -> None:
    for name, value in EXAMPLES[kind].items():
        effect = isinstance(value, dict) and set(value) == set(EffectSize.model_fields)
        assert effect or name in (*NAMING, *OWN, *NUMBERS), name
        if name in OWN or name in NUMBERS:
            continue
        wrong = copy.deepcopy(EXAMPLES[kind])
        wrong[name] = figure(-1e15) if effect else faulty(value)
        with pytest.raises(ConfigErrors) as refused:
            loaded(tmp_path, kind, wrong)
        told = [problem.key for problem in refused.value.problems]
        assert any(key.startswith(f"levers.it.{name}") for key in told), (name, told)


@pytest.mark.parametrize("kind", kinds())
def test_every_kind_changes_the_model(kind: str, tmp_path: Path) -> None:
    assert set(_KINDS) == set(kinds().values())
    with_it = compile_scenario(loaded(tmp_path, kind, EXAMPLES[kind]), "mine")
    assert same(baseline(tmp_path), baseline(tmp_path))
    assert not same(baseline(tmp_path), with_it)


@pytest.mark.parametrize("kind", kinds())
def test_every_kind_is_told_in_a_sentence_of_its_own_in_both_languages(kind: str, tmp_path: Path) -> None:
    assert set(WORDS) == set(kinds())
    record = resolved(loaded(tmp_path, kind, EXAMPLES[kind]))
    lever = record["scenarios"]["mine"]["levers"]["it"]
    told = {code: lever_sentence(lever, Names(record, Language(code)), Language(code)) for code in get_args(Code)}
    assert told["sv"] != told["en"]
    for code, sentence in told.items():
        opening = catalogue(code).get(WORDS[kind], WORDS[kind] if code == "en" else "")
        assert opening and sentence.startswith(opening.partition("{")[0])
        assert not re.search(r"[{}]|None", sentence)


@pytest.mark.parametrize("kind", kinds())
def test_every_effect_size_of_a_kind_has_a_name_in_both_languages(kind: str) -> None:
    sizes = {name for name, value in EXAMPLES[kind].items() if isinstance(value, dict) and "quality" in value}
    assert sizes <= set(SIZES)
    assert all(catalogue("sv").get(SIZES[name]) for name in sizes)


@pytest.mark.parametrize("kind", kinds())
def test_the_guide_has_a_row_for_every_field_of_a_kind(kind: str) -> None:
    _, found, rest = text(GUIDE).partition(f"\n### `{kind}`")
    assert found, f"docs/scenario.md tells nothing of {kind}"
    section = re.split(r"\n##+ ", rest)[0]
    heads = [row.split(" | ")[0] for row in section.splitlines() if row.startswith("| `")]
    told = set(re.findall(r"`(\w+)`", "\n".join(heads or [section])))
    assert own_fields(kind) - told == set()
    assert kind in [row[0].strip("`") for row in lever_table()]


PUT_IN_KINDS = {"shift", "demand", "enrolment", "pathway", "duration", "lead_time"}


@pytest.mark.parametrize("kind", kinds())
def test_every_kind_says_whether_its_effect_is_put_in_and_so_do_the_guides(kind: str) -> None:
    put_in = vars(kinds()[kind])["put_in"]
    assert put_in is (kind in PUT_IN_KINDS)
    assert put_in is (kind in PUT_IN)
    told = {row[0].strip("`"): row[2] for row in lever_table()}
    assert told[kind] == ("is put in" if put_in else "comes out")
    section = text(GUIDE).partition("### Put in, or coming out")[2].partition("\n\n")
    assumed, _, others = section[2].partition("The others")
    assert f"`{kind}`" in (assumed if put_in else others.partition("\n\n")[0])
    assert put_in is bool(kind in ASSUMPTIONS)
    assert not put_in or ASSUMPTIONS[kind] in catalogue("sv")
