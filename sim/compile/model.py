"""Assembles a model: the drafts of a scenario's phases become arrays of whole numbers."""

from __future__ import annotations

import hashlib
from collections.abc import Hashable, Iterable

import numpy as np
from numpy.typing import NDArray
from scipy.stats import poisson

from sim.compile.calendars import Clock, hourly_weights
from sim.compile.choice import choice_tables, thresholds
from sim.compile.distributions import quantile_table
from sim.compile.draft import Draft, Way
from sim.compile.levers import acuity_mix
from sim.compile.places import offer_arrays, pool_arrays
from sim.config.base import Distribution
from sim.config.care import Care
from sim.config.region import Region
from sim.tables import (
    ACUITIES,
    AGE_GROUPS,
    LEVELS,
    ONE,
    PAYERS,
    Discrete,
    Ints,
    Kind,
    Mode,
    Words,
)

Floats = NDArray[np.float64]
WORD = 1 << 64


def stable_hash(texts: Iterable[str]) -> Words:
    """64 bits of each text, the same on every machine (blake2b)."""
    return np.array(
        [int.from_bytes(hashlib.blake2b(t.encode(), digest_size=8).digest(), "little") for t in texts],
        dtype=np.uint64,
    )


class Rows:
    """Discrete distributions, each kept once."""

    def __init__(self) -> None:
        self.index: dict[Hashable, int] = {}
        self.cum: list[int] = []
        self.item: list[int] = []
        self.ptr = [0]

    def add(self, key: Hashable, probabilities: list[float], items: list[int], whole: bool = True) -> int:
        """Row of this distribution. ``whole``: probabilities sum to 1, so the last threshold is exactly 2**32."""
        if key not in self.index:
            cum = [int(c) for c in thresholds(np.array(probabilities))]
            if whole and cum:
                cum[-1] = ONE
            self.cum += cum
            self.item += items
            self.ptr.append(len(self.cum))
            self.index[key] = len(self.index)
        return self.index[key]

    def discrete(self) -> Discrete:
        """The rows as arrays."""
        return Discrete(*(np.array(x, dtype=np.int64) for x in (self.ptr, self.cum, self.item)))


class Quantiles:
    """Quantile tables, each kept once."""

    def __init__(self) -> None:
        self.index: dict[tuple[str, float], int] = {}
        self.tables: list[Ints] = []

    def add(self, spec: Distribution, factor: float = 1.0) -> int:
        """Table of a distribution times a factor."""
        key = spec.model_dump_json(), factor
        if key not in self.index:
            self.index[key] = len(self.tables)
            self.tables.append(quantile_table(spec, factor))
        return self.index[key]

    def array(self) -> Ints:
        """[tables, 2050] seconds."""
        return np.stack(self.tables) if self.tables else np.zeros((1, 2050), dtype=np.int64)


