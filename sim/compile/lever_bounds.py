"""What no lever may do to what is there: take more than there is, or have it paid by who cannot."""

from __future__ import annotations

from sim.config.sentence import Sentence

TINY = 1e-9  # of what there is: less is rounding
MILLION_A_YEAR = 1e6 / (365.25 / 7)  # SEK a week


def require_units(had: float, wanted: float) -> None:
    """Raises ValueError if fewer units than none would be left."""
    if wanted < -TINY * max(had, 1.0):
        raise ValueError(
            Sentence(
                "takes {value} units of the {had} that there are: {had} is the most",
                value=f"{had - wanted:.4g}",
                had=f"{had:.4g}",
            )
        )


def require_worth(had: float, sek: float, item: str) -> None:
    """Raises ValueError if a sum is to be saved that is more than what is there costs; both in SEK a year."""
    if had + sek < -TINY * max(had, 1.0):
        raise ValueError(
            Sentence(
                "{item} saves {value} SEK a year of the {had} that these units cost",
                item=item,
                value=f"{-sek:,.0f}",
                had=f"{had:,.0f}",
            )
        )


def require_means(had: float, cost: float) -> None:
    """Raises ValueError if those who are to pay have less than it costs; both in SEK a week."""
    if cost > had * (1 + TINY) + TINY:
        costs, have = cost / MILLION_A_YEAR, had / MILLION_A_YEAR
        raise ValueError(
            Sentence(
                "costs {costs} SEK million a year, and what is to pay for it has {have}: name more pools in paid_by, "
                "or do less",
                costs=f"{costs:.4g}", have=f"{have:.4g}",
            )
        )  # fmt: skip


def require_takers(had: float, cost: float) -> None:
    """Raises ValueError if what is saved would go to nobody; both in SEK a week."""
    if had == 0 and cost < 0:
        saved = -cost / MILLION_A_YEAR
        raise ValueError(
            Sentence(
                "saves {saved} SEK million a year, and what is to get it has no capacity that could grow: name other "
                "pools in paid_by, or none",
                saved=f"{saved:.4g}",
            )
        )  # fmt: skip


def require_other_pools(sources: list[str], targets: list[str]) -> None:
    """Raises ValueError if a transfer would move something to where it is."""
    if both := [name for name in sources if name in targets]:
        raise ValueError(Sentence("moves {both} to itself: it is among source_pools and target_pools", both=both[0]))


def require_eligible(enrolled: float, eligible: float) -> None:
    """Raises ValueError if more are enrolled than there are."""
    if enrolled > eligible:
        raise ValueError(
            Sentence(
                "enrols {enrolled} people of {eligible} eligible", enrolled=f"{enrolled:g}", eligible=f"{eligible:g}"
            )
        )


def require_left(change: float, what: str) -> None:
    """Raises ValueError if a relative change takes more than all."""
    if change < -1:
        raise ValueError(
            Sentence(
                "takes more than all: a change of {change} leaves less than no {what}; -1 is all of it",
                change=f"{change:g}",
                what=what,
            )
        )


__all__ = [
    "require_eligible",
    "require_left",
    "require_means",
    "require_other_pools",
    "require_takers",
    "require_units",
]
