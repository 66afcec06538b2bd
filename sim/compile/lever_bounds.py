"""What no lever may do to what is there: take more than there is, or have it paid by who cannot."""

from __future__ import annotations

TINY = 1e-9  # of what there is: less is rounding
MILLION_A_YEAR = 1e6 / (365.25 / 7)  # SEK a week


def require_units(had: float, wanted: float) -> None:
    """Raises ValueError if fewer units than none would be left."""
    if wanted < -TINY * max(had, 1.0):
        raise ValueError(f"takes {had - wanted:.4g} units of the {had:.4g} that there are: {had:.4g} is the most")


def require_worth(had: float, sek: float, item: str) -> None:
    """Raises ValueError if a sum is to be saved that is more than what is there costs; both in SEK a year."""
    if had + sek < -TINY * max(had, 1.0):
        raise ValueError(f"{item} saves {-sek:,.0f} SEK a year of the {had:,.0f} that these units cost")


def require_means(had: float, cost: float) -> None:
    """Raises ValueError if those who are to pay have less than it costs; both in SEK a week."""
    if cost > had * (1 + TINY) + TINY:
        costs, have = cost / MILLION_A_YEAR, had / MILLION_A_YEAR
        message = f"costs {costs:.4g} SEK million a year, and what is to pay for it has {have:.4g}"
        raise ValueError(f"{message}: name more pools in paid_by, or do less")


def require_takers(had: float, cost: float) -> None:
    """Raises ValueError if what is saved would go to nobody; both in SEK a week."""
    if had == 0 and cost < 0:
        saved = -cost / MILLION_A_YEAR
        message = f"saves {saved:.4g} SEK million a year, and what is to get it has no capacity that could grow"
        raise ValueError(f"{message}: name other pools in paid_by, or none")


def require_other_pools(sources: list[str], targets: list[str]) -> None:
    """Raises ValueError if a transfer would move something to where it is."""
    if both := [name for name in sources if name in targets]:
        raise ValueError(f"moves {both[0]} to itself: it is among source_pools and target_pools")


def require_eligible(enrolled: float, eligible: float) -> None:
    """Raises ValueError if more are enrolled than there are."""
    if enrolled > eligible:
        raise ValueError(f"enrols {enrolled:g} people of {eligible:g} eligible")


def require_left(change: float, what: str) -> None:
    """Raises ValueError if a relative change takes more than all."""
    if change < -1:
        raise ValueError(f"takes more than all: a change of {change:g} leaves less than no {what}; -1 is all of it")


__all__ = [
    "require_eligible",
    "require_left",
    "require_means",
    "require_other_pools",
    "require_takers",
    "require_units",
]
