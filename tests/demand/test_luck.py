"""Luck: one number in every language, even and independent however the model asks for it."""

from __future__ import annotations

import csv
import importlib.util
from collections.abc import Callable, Iterator
from functools import cache
from itertools import product
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pytest
from luck_battery import LEAST, P_VALUES, battery, independent
from scipy.stats import kstest

from sim.compile import compile_scenario
from sim.config.load import load_study
from sim.demand import draw_episodes
from sim.demand import words as demand
from sim.engines.compiled.jit import JIT
from sim.engines.compiled.layout import VISITS
from sim.engines.compiled.lookups import word_of
from sim.model import randomness
from sim.model.codes import Purpose, Words
from sim.model.tables import Model
from sim.simulation import simulate_episodes

HERE = Path(__file__).resolve().parents[1]
TOP = 1 << 63
G, P = np.uint64(randomness._VISIT), np.uint64(randomness._PURPOSE)


# the same numbers in every language


def vectors() -> list[dict[str, int]]:
    """Test vectors, made by a program in C."""
    with (HERE / "data" / "luck_vectors.csv").open(encoding="ascii") as file:
        hexadecimal = {"service", "key", "salt", "draw"}
        return [{k: int(v, 16 if k in hexadecimal else 10) for k, v in row.items()} for row in csv.DictReader(file)]


def column(name: str) -> Words:
    return np.array([vector[name] for vector in vectors()], dtype=np.uint64)


def test_the_vectors_reach_where_languages_differ() -> None:
    assert len(vectors()) >= 20
    for name in ("service", "key", "salt", "draw"):
        assert sum(value >= TOP for value in column(name).tolist()) >= 10, name
    assert {vector["purpose"] for vector in vectors()} == set(map(int, Purpose))
    assert sum(vector["visit"] >= VISITS for vector in vectors()) >= 5  # beyond the compiled engine's table of salts


def test_python_draws_the_numbers_of_the_vectors() -> None:
    for v in vectors():
        assert randomness.salt(v["service"], v["visit"], v["purpose"]) == v["salt"]
        assert randomness.draw(v["key"], v["salt"]) == v["draw"]


def test_numpy_draws_the_numbers_of_the_vectors() -> None:
    salt = demand.mix(column("service") + column("visit") * G + column("purpose") * P)
    assert salt.tolist() == column("salt").tolist()
    assert demand.mix(column("key") ^ salt).tolist() == column("draw").tolist()


@JIT(error_model="numpy", _nrt=False)  # as the loop is compiled, but never kept
def compiled_words(salts: Any, hashes: Any, key: Any, service: Any, visit: Any, purpose: Any, out: Any) -> None:
    for i in range(len(out)):
        out[i] = word_of(salts, hashes, key[i], service[i], visit[i], purpose[i])


def test_the_compiled_engine_draws_the_numbers_of_the_vectors() -> None:
    hashes = np.unique(column("service"))
    salts = np.zeros((len(hashes), VISITS, len(Purpose) + 1), dtype=np.uint64)
    for s, v, p in product(range(len(hashes)), range(VISITS), range(len(Purpose) + 1)):
        salts[s, v, p] = randomness.salt(int(hashes[s]), v, p)
    which = np.searchsorted(hashes, column("service"))
    found = np.zeros(len(which), dtype=np.uint64)
    numbers = (column(name).astype(np.int64) for name in ("visit", "purpose"))
    compiled_words(salts, hashes, column("key"), which, *numbers, found)
    assert found.tolist() == column("draw").tolist()


# the streams as the model uses them


