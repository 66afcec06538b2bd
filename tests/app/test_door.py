"""One door for errors: what ``run`` refuses ``check`` refuses too, in the same words, and nothing is a traceback."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from commands import edit, here, standing_in_queue

import sim.config.load
from sim.app import exits
from sim.compile import compile_scenario
from sim.config.load import load_study
from sim.demand import draw_episodes, try_demand

CARE, REGION, MORE = "configs/care/*.yaml", "configs/region/town", "scenarios/one_more_place.yaml"
FLAT = "{piecewise: {2027-01-01 00:00: 1}"
SECOND = "places,place,hospital,4,0,always,finish,0,assumption,D\n"
ADD = "    kind: capacity\n    pools: {resource: place}\n    add_units: {value: 1, low: 1, high: 1,"
TO_NOTHING = (
    "    kind: transfer\n    source_pools: {resource: place}\n    target_pools: {resource: bed}\n"
    "    share: {value: .1, low: .1, high: .1,"
)
BED = (
    "  bed:\n    label: {sv: Säng, en: Bed}\n    unit: {sv: sängar, en: beds}\n"
    "    staff_h_per_unit_h: {value: 1, source: assumption, quality: D}\n"
    "    sek_per_staff_h: {value: 500, source: assumption, quality: D}\n    payer: region\n"
)
MARCH = "{hour: [1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1], weekday: [1,1,1,1,1,1,1], month: "


@pytest.fixture(autouse=True)
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    return standing_in_queue(tmp_path, monkeypatch)


def a_bed_of_nobody(root: Path) -> None:
    edit(root, CARE, "resources:\n", f"resources:\n{BED}")
    edit(root, f"{REGION}/pools.csv", SECOND, f"{SECOND}beds,bed,hospital,0,0,always,finish,0,assumption,D\n")
    edit(root, f"{REGION}/offers.csv", "hospital,er,places,", "hospital,er,places beds,")
    edit(root, MORE, ADD, TO_NOTHING)


REFUSED = {
    "a time zone that is misspelt": (
        [(f"{REGION}/region.yaml", "holidays:", "timezone: Europe/Stokholm\nholidays:")],
        "region.yaml: timezone: unknown time zone",
        "did you mean Europe/Stockholm?",
    ),
    "a time zone that is a folder": (
        [(f"{REGION}/region.yaml", "holidays:", "timezone: Europe\nholidays:")],
        "region.yaml: timezone: unknown time zone",
        "'Europe'",
    ),
    "a profile that is 0 all over the year": (
        [(CARE, FLAT, "{piecewise: {2026-01-01 00:00: 1, 2027-01-01 00:00: 0}")],
        "profiles.flat: a profile is 0 all over the year 2027",
        "scenario baseline",
    ),
    "a pool of more units than any machine holds": (
        [(f"{REGION}/pools.csv", "hospital,4,", "hospital,1e12,")],
        "pools.csv: row 2, capacity: out of range (found '1e12')",
        "allowed: 0 to 100,000 units",
    ),
    "units beyond every number": (
        [(MORE, "add_units: {value: 1, low: 1, high: 1,", "add_units: {value: 1e300, low: 1e300, high: 1e300,")],
        "levers.fifth.add_units.value: out of range (found '1e+300')",
        "allowed: -100,000 to 100,000 units",
    ),
}


@pytest.mark.parametrize("case", REFUSED)
def test_check_refuses_what_run_refuses_with_the_same_code_and_words(root: Path, case: str) -> None:
    edits, *words = REFUSED[case]
    for pattern, old, new in edits:
        edit(root, pattern, old, new)
    checked, done = here("check"), here("run")
    assert (checked.code, done.code) == (exits.BAD_INPUT, exits.BAD_INPUT), checked
    for word in words:
        assert word in checked.errors
        assert word in done.errors
    assert "Traceback" not in checked.errors + done.errors


def test_a_transfer_to_pools_of_nothing_is_refused_by_check_as_by_run(root: Path) -> None:
    a_bed_of_nobody(root)
    checked, done = here("check"), here("run")
    assert (checked.code, done.code) == (exits.BAD_INPUT, exits.BAD_INPUT)
    for errors in (checked.errors, done.errors):
        assert "levers.fifth: a transfer's target pools have no capacity that could grow" in errors


ZERO = {
    "the months of a year": f"{MARCH}[0,0,0,0,1,1,1,1,0,0,0,0]",
    "pieces, the last before the run": "{piecewise: {2027-01-01 00:00: 1, 2027-01-05 00:00: 0}",
}


@pytest.mark.parametrize("case", ZERO)
def test_a_profile_that_is_0_in_the_window_gives_no_episodes_and_a_note(root: Path, case: str) -> None:
    edit(root, CARE, FLAT, ZERO[case])
    checked = here("check", "replications=2")
    assert checked.code == 0, checked.errors
    assert "Note: nobody has the need ill in the window: its profile is 0 in it." in checked.output
    model = compile_scenario(load_study(["end=2027-01-12"], root=root), "baseline")
    assert len(draw_episodes(model, 1, 0).time) == 0
    assert model.hour_cum[:, -1].tolist() == [2**32]


def test_a_need_that_people_have_is_not_told_as_one_of_nobody() -> None:
    assert "nobody has the need" not in here("check").output


def test_a_first_look_at_demand_draws_some_of_it(root: Path) -> None:
    model = compile_scenario(load_study(root=root), "baseline")
    looked, drawn = try_demand(model, 1), len(draw_episodes(model, 1, 0).time)
    assert 0 < looked == drawn < 16_384  # fewer than a block: all of it
    assert looked == pytest.approx(58 * 24 * 6, rel=0.05)


def test_a_fault_of_the_program_is_one_line_and_the_traceback_is_in_the_file_that_it_names(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    monkeypatch.setattr(exits.tempfile, "tempdir", None)
    monkeypatch.setattr(sim.config.load, "_compose", lambda *given: {}["no such key"])
    done = here("check")
    assert done.code == exits.FAULT
    assert done.errors.count("\n") == 1
    assert done.errors.startswith("KeyError: 'no such key'. This is a fault in careshift")
    (kept,) = re.findall(r"is in (\S+)$", done.errors.strip())
    assert "Traceback" in Path(kept).read_text("utf-8")
    assert Path(kept).parent == tmp_path


def test_what_no_machine_holds_ends_with_4_and_a_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    def too_large(*given: object) -> None:
        raise MemoryError("Unable to allocate 29 TiB")

    monkeypatch.setattr(sim.config.load, "_compose", too_large)
    done = here("check")
    assert (done.code, done.errors) == (exits.ENVIRONMENT, "Not enough memory: Unable to allocate 29 TiB\n")
