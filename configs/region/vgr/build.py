"""Builds the tables of Västra Götaland from ``source/``: ``python configs/region/vgr/build.py [folder]``.

What is particular to the region is said here; what regions share is in ``configs/region/_shared``, the constants of
the assumptions in its ``sizing.py``. Every row says its source and quality: A official statistic or registry, B
observed or an authority's page, C old, press or foreign, D assumption, X derived here with the formula as source.
"""

from __future__ import annotations

import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))
from _shared import Facts, Forecast, Left, main  # noqa: E402

SU_ADULT = ("su_sahlgrenska", "su_ostra", "su_molndal")  # children go to Drottning Silvias barnsjukhus
FACTS = Facts(
    folder=HERE,
    short="VGR",
    evidence="vgr",
    hospitals_from="vgregion.se A-Ö sjukhus",
    centres_evidence="PC.vc_total_vgr: about 200",
    concentrated=(*SU_ADULT, "su_dsbus"),
    rare=("su_sahlgrenska", "sas_boras", "nu_nal", "skas_skovde"),
    rare_source="assumption: rare care is spread over four hospitals",
    ages={"su_dsbus": "0_17"} | dict.fromkeys(SU_ADULT, "18_64 65_79 80plus"),
    people_80plus=86_000 + 6 / 22 * (142_000 - 86_000),  # end of 2024: 86,000 in 2018, forecast 142,000 in 2040
    er_visits_80plus=0.5088,  # ED.visits_80plus_per_1000.vgr
    # IP.discharge_ready_days_65plus_per_1000.vgr / IP.discharge_ready_mean_days would be 8,700
    discharges=8_400,
    # of the formula, after 2.1 days of planning (EFF.discharge_law_ready_days_after); fitted so that the simulated mean
    # of all who wait is IP.discharge_ready_mean_days 3.3
    municipal_wait_days=2.0,
    urgent_care=("ooh_ostra_goteborg", "ooh_lidkoping", "ooh_skene"),
    urgent_care_source="PC.narhalsan_jourcentraler: 3 närakuter; Östra, Lidköping, Skene: skaraborgslanstidning.se",
    forecasts={
        "higher": Forecast(2040, 1_950_000, 142_000, "Västra Götalandsregionen's higher forecast for 2040"),
        "lower": Forecast(2040, 1_890_000, 142_000, "Västra Götalandsregionen's lower forecast for 2040"),
    },
    left=(
        Left(14_900, "psychiatric (A, 2019)"),  # IP.admissions_psych_vgr
        Left(22_000, "obstetric, gynaecological and newborn (D)"),
    ),
)

if __name__ == "__main__":
    main(FACTS)
