"""Results told: one page that can be mailed, pages of the documentation, the terminal."""

from __future__ import annotations

from sim.report.html.page import write_report

__all__ = ["write_report"]
