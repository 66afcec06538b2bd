"""Text is inert: what people write is shown as it was written, and orders neither terminal, figure nor library."""

from __future__ import annotations

import io
import subprocess
import sys
from pathlib import Path

import matplotlib as mpl
import pytest
from commands import edit, here, standing_in_queue
from matplotlib.figure import Figure

from sim.app import exits
from sim.config.errors import ConfigErrors, Problem
from sim.config.load import load_study
from sim.report.html.figures.style import own_style

MORE, STUDY, CARE = "scenarios/one_more_place.yaml", "configs/study/mmc.yaml", "configs/care/queue.yaml"
LABEL = 'en: "One more place"'


@pytest.fixture(autouse=True)
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    return standing_in_queue(tmp_path, monkeypatch)


LOUD = [
    "[/b]",
    "[bold red]place",
    "[link=http://a.b]x[/link]",
    ":smiley:",
    "$x^2$ and $\\frac{",
    "<b>&amp;",
    "\u00e5\u00a01",
]


@pytest.mark.parametrize("text", LOUD)
def test_a_label_is_shown_on_the_terminal_as_it_was_written(root: Path, text: str) -> None:
    edit(root, MORE, LABEL, f"en: '{text}'")
    edit(root, STUDY, 'en: "A queue M/M/c"', f"en: 'Study {text}'")
    done = here("check", "replications=1")
    assert done.code == 0, done.errors
    assert f"one_more_place: {text}" in done.output
    assert f"mmc: Study {text}" in done.output


HIDDEN = {
    "\\e[31mred": "U+001B",
    "a\\x07b": "U+0007",
    "left\\u202Eright": "RIGHT-TO-LEFT OVERRIDE",
    "zero\\u200Bwidth": "ZERO WIDTH SPACE",
    "back\\bspace": "U+0008",
}
PLACES = [
    (MORE, LABEL, "en: {}", "label.en"),
    (MORE, "source: assumption", "source: {}", "levers.fifth.add_units.source"),
    (CARE, 'en: "One queue"', "en: {}", "label.en"),
    (CARE, "source: assumption", "source: {}", "co2_g_per_km.source"),
    ("configs/region/town/region.yaml", 'sv: "Inga.", en: "None."', "sv: Inga, en: {}", "users_from_outside.en"),
]


@pytest.mark.parametrize("text", HIDDEN)
@pytest.mark.parametrize(("file", "old", "new", "key"), PLACES)
def test_text_that_cannot_be_printed_is_refused_by_the_name_of_its_sign(
    root: Path, file: str, old: str, new: str, key: str, text: str
) -> None:
    edit(root, file, old, new.format(f'"{text}"'))
    with pytest.raises(ConfigErrors) as caught:
        load_study()
    (problem,) = caught.value.problems
    assert problem.key == key
    assert HIDDEN[text] in problem.message
    assert str(problem).isprintable()


@pytest.mark.parametrize("column", ["name", "subregion", "source"])
def test_text_in_a_table_that_cannot_be_printed_is_refused(root: Path, column: str) -> None:
    path = root / "configs/region/town/municipalities.csv"
    header, row = path.read_text("utf-8").splitlines()
    cells = dict(zip(header.split(","), row.split(","), strict=True)) | {column: "To\x1b[31mwn"}
    path.write_text(f"{header}\n{','.join(cells.values())}\n", "utf-8")
    with pytest.raises(ConfigErrors) as caught:
        load_study()
    (problem,) = caught.value.problems
    assert problem.key == f"row 2, {column}"
    assert "U+001B" in problem.message


@pytest.mark.parametrize(
    ("text", "why"), [("''", "must not be empty"), ("' '", "must not be empty"), ("x" * 2001, "2,001")]
)
def test_a_label_has_something_in_it_and_not_too_much(root: Path, text: str, why: str) -> None:
    edit(root, MORE, LABEL, f"en: {text}")
    with pytest.raises(ConfigErrors) as caught:
        load_study()
    assert why in caught.value.problems[0].message


def test_a_message_spells_out_what_would_order_the_terminal(root: Path) -> None:
    assert str(Problem("f", "a\x1b[2Jb", "", "unknown key")) == "f: a\\x1b[2Jb: unknown key"
    edit(root, MORE, "levers:", '"\\e[2Jx": 1\nlevers:')
    done = here("check")
    assert done.code == exits.BAD_INPUT
    assert "\\x1b[2Jx: unknown key" in done.errors
    assert "\x1b" not in done.errors


@pytest.mark.parametrize("text", ["a $x$ b", "$\\frac{$", "cost $5, then $6", "\\$ and $ {"])
def test_a_figure_writes_a_text_with_dollars_as_it_is(text: str) -> None:
    drawn = io.StringIO()
    with own_style():
        figure = Figure()
        figure.suptitle(text)
        figure.savefig(drawn, format="svg")
    assert f">{text}</text>" in drawn.getvalue()


def test_figures_are_drawn_by_no_settings_of_the_user() -> None:
    with mpl.rc_context({"axes.grid": True, "lines.linewidth": 9, "text.usetex": True}):
        with own_style():
            assert (mpl.rcParams["axes.grid"], mpl.rcParams["text.usetex"]) == (False, False)
            assert mpl.rcParams["lines.linewidth"] == mpl.rcParamsDefault["lines.linewidth"]
        assert mpl.rcParams["axes.grid"]


LOADS = {
    "matplotlib": (
        "matplotlibrc",
        b"axes.grid: True\n",
        "import sim.report.html.drawings, matplotlib as m; print(m.rcParams['axes.grid'])",
    ),
    "matplotlib, of a file that is none": (
        "matplotlibrc",
        b"\xff\xfe axes\n",
        "import sim.report.html.drawings, matplotlib as m; print(m.rcParams['axes.grid'])",
    ),
    "numba": (
        ".numba_config.yaml",
        b"disable_jit: 1\n",
        "from sim.engines.select import load_numba; load_numba(); import numba; print(bool(numba.config.DISABLE_JIT))",
    ),
}


@pytest.mark.parametrize("library", LOADS)
def test_a_file_of_the_working_folder_orders_no_library(root: Path, library: str) -> None:
    name, content, code = LOADS[library]
    (root / name).write_bytes(content)
    done = subprocess.run([sys.executable, "-P", "-c", code], cwd=root, text=True, capture_output=True, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (0, "False\n", "")
