"""Hand-made episodes and contacts of the tiny world, so that a measure can be counted by hand.

Times are hours after the window's start; what is not said did not happen.
"""

from dataclasses import fields, replace
from functools import cache
from pathlib import Path

import numpy as np

from sim.compile import compile_scenario
from sim.config.load import load_study
from sim.measures import measure
from sim.measures.view import ObservedRun
from sim.model.codes import ABSENT, AGE_GROUPS, Origin, Outcome
from sim.model.tables import CONTACT_COLUMNS, Contacts, Episodes

TINY = Path(__file__).parents[1] / "data" / "tiny"
HOUR = 3600


@cache
def tiny(scenario="baseline", *overrides):
    """The compiled tiny world: a window of 168 hours from Monday 2027-10-04 after three days of warm-up."""
    return compile_scenario(load_study(list(overrides), root=TINY), scenario)


def people(model, *rows):
    """Episodes from rows of zone, age, need, acuity (1-5)."""
    rows = rows or ({},)
    size = len(rows)
    column = {f.name: np.full(size, -1, dtype=np.int64) for f in fields(Episodes)}
    column["key"] = np.arange(size, dtype=np.uint64)
    column["time"] = np.array([model.window_start + int(r.get("time", 0) * HOUR) for r in rows])
    column["need"] = np.array([model.needs.index(r.get("need", "acute")) for r in rows])
    column["zone"] = np.array([model.zones.index(r.get("zone", "norrby")) for r in rows])
    column["age"] = np.array([AGE_GROUPS.index(r.get("age", "18_64")) for r in rows])
    column["acuity"] = np.array([r.get("acuity", 3) - 1 for r in rows])
    return Episodes(**column)


def visit(service="er", site="hospital_north", **said):
    """One contact. ``outcome`` is told by the times if it is not given."""
    return {"episode": 0, "service": service, "site": site, "origin": "first", **said}


def table(model, episodes, *rows):
    """Contacts, in the order in which they are given."""
    steps = {}
    columns = {name: [] for name in CONTACT_COLUMNS}
    for row in rows:
        e = row["episode"]
        steps[e] = steps.get(e, -1) + 1
        for name, value in _columns(model, episodes, row, steps[e]).items():
            columns[name].append(value)
    return Contacts(**{name: np.array(values, dtype=np.int64) for name, values in columns.items()})


def _columns(model, episodes, row, step):
    site = model.sites.index(row["site"]) if row["site"] else -1
    service = model.services.index(row["service"])
    offer = model.offer[site, service] if site >= 0 else -1
    place = row.get("place", model.zones[episodes.zone[row["episode"]]])
    named = [*model.zones, *model.sites]
    return {
        "episode": row["episode"],
        "step": step,
        "service": service,
        "site": site,
        "pool": model.offer_pool[offer] if offer >= 0 else -1,
        "origin": Origin[row["origin"].upper()],
        "place": named.index(place),
        "outcome": Outcome[row["outcome"].upper()] if "outcome" in row else _outcome(row),
        **{t: _second(model, row.get(t)) for t in ("request", "start", "end", "release")},
    }


def _outcome(row):
    if "end" in row:
        return Outcome.DONE
    return Outcome.LEFT if "release" in row else Outcome.OPEN


def _second(model, hours):
    return ABSENT if hours is None else model.window_start + round(hours * HOUR)


class Measured:
    """The measures of hand-made contacts."""

    def __init__(self, model, episodes, contacts):
        self.frame = measure(model, episodes, contacts)
        self.rows = self.frame.set_index(["measure", "by", "group"])

    def __call__(self, measure, by="all", group=""):
        return self.rows.loc[(measure, by, group), "value"]

    def note(self, measure, by="all", group=""):
        return self.rows.loc[(measure, by, group), "note"]

    def groups(self, measure, by):
        some = self.frame[(self.frame["measure"] == measure) & (self.frame["by"] == by)]
        return dict(zip(some["group"], some["value"], strict=True))


def measured(model, whose, *rows):
    """The measures of contacts of these people (rows of ``people``)."""
    episodes = people(model, *whose)
    return Measured(model, episodes, table(model, episodes, *rows))


def run(model, whose, *rows):
    """The run of such contacts."""
    episodes = people(model, *whose)
    return ObservedRun(model, episodes, table(model, episodes, *rows))


def changed(model, **arrays):
    """A copy of a model with other arrays."""
    return replace(model, **arrays)
