"""Factors of free parameters in a world: what each changes, what it leaves, and what is refused."""

from __future__ import annotations

import shutil
from copy import deepcopy
from dataclasses import replace
from math import log
from pathlib import Path

import numpy as np
import pytest
import yaml

from sim.compile import compile_scenario
from sim.config.errors import ConfigErrors, Problem
from sim.config.factors import time_changes, with_factors
from sim.config.load import load_study
from sim.config.paths import with_changes
from sim.config.schema.base import Empirical, Gamma, Lognormal, Triangular
from sim.config.world import World, resolved
from sim.study.store import model_hash

TINY = Path(__file__).resolve().parents[1] / "data" / "tiny"
REGION = "configs/region/tiny"

RUN = {
    "written": "2026-11-24", "version": "0.1.0", "code": "abc", "seed": 4611686018427387904, "replications": 2,
    "start": "2027-10-04", "end": "2027-10-10", "warm_up_days": 1,
}  # fmt: skip
ACTS = {
    "rate": {"kind": "need_rate", "needs": ["minor"], "ages": ["18_64"]},
    "calls": {"kind": "first_contact", "service": "telephone"},
    "urgent": {"kind": "acuity", "acuity": ["3"], "needs": ["acute"]},
    "pull": {"kind": "pull", "site": "hospital_south", "service": "er"},
    "visits": {"kind": "way_on", "service": "telephone", "to": ["primary_care"]},
    "stay": {"kind": "length", "services": ["er"]},
    "beds": {"kind": "capacity", "resources": ["bed"]},
    "surge": {"kind": "capacity", "resources": ["bed"], "part": "surge"},
}


def parameter(acts_on: dict, low: float = 0.5, high: float = 2.0) -> dict:
    factor = {"value": 1, "low": low, "high": high, "source": "assumption", "quality": "D"}
    return {"label": {"sv": "x", "en": "x"}, "factor": factor, "acts_on": deepcopy(acts_on)}


