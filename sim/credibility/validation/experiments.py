"""Small changes of a baseline that show how it behaves: what one mechanism does to emergency rooms, all else equal."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

import numpy as np

from sim.compile import travel_matrix
from sim.config.paths import put
from sim.config.schema.base import EffectSize
from sim.config.schema.scenario import AnyLever, CloseLever, OpeningHoursLever, OpenLever
from sim.config.world import World
from sim.model.codes import AGE_GROUPS

AUTUMN = date(2027, 10, 4), date(2027, 10, 31)
WINTER = date(2027, 1, 11), date(2027, 2, 7)
SUMMER = date(2027, 7, 5), date(2027, 8, 1)
WARM_UP_DAYS, REPLICATIONS = 14, 3
UNITS = 5  # rooms of a clinic that opens
ALL_IN_ALL = EffectSize(value=0, low=0, high=0, source="the experiment's definition", quality="D")
Reading = tuple[str, str, str]  # measure, by, group


@dataclass(frozen=True)
class PublishedEffect:
    """What is known of a relative change: its range, and who says so; no range where only the sign is."""

    sign: int
    source: str
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True)
class Experiment:
    """Two worlds, what is read of both, and what the evidence says of the change."""

    title: str
    before: World
    after: World
    readings: dict[Reading, PublishedEffect | None]


def experiments(world: World) -> list[Experiment]:
    """The experiments on a region's baseline as fitted, those that its tables and care model can tell."""
    base = _in(world, AUTUMN)
    makers: list[Callable[[World], Experiment | None]] = [
        _fewer_beds,
        _fewer_rooms,
        _many_fewer_rooms,
        _every_day,
        _clinics,
        _closed,
        _winter,
    ]
    return [made for make in makers if (made := make(base)) is not None]


def _in(world: World, window: tuple[date, date]) -> World:
    said = {"start": window[0], "end": window[1], "warm_up_days": WARM_UP_DAYS, "replications": REPLICATIONS}
    return put(world, {f"study.{key}": value for key, value in said.items()})


def services_of(world: World, kind: str) -> list[str]:
    """Services that are of a kind to the measures, rare care left out."""
    return [name for name, service in world.care.services.items() if service.kind == kind and not service.rare]


def _scaled(world: World, kind: str, factor: float) -> World:
    """All pools of the services of a kind with more or fewer units."""
    offers, pools = world.region.offers, world.region.pools
    used = pools[pools["pool"].isin(offers.loc[offers["service"].isin(services_of(world, kind)), "pool"])]
    units = zip(used["pool"], used["capacity"].tolist(), strict=True)
    return put(world, {f"region.pools.{pool}.capacity": capacity * factor for pool, capacity in units})


def _with_levers(world: World, levers: dict[str, AnyLever]) -> World:
    """The world with other levers in its baseline."""
    return put(world, {f"scenarios.{world.study.scenarios[0]}.levers": levers})


def _fewer_beds(base: World) -> Experiment:
    longer = PublishedEffect(+1, "no size in the evidence; patients who wait for a bed stay in the emergency room")
    return Experiment(
        "5 % fewer beds",
        base,
        _scaled(base, "ward", 0.95),
        {
            ("bed_occupancy", "all", ""): None,
            ("er_boarding_h_per_day", "all", ""): longer,
            ("er_stay_p90_min", "all", ""): longer,
            ("er_stay_median_min", "all", ""): longer,
        },
    )


def _fewer_rooms(base: World) -> Experiment:
    more = PublishedEffect(
        +1, "no size in the evidence for waits; EFF.timely_pc_after111_ed: timely primary care, -2.3 %"
    )
    return Experiment(
        "10 % fewer rooms in primary care",
        base,
        _scaled(base, "primary_care", 0.9),
        {("primary_care_share_within_3_days", "all", ""): None, ("er_arrivals_per_day", "all", ""): more},
    )


def _many_fewer_rooms(base: World) -> Experiment:
    """Access as in the worst fifth of England against the baseline's, where nearly all are seen within days."""
    source = "EFF.pc_access_self_referred_er 0.898 (Cowling 2013): best against worst fifth; here worst against best"
    return Experiment(
        "a quarter fewer rooms in primary care",
        base,
        _scaled(base, "primary_care", 0.75),
        {
            ("primary_care_share_within_3_days", "all", ""): None,
            ("er_arrivals_per_day", "all", ""): PublishedEffect(+1, source, 0.0, 1 / 0.898 - 1),
        },
    )


