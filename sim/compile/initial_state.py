"""The start of a run: who is in service and who waits, drawn as requests made before the run.

Requests arrive at the offered rate during the span before the run; those whose service would have ended, within its
hours of ending, are gone, the others are there with what is left of it (the equilibrium of an infinite server; what
exceeds capacity waits). A service with ``queue_days`` has a queue of the requests of its last days, at the year's mean
rate if these are two months or more, since a queue so long holds more than a season; the more urgent may have queued
for less (``queue_days_of``; those of them who are in service are left out). Who is on the way to a service after a
contact before the run asks for it in the run (``sim.compile.on_the_way``). Nobody holds a unit around another contact
at the start: who is in a contact that runs within another is there alone, and nobody is left in the outer one whose own
time is over. Signals are at their class 0, and nobody has missed an appointment.
"""

from __future__ import annotations

from typing import Any, get_args

import numpy as np
from numpy.typing import NDArray

from sim.compile.on_the_way import on_the_way
from sim.compile.thresholds import Floats, ThresholdRows, poisson_rows, stable_hash
from sim.compile.traffic import Flows, choice_shares, flows
from sim.config.distributions import STEPS
from sim.config.schema.care import Care, Initial
from sim.model.codes import ACUITIES, AGE_GROUPS, ONE, Acuity, Ints
from sim.model.tables import Discrete, Model

LONG_QUEUE_S = 60 * 86400  # a queue that holds more than a season
SMALLEST = 1e-3  # expected initial episodes of a cell that is left out
NO_START: dict[str, Any] = {
    "start_cell": np.zeros((0, 5), dtype=np.int64),
    "start_hash": np.zeros(0, dtype=np.uint64),
    "start_ptr": np.zeros(1, dtype=np.int64),
    "start_cum": np.zeros(0, dtype=np.uint64),
    "start_base": np.zeros(0, dtype=np.int64),
    "start_zone": Discrete(*(np.zeros(n, dtype=np.int64) for n in (1, 0, 0))),
    "start_span": np.zeros(0, dtype=np.int64),
    "start_queue": np.zeros(0, dtype=np.int64),
    "start_later": np.zeros(0, dtype=np.int64),
    "start_left": np.zeros((0, 2 * STEPS + 2), dtype=np.int64),
}


def start_arrays(care: Care, model: Model) -> dict[str, Any]:
    """``start_*`` of a model, from its own offered load in its first phase."""
    services = list(care.services.values())
    if not model.start_drawn:
        return {**NO_START, "start_queue": np.zeros(len(services), dtype=np.int64)}  # each row says whether it waits
    initial = [s.initial for s in services]
    span = np.array([_spans(i) if i else [0] * ACUITIES for i in initial], dtype=np.int64)
    queue = np.array([round(86400 * i.queue_days) if i else 0 for i in initial], dtype=np.int64)
    expected_flows = flows(model, 0)
    there, number = _cells(model, expected_flows, span, queue >= LONG_QUEUE_S)
    coming, later, left = _on_the_way(model, expected_flows, span.max(axis=1) > 0)
    cells, expected = np.concatenate([there, coming]), np.concatenate([number, later])
    ptr, cum, base = poisson_rows(expected)
    names = [*_cell_names(model, there), *(f"{name} on the way" for name in _cell_names(model, coming))]
    return {
        "start_cell": cells,
        "start_hash": stable_hash(names),
        "start_ptr": ptr,
        "start_cum": cum,
        "start_base": base,
        "start_zone": _zones(model, cells),
        "start_span": span[cells[:, 0], cells[:, 4]],
        "start_queue": queue,
        "start_later": np.repeat([0, 1], [len(there), len(coming)]),
        "start_left": left,
    }


def _spans(initial: Initial) -> list[int]:
    """Seconds before the run in which requests of each acuity lie; of who waits for less than the others, the wait."""
    days = [initial.queue_days_of.get(acuity, initial.span_days) for acuity in get_args(Acuity)]
    return [round(86400 * one) for one in days]


