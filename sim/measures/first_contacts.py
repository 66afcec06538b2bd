"""First contacts, held against those that the reference says of the same patients."""

from __future__ import annotations

import numpy as np

from sim.measures.definition import Definition
from sim.measures.intervals import counts
from sim.measures.ledger import Ledger
from sim.measures.rows import NO_CONTACTS, MeasureRows, ratio
from sim.measures.view import ObservedRun, View
from sim.model.codes import Ints, Origin
from sim.model.rules import phase_of, pick


def measure_first_contacts(run: ObservedRun, ledger: Ledger, rows: MeasureRows) -> None:
    """By service: how many turn to it first, over how many would if all were as the reference has it."""
    services = run.model.services
    switched = run.those(lambda view: (view.origin == Origin.SWITCHED) & (view.request >= run.low))
    stayed = ledger.by("service", "origin")[:, Origin.FIRST]
    reference = stayed + counts(_reference_service(run, switched), len(services))
    number = stayed + counts(switched.service, len(services))
    rows.add("first_contact_ratio", "service", services, ratio(number, reference), missing=NO_CONTACTS)


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
        "First contacts with a service, over those that the reference's shares say of the same patients; 1: as many.",
        "first contacts requested in the window that no lever moved or made",
        ("service",),
    ),
}

__all__ = ["FIRST_CONTACTS", "measure_first_contacts"]
