"""careshift: try a care strategy on a whole region before people live with it.

From Python: ``from sim import load_study, vary, run_study, read_results, write_report`` for a study;
``from sim import load_study, compile_scenario, simulate, contacts_frame`` for a single run.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sim.compile import compile_scenario
    from sim.config.changes import vary
    from sim.config.load import load_study
    from sim.report import write_report
    from sim.results.read import read_results
    from sim.simulation import simulate
    from sim.study.patient_frames import contacts_frame, episodes_frame
    from sim.study.station_tables import home_site_flows, occupancy_by_hour, station_table
    from sim.study.study import run_study

_WHERE = {
    "compile_scenario": "sim.compile",
    "load_study": "sim.config.load",
    "vary": "sim.config.changes",
    "run_study": "sim.study.study",
    "simulate": "sim.simulation",
    "contacts_frame": "sim.study.patient_frames",
    "episodes_frame": "sim.study.patient_frames",
    "home_site_flows": "sim.study.station_tables",
    "occupancy_by_hour": "sim.study.station_tables",
    "station_table": "sim.study.station_tables",
    "read_results": "sim.results.read",
    "write_report": "sim.report",
}


def __getattr__(name: str) -> Any:
    """Imports what is asked for when it is asked for: the libraries behind it are heavy."""
    if name in _WHERE:
        return getattr(import_module(_WHERE[name]), name)
    raise AttributeError(f"module 'sim' has no attribute {name!r}")


def __dir__() -> list[str]:
    """The public names, imported or not."""
    return sorted([*__all__, *(name for name in globals() if name.startswith("__"))])


__all__ = [
    "compile_scenario",
    "contacts_frame",
    "episodes_frame",
    "home_site_flows",
    "load_study",
    "occupancy_by_hour",
    "read_results",
    "run_study",
    "simulate",
    "station_table",
    "vary",
    "write_report",
]
