"""Demand drawn in bulk is the demand of its recipe (docs/model.md, sections 5, 10 and 11), one episode at a time."""

from __future__ import annotations

import hashlib
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from worlds import SAID, Offer, Plain, Sketch, exponential, figure, need, service, way

from sim import demand
from sim.demand import draw_episodes, in_order, layers
from sim.demand.words import Guide
from sim.model.codes import ACUITIES, AGE_GROUPS, ONE
from sim.model.randomness import mix
from sim.model.rules import phase_of, quantile
from sim.model.tables import EPISODE_TYPES, Model

GAMMA, MASK, HALF = 0x9E3779B97F4A7C15, 2**64 - 1, 2**32 - 1
Row = tuple[int, ...]  # in the order of EPISODE_TYPES


def h(text: str) -> int:
    return int.from_bytes(hashlib.blake2b(text.encode(), digest_size=8).digest(), "little")


def stream_of(root: int, *ids: int) -> int:
    for one in ids:
        root = mix((root ^ one) + GAMMA & MASK)
    return root


def nth(stream: int, use: int, number: int) -> int:
    return mix(mix(stream + use & MASK) + GAMMA * number & MASK)


def plain(model: Model, seed: int, replication: int) -> list[Row]:
    """The episodes, drawn one at a time."""
    root = h(f"careshift seed {seed} replication {replication}")
    found = list(initial(model, stream_of(root, h("initial"))))
    for group in range(len(model.needs) * len(AGE_GROUPS)):
        for layer in range(16 if model.variation_row[group // len(AGE_GROUPS)] >= 0 else 4):
            found += layer_of(model, root, group, layer)
    return sorted(found, key=lambda row: (row[1], row[0]))


def layer_of(model: Model, root: int, group: int, layer: int) -> Iterator[Row]:
    n, age = divmod(group, len(AGE_GROUPS))
    stream = stream_of(root, int(model.need_hash[n]), age, layer)
    counts = model.count_cum[model.count_ptr[group] : model.count_ptr[group + 1]].tolist()
    size = int(model.count_base[group]) + bisect_right(counts, nth(stream, 1, 1)) if model.people[:, age].sum() else 0
    number: Counter[int] = Counter()
    for i in range(1, size + 1):
        who, when, kind, first = (nth(stream, use, i) for use in (2, 3, 4, 5))
        zone = bisect_right(model.zone_cum[group].tolist(), who >> 32)
        time = bisect_right(model.hour_cum[n].tolist(), when >> 32) * 3600 + ((when & HALF) * 3600 >> 32)
        acuity = bisect_right(model.acuity_cum[group].tolist(), kind >> 32)
        number[zone] += 1
        key = mix(mix(stream ^ int(model.zone_hash[zone])) + GAMMA * number[zone] & MASK)
        level = (layer << 32) + (kind & HALF)
        if model.variation_row[n] >= 0:
            level = (level << 20) // factor_of(model, root, n, time)
        service = forced(model, group, acuity, time, level)
        if service > -2:
            yield key, time, n, zone, age, acuity, first >> 32, first & HALF, service, -1


def factor_of(model: Model, root: int, need: int, time: int) -> int:
    """Factor of a need in the week of a second, out of 2**20."""
    week = bisect_right(model.week_start.tolist(), time) - 1
    word = stream_of(root, int(model.variation_hash[need]), int(model.week_hash[week]))
    return max(quantile(model.variation_quantile[model.variation_row[need]].tolist(), word >> 32), 1)


def forced(model: Model, group: int, acuity: int, time: int, level: int) -> int:
    """-1 kept, a service: induced there, -2 left out."""
    phase = phase_of(model.phase_start.tolist(), time)
    factor = int(model.factor[phase].flat[group])
    if level < factor:
        return -1
    row = model.induced_row[phase, group * ACUITIES + acuity]
    a, b = model.induced.ptr[row : row + 2].tolist()
    j = bisect_right(model.induced.cum.tolist(), level - max(factor, ONE), a, b)
    return int(model.induced.item[j]) if j < b and level >= max(factor, ONE) else -2


def initial(model: Model, root: int) -> Iterator[Row]:
    for c, (s, site, n, age, acuity) in enumerate(model.start_cell.tolist()):
        stream = stream_of(root, int(model.start_hash[c]))
        counts = model.start_cum[model.start_ptr[c] : model.start_ptr[c + 1]].tolist()
        for i in range(1, int(model.start_base[c]) + bisect_right(counts, nth(stream, 1, 1)) + 1):
            word = nth(stream, 6, i) >> 32
            time = -1 - (word * int(model.start_span[c]) >> 32)
            if model.start_later[c]:
                time = max(quantile(model.start_left[s].tolist(), word), 1)
            table = model.start_zone
            a, b = table.ptr[site : site + 2].tolist()
            zone = int(table.item[bisect_right(table.cum.tolist(), nth(stream, 7, i) >> 32, a, b)])
            if time < model.horizon:
                yield mix(stream + GAMMA * i & MASK), time, n, zone, age, acuity, 0, 0, s, site


def change(by: float, **more: object) -> Plain:
    return {"kind": "demand", "when": {"needs": ["ill"]}, "change": figure(by, by, by), **more}


def sketch(cv: float = 0) -> Sketch:
    services = {
        "er": service(
            exponential(300),
            initial={"span_days": 1, "queue_days": 0.1, "source": "test", "quality": "D"},
            then=[way("er", 0.4, after=exponential(4000)), way("exit", 0.6)],
        ),
        "gp": service(),
    }
    said = need({"er": 0.7, "gp": 0.3}, rate={"18_64": 2000, "80plus": 9000})
    said["acuity"] = {"all": {"mix": {"1": 0.25, "3": 0.5, "5": 0.25}, **SAID}}
    if cv:
        said["weekly_variation"] = {"group": "winter", "cv": figure(cv)}
    easier = {
        "kind": "shift", "when": {"needs": ["ill", "hurt"]}, "from_service": "er", "to_service": "gp",
        "share": figure(0.5, 0.5, 0.5), "induced": figure(0.4, 0.4, 0.4),
    }  # fmt: skip
    return Sketch(
        services,
        {"a": {"er": Offer(3), "gp": Offer()}, "b": {"er": Offer(2)}},
        {"ill": said, "hurt": need({"er": 1}, rate=3000)},
        zones={"x": (100, 300, 50, 20), "desert": 0, "y": (0, 200, 100, 90)},
        end=date(2027, 3, 10),
        travel={("x", "b"): 30, ("y", "a"): 40, ("y", "b"): 5},
        scenarios={
            "less": {"x": change(-0.3)},
            "later": {"x": change(-0.6, ramp={"2027-03-04": 0.5, "2027-03-06": 1})},
            "more": {"x": change(1.4, ramp={"2027-03-05": 1})},
            "easier": {"x": easier},
            "both": {"x": easier, "y": change(-0.6)},
            "all": {"x": easier, "y": change(0.5), "z": change(0.4, ramp={"2027-03-03": 0, "2027-03-07": 1})},
        },
    )


@pytest.mark.parametrize("scenario", ["baseline", "less", "later", "more", "easier", "both", "all"])
@pytest.mark.parametrize(("block", "cv"), [(7, 0), (1 << 14, 0), (1 << 14, 0.6)])
def test_demand_in_bulk_is_demand_one_by_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, scenario: str, block: int, cv: float
) -> None:
    monkeypatch.setattr(demand, "BLOCK", block)
    monkeypatch.setattr(layers, "BLOCK", block)
    model = sketch(cv).compile(tmp_path, scenario)
    drawn = draw_episodes(model, 3, 1)
    columns = [getattr(drawn, name) for name in EPISODE_TYPES]
    assert [column.dtype for column in columns] == list(EPISODE_TYPES.values())
    rows = [tuple(map(int, row)) for row in zip(*columns, strict=True)]
    assert rows == plain(model, 3, 1)
    assert min(drawn.time) < 0 < sum(drawn.need == 0) < len(rows)


@given(st.lists(st.integers(0, ONE), max_size=40), st.lists(st.integers(0, 2**64 - 1), max_size=20))
def test_a_guide_finds_what_a_search_finds(cuts: list[int], words: list[int]) -> None:
    cum = np.array([*sorted(cuts), ONE], dtype=np.int64)
    near = [c + d << 32 for c in cuts for d in (-1, 0, 1) if 0 <= c + d < ONE]
    asked = np.array(words + near, dtype=np.uint64)
    assert Guide(cum).find(asked).tolist() == np.searchsorted(cum, (asked >> 32).astype(np.int64), "right").tolist()


@given(
    st.lists(st.tuples(st.integers(-3, 3), st.integers(0, 3), st.integers(0, 2)), max_size=60),
    st.sampled_from([1, 86_400, 1 << 31, 1 << 54]),
)
def test_episodes_of_the_same_second_stand_in_order_of_their_keys(rows: list[Row], apart: int) -> None:
    """Keys that begin alike, and times so far apart that few bits are left for keys."""
    time = np.array([row[0] * apart for row in rows], dtype=np.int64)
    key = np.array([(row[1] << 62) + row[2] for row in rows], dtype=np.uint64)
    assert in_order(time, key).tolist() == np.lexsort((key, time)).tolist()
