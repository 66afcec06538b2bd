"""Two of the examples of docs/own_model.md as Markov chains: the exact long-run means, found without the program.

The states are written down from the words of the example, not from its files; all times in them are exponential.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np
from scipy import sparse

State = tuple[int, ...]
LONG_H = 1500.0  # the slowest queue forgets in some 125 h
Moves = Callable[[State], Iterator[tuple[float, State]]]  # rate an hour, where to


def long_run(start: State, moves: Moves) -> dict[State, float]:
    """Share of time in each state that can be reached, by going on until the start is forgotten."""
    number, trail, rates = {start: 0}, [start], []
    for here in trail:
        for rate, there in moves(here):
            if there not in number:
                number[there] = len(trail)
                trail.append(there)
            rates.append((number[there], number[here], rate))
            rates.append((number[here], number[here], -rate))
    rows, columns, values = zip(*rates, strict=True)
    flow = sparse.csr_matrix((values, (rows, columns)), shape=(len(trail), len(trail)))
    step_h = 0.99 / -flow.diagonal().min()
    step, shares = sparse.identity(len(trail), format="csr") + flow * step_h, np.eye(1, len(trail))[0]
    for _ in range(int(LONG_H / step_h)):
        shares = step @ shares
    return dict(zip(trail, shares, strict=True))


def births(doctors: int, nurses: int) -> dict[str, float]:
    """Mean numbers waiting for and using beds (4), nurses and doctors in the example ``birth``.

    A birth takes a bed (0.25 an hour; half an hour), then also a nurse (5 h), then for 0.4 also a doctor (1.5 h); a
    doctor's visits (1.8 an hour, 20 min) wait for those. Queues from outside are cut at 26 and 44.
    """
    beds, longest_births, longest_visits = 4, 26, 44

    def settled(queue: int, ready: int, w: int, n: int, v: int, d: int, q: int, s: int) -> State:
        """After everybody has started who can: bed queue, bed, nurse queue, nurse, doctor queue, doctor, visits."""
        freed = min(nurses - n - v - d, w)
        w, n = w - freed, n + freed
        begun = min(doctors - d - s, v)
        v, d = v - begun, d + begun
        seen = min(doctors - d - s, q)
        q, s = q - seen, s + seen
        taken = min(beds - ready - w - n - v - d, queue)
        return queue - taken, ready + taken, w, n, v, d, q, s

    def moves(state: State) -> Iterator[tuple[float, State]]:
        queue, ready, w, n, v, d, q, s = state
        if queue < longest_births:
            yield 0.25, settled(queue + 1, ready, w, n, v, d, q, s)
        if q < longest_visits:
            yield 1.8, settled(queue, ready, w, n, v, d, q + 1, s)
        if ready:
            yield ready / 0.5, settled(queue, ready - 1, w + 1, n, v, d, q, s)
        if n:
            yield n / 5 * 0.4, settled(queue, ready, w, n - 1, v + 1, d, q, s)
            yield n / 5 * 0.6, settled(queue, ready, w, n - 1, v, d, q, s)
        if d:
            yield d / 1.5, settled(queue, ready, w, n, v, d - 1, q, s)
        if s:
            yield s * 3, settled(queue, ready, w, n, v, d, q, s - 1)

    shares = long_run((0,) * 8, moves)
    mean = [sum(p * state[i] for state, p in shares.items()) for i in range(8)]
    queue, ready, w, n, v, d, q, s = mean
    return {
        "delivery_bed": queue, "delivery": w, "complication": v, "visit": q,
        "bed": (ready + w + n + v + d) / beds, "nurse": (n + v + d) / nurses, "doctor": (d + s) / doctors,
    }  # fmt: skip


def hospitals(diverting: bool) -> dict[str, float]:
    """Mean numbers who wait in the north and in the south, and those sent on an hour, in the example ``diversion``.

    Patients come 1.7 and 2.55 an hour for 3 h, to 6 and 12 places. Four in five may be sent on: who finds all places
    taken goes to the other hospital if it has one free, else waits here. The journey is left out.
    """
    places, rates, longest = (6, 12), (1.7, 2.55), (40, 40)

    def moves(state: State) -> Iterator[tuple[float, State]]:
        for i, j in ((0, 1), (1, 0)):
            other = tuple(n + (k == j) for k, n in enumerate(state))
            here = tuple(n + (k == i) for k, n in enumerate(state))
            sent = 0.8 if diverting and state[i] >= places[i] and state[j] < places[j] else 0.0
            if sent:
                yield rates[i] * sent, other
            if state[i] < places[i] + longest[i]:
                yield rates[i] * (1 - sent), here
            if state[i]:
                yield min(state[i], places[i]) / 3, tuple(n - (k == i) for k, n in enumerate(state))

    shares = long_run((0, 0), moves)
    waiting = [sum(p * max(0, s[i] - places[i]) for s, p in shares.items()) for i in (0, 1)]
    used = [sum(p * min(s[i], places[i]) for s, p in shares.items()) for i in (0, 1)]
    return {"north": waiting[0], "south": waiting[1], "used_north": used[0], "used_south": used[1]}


__all__ = ["births", "hospitals", "long_run"]
