"""What a compiled model, its episodes and its contacts are: arrays and the codes in them.

Everything here is whole numbers: time in seconds since the start of the run, distance in metres,
probability as thresholds out of 2**32. Floating point ends where these arrays are made (``sim.compile``).
"""

from __future__ import annotations

from dataclasses import dataclass, fields

import numpy as np

from sim.model.codes import ACUITIES, AGE_GROUPS, Codes, Ints, Words


@dataclass(frozen=True, eq=False)
class Discrete:
    """Rows of discrete distributions: row r holds ``item[ptr[r]:ptr[r+1]]`` at rising ``cum`` out of 2**32.

    A row whose last threshold is below 2**32 draws nothing with the remaining probability.
    """

    ptr: Ints
    cum: Ints
    item: Ints


@dataclass(frozen=True, eq=False)
class Model:
    """One scenario, compiled.

    Index letters: F phases, N needs, A age groups, Q acuities, S services, T sites, Z zones, O places (zones,
    then sites), G offers, P pools, R resources, X signals, K choice sets, U calendar periods, D areas of zones that
    levers tell apart (one where no lever has a place), C classes = ((area * N + need) * A + age) * Q + acuity (0 is
    acuity 1).
    """

    # names used in cuts
    needs: tuple[str, ...]
    services: tuple[str, ...]
    zones: tuple[str, ...]
    sites: tuple[str, ...]
    pools: tuple[str, ...]
    resources: tuple[str, ...]
    municipalities: tuple[str, ...]
    # time
    horizon: int  # s
    window_start: int  # s; the warm-up is before it
    hour_of_week: Ints  # [hours of the run] local hour of the week, 0 = Monday 00-01
    year_s: int  # seconds of the calendar year in which the window starts
    phase_start: Ints  # [F] s, rising, the first is LONG_AGO
    period_name: tuple[str, ...]  # of the calendar periods of the window that are measured by themselves
    period_mark: Ints  # [U + 1] s, rising, they meet; the start of the run alone where there is none
    period_year_s: Ints  # [U] seconds of the calendar year in which each starts
    period_ppm: Ints  # [U, N] as window_ppm, of each period in its own year
    # people
    people: Ints  # [Z, A]
    zone_municipality: Ints  # [Z]
    zone_area: Ints  # [Z] the area that a zone lies in
    # demand
    count_ptr: Ints  # [N*A + 1] rows of count_cum
    count_cum: Words  # thresholds out of 2**64 of the number of potential episodes
    count_base: Ints  # [N*A] number that the first threshold stands for
    zone_cum: Ints  # [N*A, Z] thresholds out of 2**32
    hour_cum: Ints  # [N, hours of the run] thresholds out of 2**32
    window_ppm: Ints  # [N] share of a year's episodes of each need that falls in the window, per million
    acuity_cum: Ints  # [N*A, Q]
    factor: Ints  # [F, D * N, A] wanted over reference rate, out of 2**32
    variation_row: Ints  # [N] row of variation_quantile, -1: all weeks are alike
    variation_hash: Words  # [N] stable hash of the group of needs that share their luck
    variation_quantile: Ints  # [rows, 2050] factor of a week, out of 2**20; see rules.quantile
    week_start: Ints  # [weeks of the run] s; weeks of the local calendar, the first begins with the run
    week_hash: Words  # [weeks of the run] stable hash of the week's name
    induced: Discrete  # rows by induced_row; cum: width out of 2**32 above the layers kept; item: service
    induced_row: Ints  # [F, C]
    need_hash: Words  # [N] stable hash of the text id
    zone_hash: Words  # [Z]
    service_hash: Words  # [S]
    choice_hash: Words  # [S] whose luck the choice of a site is: the service's, or that of its list
    listed: Ints  # [S] 1: one is listed at a site, which is the same at every visit
    # given episodes and a given start, in the place of drawn ones or beside them
    drawn: int  # 1: episodes are drawn from the rates; 0: the given ones are all
    given: Ints  # [given, 7] second, zone, need, age, acuity, service (-1 drawn), site (-1 chosen)
    given_hash: Words  # [given] stable hash of the row
    start_drawn: int  # 1: who is there at the start is drawn from start_*; 0: it is given
    there: Ints  # [there, 8] second of the request, of the start (1: waits), zone, need, age, acuity, service, site
    there_hash: Words  # [there] stable hash of the row
    # the journey
    first: Discrete  # item: service; one that is at hand comes first, without a share
    first_pull: Ints  # [items of first] weight of one that is at hand beside its open site, out of 2**32; else 0
    first_row: Ints  # [F, C]
    shift: Discrete  # item: index of shift_*
    shift_row: Ints  # [F, C, S]; -1 no shift
    shift_to: Ints  # service
    shift_fail: Ints  # threshold out of 2**32
    shift_delay: Ints  # quantile table of the delay before falling back
    switches: Ints  # [F, C] 1: the first contact may be with another service than in the reference
    near_row: Ints  # [S] row of near_odds, -1: it does not matter how near the service is
    near_start: Ints  # [periods] s, rising, the first is LONG_AGO: since when the same sites are open
    near_pattern: Ints  # [periods] which of near_odds
    near_odds: Ints  # [patterns, rows, Z, Q] against the reference, out of 2**ODDS_BITS; of what is at hand by itself
    wait_row: Ints  # [S, Q] row of wait_*, -1: it does not matter how long one waits
    wait_signal: Ints  # [rows]
    wait_ptr: Ints  # [rows + 1]
    wait_odds: Ints  # out of 2**ODDS_BITS, one for each class of the signal
    answers: Ints  # [S] 1: ways on from the service are chosen by what is open, near and soon, as first contacts are
    next: Discrete  # item: index of next_*
    next_pull: Ints  # [items of next] weight of a service at hand, out of 2**32; 0 of the other ways
    next_action: Ints
    next_service: Ints
    next_delay: Ints  # quantile table, -1 none
    next_gives_all: Ints  # 1: everything that is held is given back, not the own unit alone
    carries: Ints  # [S] 1: some way on from the service is carried
    next_row: Ints  # [F, S, C]
    leave_row: Ints  # [F, S, C] row of next when patience ends
    duration: Ints  # [F, S, C] quantile table
    patience: Ints  # [F, S, C] quantile table, -1 infinite
    target: Ints  # [F, S, D * Q] s
    quantile: Ints  # [tables, 2050] s; see rules.quantile
    # services
    mode: Ints  # [S] Mode
    kind: Ints  # [S] Kind
    rare: Ints  # [S] 1: rare care
    siteless_level: Ints  # [S] level of contacts without a site
    keeps_at_close: Ints  # [S] 1: the queue stays while closed
    queue_limit: Ints  # [S] requests that may wait in the pool, -1 any number
    fallback: Ints  # [S] service or -1
    when_full: Ints  # [S] WhenFull
    starts_limited: Ints  # [S] 1: a contact may start only while its calendar of starting is open
    starts_ptr: Ints  # [S + 1]
    starts_time: Ints  # s; opens, closes, opens ...
    ends_limited: Ints  # [S] 1: a contact ends only while its calendar of ending is open
    ends_ptr: Ints  # [S + 1]
    ends_time: Ints  # s; opens, closes, opens ...
    not_before: Ints  # [F, S, C] quantile table of the delay before which nothing starts, -1 none
    miss_row: Ints  # [F, S, C] row of miss_*, -1: everybody comes
    miss_share: Ints  # [rows] threshold out of 2**32
    miss_occupies_ppm: Ints  # [rows] part of the drawn duration that the unit is occupied, per million
    miss_next: Ints  # [rows] row of next, -1: exit
    # signals and responses
    signal_kind: Ints  # [X] SignalKind
    signal_over_s: Ints  # [X] s, whole periods over which the value is the mean; 0: the value of the moment
    signal_ptr: Ints  # [X + 1] rows of signal_threshold
    signal_threshold: Ints  # rising; the class is the number of thresholds that the value reaches
    signal_offer: Ints  # [X, O] offer that is read at a place, -1 none
    refuse_row: Ints  # [F, S, C] row of refuse_*, -1: everybody is taken
    refuse_signal: Ints  # [rows]
    refuse_ptr: Ints  # [rows + 1]
    refuse_share: Ints  # threshold out of 2**32, one for each class of the signal
    next_signal: Ints  # [F, S, C] signal by whose class k the row is next_row + k, -1: it is next_row
    length_row: Ints  # [F, S, C] row of length_*, -1: the duration is as drawn
    length_signal: Ints  # [rows]
    length_ptr: Ints  # [rows + 1]
    length_ppm: Ints  # factor of the duration, per million, one for each class of the signal
    # choice of site
    choice_set: Ints  # [S, N, A] set, -1: no site needed
    choice_ptr: Ints  # [K * O + 1] rows of choice_cum, choice_site
    choice_cum: Ints
    choice_site: Ints
    added_ptr: Ints  # [K * O + 1] sites that only the scenario has
    added_cum: Ints
    added_site: Ints
    nearest_ptr: Ints  # [K * O + 1] all sites of the set, nearest first, a tie by site
    nearest_site: Ints
    choice_idle: Ints  # [S] 1: the nearest open site with a unit free and nobody waiting, else the nearest open one
    redraws: int
    travel_s: Ints  # [O, T]
    travel_m: Ints  # [O, T]
    # offers
    offer: Ints  # [T, S] offer or -1
    offer_site: Ints  # [G]
    offer_service: Ints  # [G]
    offer_pool: Ints  # [G] pool, the first if there are several; -1 without limit
    offer_pools_ptr: Ints  # [G + 1]
    offer_pools: Ints  # pools in the order in which they are tried
    offer_spill_s: Ints  # s after the request from which a pool may be used; 0 for the first
    offer_level: Ints  # [G]
    offer_open: Ints  # [F, G] 1: the phase has this offer, whatever the hour
    open_ptr: Ints  # [G + 1]
    open_time: Ints  # s; opens, closes, opens ...
    # pools
    capacity_ptr: Ints  # [P + 1]
    capacity_time: Ints  # s; the first of each pool is LONG_AGO
    capacity_value: Ints  # units that may be used, surge counted
    places_value: Ints  # units without surge, same rows
    overtime: Ints  # [P] s
    shift_rule: Ints  # [P] ShiftRule
    keep_free: Ints  # [P, Q] units that a request of this acuity must leave free
    pool_mean_s: Ints  # [P] s, mean service time by the expected contacts; 0 where no signal asks for it
    swap_ptr: Ints  # [P + 1]
    swap_pool: Ints  # pools whose waiting holders exchange units with those of this pool
    pool_site: Ints  # [P] base
    pool_resource: Ints  # [P]
    pool_level: Ints  # [P]
    tour_milli: Ints  # [P] tour factor of an outreach pool, in thousandths
    staff_milli: Ints  # [R] staff hours per 1000 unit hours
    staff_sek: Ints  # [R] SEK per staff hour
    payer: Ints  # [R]
    # input that is no pool: enrolment, equipment [F, LEVELS, PAYERS]
    extra_staff_h_per_week: Ints
    extra_sek_per_year: Ints
    # start of the run: occupants and queues
    start_cell: Ints  # [cells, 5] service, site, need, age, acuity of initial episodes
    start_hash: Words  # [cells] stable hash of the cell's text ids
    start_ptr: Ints  # [cells + 1] rows of start_cum
    start_cum: Words  # thresholds out of 2**64 of the number of initial episodes of a cell
    start_base: Ints  # [cells] number that the first threshold stands for
    start_zone: Discrete  # rows by site; item: zone
    start_span: Ints  # [cells] s before the run in which initial requests lie
    start_queue: Ints  # [S] s: requests of the last start_queue seconds have not started
    start_later: Ints  # [cells] 1: on the way to the service when the run starts, and asks for it after
    start_left: Ints  # [S, 2050] quantiles of the seconds until they ask, as in quantile
    # weights of the measures
    treatable_ppm: Ints  # [N, Q] share of ER arrivals that primary care could have treated
    right_level: Ints  # [N, Q, LEVELS] 1 where the level is right
    co2_g_per_km: int

    @property
    def areas(self) -> int:
        """How many areas there are."""
        return int(self.zone_area.max(initial=0)) + 1

    def class_of(self, zone: Codes, need: Codes, age: Codes, acuity: Codes) -> Ints:
        """Class index of zones, needs, age groups and acuities (0-based)."""
        row = self.zone_area[zone] * len(self.needs) + need
        return (row * len(AGE_GROUPS) + age) * ACUITIES + acuity


