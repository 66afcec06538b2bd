"""Contacts to measures: emergency load, travel, waits, beds, the ledger. The warm-up is cut here.

Counts and waits belong to contacts requested in the window [``window_start``, ``horizon``), occupancy to time in it.
Whole numbers are summed and divided once, so that a run's measures are the same bytes on every machine.
"""

from __future__ import annotations

import pandas as pd

from sim.measures.access import measure_access, waits_of
from sim.measures.accessibility import measure_reach
from sim.measures.ambulance import measure_ambulance
from sim.measures.balance import measure_balance
from sim.measures.catalogue import DEFINITIONS, Definition
from sim.measures.emergency import measure_emergency
from sim.measures.equity import measure_equity
from sim.measures.er_contacts import Emergencies
from sim.measures.er_patients import measure_er_patients
from sim.measures.er_physicians import measure_per_physician
from sim.measures.every_station import measure_stations
from sim.measures.first_contact_ratio import measure_first_contacts
from sim.measures.hospital import Wards, measure_hospital
from sim.measures.initial_transient import measure_warm_up
from sim.measures.ledger import Ledger
from sim.measures.rare import measure_rare
from sim.measures.rows import MeasureRows
from sim.measures.season import measure_season
from sim.measures.stationarity import Drift
from sim.measures.stations import Stations, measure_queues
from sim.measures.travel import Journeys, measure_travel
from sim.measures.view import ObservedRun
from sim.measures.ward_places import measure_ward_places
from sim.model.tables import Contacts, Episodes, Model


def measure(model: Model, episodes: Episodes, contacts: Contacts) -> pd.DataFrame:
    """Tidy measures of one run: measure, unit, by, group, value, note.

    ``value`` is NaN where nothing could be measured, and ``note`` then says why; ``note`` is 'not settled' where the
    number of patients behind a value still grows or shrinks over the window (``stationarity.Drift``).
    """
    return measure_window(ObservedRun(model, episodes, contacts))


def measure_window(run: ObservedRun) -> pd.DataFrame:
    """As ``measure``; of a run that is not whole nothing is said of its start, nor of its services one by one."""
    rows = MeasureRows()
    drift = Drift(run)
    ledger, journeys, stations = Ledger(run), Journeys(run), Stations(run, drift)
    waits = waits_of(run)
    for block in run.blocks():  # once over all contacts; below only those of some kinds are looked at again
        requests = block.where(block.request >= run.low)
        ledger.add(requests)
        journeys.add(requests)
        for queue in waits:
            queue.add(requests)
        stations.add(block)
        stations.add_requests(requests)
    emergencies = Emergencies(run, drift)
    measure_emergency(run, emergencies, drift, rows)
    measure_per_physician(run, emergencies, rows)
    measure_er_patients(run, emergencies, rows)
    measure_ambulance(run, emergencies, rows)
    measure_travel(run, journeys, emergencies, rows)
    measure_reach(run, rows)
    measure_access(run, waits, stations, drift, rows)
    wards = Wards(run)
    measure_hospital(wards, drift, rows)
    measure_ward_places(run, wards, drift, rows)
    measure_balance(run, ledger, stations, drift, rows)
    if run.whole:
        measure_first_contacts(run, ledger, rows)
    measure_rare(run, rows)
    measure_season(run, ledger, emergencies, rows)
    if run.whole:
        measure_queues(run, stations, drift, rows)
        measure_stations(run, stations, drift, rows)
        measure_warm_up(run, stations, emergencies, rows)
    measure_equity(rows)
    return rows.frame(DEFINITIONS)


__all__ = ["DEFINITIONS", "Definition", "measure", "measure_window"]
