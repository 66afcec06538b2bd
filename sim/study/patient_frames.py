"""Who fell ill and every contact of a run as tables for people: names, and times by the clock.

A run's own tables, ``Simulation.episodes`` and ``Simulation.contacts``, are codes and seconds.
"""

from __future__ import annotations

from collections.abc import Sequence
from enum import IntEnum
from typing import Any

import numpy as np
import pandas as pd

from sim.compile import run_origin
from sim.config.world import World
from sim.model.codes import ABSENT, ACUITY_NAMES, AGE_GROUPS, Codes, Origin, Outcome
from sim.simulation import Simulation

TIMES = ("request", "start", "end", "release")


def contacts_frame(run: Simulation, world: World) -> pd.DataFrame:
    """Every contact of a run, one row each, in the order in which they were asked for.

    Columns: ``episode`` (row of ``episodes_frame``) and ``step`` within it; ``service``, ``site`` (its id),
    ``site_name`` and ``pool``; ``origin`` (why it was asked for: ``first``, ``referred``, ...), ``came_from`` (zone or
    site) and ``outcome`` (``done``, ``left``, ``turned_away``, ``unserved``, ``open``, ``missed``); ``request``,
    ``start``, ``end`` and ``release`` by the clock of the region, with its time zone, NaT where it did not happen;
    ``wait_min`` until the start, NaN where there was none; ``need``, ``age``, ``acuity``, ``zone`` and ``municipality``
    (its name) of the patient; ``in_window``, False in the warm-up. Names are categories. ``world`` is the one that the
    model was compiled from. Raises ValueError if it is another.
    """
    model, contacts = run.model, run.contacts
    _same(run, world)
    names = dict(zip(world.region.sites["site"], world.region.sites["name"], strict=True))
    frame = pd.DataFrame({"episode": contacts.episode, "step": contacts.step})
    frame["service"] = _categories(contacts.service, model.services)
    frame["site"] = _categories(contacts.site, model.sites)
    frame["site_name"] = frame["site"].astype(object).map(names).astype("category")
    frame["pool"] = _categories(contacts.pool, model.pools)
    frame["origin"] = _categories(contacts.origin, _words(Origin))
    frame["came_from"] = _categories(contacts.place, (*model.zones, *model.sites))
    for name in TIMES:
        frame[name] = _moments(getattr(contacts, name), world)
    started = contacts.start != ABSENT
    seconds = contacts.start.astype(np.int64) - contacts.request.astype(np.int64)
    frame["wait_min"] = np.where(started, seconds / 60, np.nan)
    frame["outcome"] = _categories(contacts.outcome, _words(Outcome))
    patients = _patients(run, world)
    for name in patients.columns:
        frame[name] = patients[name].take(contacts.episode).array
    frame["in_window"] = contacts.request >= model.window_start
    return frame


def episodes_frame(run: Simulation, world: World) -> pd.DataFrame:
    """Everyone who fell ill in a run, one row each, in order of time; the index is ``episode`` of ``contacts_frame``.

    Columns: ``time`` by the clock of the region, with its time zone (before the run: there when it starts), ``need``,
    ``age``, ``acuity``, ``zone`` and ``municipality`` (its name), and ``in_window``. Raises ValueError if the world is
    not the one that the model was compiled from.
    """
    _same(run, world)
    frame = _patients(run, world)
    frame.insert(0, "time", _moments(run.episodes.time, world))
    frame["in_window"] = run.episodes.time >= run.model.window_start
    return frame.rename_axis("episode")


def _same(run: Simulation, world: World) -> None:
    names = tuple(world.region.sites["site"]), tuple(world.region.zones["zone"])
    days = (world.study.end - world.study.start).days + 1 + world.study.warm_up_days
    if names != (run.model.sites, run.model.zones) or abs(run.model.horizon - days * 86400) > 3600:
        raise ValueError("the run is of another world: its sites, zones or days are not these")


def _patients(run: Simulation, world: World) -> pd.DataFrame:
    model, episodes = run.model, run.episodes
    names = dict(zip(world.region.municipalities["municipality"], world.region.municipalities["name"], strict=True))
    return pd.DataFrame(
        {
            "need": _categories(episodes.need, model.needs),
            "age": _categories(episodes.age, AGE_GROUPS),
            "acuity": _categories(episodes.acuity, ACUITY_NAMES),
            "zone": _categories(episodes.zone, model.zones),
            "municipality": _categories(
                model.zone_municipality.take(episodes.zone), [str(names[one]) for one in model.municipalities]
            ),
        }
    )


def _words(codes: type[IntEnum]) -> list[str]:
    return [one.name.lower() for one in codes]


def _categories(codes: Codes, names: Sequence[str]) -> pd.Categorical[str]:
    """Names in the place of codes; a code below 0 is no name."""
    return pd.Categorical.from_codes(np.maximum(codes, -1).astype(np.int64), pd.Index(list(names)))


def _moments(seconds: Codes, world: World) -> pd.Series[Any]:
    wide = seconds.astype(np.int64)
    passed = pd.to_timedelta(pd.Series(wide).where(wide != ABSENT), unit="s")
    return (pd.Timestamp(run_origin(world)) + passed).dt.tz_convert(world.region.file.timezone)


__all__ = ["contacts_frame", "episodes_frame"]
