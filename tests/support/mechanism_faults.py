"""Models that leave a mechanism out, by the case of ``careshift verify`` that must notice."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np

from sim.model.codes import Action, ShiftRule, WhenFull
from sim.model.tables import Model

Fault = Callable[[Model], Model]


def _zero(name: str, value: int = 0) -> Fault:
    """A model whose field is the same number everywhere."""
    return lambda model: replace(model, **{name: np.full_like(getattr(model, name), value)})


def unit_given_back(model: Model) -> Model:
    """Whoever goes on within another unit goes on without it."""
    action = np.where(model.next_action == Action.WITHIN, Action.AT_ONCE, model.next_action)
    return replace(model, next_action=action)


def first_pool_alone(model: Model) -> Model:
    """No offer has further pools."""
    alone = np.arange(len(model.offer_pool) + 1)
    return replace(
        model, offer_pools_ptr=alone, offer_pools=model.offer_pool, offer_spill_s=np.zeros_like(model.offer_pool)
    )


def nobody_exchanges(model: Model) -> Model:
    """Two who wait for each other's units wait for ever."""
    return replace(model, swap_ptr=np.zeros_like(model.swap_ptr), swap_pool=model.swap_pool[:0])


def nobody_is_carried(model: Model) -> Model:
    """Teams leave their patients at home, who go on alone."""
    action = np.where(model.next_action == Action.CARRIED, Action.AT_ONCE, model.next_action)
    return replace(model, next_action=action, carries=np.zeros_like(model.carries))


def half_refused(model: Model) -> Model:
    """Half as many are refused."""
    return replace(model, refuse_share=model.refuse_share // 2)


def no_overtime(model: Model) -> Model:
    """Nobody stays when the shift ends."""
    return replace(_zero("overtime")(model), shift_rule=np.full_like(model.shift_rule, ShiftRule.FINISH))


LEFT_OUT: dict[str, Fault] = {
    "Within: place and doctor": unit_given_back,
    "Within: patience with the doctor": unit_given_back,
    "Within: bed, nurse and doctor": unit_given_back,
    "Boarding after within": _zero("next_gives_all"),
    "Swap: step-down and step-up": nobody_exchanges,
    "Swap: queues from outside": nobody_exchanges,
    "Ends: rounds": _zero("ends_limited"),
    "Ends: rounds, few beds": _zero("ends_limited"),
    "Starts: mornings": _zero("starts_limited"),
    "Four rules: finish": _zero("shift_rule", ShiftRule.HAND_OVER),
    "Four rules: overtime": no_overtime,
    "Four rules: fresh": _zero("shift_rule", ShiftRule.FINISH),
    "Four rules: hand_over": _zero("shift_rule", ShiftRule.FINISH),
    "Not before": _zero("not_before", -1),
    "No-show": _zero("miss_row", -1),
    "Balking": half_refused,
    "Diversion": _zero("refuse_row", -1),
    "Admission by occupancy": _zero("next_signal", -1),
    "Haste by expected wait": _zero("length_row", -1),
    "Refusal by yesterday, steep": _zero("signal_over_s"),
    "Refusal by yesterday, gentle": _zero("refuse_row", -1),
    "Next site": _zero("when_full", WhenFull.FALLBACK),
    "Outliers": first_pool_alone,
    "Units kept free": _zero("keep_free"),
    "Spill after a wait": _zero("offer_spill_s"),
    "Leave when full": _zero("when_full", WhenFull.FALLBACK),
    "Ambulances that carry": nobody_is_carried,
    "Nearest idle base": _zero("choice_idle"),
}

LEFT_OUT_TOO: dict[str, Fault] = {  # where two mechanisms meet, the other
    "Within: patience with the doctor": _zero("patience", -1),
    "Swap: queues from outside": _zero("target"),
}

__all__ = ["LEFT_OUT", "LEFT_OUT_TOO"]
