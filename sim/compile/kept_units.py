"""Units that a pool keeps free, against the units that the levers of a scenario leave it."""

from __future__ import annotations

from datetime import date

from sim.compile.addresses import with_address
from sim.compile.calendars import Shifts, capacity_steps
from sim.compile.draft import Draft, OfferDraft, PoolDraft
from sim.config.schema.care import Care
from sim.config.sentence import Sentence
from sim.model.codes import ACUITY_NAMES


def check_kept_free(care: Care, draft: Draft, shifts: Shifts, day: date) -> None:
    """Raises ConfigErrors if from a day on no unit is left for a class of acuity to start in at an open offer.

    ``shifts``: every calendar of the region, spelled out. What has no unit at all is told as overloaded, not here.
    """
    if not any(any(pool.keep_free) for pool in draft.pools.values()):
        return
    for offer in draft.offers.values():
        pools = [draft.pools[name] for name in offer.pools]
        if offer.open and all(any(pool.keep_free) for pool in pools):
            with with_address("", f"pools.{offer.pool}.keep_free"):
                _check_offer(care, offer, [(pool, _most(pool, shifts)) for pool in pools], day)


def _most(pool: PoolDraft, shifts: Shifts) -> int:
    """The most units that a pool has in any shift."""
    _, _, units = capacity_steps(shifts[pool.calendar], pool.capacity, pool.surge)
    return int(units.max())


def _check_offer(care: Care, offer: OfferDraft, pools: list[tuple[PoolDraft, int]], day: date) -> None:
    never = [
        q
        for q in care.acuities(offer.needs)
        if all(pool.keep_free[ACUITY_NAMES.index(q)] >= units > 0 for pool, units in pools)
    ]
    if never:
        left = ", ".join(f"{pool.name} {units}" for pool, units in pools)
        whom = Sentence("acuity {names}", names=", ".join(never))
        raise ValueError(
            Sentence(
                "from {day} on calendars and levers leave {left} units, all of them kept free of {whom}, so nobody "
                "of it could start {service} at {site}: leave more units, or keep fewer free",
                day=day,
                left=left,
                whom=whom,
                service=offer.service,
                site=offer.site,
            )
        )


__all__ = ["check_kept_free"]
