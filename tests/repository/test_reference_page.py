"""The reference of the configuration is what the models say: every key, in the order of the files."""

from __future__ import annotations

from pathlib import Path

import pytest

from sim.config.schema.appointments import NoShowRule, NotBeforeRule
from sim.config.schema.care import Care, QueueLimit, Service
from sim.config.schema.natural_experiment import ExperimentReading, ExperimentSide, NaturalExperiment, PublishedChange
from sim.config.schema.pathway_rules import Step
from sim.config.schema.responses import DurationResponse, RefuseRule, Signal, WayResponse
from sim.report.pages.reference_page import PAGE, page_text

ROOT = Path(__file__).resolve().parents[2]


def test_the_page_is_what_the_models_say_now() -> None:
    assert (ROOT / PAGE).read_text(encoding="utf-8") == page_text()


def test_a_key_has_its_kind_its_default_and_its_limits() -> None:
    page = page_text()
    assert "| `over_h` | whole number (0 to 168 h) | `0` |" in page
    assert "| `refuse` | name to [RefuseRule](#refuserule) | nothing |" in page
    assert "| `share` | list of number (0 to 1), at least 2 entries | must be said |" in page
    assert "| `speed_kmh` | [Figure](#figure) (0.1 to 300 km/h; usually 10 to 130) | must be said |" in page
    assert "| `pools.csv` | `capacity` | 0 to 100,000 units | 0 to 2000 units |" in page
    assert "| `ward` | 15 min to 90 days | 0 to 600 units |" in page
    assert "| `pools.csv` | `pool`, `resource`" in page
    assert "| `keep_free`, `from`, `to` |" in page


@pytest.mark.parametrize(
    "model",
    [
        *(Care, DurationResponse, NoShowRule, NotBeforeRule, QueueLimit, RefuseRule, Service, Signal, Step),
        *(WayResponse, NaturalExperiment, ExperimentSide, ExperimentReading, PublishedChange),
    ],
)
def test_every_key_of_the_care_model_and_of_the_mechanisms_has_a_meaning(model: type) -> None:
    fields = model.model_fields  # type: ignore[attr-defined]
    assert [name for name, field in fields.items() if not field.description] == []
