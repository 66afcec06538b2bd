"""Wards of hospitals: bed days by speciality, which share a ward, who takes whose outliers."""

from __future__ import annotations

# Wards by speciality: bed days of an emergency admission by age, as in the care model (expected flows of Västra
# Götaland: share of the ward x mean stay there, the wait for rounds and days ready for discharge counted)
WARDS = ("medicine", "cardiology", "lungs", "stroke", "surgery", "orthopaedics", "geriatrics", "children")
WARD_DAYS = {
    "0_17": {"children": 2.76},
    "18_64": {
        "medicine": 1.2,
        "cardiology": 0.48,
        "lungs": 0.64,
        "stroke": 0.27,
        "surgery": 0.98,
        "orthopaedics": 0.31,
    },
    "65_79": {
        "medicine": 1.65,
        "cardiology": 0.65,
        "lungs": 0.88,
        "stroke": 0.31,
        "surgery": 0.91,
        "orthopaedics": 0.66,
        "geriatrics": 0.64,
    },
    "80plus": {
        "medicine": 1.75,
        "cardiology": 0.67,
        "lungs": 0.85,
        "stroke": 0.28,
        "surgery": 0.6,
        "orthopaedics": 1.06,
        "geriatrics": 1.45,
    },
}
PLANNED_SHARE = {"surgery": 0.56, "orthopaedics": 0.44}  # of planned admissions, as in the care model
SMALLEST_WARD = 15  # beds; a speciality with fewer shares the ward of ``JOINED_WITH``
JOINED_WITH = {
    "stroke": "medicine", "lungs": "medicine", "cardiology": "medicine", "geriatrics": "medicine",
    "children": "medicine", "orthopaedics": "surgery", "surgery": "orthopaedics", "medicine": "surgery",
}  # fmt: skip
OUTLIER_H = 8  # after so long a patient is taken on another ward
_MEDICAL, _SURGICAL = ("medicine", "lungs", "cardiology", "geriatrics", "stroke"), ("surgery", "orthopaedics")
OUTLIERS_ON: dict[str, tuple[str, ...]] = {"children": ()}
OUTLIERS_ON |= dict.fromkeys(_MEDICAL, (*_MEDICAL, *_SURGICAL)) | dict.fromkeys(_SURGICAL, (*_SURGICAL, *_MEDICAL))
SURGE = 0.4  # overbeds per place of a ward at most; mean 8.4 per 100 (IP.overbeds_per_100.vgr)


def joined_wards(beds_needed: dict[str, float]) -> dict[str, str]:
    """The ward where each speciality's patients lie: its own, or that of another where it would be too small."""
    ward = {w: w for w in beds_needed}

    def size(at: str) -> float:
        return sum(n for w, n in beds_needed.items() if ward[w] == at)

    for small in sorted(JOINED_WITH, key=lambda w: beds_needed[w]):
        if ward[small] == small and size(small) < SMALLEST_WARD:
            largest = max(beds_needed, key=size)
            other = ward[JOINED_WITH[small]] if size(small) else largest
            ward = {w: other if at == small else at for w, at in ward.items()}
    return ward