class Assembler:
    """Turns the phases' drafts into the arrays of one model."""

    def __init__(self, care: Care, region: Region, clock: Clock, phases: list[tuple[int, Draft]]) -> None:
        self.care, self.region, self.clock = care, region, clock
        self.starts = [start for start, _ in phases]
        self.drafts = [draft for _, draft in phases]
        self.needs, self.services = self.drafts[0].needs, self.drafts[0].services
        self.quantiles = Quantiles()
        self.ways = Rows()
        self.way_items: dict[tuple[int, int, int], int] = {}

    def demand(self) -> dict[str, object]:
        """People, rates and profiles: how many potential episodes, of whom, when."""
        people = self.region.zones[[f"people_{a}" for a in AGE_GROUPS]].to_numpy(dtype=np.int64)
        groups = [(n, a) for n in range(len(self.needs)) for a in range(len(AGE_GROUPS))]
        weights = {name: hourly_weights(p, self.clock) for name, p in self.care.profiles.items()}
        hours = [weights[self.care.needs[n].profile] for n in self.needs]
        ptr, cum, base = [0], [], []
        for n, a in groups:
            rate = self.care.needs[self.needs[n]].rate_per_1000_year.get(AGE_GROUPS[a])
            mean = people[:, a].sum() * (rate.value if rate else 0.0) / 1000 * hours[n].sum()
            counts, first = poisson_thresholds(mean)
            cum.append(counts)
            ptr.append(ptr[-1] + len(counts))
            base.append(first)
        mix = acuity_mix(self.care, self.needs)
        return {
            "people": people,
            "count_ptr": np.array(ptr, dtype=np.int64),
            "count_cum": np.concatenate(cum),
            "count_base": np.array(base, dtype=np.int64),
            "zone_cum": np.stack([closed(people[:, a] / max(people[:, a].sum(), 1)) for _, a in groups]),
            "hour_cum": np.stack([closed(h / h.sum()) for h in hours]),
            "acuity_cum": np.stack([closed(np.array(mix[n][a])) for n, a in groups]),
            "need_hash": stable_hash(f"need {n}" for n in self.needs),
            "zone_hash": stable_hash(f"zone {z}" for z in self.region.zones["zone"]),
            "service_hash": stable_hash(f"service {s}" for s in self.services),
        }

    def factors(self) -> dict[str, object]:
        """Wanted over reference rates, and what levers induce, by phase."""
        rows = Rows()
        empty = rows.add("none", [], [])
        shape = len(self.drafts), len(self.needs), len(AGE_GROUPS)
        factor, induced = np.zeros(shape, dtype=np.int64), np.full(shape, empty, dtype=np.int64)
        for f, draft in enumerate(self.drafts):
            factor[f] = np.rint(draft.factor * ONE).astype(np.int64)
            for n in range(shape[1]):
                for a in range(shape[2]):
                    found = [(self.services.index(s), w) for m, b, s, w in draft.induced if (m, b) == (n, a)]
                    if found:
                        induced[f, n, a] = rows.add(
                            tuple(found), [w for _, w in found], [s for s, _ in found], whole=False
                        )
        return {"factor": factor, "induced": rows.discrete(), "induced_row": induced}

    def first(self) -> dict[str, object]:
        """First contacts and the levers' shifts of them."""
        rows, shifts = Rows(), Rows()
        records: list[tuple[int, int, int]] = []
        classes = range(self.drafts[0].first.shape[0])
        first = np.zeros((len(self.drafts), len(classes)), dtype=np.int64)
        shift = np.full((len(self.drafts), len(classes), len(self.services)), -1, dtype=np.int64)
        for f, draft in enumerate(self.drafts):
            for c in classes:
                keep = np.flatnonzero(draft.first[c])
                first[f, c] = rows.add(tuple(draft.first[c]), draft.first[c][keep].tolist(), keep.tolist())
            by_class: dict[tuple[int, int], list[int]] = {}
            for j, lever in enumerate(draft.shifts):
                for c in lever.classes:
                    by_class.setdefault((c, self.services.index(lever.from_service)), []).append(j)
            base = len(records)
            for lever in draft.shifts:
                delay = self.quantiles.add(lever.delay) if lever.delay else 0
                records.append((self.services.index(lever.to_service), round(lever.fail * ONE), delay))
            for (c, s), found in by_class.items():
                shift[f, c, s] = shifts.add(
                    (f, tuple(found)),
                    [draft.shifts[j].share for j in found],
                    [base + j for j in found],
                    whole=False,
                )
        to, fail, delay = (
            (np.array(x, dtype=np.int64) for x in zip(*records, strict=True))
            if records
            else (np.zeros(0, dtype=np.int64),) * 3
        )
        return {
            "first": rows.discrete(), "first_row": first, "shift": shifts.discrete(), "shift_row": shift,
            "shift_to": to, "shift_fail": fail, "shift_delay": delay,
        }  # fmt: skip

    def journey(self) -> dict[str, object]:
        """Durations, patience, targets, and what comes next, by phase, service and class."""
        shape = len(self.drafts), len(self.services), self.drafts[0].first.shape[0]
        out = {k: np.full(shape, -1, dtype=np.int64) for k in ("next_row", "leave_row", "duration", "patience")}
        for f, draft in enumerate(self.drafts):
            for s in range(shape[1]):
                for c in range(shape[2]):
                    out["duration"][f, s, c] = self.quantiles.add(*draft.duration[s][c])
                    patience = draft.patience[s][c]
                    if patience is not None:
                        out["patience"][f, s, c] = self.quantiles.add(patience)
                    out["next_row"][f, s, c] = self._ways(draft.next[s][c])
                    out["leave_row"][f, s, c] = self._ways(draft.leave[s][c])
        items = np.array(list(self.way_items) or [(0, -1, -1)], dtype=np.int64)
        return {
            **out,
            "next": self.ways.discrete(),
            "next_action": items[:, 0],
            "next_service": items[:, 1],
            "next_delay": items[:, 2],
            "target": np.stack([np.rint(d.target_s).astype(np.int64) for d in self.drafts]),
        }

    def _ways(self, ways: tuple[Way, ...]) -> int:
        ways = tuple(w for w in ways if w.probability > 0)
        if not ways:
            return -1
        items = []
        for way in ways:
            to = self.services.index(way.to) if way.to in self.services else -1
            delay = self.quantiles.add(way.after) if way.after is not None else -1
            items.append(self.way_items.setdefault((int(way.how), to, delay), len(self.way_items)))
        key = tuple((w.probability, i) for w, i in zip(ways, items, strict=True))
        return self.ways.add(key, [w.probability for w in ways], items)

    def distance(self, reference: Draft, travel_s: Ints, travel_m: Ints) -> dict[str, object]:
        """Who stays at home since the nearest open site is further away than in the reference."""
        zones = len(self.region.zones)
        deter = np.zeros((len(self.drafts), zones, ACUITIES), dtype=np.int64)
        rule = self.care.distance
        if rule is None:
            return {"deter": deter, "deter_from": -1, "deter_to": -1}
        before = self._nearest_km(reference, rule.service, travel_s, travel_m)
        slopes = np.array([rule.per_km.get(q, 0.0) for q in ("1", "2", "3", "4", "5")])
        for f, draft in enumerate(self.drafts):
            further = np.maximum(self._nearest_km(draft, rule.service, travel_s, travel_m) - before, 0.0)
            deter[f] = np.rint((1 - np.exp(further[:, None] * slopes[None, :])) * ONE).astype(np.int64)
        return {
            "deter": deter,
            "deter_from": self.services.index(rule.service),
            "deter_to": self.services.index(rule.instead),
        }

    def _nearest_km(self, draft: Draft, service: str, travel_s: Ints, travel_m: Ints) -> Floats:
        """[Z] km to the nearest open site for adults; where none is open, as in the reference (0 extra)."""
        sites = list(self.region.sites["site"])
        zones = len(self.region.zones)
        open_sites = [
            sites.index(o.site) for o in draft.offers.values() if o.service == service and o.open and "18_64" in o.ages
        ]
        if not open_sites:
            return np.zeros(zones)
        nearest = np.array(open_sites)[np.argmin(travel_s[:zones][:, open_sites], axis=1)]
        km: Floats = travel_m[np.arange(zones), nearest] / 1000
        return km

    def names(self) -> dict[str, object]:
        """What is used in cuts."""
        region = self.region
        order = {m: i for i, m in enumerate(region.municipalities["municipality"])}
        return {
            "needs": tuple(self.needs),
            "services": tuple(self.services),
            "zones": tuple(region.zones["zone"]),
            "sites": tuple(region.sites["site"]),
            "resources": tuple(self.care.resources),
            "municipalities": tuple(order),
            "zone_municipality": np.array([order[m] for m in region.zones["municipality"]], dtype=np.int64),
            "mode": np.array([Mode[self.care.services[s].mode.upper()] for s in self.services], dtype=np.int64),
            "kind": np.array([Kind[self.care.services[s].kind.upper()] for s in self.services], dtype=np.int64),
            "keeps_at_close": np.array(
                [self.care.services[s].at_close == "keep" for s in self.services], dtype=np.int64
            ),
            "fallback": np.array([self._index(self.care.services[s].fallback) for s in self.services], dtype=np.int64),
            "redraws": self.care.redraws,
        }

    def _index(self, service: str | None) -> int:
        return self.services.index(service) if service else -1

    def weights(self) -> dict[str, object]:
        """What the measures weigh with, and what a unit costs."""
        acuity = ("1", "2", "3", "4", "5")
        needs = [self.care.needs[n] for n in self.needs]
        resources = list(self.care.resources.values())
        last = self.drafts[-1]
        return {
            "staff_milli": np.array([round(1000 * r.staff_h_per_unit_h.value) for r in resources], dtype=np.int64),
            "staff_sek": np.array([round(r.sek_per_staff_h.value) for r in resources], dtype=np.int64),
            "payer": np.array([PAYERS.index(r.payer) for r in resources], dtype=np.int64),
            "extra_staff_h_per_week": np.rint(last.extra_staff_h).astype(np.int64),
            "extra_sek_per_year": np.rint(last.extra_sek).astype(np.int64),
            "ambulance_ppm": np.array(
                [round(1e6 * f.value) if (f := self.care.ambulance_share.get(q)) else 0 for q in acuity],  # type: ignore[call-overload]
                dtype=np.int64,
            ),
            "treatable_ppm": np.array(
                [[round(1e6 * n.treatable_in_primary_care.get(q, 0.0)) for q in acuity] for n in needs],  # type: ignore[call-overload]
                dtype=np.int64,
            ),
            "right_level": np.array(
                [[[level in n.right_level.get(q, []) for level in LEVELS] for q in acuity] for n in needs],  # type: ignore[call-overload]
                dtype=np.int64,
            ),
            "co2_g_per_km": round(self.care.co2_g_per_km.value),
        }

    def time(self) -> dict[str, object]:
        """Seconds, hours and phases."""
        return {
            "horizon": self.clock.horizon_s,
            "window_start": self.clock.window_start_s,
            "hour_of_week": self.clock.hours().hour_of_week,
            "year_s": self.clock.year_s(),
            "phase_start": np.array(self.starts, dtype=np.int64),
        }

    def places(self, travel_s: Ints) -> dict[str, object]:
        """Choice tables, offers with their hours, pools with their capacities."""
        union = self.drafts[0].copy()
        for draft in self.drafts[1:]:
            union.offers.update({k: v for k, v in draft.offers.items() if k not in union.offers})
        tables = choice_tables(self.care, self.region, union, travel_s)
        return {
            "choice_set": tables.choice_set,
            "choice_ptr": tables.choice[0], "choice_cum": tables.choice[1], "choice_site": tables.choice[2],
            "added_ptr": tables.added[0], "added_cum": tables.added[1], "added_site": tables.added[2],
            "nearest_ptr": tables.nearest[0], "nearest_site": tables.nearest[1],
            **offer_arrays(self.care, self.region, self.clock, self.starts, self.drafts, self.services),
            **pool_arrays(self.care, self.region, self.clock, self.starts, self.drafts),
        }  # fmt: skip

    def tables(self) -> dict[str, object]:
        """The quantile tables, after everything else has asked for its own."""
        return {"quantile": self.quantiles.array()}


def closed(probabilities: Floats) -> Ints:
    """Thresholds whose last is exactly 2**32."""
    cum = thresholds(probabilities)
    cum[-1] = ONE
    return cum


def poisson_thresholds(mean: float) -> tuple[Words, int]:
    """Thresholds out of 2**64 of a Poisson count's distribution function, and the count of the first one."""
    reach = 9 * mean**0.5 + 12
    low = max(int(mean - reach), 0)
    counts = np.arange(low, int(mean + reach) + 1)
    cum = [min(int(p * WORD), WORD - 1) for p in poisson.cdf(counts, mean)]
    return np.array(cum, dtype=np.uint64), low