@cache
def luck_stream() -> ModuleType:
    """The script that writes words for a published battery."""
    spec = importlib.util.spec_from_file_location("luck_stream", HERE.parent / "bench" / "luck_stream.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@cache
def model() -> Model:
    return compile_scenario(load_study(["study=teaching", "end=2027-10-31"]), "baseline")


@cache
def words_of_demand() -> tuple[Words, Words]:
    """[episodes, 4] words of demand and [episodes] keys, as they are drawn."""
    parts = list(luck_stream().demand_words(model(), 1, 0))
    return np.concatenate([w for w in parts if w.ndim == 2]), np.concatenate([w for w in parts if w.ndim == 1])


@cache
def words_of_contacts() -> Words:
    """[contacts, 3] words in the order of requests."""
    episodes = draw_episodes(model(), 1, 0)
    words: Words = luck_stream().contact_words(model(), episodes, simulate_episodes(model(), episodes, "compiled"))
    return words


def keys_of_runs(runs: Iterator[tuple[int, int]]) -> Words:
    """The key of one and the same episode in each run (seed, replication)."""
    roots = (demand.hash_of(f"careshift seed {seed} replication {replication}") for seed, replication in runs)
    zone = model().zone_hash[3]
    streams = np.array([demand.stream_of(root, model().need_hash[2], 1, 0) for root in roots])
    return demand.mix(demand.mix(streams ^ zone) + demand.GAMMA * np.array([7], dtype=np.uint64))


def asked_over_and_over() -> Words:
    """Words of a few patients, for each service, visit and purpose in turn."""
    hashes = model().service_hash.tolist()
    asked = product(hashes, range(1, 41), map(int, Purpose))
    salts = np.array([randomness.salt(*a) for a in asked], dtype=np.uint64)
    return demand.mix(words_of_demand()[1][:30, None] ^ salts).ravel()


def one_salt() -> np.uint64:
    return np.uint64(randomness.salt(int(model().service_hash[1]), 1, Purpose.COURSE))


STREAMS: dict[str, Callable[[], Words]] = {
    "demand, one use after another": lambda: np.ravel(words_of_demand()[0]),
    "zones": lambda: words_of_demand()[0][:, 0],
    "acuities and levels": lambda: words_of_demand()[0][:, 1],
    "hours and seconds": lambda: words_of_demand()[0][:, 2],
    "first contacts and shifts": lambda: words_of_demand()[0][:, 3],
    "keys of neighbours": lambda: words_of_demand()[1],
    "neighbours at their first visit": lambda: demand.mix(words_of_demand()[1] ^ one_salt()),
    "contacts as they come": lambda: words_of_contacts().ravel(),
    "choices as they come": lambda: words_of_contacts()[:, 0],
    "courses as they come": lambda: words_of_contacts()[:, 1],
    "waits as they come": lambda: words_of_contacts()[:, 2],
    "services, visits, purposes of a patient": asked_over_and_over,
    "replications": lambda: keys_of_runs((1, r) for r in range(20_000)),
    "seeds": lambda: keys_of_runs((s, 0) for s in range(20_000)),
    "numbers as keys": lambda: demand.mix(np.arange(100_000, dtype=np.uint64) ^ one_salt()),
}


@pytest.mark.parametrize("name", STREAMS)
def test_luck_is_even_and_independent(name: str) -> None:
    words = STREAMS[name]()
    assert len(words) >= 20_000
    found = battery(words)
    assert len(found) * len(STREAMS) < P_VALUES / 2
    assert {test: p for test, p in found.items() if p < LEAST} == {}


def luck(salt: Callable[[int, int, int], int], services: int = 4, visits: int = 3) -> Words:
    """[patients, services x visits x purposes] words of neighbours."""
    hashes = model().service_hash[:services].tolist()
    salts = [salt(h, v, p) for h in hashes for v in range(1, visits + 1) for p in map(int, Purpose)]
    return demand.mix(words_of_demand()[1][:20_000, None] ^ np.array(salts, dtype=np.uint64))


def test_services_visits_and_purposes_of_the_same_patient_are_independent() -> None:
    assert independent(luck(randomness.salt)) > LEAST


def test_replications_of_the_same_patient_are_independent_at_each_visit() -> None:
    keys = np.stack([keys_of_runs((1, 4 * r + j) for r in range(5_000)) for j in range(4)], axis=1)
    assert independent(keys) > LEAST
    assert independent(demand.mix(keys ^ one_salt())) > LEAST


@pytest.mark.parametrize(
    "salt",
    [
        lambda h, v, _: randomness.salt(h, v, 1),
        lambda h, _, p: randomness.salt(h, 1, p),
        lambda _, v, p: randomness.salt(1, v, p),
    ],
    ids=["purpose", "visit", "service"],
)
def test_what_a_salt_forgets_is_found(salt: Callable[[int, int, int], int]) -> None:
    assert independent(luck(salt)) < LEAST


# the battery itself


def plain(n: int, seed: int = 1) -> Words:
    """Words of another generator."""
    return np.random.default_rng(seed).integers(0, 1 << 64, n, dtype=np.uint64)


def halves(high: Words, low: Words) -> Words:
    return high << np.uint64(32) | low & np.uint64(0xFFFFFFFF)


def congruential(n: int) -> Words:
    """Low bits of a linear congruential generator go round in short circles."""
    word, words = 1, []
    for _ in range(n):
        word = (word * 6364136223846793005 + 1442695040888963407) & randomness.MASK
        words.append(word)
    return np.array(words, dtype=np.uint64)


def half_mixed(n: int) -> Words:
    """The finaliser without its second half."""
    words = np.arange(n, dtype=np.uint64)
    words = (words ^ words >> np.uint64(30)) * demand.MIX_A
    return words ^ words >> np.uint64(27)


PLANTED: dict[str, Callable[[int], Words]] = {
    "the halves are the same": lambda n: halves(plain(n), plain(n)),
    "the low half moves by a few from word to word": lambda n: halves(plain(n), (plain(n) >> np.uint64(34)).cumsum()),
    "the low half is the high one before": lambda n: halves(plain(n), np.roll(plain(n), 1)),
    "each word comes twice": lambda n: plain(n // 2).repeat(2),
    "a bit is never set": lambda n: plain(n) & np.uint64(randomness.MASK ^ (1 << 40)),
    "one high half in fifty is too small": lambda n: np.where(
        np.arange(n) % 50 == 0, plain(n) >> np.uint64(4), plain(n)
    ),
    "rising in threes": lambda n: np.sort(plain(n // 3 * 3).reshape(-1, 3), axis=1).ravel(),
    "all are the same": lambda n: np.full(n, 0x9E3779B97F4A7C15, dtype=np.uint64),
    "spread too evenly": lambda n: np.random.default_rng(1).permutation(
        np.arange(n, dtype=np.uint64) * np.uint64((1 << 64) // n)
    ),
    "a congruential generator": congruential,
    "half of the mixing": half_mixed,
}


@pytest.mark.parametrize("fault", PLANTED)
def test_a_planted_fault_is_found(fault: str) -> None:
    assert min(battery(PLANTED[fault](40_000)).values()) < LEAST


def test_p_values_of_another_generator_are_even() -> None:
    many = [battery(plain(4_000, seed)) for seed in range(2, 152)]
    for name in many[0]:
        assert kstest([found[name] for found in many], "uniform").pvalue > LEAST, name
