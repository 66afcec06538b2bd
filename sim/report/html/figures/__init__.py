"""The report's figures: results to pictures, each as SVG for the page and as PNG."""

from contextlib import chdir
from importlib import import_module
from pathlib import Path

with chdir(Path(__file__).parent):  # matplotlib would read a matplotlibrc of the working folder
    import_module("matplotlib")
