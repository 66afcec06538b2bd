"""The notebooks: the same as their sources, and every cell runs."""

from __future__ import annotations

import shutil
from pathlib import Path

import jupytext
import nbformat
import pytest
from nbclient import NotebookClient

NOTEBOOKS = Path(__file__).resolve().parents[2] / "notebooks"
SOURCES = sorted(NOTEBOOKS.glob("*.py"))


@pytest.mark.parametrize("source", SOURCES, ids=lambda path: path.stem)
def test_a_notebook_says_what_its_source_says(source: Path) -> None:
    said = [(c.cell_type, c.source) for c in jupytext.read(source).cells]
    shown = nbformat.read(source.with_suffix(".ipynb"), as_version=4)
    assert [(c.cell_type, c.source) for c in shown.cells] == said
    assert not [c for c in shown.cells if c.get("outputs")]


@pytest.mark.filterwarnings("default")  # of the kernel's own libraries
@pytest.mark.parametrize("source", SOURCES, ids=lambda path: path.stem)
def test_a_notebook_runs_from_its_first_cell_to_its_last(source: Path, tmp_path: Path) -> None:
    there = tmp_path / "notebooks"
    there.mkdir()
    path = Path(shutil.copy(source.with_suffix(".ipynb"), there))
    notebook = nbformat.read(path, as_version=4)
    NotebookClient(notebook, timeout=600, kernel_name="python3", resources={"metadata": {"path": str(there)}}).execute()
    assert (tmp_path / "results" / "vgr_quick" / "measures.parquet").exists()
    table = [o for c in notebook.cells for o in c.get("outputs", []) if "text/html" in o.get("data", {})]
    shown = [o for c in notebook.cells if "run_study(" in c.source for o in c.get("outputs", [])]
    assert [o.output_type for o in shown if o.output_type != "execute_result"] == ["display_data"], "one bar"
    texts = [str(o.get("text", o.get("data"))) for c in notebook.cells for o in c.get("outputs", [])]
    assert not [text for text in texts if "Warning" in text]
    assert "er_arrivals_per_day" in table[-1]["data"]["text/html"]
