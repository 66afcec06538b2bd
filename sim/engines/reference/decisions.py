"""What the model's tables say to one patient: site, how long, what comes next.

Lookups only: nothing here changes anything, so that the engine reads as the journey alone.
"""

from __future__ import annotations

from functools import cache
from itertools import accumulate

import numpy as np

from sim.engines.reference.contacts import Contact
from sim.engines.reference.lists import as_lists
from sim.engines.reference.patients import Patient
from sim.model.codes import ACUITIES, NEVER, WAITS, Mode, Origin, Purpose
from sim.model.randomness import HALF, draw, salt
from sim.model.rules import is_open, phase_of, pick, quantile
from sim.model.tables import Model

CHOICE, COURSE, WAIT, AGAIN, _, NOT_BEFORE, _, _ = map(int, Purpose)
_, _, _, _, FELL_BACK, LEFT_ELSEWHERE, REFERRED, FOLLOWED, INITIAL = map(int, Origin)
WALK_IN, BOOKED = int(Mode.WALK_IN), int(Mode.BOOKED)
ANYWHERE = -1  # the service needs no site
NOWHERE = -2  # no site is open
NO_FAILURE = (-1, 0)
VISITS = 500  # of one episode; beyond this a pathway has no exit


class Decisions:
    """The tables of one model, asked for one patient at a time."""

    def __init__(self, model: Model) -> None:
        self.m = as_lists(model)
        self.zones = len(model.zones)
        self.places = self.zones + len(model.sites)
        self.redraws = model.redraws
        rows = (model.refuse_row, model.next_signal, model.length_row, model.miss_row, model.not_before)
        used: list[list[bool]] = [np.any(row >= 0, axis=(0, 2)).tolist() for row in rows]
        self.refuses, self.redirects, self.lengthens, self.misses, self.waits_unready = used  # by service
        single = (
            np.diff(model.offer_pools_ptr) == 1
        ).tolist()  # by offer: there is one pool, which may be asked at once
        self.is_plain = [
            one and not self.waits_unready[service]
            for one, service in zip(single, model.offer_service.tolist(), strict=True)
        ]
        self.served_by = cache(self._served_by)
        self.salt = cache(self._salt)
        self.choice_salt = cache(self._choice_salt)

    def _salt(self, service: int, visit: int, purpose: int) -> int:
        return salt(self.m.service_hash[service], visit, purpose)

    def _choice_salt(self, service: int, visit: int, again: int) -> int:
        """Salt of the choice of a site, and of the draws after it where the site is closed."""
        visit = 0 if self.m.listed[service] else visit
        hashed = self.m.choice_hash[service]
        return salt(hashed, visit * 32 + again, AGAIN) if again else salt(hashed, visit, CHOICE)

    def phase(self, now: int) -> int:
        """The phase in which second ``now`` lies."""
        return phase_of(self.m.phase_start, now)

    def site(self, patient: Patient, service: int, visit: int, step: int, now: int) -> int:
        """Site of a contact, ANYWHERE where the service needs none, NOWHERE if no site is open.

        Who is at a site that serves them stays there; a walk-in goes on from there, everything else is chosen from
        home, and so is what serves only a home municipality.
        """
        m = self.m
        chosen: int = m.choice_set[service][patient.need][patient.age]
        if chosen < 0:
            return chosen  # ANYWHERE or NOWHERE
        if step == 0 and patient.forced_site >= 0:
            return patient.forced_site
        here, row = self._row_of_choice(patient, service, chosen, now)
        if here >= 0:
            return here
        first, last = m.choice_ptr[row], m.choice_ptr[row + 1]
        if last - first == 1 and m.added_ptr[row] == m.added_ptr[row + 1]:
            site: int = m.choice_site[first]
            if self._open(site, service, now):
                return site  # no other: no luck is needed
        return self._drawn_site(patient, service, visit, row, now)

    def felt_at(self, patient: Patient, service: int, now: int) -> int:
        """Where a patient feels how full a service is: at the site where they are listed, else at home."""
        if not self.m.listed[service]:
            return patient.home
        site = self.site(patient, service, 1, 1, now)
        return self.zones + site if site >= 0 else patient.home

    def _row_of_choice(self, patient: Patient, service: int, chosen: int, now: int) -> tuple[int, int]:
        """A site where the patient stays, or -1; and the row of the table from which to choose."""
        m, place = self.m, patient.place
        home = row = chosen * self.places + patient.home
        if place >= self.zones and m.mode[service] <= BOOKED:
            here = place - self.zones
            if here in self.served_by(home) and self._open(here, service, now):
                return here, row
            if m.mode[service] == WALK_IN:
                there = chosen * self.places + place
                row = there if m.nearest_ptr[there] < m.nearest_ptr[there + 1] else home
        return -1, row

    def nearest_open(self, patient: Patient, service: int, step: int, now: int) -> list[int]:
        """The sites of a service whose nearest idle one is chosen: the open ones, nearest first, and first the own.

        One alone where there is no choice; ANYWHERE where the service needs no site; none if none is open.
        """
        chosen: int = self.m.choice_set[service][patient.need][patient.age]
        if chosen < 0:
            return [chosen]
        if step == 0 and patient.forced_site >= 0:
            return [patient.forced_site]
        here, row = self._row_of_choice(patient, service, chosen, now)
        nearest = self.m.nearest_site[self.m.nearest_ptr[row] : self.m.nearest_ptr[row + 1]]
        own = [here] if here >= 0 else []
        return own + [site for site in nearest if self._open(site, service, now)]

    def _served_by(self, row: int) -> frozenset[int]:
        """The sites of a row of choice."""
        return frozenset(self.m.nearest_site[self.m.nearest_ptr[row] : self.m.nearest_ptr[row + 1]])

    def _drawn_site(self, patient: Patient, service: int, visit: int, row: int, now: int) -> int:
        """Site by luck among those of a row, in the end among the open ones alone."""
        m = self.m
        word = draw(patient.key, self.choice_salt(service, visit, 0))
        if m.added_ptr[row] < m.added_ptr[row + 1]:
            site = self._site_at(m.added_cum, m.added_site, m.added_ptr, row, word & HALF)
            if site >= 0 and self._open(site, service, now):
                return site
        for again in range(1, self.redraws + 2):
            site = self._site_at(m.choice_cum, m.choice_site, m.choice_ptr, row, word >> 32)
            if site >= 0 and self._open(site, service, now):
                return site
            word = draw(patient.key, self.choice_salt(service, visit, again))
        return self._open_site(service, row, now, word >> 32)

    def _open_site(self, service: int, row: int, now: int, word: int) -> int:
        """Site at a 32-bit word among the open ones of a row, as likely as they are to each other; else the nearest."""
        m = self.m
        first, last = m.choice_ptr[row], m.choice_ptr[row + 1]
        widths: list[tuple[int, int]] = [
            (m.choice_site[j], m.choice_cum[j] - (m.choice_cum[j - 1] if j > first else 0))
            for j in range(first, last)
            if self._open(m.choice_site[j], service, now)
        ]
        place = sum(width for _, width in widths) * word >> 32
        for site, width in widths:
            if place < width:
                return site
            place -= width
        nearest: list[int] = m.nearest_site[m.nearest_ptr[row] : m.nearest_ptr[row + 1]]
        return next((site for site in nearest if self._open(site, service, now)), NOWHERE)

    @staticmethod
    def _site_at(cum: list[int], sites: list[int], ptr: list[int], row: int, word: int) -> int:
        """Site of a row at a 32-bit word, -1 above its last threshold."""
        j = pick(cum, ptr[row], ptr[row + 1], word)
        return sites[j] if j < ptr[row + 1] else -1

    def _open(self, site: int, service: int, now: int) -> bool:
        return self.is_open(self.m.offer[site][service], now)

    def is_open(self, offer: int, now: int) -> bool:
        """Whether one can ask at an offer in this second."""
        m = self.m
        return is_open(m.open_time, m.open_ptr[offer], m.open_ptr[offer + 1], now)

    def target(self, patient: Patient, contact: Contact) -> int:
        """Target wait, s."""
        column = self.m.zone_area[patient.home] * ACUITIES + patient.acuity
        seconds: int = self.m.target[self.phase(contact.request)][contact.service][column]
        return seconds

    def course(self, patient: Patient, contact: Contact) -> int:
        """Random word of a contact: its high half tells the duration, its low half what comes next.

        Drawn once: whoever waits for a team is looked at often.
        """
        if contact.course < 0:
            contact.course = draw(patient.key, self.salt(contact.service, contact.visit, COURSE))
        return contact.course

    def duration(self, patient: Patient, contact: Contact, start: int) -> int:
        """Duration of a service that starts at ``start``, s."""
        m = self.m
        table = m.duration[self.phase(start)][contact.service][patient.group]
        return quantile(m.quantile[table], self.course(patient, contact) >> 32)

    def tour(self, patient: Patient, contact: Contact, busy: int) -> tuple[int, int]:
        """Seconds from the start of a team's tour to the end of a visit of ``busy`` s, and to the team's return."""
        m = self.m
        drive, factor = m.travel_s[patient.home][m.pool_site[contact.pool]], m.tour_milli[contact.pool]
        return (drive + busy) * factor // 1000, (2 * drive + busy) * factor // 1000

    def wait(self, patient: Patient, contact: Contact) -> int:
        """Random word of a wait: its high half tells the patience, its low half where to after leaving."""
        return draw(patient.key, self.salt(contact.service, contact.visit, WAIT))

    def patience(self, patient: Patient, contact: Contact) -> int:
        """How long the patient waits for the start of service, s; without end: NEVER."""
        m = self.m
        table: int = m.patience[self.phase(contact.request)][contact.service][patient.group]
        return NEVER if table < 0 else quantile(m.quantile[table], self.wait(patient, contact) >> 32)

    def was_waiting(self, patient: Patient, contact: Contact) -> bool:
        """Whether who is there when the run starts has not started."""
        return patient.first_draw == WAITS or contact.request > -self.m.start_queue[contact.service]

    def was_in_service(self, patient: Patient, contact: Contact, now: int) -> bool:
        """Whether a patient whose service starts now had been served before the run."""
        return contact.request < 0 == now and not self.was_waiting(patient, contact)

    def ready_from(self, patient: Patient, contact: Contact) -> int:
        """The second from which a request may start."""
        m, asked, service = self.m, contact.request, contact.service
        table = m.not_before[self.phase(asked)][service][patient.group]
        if table < 0 or (asked < 0 and not self.was_waiting(patient, contact)):
            return asked
        return asked + quantile(
            m.quantile[table], draw(patient.key, self.salt(service, contact.visit, NOT_BEFORE)) >> 32
        )

    def pools_in_turn(self, patient: Patient, contact: Contact) -> list[tuple[int, int]]:
        """The pools of an offer in order, each with the second from which a request may use it."""
        m, first, last = self.m, self.m.offer_pools_ptr[contact.offer], self.m.offer_pools_ptr[contact.offer + 1]
        ready = self.ready_from(patient, contact)
        spill = accumulate(m.offer_spill_s[first:last], max)
        return [(max(ready, contact.request + s), p) for s, p in zip(spill, m.offer_pools[first:last], strict=True)]

    def may_begin(self, patient: Patient, contact: Contact, now: int) -> bool:
        """Whether the hours of starting allow a service to start in this second."""
        m, service = self.m, contact.service
        if not m.starts_limited[service] or self.was_in_service(patient, contact, now):
            return True
        return is_open(m.starts_time, m.starts_ptr[service], m.starts_ptr[service + 1], now)

    def let_out(self, service: int, end: int) -> int:
        """The second at which a service ends that would end at ``end``: within its hours of ending."""
        m = self.m
        if not m.ends_limited[service]:
            return end
        first, last = m.ends_ptr[service], m.ends_ptr[service + 1]
        if is_open(m.ends_time, first, last, end):
            return end
        opens = pick(m.ends_time, first, last, end)
        return m.ends_time[opens] if opens < last else NEVER

    def accepts(self, offer: int, now: int) -> bool:
        """Whether one may wait at an offer: its phase has it, and it is open or keeps its queue."""
        m = self.m
        if not m.offer_open[self.phase(now)][offer]:
            return False
        return m.keeps_at_close[m.offer_service[offer]] == 1 or self.is_open(offer, now)

    def next_closing(self, pool: int, now: int) -> int:
        """The second at which a pool next has no units, NEVER if it stays open."""
        m = self.m
        first, last = m.capacity_ptr[pool], m.capacity_ptr[pool + 1]
        step = pick(m.capacity_time, first, last, now)
        while step < last and m.capacity_value[step] > 0:
            step += 1
        return m.capacity_time[step] if step < last else NEVER