def write(root: Path, file: str, data: dict) -> None:
    (root / REGION / file).write_text(yaml.safe_dump(data), encoding="utf-8")


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A copy of the tiny world with free parameters, none of them fitted."""
    where = Path(shutil.copytree(TINY, tmp_path / "root"))
    write(
        where,
        "free_parameters.yaml",
        {"care": "standard", "parameters": {name: parameter(acts_on) for name, acts_on in ACTS.items()}},
    )
    return where


def fit(root: Path, care: str = "standard", **factors: float) -> None:
    found = {
        name: {"factor": value, "low": 0.5, "high": 2, "posterior_over_prior": 0.5, "identified": True}
        for name, value in factors.items()
    }
    write(root, "fitted.yaml", {"care": care, "run": RUN, "parameters": found, "residuals": {}})


def changed(root: Path, **factors: float) -> World:
    world = load_study(root=root)
    assert world.region.free is not None
    care, region = with_factors(world.care, world.region, world.region.free.parameters, factors)
    return replace(world, care=care, region=region)


def problems(root: Path) -> list[Problem]:
    with pytest.raises(ConfigErrors) as caught:
        load_study(root=root)
    return caught.value.problems


def test_a_factor_of_1_leaves_the_model_as_it_is_to_the_last_bit(root: Path) -> None:
    plain = model_hash(compile_scenario(load_study(root=TINY), "baseline"))
    ones = changed(root, **dict.fromkeys(ACTS, 1.0))
    assert model_hash(compile_scenario(ones, "baseline")) == plain
    assert ones.care == load_study(root=TINY).care  # no source tells of a factor
    assert all(model_hash(compile_scenario(changed(root, **{name: 1.5}), "baseline")) != plain for name in ACTS)


def test_a_rate_is_multiplied_for_the_ages_that_are_named(root: Path) -> None:
    before, after = load_study(root=root).care, changed(root, rate=1.5).care
    old, new = (care.needs["minor"].rate_per_1000_year for care in (before, after))
    assert new["18_64"].value == 1.5 * old["18_64"].value
    assert new["80plus"] == old["80plus"] and after.needs["acute"] == before.needs["acute"]
    assert "fitted.yaml" in new["18_64"].source


def test_odds_are_multiplied_and_the_others_keep_their_proportions(root: Path) -> None:
    before = load_study(root=root).care.needs["minor"].first["all"].to
    after = changed(root, calls=2).care.needs["minor"].first["all"].to
    odds = {k: v["telephone"] / (1 - v["telephone"]) for k, v in (("before", before), ("after", after))}
    assert odds["after"] == pytest.approx(2 * odds["before"])
    others = [k for k in before if k != "telephone"]
    assert [after[k] / after[others[0]] for k in others] == pytest.approx(
        [before[k] / before[others[0]] for k in others]
    )
    assert sum(after.values()) == pytest.approx(1, abs=1e-12)


def test_the_odds_of_a_way_on_are_multiplied(root: Path) -> None:
    then = changed(root, visits=3).care.services["telephone"].next["all"].then
    assert then["visit"].probability == pytest.approx(0.5)  # odds 1/3 become 1
    assert then["at_home"].probability == pytest.approx(2 * then["done"].probability)


def test_acuity_shifts_within_the_needs_that_are_named(root: Path) -> None:
    before = load_study(root=root).care.needs["acute"].acuity["all"].mix
    after = changed(root, urgent=2).care.needs["acute"].acuity["all"].mix
    assert after["3"] / (1 - after["3"]) == pytest.approx(2 * before["3"] / (1 - before["3"]))


def test_a_pull_is_raised_by_the_logarithm_at_one_site_alone(root: Path) -> None:
    before, after = load_study(root=root).region.offers, changed(root, pull=1.3).region.offers
    moved = after["pull"] - before["pull"]
    here = (before["site"] == "hospital_south") & (before["service"] == "er")
    assert moved[here].tolist() == pytest.approx([log(1.3)]) and not moved[~here].any()


def test_units_and_surge_of_a_resource_are_multiplied_apart(root: Path) -> None:
    before = load_study(root=root).region.pools
    beds = before["resource"] == "bed"
    units, surge = changed(root, beds=1.2).region.pools, changed(root, surge=1.2).region.pools
    assert np.allclose(units["capacity"][beds], 1.2 * before["capacity"][beds])
    assert units["capacity"][~beds].equals(before["capacity"][~beds]) and units["surge"].equals(before["surge"])
    assert np.allclose(surge["surge"], np.where(beds, 1.2, 1) * before["surge"])


@pytest.mark.parametrize(
    ("time", "mean"),
    [
        (Gamma(dist="gamma", unit="h", mean=2, sd=1), lambda t: t.mean / t.sd),
        (Lognormal(dist="lognormal", unit="h", median=2, p90=5), lambda t: t.p90 / t.median),
        (Lognormal(dist="lognormal", unit="h", mu=0.5, sigma=0.4), lambda t: t.sigma),
        (Triangular(dist="triangular", unit="h", low=1, mode=2, high=4), lambda t: t.high / t.mode),
        (Empirical(dist="empirical", unit="h", quantile={"0": 1, "1": 4}), lambda t: len(t.quantile)),
    ],
)
def test_a_time_twice_as_long_keeps_its_shape(time, mean) -> None:
    assert mean(with_changes(time, time_changes(time, 2))) == pytest.approx(mean(time))


def test_a_time_twice_as_long_has_twice_the_mean(root: Path) -> None:
    tables = [compile_scenario(w, "baseline") for w in (load_study(root=root), changed(root, stay=2))]
    er = tables[0].services.index("er")
    means = [m.quantile[m.duration[0, er]].mean() for m in tables]
    assert means[1] == pytest.approx(2 * means[0], rel=1e-3)
    log_normal = time_changes(Lognormal(dist="lognormal", unit="h", mu=0.5, sigma=0.4), 2)
    assert log_normal == {"mu": pytest.approx(0.5 + log(2))}
    table = Empirical(dist="empirical", unit="h", quantile={"0": 1, "1": 4})
    assert time_changes(table, 2) == {"quantile": {"0": 2, "1": 8}}


def test_what_was_fitted_is_in_force_unless_asked_not_to(root: Path) -> None:
    fit(root, rate=1.5)
    rate = load_study(root=TINY).care.needs["minor"].rate_per_1000_year["18_64"].value
    assert load_study(root=root).care.needs["minor"].rate_per_1000_year["18_64"].value == 1.5 * rate
    assert load_study(root=root, fitted=False).care.needs["minor"].rate_per_1000_year["18_64"].value == rate
    assert resolved(load_study(root=root))["region"]["fitted"] == {"rate": 1.5}


def test_what_was_fitted_for_another_care_model_is_not_used(root: Path) -> None:
    shutil.copy(root / "configs/care/standard.yaml", root / "configs/care/own.yaml")
    fit(root, rate=1.5)
    other = load_study(["care=own"], root=root).care.needs["minor"].rate_per_1000_year["18_64"]
    assert other == load_study(root=TINY).care.needs["minor"].rate_per_1000_year["18_64"]


WRONG = [
    ({"kind": "need_rate", "needs": ["minr"]}, "acts_on.needs", "minor"),
    ({"kind": "need_rate", "needs": ["frailty"], "ages": ["0_17"]}, "acts_on.ages", ""),
    ({"kind": "first_contact", "service": "telefone"}, "acts_on.service", "telephone"),
    ({"kind": "pull", "site": "hospital_sout", "service": "er"}, "acts_on.site", "hospital_south"),
    ({"kind": "pull", "site": "vc_norrby", "service": "er"}, "acts_on.site", ""),
    ({"kind": "way_on", "service": "er", "to": ["wrd"]}, "acts_on.to", "ward"),
    ({"kind": "length", "services": ["err"]}, "acts_on.services", "er"),
    ({"kind": "capacity", "resources": ["bedd"]}, "acts_on.resources", "bed"),
    ({"kind": "acuity", "acuity": ["6"]}, "acts_on.acuity[0]", ""),
    ({"kind": "needrate", "needs": ["minor"]}, "acts_on.kind", "need_rate"),
]


@pytest.mark.parametrize(("acts_on", "key", "nearest"), WRONG)
def test_a_free_parameter_of_nothing_is_refused(root: Path, acts_on: dict, key: str, nearest: str) -> None:
    write(root, "free_parameters.yaml", {"care": "standard", "parameters": {"p": parameter(acts_on)}})
    found = problems(root)
    assert [p.key for p in found] == [f"parameters.p.{key}"]
    assert found[0].nearest == nearest and found[0].file.endswith("free_parameters.yaml")


def test_all_that_is_wrong_is_told_at_once(root: Path) -> None:
    bad = {"p": parameter({"kind": "length", "services": ["err"]}), "q": parameter(ACTS["rate"])}
    write(root, "free_parameters.yaml", {"care": "standard", "parameters": bad})
    fit(root, q=2.5, gone=1.0)
    assert {p.key for p in problems(root)} == {
        "parameters.p.acts_on.services", "parameters.q.factor", "parameters.gone",
    }  # fmt: skip


def test_a_range_that_spans_nothing_is_refused(root: Path) -> None:
    data = {"care": "standard", "parameters": {"p": parameter(ACTS["rate"], low=1, high=1)}}
    write(root, "free_parameters.yaml", data)
    assert "low must be below high" in problems(root)[0].message


TARGETS = [
    ("fit,0.15", "fit,", "row 2, tolerance"),
    ("fit,0.15", "kept_out,0", "row 2, tolerance"),
    ("fit,0.15", "fitted,0.15", "row 2, use"),
    (",2000,", ",0,", "row 2, value"),
    ("er_visits_per_year", "none", "row 2, use"),
]


@pytest.mark.parametrize(("old", "new", "key"), TARGETS)
def test_a_figure_that_cannot_be_fitted_to_is_named(root: Path, old: str, new: str, key: str) -> None:
    path = root / REGION / "targets.csv"
    path.write_text(path.read_text(encoding="utf-8").replace(old, new, 1), encoding="utf-8")
    assert [p.key for p in problems(root)] == [key]
