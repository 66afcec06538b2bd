"""Builds the tables of a made-up region for teaching: ``python configs/region/teaching/build.py [folder]``.

The smallest script that a region can have: 100,000 people in five places, two hospitals, one island.
"""

from __future__ import annotations

import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))
from _shared import Facts, Forecast, main  # noqa: E402

MADE_UP = "made up for teaching"
FACTS = Facts(
    folder=HERE,
    short="Practice County",
    evidence="sweden",
    hospitals_from=MADE_UP,
    centres_evidence=MADE_UP,
    residents_per_centre=10_000,
    concentrated=("sjukhus_storstad",),
    rare=("sjukhus_storstad",),
    rare_source=MADE_UP,
    er_visits_80plus=0.6003,  # ED.visits_80plus_per_1000.sweden
    discharges=570,  # about as many per person of 65 and over as in Västra Götaland
    municipal_wait_days=2.0,
    staffing_sd=0.0,  # all centres alike, so that what one sees is what one changed
    municipal_sd=0.0,
    forecasts={"main": Forecast(2035, 102_000, 9_000, MADE_UP)},
    left=(),
    made_up=MADE_UP,
)

if __name__ == "__main__":
    main(FACTS)
