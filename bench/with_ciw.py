"""The five stations in Ciw: a network as data, two classes of customers of which one goes first."""

from __future__ import annotations

from importlib import import_module
from typing import Any

import numpy as np
from network import ARRIVALS_PER_MIN, CLASSES, ROUTING, STATIONS, URGENT
from stays import Stays


def run(end_min: float, seed: int) -> list[Any]:
    """Ciw's records of the services that ended."""
    ciw: Any = import_module("ciw")
    share = dict(zip(CLASSES, (URGENT, 1 - URGENT), strict=True))
    network = ciw.create_network(
        arrival_distributions={
            group: [
                ciw.dists.Exponential(ARRIVALS_PER_MIN * part * station.first) if station.first else None
                for station in STATIONS
            ]
            for group, part in share.items()
        },
        service_distributions={
            group: [ciw.dists.Exponential(1 / station.mean_min) for station in STATIONS] for group in CLASSES
        },
        routing={group: [list(row) for row in ROUTING] for group in CLASSES},
        priority_classes={group: k for k, group in enumerate(CLASSES)},
        number_of_servers=[station.units for station in STATIONS],
    )
    ciw.seed(seed)
    simulation = ciw.Simulation(network)
    simulation.simulate_until_max_time(end_min)
    records: list[Any] = simulation.get_all_records()
    return records


def stays(records: list[Any]) -> Stays:
    """As arrays."""
    return Stays(
        np.array([record.node - 1 for record in records]),
        np.array([record.customer_class == "urgent" for record in records]),
        np.array([record.arrival_date for record in records]),
        np.array([record.service_start_date for record in records]),
    )
