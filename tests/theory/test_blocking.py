"""Two stations in a row without room between them: the first is blocked while the second is full (boarding)."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from gates import MEAN_S, gate, mean_wait, sample, time_average
from worlds import Offer, Sketch, exponential, need, service, way

from sim.tables import Contacts, Episodes, Model

MEAN_MIN = MEAN_S / 60


def tandem(arrival: float, first: float, second: float, most: int = 300) -> tuple[float, float]:
    """Mean wait for the first station and mean time blocked in it.

    One unit each; blocked after service. The chain of (patients at or before the first station, second idle, busy, or
    busy with the first blocked) is solved by its balance equations, cut at ``most`` patients.
    """
    index = {(n, s): 3 * n + s for n in range(most + 1) for s in range(3)}
    rates = np.zeros((len(index), len(index)))
    for (n, s), j in index.items():
        moves = [((n + 1, s), arrival)] if n < most else []
        if s < 2 and n > 0:
            moves.append(((n - 1, 1) if s == 0 else (n, 2), first))
        if s == 1:
            moves.append(((n, 0), second))
        if s == 2 and n > 0:
            moves.append(((n - 1, 1), second))
        for to, rate in moves:
            rates[j, index[to]] += rate
    balance = (rates - np.diag(rates.sum(axis=1))).T
    unreachable = index[0, 2]
    balance[unreachable, unreachable] = 1.0
    balance[-1] = 1.0
    share = np.linalg.solve(balance, np.eye(len(index))[-1])
    table = share.reshape(most + 1, 3)
    present = (np.arange(most + 1)[:, None] * table).sum()
    occupied = 1 - table[0].sum()
    return float(present - occupied) / arrival, float(table[:, 2].sum()) / arrival


def test_a_first_station_that_boards_waits_as_the_blocked_tandem(tmp_path: Path) -> None:
    load = 0.45

    def boarding(model: Model, _: Episodes, c: Contacts) -> float:
        er = c.service == 0
        return time_average(model, c.end[er], c.release[er])

    services = {
        "er": service(exponential(MEAN_MIN), "remote", then=[way("ward", how="holding")]),
        "ward": service(exponential(MEAN_MIN), "remote"),
    }
    sketch = Sketch(services, {"a": {"er": Offer(), "ward": Offer()}})
    sketch.needs = {"ill": need({"er": 1}, rate=load / MEAN_S * 365 * 86400)}
    wait, blocked = sample(sketch, tmp_path, 340, mean_wait, boarding)
    exact_wait, exact_blocked = tandem(load, 1, 1)
    gate(wait, exact_wait * MEAN_S)
    gate(blocked, exact_blocked * load)