EPISODE_TYPES = {
    "key": np.uint64, "time": np.int64, "need": np.int16, "zone": np.int32, "age": np.int16, "acuity": np.int16,
    "first_draw": np.uint32, "shift_draw": np.uint32, "service": np.int16, "site": np.int32,
}  # fmt: skip


@dataclass(frozen=True, eq=False)
class Episodes:
    """Who needs care, in order of time (of who is given to be there at the start: in service first); index E.

    A year of a region is millions of rows, so the columns are as narrow as EPISODE_TYPES says when they are drawn, and
    may be wider. Codes and draws are for looking up and comparing: cast to int64 before calculating with them.
    """

    key: Words
    time: Ints  # s; negative: present when the run starts
    need: Codes
    zone: Codes
    age: Codes
    acuity: Codes  # 0 is acuity 1
    first_draw: Codes  # out of 2**32; of who is there when the run starts: WAITS where they have not started, else 0
    shift_draw: Codes
    service: Codes  # forced first service, -1 drawn
    site: Codes  # forced first site, -1 chosen


@dataclass(frozen=True, eq=False)
class Contacts:
    """What happened: one row a contact, in the order in which they were made.

    ``place`` is where the patient came from (zone, or Z + site). Times are seconds, ABSENT where it did not happen.
    ``start`` may be negative for those present when the run starts; ``pool`` -1 is a service without limit. Columns
    have 32 bits, or 64 if the run is longer than 32 bits count (68 years): cast to int64 before calculating with them.
    """

    episode: Codes
    step: Codes
    service: Codes
    site: Codes
    pool: Codes
    origin: Codes
    place: Codes
    request: Codes
    start: Codes
    end: Codes
    release: Codes
    outcome: Codes


CONTACT_COLUMNS = tuple(field.name for field in fields(Contacts))
