"""First contacts, held against those that the reference says of the same patients."""

from __future__ import annotations

import numpy as np

from sim.measures.definition import Definition
from sim.measures.intervals import counts
from sim.measures.ledger import Ledger
from sim.measures.rows import NO_CONTACTS, MeasureRows, ratio
from sim.measures.view import ObservedRun, View
from sim.model.codes import ONE, Ints, Origin
from sim.model.rules import phase_of, pick

HALF_OF_ALL = ONE // 2


def measure_first_contacts(run: ObservedRun, ledger: Ledger, rows: MeasureRows) -> None:
    """By service: how many turn to it first, over how many would if all were as the reference has it.

    Where nearly all of a kind of people turn to a service, hardly anybody can be drawn to it and many can be driven
    away; so those alone count of whom at most half turn to it.
    """
    services = run.model.services
    free = _shares(run) <= HALF_OF_ALL  # [classes, S]
    switched = run.those(lambda view: (view.origin == Origin.SWITCHED) & (view.request >= run.low))
    first = ledger.by("service", "origin", "need", "age_group", "acuity")[:, Origin.FIRST].reshape(len(services), -1)
    stayed = (first * free.T).sum(axis=1)
    sizes = len(services)
    numbers = []
    for service in (switched.service.astype(np.int64), _reference_service(run, switched)):
        counted = service[free[switched.patient, service]]
        numbers.append(stayed + counts(counted, sizes))
    rows.add("first_contact_ratio", "service", services, ratio(*numbers), missing=NO_CONTACTS)


def _shares(run: ObservedRun) -> Ints:
    """[classes, S] share of each class that turns to a service in the reference as the run begins, out of 2**32.

    The reference is the same in all areas, so classes are those of one.
    """
    model = run.model
    rows = model.first_row[0, : model.first_row.shape[1] // model.areas]
    shares = np.zeros((len(rows), len(model.services)), dtype=np.int64)
    for c, row in enumerate(rows.tolist()):
        listed = slice(model.first.ptr[row], model.first.ptr[row + 1])
        shares[c, model.first.item[listed]] = np.diff(model.first.cum[listed], prepend=0)
    return shares


def _reference_service(run: ObservedRun, first: View) -> Ints:
    """The service to which each of these patients turns first in the reference: the draw that the engines make."""
    model, episodes = run.model, run.episodes
    starts, cum = model.phase_start.tolist(), model.first.cum.tolist()
    phase = [phase_of(starts, time) for time in episodes.time[first.episode].tolist()]
    row = model.first_row[np.array(phase, dtype=np.int64), first.patient]
    begin, end = model.first.ptr[row].tolist(), model.first.ptr[row + 1].tolist()
    words = episodes.first_draw[first.episode].tolist()
    chosen = [pick(cum, b, e, word) for b, e, word in zip(begin, end, words, strict=True)]
    service: Ints = model.first.item[np.array(chosen, dtype=np.int64)]
    return service


FIRST_CONTACTS: dict[str, Definition] = {
    "first_contact_ratio": Definition(
        "ratio",
        "First contacts with a service, over those that the reference says of the same patients; 1: as many.",
        "first contacts in the window that no lever moved or made, of classes of which at most half turn to it",
        ("service",),
    ),
}

__all__ = ["FIRST_CONTACTS", "measure_first_contacts"]
