"""Every service and pool as a station, of a run or of a study's results: waits, numbers, use over the week, from where.

What is stored of a study is in its measures; a run has its contacts too, so that its pools are told in full.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from sim.measures.emergency import WEEK_H, hours_of_window
from sim.measures.every_station import EVERY_STATION, PERCENTS, columns_of, per_day, pools_of_services
from sim.measures.intervals import TimePersistentCounter, place_seconds, place_seconds_between
from sim.measures.rows import Floats, ratio
from sim.measures.station_counts import By, StationCounts
from sim.measures.view import ObservedRun
from sim.model.codes import Ints
from sim.model.tables import Model
from sim.results.read import Results
from sim.simulation import Simulation

BY: tuple[By, By] = ("service", "pool")
UTILISATION = "pool_utilisation"
COLUMNS = [
    *("wait_mean_h", "waited_share"), *(name for name in EVERY_STATION if name.startswith("wait_over")),
    *(f"{who}_{what}" for who in ("waiting", "present") for what in ("mean", *(f"p{p}" for p in PERCENTS))),
    *(UTILISATION, "left_per_day", "balked_per_day"),
]  # fmt: skip


def station_table(source: Simulation | Results, scenario: str = "") -> pd.DataFrame:
    """One row a service and one a pool: index ``by`` (``service`` or ``pool``) and ``station`` (its name).

    Columns are measures: ``wait_mean_h``, ``waited_share``, ``wait_over_<time>_share``, ``waiting_mean``,
    ``waiting_p50``, ``waiting_p95`` and the same of ``present``, ``pool_utilisation`` (of a service: of all pools that
    it may use), ``left_per_day`` and ``balked_per_day``, as ``docs/generated/measures.md`` defines them; NaN where
    nothing could be measured. Of a run (``simulate``) every column is there for pools too; of results they are means
    over the replications of ``scenario`` (nothing: the baseline), of pools the utilisation alone. Raises ValueError if
    the results have no such scenario.
    """
    if isinstance(source, Results):
        return _of_results(source, scenario or source.config["study"]["scenarios"][0])
    run = ObservedRun(source.model, source.episodes, source.contacts)
    used = _use(run, np.array([run.low, run.high]))[:, 0]
    opened = place_seconds(run.model, run.low, run.high)
    tables = {}
    for by in BY:
        counts = _counts(run, by)
        mean = {what: ratio(s, [run.seconds] * len(s)) for what, s in _seconds(counts).items()}
        columns = {name: values for name, values, _ in columns_of(counts)}
        pools = _pools(run.model, by)
        columns |= {
            **mean,
            UTILISATION: ratio(_sums(used, pools), _sums(opened, pools)),
            "left_per_day": per_day(run, counts.left),
            "balked_per_day": per_day(run, counts.balked),
        }
        tables[by] = pd.DataFrame(columns, index=pd.Index(counts.names))
    return pd.concat(tables, names=["by", "station"])[COLUMNS]


def occupancy_by_hour(run: Simulation) -> pd.DataFrame:
    """Every service and pool over the hours of the week: ``by``, ``station``, ``hour_of_week`` (0: Monday 00-01).

    ``present_mean``: patients waiting or treated; ``used_mean`` and ``places_mean``: units in use, and open without
    surge; ``occupancy``: the one over the other, NaN where nothing is open. Of a service, units are those of all pools
    that it may use. Means over the window's hours of that name, by the clock of the region. Raises nothing.
    """
    observed = ObservedRun(run.model, run.episodes, run.contacts)
    marks, length, hour = hours_of_window(observed)
    seconds = _by_week(length[None], hour)[0]
    used = _by_week(_use(observed, marks), hour)
    places = _by_week(place_seconds_between(run.model, np.arange(len(run.model.pools)), marks), hour)
    tables = []
    for by in BY:
        counts = _counts(observed, by)
        present = _by_week(counts.present_by_hour()[:, -len(hour) :], hour)
        pools = _pools(run.model, by)
        in_use, there = (np.array([one[list(some)].sum(axis=0) for some in pools]) for one in (used, places))
        frame = pd.DataFrame(
            {
                "by": by,
                "station": np.repeat(np.array(counts.names, dtype=object), WEEK_H),
                "hour_of_week": np.tile(np.arange(WEEK_H), len(counts.names)),
                "present_mean": _over(present, seconds),
                "used_mean": _over(in_use, seconds),
                "places_mean": _over(there, seconds),
                "occupancy": ratio(in_use.ravel(), there.ravel()),
            }
        )
        tables.append(frame)
    return pd.concat(tables, ignore_index=True)


def home_site_flows(run: Simulation) -> pd.DataFrame:
    """From which municipality the contacts of each site come: ``municipality`` (code), ``service``, ``site``.

    ``contacts_per_day``: contacts requested in the window, those that no site served not among them; rows without any
    are left out, services without a site too. Raises nothing: any run has such contacts, or gives an empty table.
    """
    observed, model = ObservedRun(run.model, run.episodes, run.contacts), run.model
    view = observed.requests
    view = view.where(view.site >= 0)
    cell = (view.town * np.int64(len(model.services)) + view.service) * len(model.sites) + view.site
    there, number = np.unique(cell, return_counts=True)
    rest, site = np.divmod(there, len(model.sites))
    town, service = np.divmod(rest, len(model.services))
    return pd.DataFrame(
        {
            "municipality": np.array(model.municipalities, dtype=object)[town],
            "service": np.array(model.services, dtype=object)[service],
            "site": np.array(model.sites, dtype=object)[site],
            "contacts_per_day": per_day(observed, number),
        }
    )


def _of_results(results: Results, scenario: str) -> pd.DataFrame:
    table = results.measures
    table = table[(table["variant"] == "value") & table["by"].isin(BY) & table["measure"].isin(COLUMNS)]
    if scenario not in set(table["scenario"]):
        names = ", ".join(sorted(set(table["scenario"])))
        raise ValueError(f"no scenario {scenario!r} in {results.folder}; it has {names}")
    own = table[table["scenario"] == scenario]
    wide = own.groupby(["by", "group", "measure"], sort=False)["value"].mean().unstack("measure")
    in_order = own.drop_duplicates(["by", "group"]).sort_values("by", ascending=False, kind="stable")
    rows = pd.MultiIndex.from_frame(in_order[["by", "group"]], names=["by", "station"])
    return wide.reindex(rows).reindex(columns=COLUMNS)


def _pools(model: Model, by: By) -> list[tuple[int, ...]]:
    """The pools of each station."""
    return pools_of_services(model) if by == "service" else [(p,) for p in range(len(model.pools))]


def _counts(run: ObservedRun, by: By) -> StationCounts:
    counts = StationCounts(run, by)
    for block in run.blocks():
        those = block.where(block.pool >= 0) if by == "pool" else block
        counts.add(those)
        counts.add_requests(those.where(those.request >= run.low))
    return counts


def _seconds(counts: StationCounts) -> dict[str, Ints]:
    return {"waiting_mean": counts.waiting_s(), "present_mean": counts.present_s()}


def _use(run: ObservedRun, marks: Ints) -> Ints:
    """[pools, pieces] seconds in which units are used between one mark and the next."""
    counter = TimePersistentCounter(len(run.model.pools), marks)
    for block in run.blocks():
        served = block.where(block.started & (block.pool >= 0))
        counter.add(served.pool, served.start, served.out)
    return counter.pieces()


def _by_week(pieces: Ints, hour: Ints) -> Ints:
    """[rows, hours of the week] of [rows, hours of the window]."""
    out = np.zeros((len(pieces), WEEK_H), dtype=np.int64)
    np.add.at(out.T, hour, pieces.T)
    return out


def _sums(values: Ints, groups: list[tuple[int, ...]]) -> list[int]:
    return [int(values[list(some)].sum()) for some in groups]


def _over(values: Ints, seconds: Ints) -> Floats:
    return ratio(values.ravel(), np.tile(seconds, len(values)))


__all__ = ["home_site_flows", "occupancy_by_hour", "station_table"]
