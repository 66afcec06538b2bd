"""Results to one page that can be mailed, and its figures as PNG; nothing here runs or compiles a model."""

from __future__ import annotations

from sim.report.page import write_report

__all__ = ["write_report"]