def _clinics(base: World) -> Experiment | None:
    """An out-of-hours clinic at every hospital with an emergency room, open every day; read also by travel."""
    calendar, kinds = "every_day_07_22", services_of(base, "out_of_hours")
    if calendar not in base.region.calendars or not kinds:
        return None
    offers = base.region.offers
    used = offers.loc[offers["service"] == kinds[0], "pool"]
    pools = base.region.pools.set_index("pool")
    hospitals = offers.loc[offers["service"].isin(services_of(base, "emergency")), "site"].unique()
    there = set(offers.loc[offers["service"] == kinds[0], "site"])
    sites: dict[str, float] = {str(site): UNITS for site in hospitals if site not in there}
    opened = OpenLever(
        kind="open",
        service=kinds[0],
        sites=sites,
        resource=str(pools.loc[used.iloc[0], "resource"]),
        level="primary_care",
        calendar=calendar,
    )
    source = "Stockholm's närakuter -7 to -11 %; EFF.walkin_centre_gp_type_er -8 % of primary-care type (Arain 2015)"
    return Experiment(
        f"an out-of-hours clinic at every emergency hospital, 7-22, {UNITS} rooms each",
        base,
        _with_levers(base, {"open": opened}),
        {
            ("er_arrivals_per_day", "all", ""): PublishedEffect(-1, source, -0.11, 0.0),
            ("travel_min_per_resident_year", "all", ""): None,
        },
    )


def _every_day(base: World) -> Experiment | None:
    calendar = "every_day_08_20"
    if calendar not in base.region.calendars:
        return None
    levers: dict[str, AnyLever] = {
        name: OpeningHoursLever(kind="opening_hours", service=name, calendar=calendar, capacity="added")
        for name in services_of(base, "primary_care")
    }
    fewer = PublishedEffect(
        -1, "EFF.7day_gp_ed, London (Dolton & Pathania 2016); no total effect in Manchester", -0.099, 0.0
    )
    return Experiment(
        "primary care open every day 8-20, same rooms",
        base,
        _with_levers(base, levers),
        {("primary_care_wait_median_h", "all", ""): None, ("er_arrivals_per_day", "all", ""): fewer},
    )


def _closed(base: World) -> Experiment | None:
    """The smallest emergency room closes; read where its neighbours live."""
    offers = base.region.offers.merge(base.region.pools[["pool", "capacity"]], on="pool")
    rooms = offers[offers["service"].isin(services_of(base, "emergency"))].sort_values("capacity")
    if len(rooms) < 2:
        return None
    site, service = str(rooms.iloc[0]["site"]), str(rooms.iloc[0]["service"])
    close = CloseLever(kind="close", services=[service], sites=[site], moved=ALL_IN_ALL)
    sites = base.region.sites.set_index("site")
    home, name = str(sites.loc[site, "municipality"]), str(sites.loc[site, "name"])
    low, high = (_decay(base, service, site, home, per_km) for per_km in (-0.018, -0.012))
    fewer = PublishedEffect(
        -1, "CONC.decay_adult_per_km -0.015 (-0.018 to -0.012) a km of longer way (Rudge 2013)", low, high
    )
    return Experiment(
        f"the emergency room {name} closes",
        base,
        _with_levers(base, {"close": close}),
        {("er_visits_per_1000_year", "municipality", home): fewer, ("nearest_er_min", "municipality", home): None},
    )


def _decay(base: World, service: str, closed: str, home: str, per_km: float) -> float:
    """Relative change of visits that a decay per km foretells for the people of a municipality."""
    region = base.region
    metres = travel_matrix(base)[0][: len(region.zones)]
    offered = region.offers.loc[region.offers["service"] == service]
    adults = offered[offered["ages"].str.contains("18_64|all")]["site"]
    there = region.sites["site"].isin(adults).to_numpy()
    after = there & (region.sites["site"] != closed).to_numpy()
    further = (metres[:, after].min(axis=1) - metres[:, there].min(axis=1)) / 1000
    people = region.zones[[f"people_{age}" for age in AGE_GROUPS]].sum(axis=1).to_numpy()
    here = (region.zones["municipality"] == home).to_numpy()
    return float((people * np.expm1(per_km * further))[here].sum() / people[here].sum())


def _winter(base: World) -> Experiment:
    more = PublishedEffect(+1, "no size in the evidence; in the model arrivals by month are an input (profile, D)")
    longer = PublishedEffect(+1, "no size in the evidence")
    return Experiment(
        "January against July",
        _in(base, SUMMER),
        _in(base, WINTER),
        {
            ("er_arrivals_per_day", "all", ""): more,
            ("bed_occupancy", "all", ""): longer,
            ("er_stay_median_min", "all", ""): longer,
            ("er_stay_p90_min", "all", ""): longer,
        },
    )


__all__ = ["Experiment", "PublishedEffect", "Reading", "experiments", "services_of"]
