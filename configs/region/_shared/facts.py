"""What is particular to a region, beside its tables in ``source/``."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple


class DayEr(NamedTuple):
    """An emergency room that is open for a part of the day, or not for everyone."""

    calendar: str  # of the region's calendars.yaml
    physicians: str  # calendar of those on duty, until the last patient has been seen; its factor is 1 while it is open
    hours: float  # open hours a year
    share: float  # of the visits that are drawn to it at any hour, those that it takes
    needs: str  # of the care model, with spaces between, or "all"
    source: str  # of hours, share and needs


class Left(NamedTuple):
    """Admissions a year that the model leaves out."""

    number: int
    told: str  # what they are, and how well it is known


class Forecast(NamedTuple):
    """How many there will be in a region."""

    year: int  # at its end
    people: int
    oldest: int  # of them 80 and over
    source: str


@dataclass(frozen=True)
class Facts:
    """What a region's script says of it. Names such as PC.vc_total_vgr are rows of ``source/parameters.csv``."""

    folder: Path
    short: str  # name of the region in its targets
    evidence: str  # ending of the region's own parameters, as "vgr"
    hospitals_from: str  # where the list of hospitals comes from
    centres_evidence: str  # how many vårdcentraler there are, and who says so
    concentrated: tuple[str, ...]  # hospitals whose level is concentrated_hospital
    rare: tuple[str, ...]  # hospitals with rare care in the baseline
    rare_source: str
    er_visits_80plus: float  # a year and resident of 80 and over: ED.visits_80plus_per_1000
    discharges: float  # a year, to municipal care
    municipal_wait_days: float  # mean wait for a short-term place that they are sized for
    left: tuple[Left, ...]  # admissions that are not modelled
    people_80plus: float | None = None  # at the end of 2024; none: survivors as in sizing.SURVIVAL_75PLUS
    residents_per_centre: int = 8_800  # Sweden: 1,190 vårdcentraler (PC.vc_total_sweden)
    ages: Mapping[str, str] = field(default_factory=dict)  # age groups of a hospital that does not take all
    staffing_sd: float = 0.20  # of the logarithm of a centre's staff over need; VGR, fitted to GUAR.assessment_3d.vgr
    ward_sd: float = 0.32  # of the logarithm of a ward's beds over need; VGR, fitted to IP.outlying_per_100.vgr
    planned_stays: float = 1.0  # planned stays per resident, over those of Västra Götaland
    municipal_sd: float = 0.15  # of the logarithm of a municipality's places over need; assumption (0 to 0.3)
    urgent_care: tuple[str, ...] = ()  # out-of-hours clinics that are urgent care centres (närakuter) as well
    urgent_care_source: str = ""
    made_up: str | None = None  # source of people and places that no register holds: a region for teaching
    forecasts: Mapping[str, Forecast] = field(default_factory=dict)  # by name
    day_ers: Mapping[str, DayEr] = field(default_factory=dict)  # by hospital
