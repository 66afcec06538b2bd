"""What a simulated change says of a published one, and how many experiments are foretold, on numbers made by hand."""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from sim.config.schema.natural_experiment import PublishedChange
from sim.credibility.experiments.agreement import agreement_of
from sim.results.foretold import (
    EXPERIMENT_COLUMNS,
    EXPERIMENTS_FILE,
    Agreement,
    Foretold,
    care_hash,
    count_foretold,
    read_foretold,
)

DOWN = PublishedChange(sign="down", low=-0.1, high=-0.06, source="a trial", quality="A")
NONE = PublishedChange(sign="none", low=-0.04, high=0.04, source="a trial", quality="A")
SIGN = PublishedChange(sign="up", source="no size", quality="D")
CARE = {"services": {"er": {"label": "x"}}}


@pytest.mark.parametrize(
    ("estimate", "half", "word"),
    [
        (-0.08, 0.01, Agreement.INSIDE),
        (-0.1, 0.01, Agreement.INSIDE),  # its end
        (-0.109, 0.01, Agreement.WIDENED),  # a quarter of 0.04 is added at each end
        (-0.051, 0.01, Agreement.WIDENED),
        (-0.049, 0.01, Agreement.WEAKER),
        (-0.111, 0.01, Agreement.STRONGER),
        (0.08, 0.01, Agreement.WRONG),
        (-0.008, 0.01, Agreement.NOTHING),
        (-0.0019, 0.0, Agreement.NOTHING),  # within 0.2 % of nothing
        (-0.04, 0.05, Agreement.UNKNOWN),  # the interval holds 0 and the middle, -0.08
        (-0.08, math.nan, Agreement.UNKNOWN),  # one replication
        (math.nan, math.nan, Agreement.UNKNOWN),
    ],
)
def test_a_change_is_held_against_the_published_range(estimate: float, half: float, word: Agreement) -> None:
    assert agreement_of(estimate, half, DOWN) is word


@pytest.mark.parametrize(
    ("estimate", "half", "word"),
    [
        (0.01, 0.005, Agreement.INSIDE),
        (0.01, 0.02, Agreement.INSIDE),
        (-0.05, 0.005, Agreement.WIDENED),
        (0.07, 0.005, Agreement.UNPUBLISHED),
    ],
)
def test_where_no_change_was_found_one_that_is_large_is_told(estimate: float, half: float, word: Agreement) -> None:
    assert agreement_of(estimate, half, NONE) is word


@pytest.mark.parametrize(
    ("estimate", "half", "word"),
    [
        (0.3, 0.1, Agreement.SIGN),
        (-0.3, 0.1, Agreement.WRONG),
        (0.01, 0.02, Agreement.NOTHING),
        (0.01, 0.05, Agreement.UNKNOWN),
    ],
)
def test_where_the_size_is_not_known_the_sign_decides(estimate: float, half: float, word: Agreement) -> None:
    assert agreement_of(estimate, half, SIGN) is word


def table(*rows: tuple[str, str, float, Agreement | str]) -> pd.DataFrame:
    """Rows of experiment, use, low end of what is published, and agreement."""
    said = [
        (name, use, "x", 0.1, 0.0, 0.2, low, low, getattr(word, "value", word), care_hash(CARE))
        for name, use, low, word in rows
    ]
    return pd.DataFrame(said, columns=list(EXPERIMENT_COLUMNS))


TABLE = table(
    ("both_right", "kept_out", -0.1, Agreement.INSIDE),
    ("both_right", "kept_out", -0.2, Agreement.WIDENED),
    ("one_of_two", "kept_out", -0.1, Agreement.INSIDE),
    ("one_of_two", "kept_out", -0.1, Agreement.WEAKER),
    ("fitted", "fit", -0.1, Agreement.INSIDE),
    ("fitted", "fit", np.nan, ""),  # shows that the mechanism acted
    ("wrong_beside", "fit", -0.1, Agreement.INSIDE),
    ("wrong_beside", "fit", np.nan, Agreement.WRONG),
    ("from_nothing", "fit", 0.0, Agreement.INSIDE),
    ("sign_alone", "kept_out", np.nan, Agreement.SIGN),
    ("silent", "kept_out", np.nan, Agreement.INEXPRESSIBLE),
)


def test_an_experiment_is_foretold_if_all_its_readings_with_a_size_are() -> None:
    assert count_foretold(TABLE) == Foretold(5, 3, 2, 1, easily=1, inexpressible=1)


def test_the_count_holds_for_its_care_model_alone(tmp_path: Path) -> None:
    assert read_foretold(tmp_path, CARE) is None
    TABLE.to_csv(tmp_path / EXPERIMENTS_FILE, index=False)
    assert read_foretold(tmp_path, CARE) == count_foretold(TABLE)
    assert read_foretold(tmp_path, {"services": {}}) is None
    TABLE.drop(columns="agreement").to_csv(tmp_path / EXPERIMENTS_FILE, index=False)
    assert read_foretold(tmp_path, CARE) is None
