"""The worked examples with what a user easily gets wrong: told in one sentence by ``check`` and ``run`` alike."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

import pytest
from worlds import Offer, Sketch, need, service

from sim.app import cli

EXAMPLES = Path(__file__).resolve().parents[2] / "docs" / "examples"
BIRTH, DIVERSION, STEP_DOWN = "birth/configs/care/centre.yaml", "diversion/configs/care/diversion.yaml", "step_down"
UNITS = "{}/configs/region/town/pools.csv"
ROOMS = "step_down/configs/region/town/offers.csv"
BED = "  delivery_bed: # the bed is made ready and kept until the birth is over\n"
ICU = "hospital,intensive_care,icu,local_hospital,all,all,always,0,region,assumption,D"
DOWN = "hospital,step_down,step_down,local_hospital,all,all,always,0,region,assumption,D"
NURSES = "nurses,nurse,centre,2,0,always,finish,0"

MISSED = "{all: {share: 0.1, source: assumption, quality: D}}"
RESPONSE = "{signal: full, step: nurse, odds: [1, 2], source: assumption, quality: D}"
WAYS = "{bed: {to: delivery_bed, probability: 0.1, how: within}, home: {to: exit, probability: 0.9}}"
BACK = f"{{all: {{then: {WAYS}, source: assumption, quality: D}}}}"

WRONG = [
    (DIVERSION, "[0, 1]", "[0, 0.5, 1]", "has 3 numbers where signal places has 2 classes"),
    (DIVERSION, "[0, 1]", "[0, 1.2]", "share[1]: must be less than or equal to 1"),
    (DIVERSION, "[0, 1]", "1", "share: must be a list"),
    (DIVERSION, "signal: places", "signal: place", "unknown signal (found 'place'); allowed: places"),
    (DIVERSION, "{of: er,", "{of: err,", "signals.places.of: unknown service"),
    (DIVERSION, "[950]", "[0.95]", "signals.places.classes[0]: must be a whole number"),
    (DIVERSION, "[950]", "[1000, 950]", "the thresholds of classes must rise"),
    (DIVERSION, "next_site", "turned_away", "allowed: fallback, next_site, leave"),
    (DIVERSION, "all: {signal: places, share: [0, 1], source: assumption, quality: D}", "all: 1", "must be a rule"),
    (DIVERSION, "fallback: er", "fallback: er_diverting", "fallback circle: er_diverting > er_diverting"),
    (BIRTH, BED, f"{BED}    starts: alwys\n", "unknown calendar of configs/region/town/calendars.yaml"),
    (BIRTH, BED, f'{BED}    ends: "10:00-12:00"\n', "delivery_bed.ends: must be a name"),
    (BIRTH, "how: within} # nurse", "how: whithin} # nurse", "did you mean within?"),
    (BIRTH, "to: exit, probability: 0.6", "to: exit, probability: 0.6, gives_back: all", "who exits gives back"),
    (UNITS.format("birth"), NURSES, NURSES.replace("finish", "hand_over"), "hand_over cannot be where units are held"),
    (UNITS.format("birth"), NURSES, NURSES.replace("always,finish", ",fresh"), "row 3, calendar: is missing"),
    (UNITS.format("birth"), NURSES, NURSES.replace("finish", "handover"), "did you mean hand_over?"),
    (UNITS.format(STEP_DOWN), "0 0 1 1 1", "0 0 1 1", "row 2, keep_free: units that a request of acuity 1, 2, 3, 4"),
    (UNITS.format(STEP_DOWN), "0 0 1 1 1", "0 0 6 6 6", "keeps every unit free of acuity 3, so nobody of it could"),
    (ROOMS, "care,icu,", "care,icu icu2,", "row 2, pool: unknown pool (found 'icu2')"),
    (ROOMS, "care,icu,", '"care","icu,step_down",', "or several with spaces between"),
    (ROOMS, f"quality\n{ICU}\n{DOWN}", f"quality,spill_after_h\n{ICU},2\n{DOWN},", "this one has a single one"),
    (
        ROOMS,
        f"quality\n{ICU}\n{DOWN}",
        f"quality,spill_after_h\n{ICU.replace('icu', 'icu step_down')},2 3\n{DOWN},",
        "has 2 hours where 1 pools come after the first",
    ),
    (
        BIRTH,
        "    kind: primary_care\n",
        f"    kind: primary_care\n    no_show: {MISSED}\n",
        "only a booked patient can",
    ),
    (BIRTH, "        then: {nurse:", f"        response: {RESPONSE}\n        then: {{nurse:", "declares no `signals`"),
    (
        BIRTH,
        "  complication: # bed, nurse and doctor at once\n",
        f"  complication:\n    next: {BACK}\n",
        "circle of held pools",
    ),
]


def said(command: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> tuple[object, str]:
    """Exit code and words of a command."""
    monkeypatch.setattr(sys, "argv", ["careshift", command])
    with pytest.raises(SystemExit) as ended:
        cli.main()
    out, err = capsys.readouterr()
    return ended.value.code, " ".join((out + err).split())


@pytest.mark.parametrize(("file", "right", "wrong", "told"), WRONG)
def test_what_is_wrong_is_told_by_check_and_by_run_with_the_same_words(
    file: str, right: str, wrong: str, told: str, tmp_path: Path,
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    example, inside = file.split("/", maxsplit=1)
    root = Path(shutil.copytree(EXAMPLES / example, tmp_path / example))
    text = (root / inside).read_text(encoding="utf-8")
    assert right in text
    (root / inside).write_text(text.replace(right, wrong, 1), encoding="utf-8")
    monkeypatch.chdir(root)
    checked = said("check", capsys, monkeypatch)
    assert checked == said("run", capsys, monkeypatch)
    assert checked[0] == 2
    assert told in checked[1]
    assert inside in checked[1]
    assert not (root / "results").exists()


def test_a_pool_may_keep_all_its_units_from_those_who_have_another(tmp_path: Path) -> None:
    offer = Offer(pool="own", further="over", keep_free="9 9 9 9 9")
    rooms = {"a": {"over": Offer()}}
    Sketch({"ward": service()}, {"a": {"ward": offer}}, {"ill": need({"ward": 1})}, rooms=rooms).load(tmp_path)
