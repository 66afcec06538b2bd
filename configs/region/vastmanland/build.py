"""Builds the tables of Västmanland from ``source/``: ``python configs/region/vastmanland/build.py [folder]``.

What is particular to the region is said here; what regions share is in ``configs/region/_shared``, the constants of
the assumptions in its ``sizing.py``. README.md tells what differs from Västra Götaland, and why.
"""

from __future__ import annotations

import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))
from _shared import DayEr, Facts, Left, main  # noqa: E402

NARAKUT = DayEr(
    calendar="er_day",
    physicians="er_day_physicians",
    hours=365 * 14,
    # 0.80 of the visits come 08-22 (ED.hour_share_default_*), and 0.95 of those are not serious acute (assumption)
    share=0.76,
    needs="minor_illness urgent_illness injury chronic_exacerbation frailty mental_ill_health child_acute_illness"
    " planned_common planned_rare chronic_follow_up nursing_and_prevention",
    source="assumption: open 08-22, not for serious acute illness",
)
FACTS = Facts(
    folder=HERE,
    short="Västmanland",
    evidence="vml",
    hospitals_from="1177.se Västmanland sjukhus",
    centres_evidence="PC.vc_total_vml: about 30, unverified",
    residents_per_centre=9_400,  # 281,158 people / PC.vc_total_vml 30
    concentrated=("vml_vasteras",),  # where acute care is gathered by 2029 (decision of February 2024)
    rare=("vml_vasteras",),
    rare_source="assumption: rare care is counted as given in Västerås; in reality much of it is in Uppsala and Örebro",
    er_visits_80plus=0.7772,  # ED.visits_80plus_per_1000.vml
    # 8,400 in Västra Götaland, by people of 65 and over and by all admissions (IP.admissions_per_100k.vml / .vgr 1.26)
    discharges=1_840,
    # as in Västra Götaland, so that all wait the days that these discharges leave of
    # IP.discharge_ready_days_65plus_per_1000.vml: 118.5 x 62.6 / 1,840 = 4.0
    municipal_wait_days=5.5,
    ward_sd=0.2,  # fitted to IP.outlying_per_100.vml
    planned_stays=1.26,  # IP.admissions_per_100k.vml / .vgr
    left=(
        Left(2_360, "psychiatric (as many per resident as in VGR, IP.admissions_psych_vgr; D)"),
        Left(3_490, "obstetric, gynaecological and newborn (as many per resident as in VGR; D)"),
    ),
    day_ers={"vml_koping": NARAKUT},
)

if __name__ == "__main__":
    main(FACTS)
