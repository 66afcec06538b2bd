"""Luck, choice and time: the decisions that every engine shares, with test vectors for engines in other languages."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim import demand
from sim.config.distributions import quantile_array, quantile_table
from sim.config.schema.base import Exponential, Uniform
from sim.model.randomness import HALF, MASK, draw, mix, salt
from sim.model.rules import is_open, phase_of, pick, quantile, remainder

WORDS = st.integers(0, MASK)
GAMMA = 0x9E3779B97F4A7C15


def test_mix_is_the_published_splitmix64() -> None:
    found = [mix(GAMMA * i & MASK) for i in (1, 2, 3)]  # Vigna's splitmix64.c from state 0
    assert found == [0xE220A8397B1DCDAF, 0x6E789E6AA1B965F4, 0x06C45D188009454F]


def test_salts_and_draws_are_those_of_the_vectors() -> None:
    assert salt(0x0123456789ABCDEF, 1, 2) == 0x0C1F48404DEF7F7E
    assert salt(5, 0, 1) == 0xDD81E189E64CA50C
    assert salt(MASK, 7, 4) == 0x1FD37112C2F9FC9A
    assert draw(0xDEADBEEFCAFEF00D, salt(0x0123456789ABCDEF, 1, 2)) == 0xCEB6B48F185EABF5


@given(WORDS, WORDS)
def test_a_draw_is_the_mix_of_key_and_salt(key: int, word: int) -> None:
    assert draw(key, word) == mix(key ^ word)


@given(st.lists(WORDS, min_size=1, max_size=20))
def test_arrays_are_mixed_as_single_words_are(words: list[int]) -> None:
    assert demand.mix(np.array(words, dtype=np.uint64)).tolist() == [mix(word) for word in words]


def test_purposes_services_and_visits_have_luck_of_their_own() -> None:
    keys = [mix(j) for j in range(4000)]
    salts = [salt(service, visit, purpose) for service in (11, 12) for visit in (1, 2) for purpose in (1, 2)]
    assert len(set(salts)) == 8
    uniforms = np.array([[part for s in salts for part in divmod(draw(key, s), 1 << 32)] for key in keys]) / 2**32
    correlation = np.corrcoef(uniforms.T) - np.eye(uniforms.shape[1])
    assert np.abs(correlation).max() < 5 / 4000**0.5
    assert uniforms.mean(axis=0) == pytest.approx(np.full(16, 0.5), abs=5 * (1 / 12) ** 0.5 / 4000**0.5)


def test_pick_takes_the_first_threshold_above_the_word() -> None:
    cum = [9, 9, 10, 30, 30, 40]  # a row from 2 on; the fourth has no width
    assert [pick(cum, 2, 6, word) for word in (0, 9, 10, 29, 30, 39, 40)] == [2, 2, 3, 3, 5, 5, 6]


def test_what_a_choice_leaves_of_a_word_is_uniform_again() -> None:
    quarter = 1 << 30
    cum = [quarter, 4 * quarter]
    assert remainder(cum, 0, 0, 0) == 0
    assert remainder(cum, 0, 0, quarter // 2) == 1 << 31
    assert remainder(cum, 0, 1, quarter) == 0
    assert remainder(cum, 0, 1, 4 * quarter - 1) == (3 * quarter - 1 << 32) // (3 * quarter)


@given(st.lists(st.integers(1, HALF), min_size=1, max_size=8, unique=True), st.integers(0, HALF))
def test_a_remainder_is_a_32_bit_word(cum: list[int], word: int) -> None:
    cum = [*sorted(cum), 1 << 32]
    chosen = pick(cum, 0, len(cum), word)
    assert 0 <= remainder(cum, 0, chosen, word) <= HALF


def test_quantiles_are_straight_lines_between_the_entries_of_a_table() -> None:
    table = quantile_table(Uniform(dist="uniform", unit="s", low=0.0, high=1024_000.0)).tolist()
    for word in (0, 1 << 22, 5 << 20, HALF // 3, HALF):
        assert quantile(table, word) == pytest.approx(1024_000 * word / 2**32, abs=1.5)


@given(st.integers(0, HALF), st.integers(0, HALF))
def test_quantiles_do_not_fall(a: int, b: int) -> None:
    table = EXPONENTIAL.tolist()
    assert (quantile(table, min(a, b)) <= quantile(table, max(a, b))) is True


@given(st.lists(st.integers(0, HALF), min_size=1, max_size=50))
def test_quantiles_of_arrays_are_those_of_single_words(words: list[int]) -> None:
    table = EXPONENTIAL.tolist()
    array = quantile_array(EXPONENTIAL, np.array(words, dtype=np.int64))
    assert array.tolist() == [quantile(table, word) for word in words]


EXPONENTIAL = quantile_table(Exponential(dist="exponential", unit="h", mean=1.0))


def test_an_offer_is_open_from_its_opening_to_before_its_closing() -> None:
    toggles = [-5, 10, 20, 30, 40]  # a row from 1 on, open for ever from 40
    assert [t for t in range(9, 45) if is_open(toggles, 1, 5, t)] == [*range(10, 20), *range(30, 40)]
    assert is_open([-5], 0, 1, 10**9)
    assert not is_open([], 0, 0, 0)


def test_a_phase_begins_in_its_second() -> None:
    starts = [-(1 << 40), 100, 200]
    assert [phase_of(starts, t) for t in (-9, 99, 100, 199, 200, 10**9)] == [0, 0, 1, 1, 2, 2]
