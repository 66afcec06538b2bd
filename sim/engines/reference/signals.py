"""Signals: what can be known of an offer's pool in a second, as a class; and the responses to them."""

from __future__ import annotations

from collections.abc import Sequence

from sim.engines.reference.contacts import Contact
from sim.engines.reference.decisions import INITIAL, Decisions
from sim.engines.reference.patients import Patient
from sim.engines.reference.pools import Pool
from sim.model.codes import NEVER, Purpose, SignalKind
from sim.model.randomness import draw
from sim.model.rules import pick

OCCUPANCY, PER_UNIT, QUEUE, EXPECTED_WAIT, SITE_OCCUPANCY = map(int, SignalKind)
REFUSE = int(Purpose.REFUSE)
INFINITE = 1 << 62
MILLION = 1_000_000


class Signals:
    """The signals of a model, read of the pools as they are."""

    def __init__(self, says: Decisions, pools: Sequence[Pool]) -> None:
        self.says, self.m, self.pools = says, says.m, pools
        self.mean: dict[tuple[int, int], int] = {}  # by signal and pool: over the last whole period
        self.before: dict[tuple[int, int], tuple[int, int]] = {}  # integrals at the end of the last period

    def class_of(self, signal: int, place: int, now: int, asking: int = -1) -> int:
        """The class of a signal at a place. ``asking``: pool in which one who waits is not counted."""
        m = self.m
        offer = m.signal_offer[signal][place]
        if offer < 0 or m.offer_pool[offer] < 0:
            return 0
        pool = self.pools[m.offer_pool[offer]]
        value = self.mean.get((signal, pool.index))
        if m.signal_kind[signal] == SITE_OCCUPANCY:
            value = self._of_all_pools(offer, now)
        elif value is None:
            value = self._at_the_moment(signal, pool, pool.waiting - (asking == pool.index), now)
        if m.signal_kind[signal] == EXPECTED_WAIT:
            value = (value + self._until_open(offer, now)) // 60
        first, last = m.signal_ptr[signal], m.signal_ptr[signal + 1]
        known: int = pick(m.signal_threshold, first, last, value) - first
        return known

    def _at_the_moment(self, signal: int, pool: Pool, waiting: int, now: int) -> int:
        """The value now; of an expected wait in seconds, while the offer is open."""
        m, kind = self.m, self.m.signal_kind[signal]
        if kind == QUEUE:
            return waiting
        if kind == OCCUPANCY:
            return _per_thousand(pool.users, self._units(m.places_value, pool, now))
        units = self._units(m.capacity_value, pool, now)
        if kind == PER_UNIT:
            return _per_thousand(pool.users + waiting, units)
        seconds: int = waiting * m.pool_mean_s[pool.index] // max(units, 1)
        return seconds

    def _of_all_pools(self, offer: int, now: int) -> int:
        """Units in use per 1,000 places, of all pools of an offer together."""
        m = self.m
        pools = [self.pools[p] for p in m.offer_pools[m.offer_pools_ptr[offer] : m.offer_pools_ptr[offer + 1]]]
        places = sum(self._units(m.places_value, pool, now) for pool in pools)
        return _per_thousand(sum(pool.users for pool in pools), places)

    def _until_open(self, offer: int, now: int) -> int:
        """Seconds until an offer opens next."""
        m, last = self.m, self.m.open_ptr[offer + 1]
        if self.says.is_open(offer, now):
            return 0
        opens = pick(m.open_time, m.open_ptr[offer], last, now)
        return m.open_time[opens] - now if opens < last else NEVER

    def _units(self, value: list[int], pool: Pool, now: int) -> int:
        """Units of a pool in a second, by its calendar."""
        m = self.m
        units: int = value[pick(m.capacity_time, m.capacity_ptr[pool.index], m.capacity_ptr[pool.index + 1], now) - 1]
        return units

    def _units_over(self, value: list[int], pool: Pool, begin: int, end: int) -> int:
        """Unit seconds of a pool between two seconds, by its calendar."""
        m, last = self.m, self.m.capacity_ptr[pool.index + 1]
        step = pick(m.capacity_time, m.capacity_ptr[pool.index], last, begin) - 1
        total = 0
        while begin < end:
            until = min(m.capacity_time[step + 1], end) if step + 1 < last else end
            total += value[step] * (until - begin)
            begin, step = until, step + 1
        return total

    def end_period(self, signal: int, now: int) -> None:
        """A whole period is over: its means are the signal's values until the next is."""
        m = self.m
        offers = {offer for offer in m.signal_offer[signal] if offer >= 0}
        for index in {m.offer_pool[offer] for offer in offers} - {-1}:
            pool = self.pools[index]
            integrals = pool.users_s + pool.users * now, pool.queue_s + pool.waiting * now
            used, waited = (a - b for a, b in zip(integrals, self.before.get((signal, index), (0, 0)), strict=True))
            self.before[signal, index] = integrals
            self.mean[signal, index] = self._mean(signal, pool, used, waited, now)

    def _mean(self, signal: int, pool: Pool, used: int, waited: int, now: int) -> int:
        m, kind, over = self.m, self.m.signal_kind[signal], self.m.signal_over_s[signal]
        if kind == QUEUE:
            return int(waited // over)
        if kind == OCCUPANCY:
            return _per_thousand(used, self._units_over(m.places_value, pool, now - over, now))
        units = self._units_over(m.capacity_value, pool, now - over, now)
        if kind == PER_UNIT:
            return _per_thousand(used + waited, units)
        return int(waited * m.pool_mean_s[pool.index] // max(units, over))

    # responses

    def _place(self, patient: Patient, contact: Contact) -> int:
        """Where the offer of a contact is read: its site, without site the home."""
        return self.says.zones + contact.site if contact.site >= 0 else patient.home

    def refuses(self, patient: Patient, contact: Contact, now: int) -> bool:
        """Whether an offer does not take a patient, as its signal and luck say."""
        m, says, service = self.m, self.says, contact.service
        if not says.refuses[service] or contact.origin == INITIAL:
            return False
        row = m.refuse_row[says.phase(now)][service][patient.group]
        if row < 0:
            return False
        known = self.class_of(m.refuse_signal[row], self._place(patient, contact), now)
        share: int = m.refuse_share[m.refuse_ptr[row] + known]
        return share > 0 and draw(patient.key, says.salt(service, contact.visit, REFUSE)) >> 32 < share

    def lengthened(self, patient: Patient, contact: Contact, busy: int, now: int, asking: int = -1) -> int:
        """A drawn duration, longer or shorter as the signal says that it answers to."""
        m, says, service = self.m, self.says, contact.service
        if not says.lengthens[service]:
            return busy
        row = m.length_row[says.phase(now)][service][patient.group]
        if row < 0:
            return busy
        known = self.class_of(m.length_signal[row], self._place(patient, contact), now, asking)
        longer: int = busy * m.length_ppm[m.length_ptr[row] + known] // MILLION
        return longer


def _per_thousand(part: int, whole: int) -> int:
    """``part`` in thousandths of ``whole``; INFINITE if there is no whole."""
    return 1000 * part // whole if whole > 0 else INFINITE
