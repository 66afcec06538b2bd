"""The codes in the arrays of a model, its episodes and its contacts, and the vocabularies that they stand for."""

from __future__ import annotations

from enum import IntEnum, StrEnum
from typing import Any, Literal, get_args

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Words = NDArray[np.uint64]
Codes = NDArray[np.integer[Any]]  # whole numbers of any width
Age = Literal["0_17", "18_64", "65_79", "80plus"]
Acuity = Literal["1", "2", "3", "4", "5"]  # 1 is the most urgent
Level = Literal["self_care", "primary_care", "mobile_team", "local_hospital", "concentrated_hospital"]
Payer = Literal["region", "municipality"]
AGE_GROUPS: tuple[Age, ...] = get_args(Age)
ACUITY_NAMES: tuple[Acuity, ...] = get_args(Acuity)
ACUITIES = len(ACUITY_NAMES)
LEVELS: tuple[Level, ...] = get_args(Level)
PAYERS: tuple[Payer, ...] = get_args(Payer)
STAGES = (*LEVELS, "home")  # where a contact can come from
ONE = 1 << 32  # probability 1 as a threshold
WAITS = 1  # first_draw of who is there at the start and has not started
VARIATION_BITS = 20  # a week's factor of 1 is 2**20
ODDS_BITS = 20  # odds of 1 are 2**20
UTILITY_LIMIT = 4  # beyond it, e**4 = 55, odds are no response but another world
LEAST_UTILITY = -8  # below it odds of two responses are lost in whole numbers
LONG_AGO = -(1 << 40)  # before every event of any run
NEVER = 1 << 40  # after every event of any run
ABSENT = -(1 << 31)  # time in a contact of what did not happen


class Mode(IntEnum):
    """How patient and service meet."""

    WALK_IN = 0  # the patient travels, then queues
    BOOKED = 1  # the patient queues at home and travels when the service starts
    REMOTE = 2  # nobody travels
    OUTREACH = 3  # the team travels to the home


class Kind(IntEnum):
    """What a service is to the measures."""

    OTHER = 0
    SELF_CARE = 1
    TELEPHONE = 2
    DIGITAL = 3
    PRIMARY_CARE = 4
    OUT_OF_HOURS = 5
    MOBILE_TEAM = 6
    MUNICIPAL = 7
    EMERGENCY = 8
    WARD = 9
    CLINIC = 10
    AMBULANCE = 11
    EMERGENCY_PHYSICIAN = 12
    EMERGENCY_WORKUP = 13
    OPERATION = 14


ER_PARTS = (
    Kind.EMERGENCY_PHYSICIAN,
    Kind.EMERGENCY_WORKUP,
)  # of a visit to an emergency room, and no visits themselves


class Action(IntEnum):
    """What a contact leads to."""

    EXIT = 0
    AT_ONCE = 1
    HOLDING = 2  # at once, keeping the unit until the next contact starts
    FOLLOW_UP = 3  # from home, after a delay
    WITHIN = 4  # at once, keeping the unit until what is asked for now has ended
    CARRIED = 5  # at once, the team drives the patient there and from there to its base


class Origin(IntEnum):
    """Why a contact was asked for."""

    FIRST = 0  # the episode's first contact, as in the reference
    SHIFTED = 1  # first contact moved by a lever
    INDUCED = 2  # first contact that exists because a lever made contact easier
    SWITCHED = 3  # first contact with another service than in the reference, by what is open, near and soon
    FELL_BACK = 4  # closed, failed or turned away elsewhere
    LEFT = 5  # gave up waiting elsewhere
    REFERRED = 6  # at once from another service
    FOLLOWED = 7  # follow-up after a delay
    INITIAL = 8  # present at the start of the run


class NoEffect(StrEnum):
    """Why a lever changes nothing in a study."""

    LATE = "late"  # its ramp begins after the study
    OFF = "off"  # its ramp, or each of its effect sizes, is 0
    NOBODY = "nobody"  # nobody is whom it is about, or it moves no whole unit


class Outcome(IntEnum):
    """How a contact ended within the run."""

    DONE = 0
    LEFT = 1  # patience ended before service started
    TURNED_AWAY = 2  # the service was closed, or closed while the patient waited, or its queue was full
    UNSERVED = 3  # no open site, and no fallback
    OPEN = 4  # not ended at the horizon
    MISSED = 5  # the appointment began without its patient


class EventClass(IntEnum):
    """Order of events within one second; within a class by index (docs/model.md, section 9)."""

    CAPACITY = 1
    SERVICE_END = 2
    ARRIVAL = 3
    REQUEST = 4
    PATIENCE_END = 5
    FOLLOW_UP = 6


class Purpose(IntEnum):
    """What a random word is for. One word a purpose, several draws cut from each."""

    CHOICE = 1  # high half: site; low half: site added by a scenario
    COURSE = 2  # high half: duration; low half: what comes next, its remainder the delay
    WAIT = 3  # high half: patience; low half: where to after leaving, its remainder the delay
    AGAIN = 4  # further draws of a site, in the rare case that the drawn one is closed
    REFUSE = 5  # high half: whether an offer takes the patient
    NOT_BEFORE = 6  # high half: delay before which an appointment may not start
    MISS = 7  # high half: whether the patient comes; low half: what comes next if not
    SWITCH = 8  # high half: whether the first contact is with another service; low half: with which


class WhenFull(IntEnum):
    """What one does who is turned away."""

    FALLBACK = 0  # asks the fallback of the service
    NEXT_SITE = 1  # asks the nearest other site for the same service
    LEAVE = 2  # leaves, as one whose patience has ended


class ShiftRule(IntEnum):
    """What becomes of a contact when the shift in which it started is over."""

    FINISH = 0  # it is finished in its unit; the next shift starts nobody in that unit before
    OVERTIME = 1  # the same, and for some time nobody else is started
    FRESH = 2  # it is finished by those who go; the next shift's units are all free
    HAND_OVER = 3  # it is interrupted where the next shift has too few units, and goes on when one is free


class SignalKind(IntEnum):
    """What can be known of an offer and its pool at a second."""

    OCCUPANCY = 0  # users per 1,000 units, surge not counted
    PER_UNIT = 1  # users and waiting per 1,000 units
    QUEUE = 2  # waiting
    EXPECTED_WAIT = 3  # min, from those waiting and the mean service time
    SITE_OCCUPANCY = 4  # users per 1,000 units of all pools of the offer together, surge not counted
