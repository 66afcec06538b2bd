"""Builds the tables of Göteborgsregionen: ``python configs/region/goteborgsregionen/build.py [folder]``.

The 13 municipalities of Göteborgsregionen, Kungsbacka in Region Halland among them: the worked example of
docs/new_region.md. What regions share is in ``configs/region/_shared``.
"""

from __future__ import annotations

import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))
from _shared import Facts, Left, main  # noqa: E402

SU_ADULT = ("su_sahlgrenska", "su_ostra", "su_molndal")  # children go to Drottning Silvias barnsjukhus
FACTS = Facts(
    folder=HERE,
    short="Göteborgsregionen",
    evidence="vgr",  # Västra Götaland stands for it
    hospitals_from="vgregion.se A-Ö sjukhus",
    centres_evidence="PC.vc_total_vgr: about 200 in Västra Götaland",
    concentrated=(*SU_ADULT, "su_dsbus"),
    rare=("su_sahlgrenska",),
    rare_source="assumption: rare care of the 13 municipalities is at Sahlgrenska",
    ages={"su_dsbus": "0_17"} | dict.fromkeys(SU_ADULT, "18_64 65_79 80plus"),
    er_visits_80plus=0.5088,  # ED.visits_80plus_per_1000.vgr
    discharges=4_510,  # 8,400 in Västra Götaland, by people of 65 and over
    municipal_wait_days=2.0,  # as in Västra Götaland
    urgent_care=("ooh_ostra_goteborg",),
    urgent_care_source="PC.narhalsan_jourcentraler: 3 närakuter; Östra sjukhuset: skaraborgslanstidning.se",
    left=(
        Left(9_140, "psychiatric (as many per resident as in VGR, IP.admissions_psych_vgr; D)"),
        Left(13_500, "obstetric, gynaecological and newborn (as many per resident as in VGR; D)"),
    ),
)

if __name__ == "__main__":
    main(FACTS)