def _cells(model: Model, flows_there: Flows, span: Ints, long: NDArray[np.bool_]) -> tuple[Ints, Floats]:
    """[cells, 5] service, site, need, age, acuity, and the expected initial episodes of each."""
    there = _of_all_areas(model, flows_there.episodes[:, None, None] * flows_there.by_site)
    spans = np.tile(span.T, (len(there) // ACUITIES, 1)).astype(np.float64)  # [classes, S]
    spans[:, long] *= np.repeat(_year_over_run(model), len(spans) // len(model.needs))[:, None]
    return _above_nothing(there * spans[:, :, None] / model.horizon)


def _of_all_areas(model: Model, expected: Floats) -> Floats:
    """[classes without area, S, T] sums of [C, S, T]: a cell of the start has the patients of a site, from anywhere."""
    total: Floats = expected.reshape(model.areas, -1, *expected.shape[1:]).sum(axis=0)
    return total


def _year_over_run(model: Model) -> Floats:
    """[N] rate of each need over the calendar year, over that of the run: 1 where the run is as the year."""
    before = (model.window_start // 3600) - 1  # hours of the run before the window
    outside = model.hour_cum[:, before] / ONE if before >= 0 else np.zeros(len(model.needs))
    run_share = model.window_ppm / 1e6 / np.maximum(1 - outside, 1e-9)
    ratio: Floats = np.divide(model.horizon / model.year_s, run_share, out=np.ones_like(run_share), where=run_share > 0)
    return ratio


def _on_the_way(model: Model, flows_there: Flows, starts: NDArray[np.bool_]) -> tuple[Ints, Floats, Ints]:
    """As ``_cells``, who is on the way to a service that ``starts`` with patients; [S, quantiles] seconds left."""
    number, left = on_the_way(model, flows_there)
    everywhere = flows_there.by_site.sum(axis=2, keepdims=True)
    by_site = np.divide(flows_there.by_site, everywhere, out=np.zeros_like(flows_there.by_site), where=everywhere > 0)
    return *_above_nothing(_of_all_areas(model, (number * starts)[:, :, None] * by_site)), left


def _above_nothing(expected: Floats) -> tuple[Ints, Floats]:
    """[cells, 5] of what is not next to nothing in [classes, S, T] expected initial episodes, and these."""
    c, s, t = np.nonzero(expected > SMALLEST)
    groups = c // ACUITIES
    cells = np.stack([s, t, groups // len(AGE_GROUPS), groups % len(AGE_GROUPS), c % ACUITIES], axis=1)
    return cells.astype(np.int64), expected[c, s, t]


def _cell_names(model: Model, cells: Ints) -> list[str]:
    """Each cell by its text ids, so that what a scenario leaves as it is keeps its patients."""
    return [
        f"{model.services[s]} {model.sites[t]} {model.needs[n]} {AGE_GROUPS[a]} {q}" for s, t, n, a, q in cells.tolist()
    ]


def _zones(model: Model, cells: Ints) -> Discrete:
    """Rows by site: the zones from which its patients come, by the choice of the first service that starts there."""
    rows = ThresholdRows()
    zones = len(model.zones)
    tables: dict[tuple[int, int], Floats] = {}
    for t in range(len(model.sites)):
        here = cells[cells[:, 1] == t]
        weights = np.zeros(zones)
        if len(here):
            service, _, need, age, _ = here[0]
            group = int(need * len(AGE_GROUPS) + age)
            chosen = int(model.choice_set[service, need, age])
            if (int(service), chosen) not in tables:
                tables[int(service), chosen] = choice_shares(model, int(service), group, 0)
            weights = tables[int(service), chosen][:zones, t] * model.people[:, age]
            if weights.sum() == 0:  # nobody comes here from home
                weights = model.people[:, age].astype(np.float64)
        keep = np.flatnonzero(weights)
        total = max(weights.sum(), 1e-12)
        rows.add(("site", t), (weights[keep] / total).tolist(), keep.tolist())
    return rows.discrete()
