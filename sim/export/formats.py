"""What a study can be written as, and where each goes."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from sim.config.errors import Problem, unknown
from sim.config.sentence import Sentence
from sim.export.nothing_written import NothingWritten
from sim.report.html.change_cells import Writer
from sim.report.html.effects import Effects
from sim.report.language import Code, Language
from sim.report.names import Names
from sim.report.red_flags import hidden_sentence
from sim.results.files import write_whole
from sim.results.read import Results

COMMAND_LINE = "command line"
FOLDER = "export"  # within the study's
Write = Callable[[Path, Results, Writer], None]
ONE_FILE = ("xlsx", "docx", "pptx")
EVENTS = "events"
FORMATS = (*ONE_FILE, "csv", EVENTS)


@dataclass(frozen=True)
class RunChoice:
    """Which run an event log is of; None: the baseline, its first replication, the whole window."""

    scenario: str | None = None
    replication: int | None = None
    days: float | None = None

    @property
    def options(self) -> list[str]:
        """The options that were given."""
        given = {"--scenario": self.scenario, "--replication": self.replication, "--days": self.days}
        return [name for name, value in given.items() if value is not None]


def export(results: Results, to: str, code: Code, out: Path | None = None, run: RunChoice | None = None) -> list[Path]:
    """Writes a study in a format of ``FORMATS``; returns the files, each of which is whole.

    ``out``: the file, or the folder where a format has several files; without it, within the study's folder.
    Raises NothingWritten for what cannot be, and what ``event_log`` raises.
    """
    run = run or RunChoice()
    if problems := [*_problems(results, to, out, run), *_implausible(results, to, Language(code))]:
        raise NothingWritten(problems)
    language = Language(code)
    writer = Writer(Effects(results), Names(results.config, language), language)
    name = f"{results.config['study']['name']}_{code}"
    folder = out if out is not None and to not in ONE_FILE else results.folder / FOLDER
    if to in ONE_FILE:
        path = out if out is not None else folder / f"{name}.{to}"
        write = _writes(to)
        write_whole(path, lambda temporary: write(temporary, results, writer))
        return [path]
    if to == EVENTS:
        return _events(results, code, folder, run)
    from sim.export.comma_files import write_tables  # noqa: PLC0415 (each format loads its own libraries)

    return write_tables(results, writer, folder, name)


def _implausible(results: Results, to: str, language: Language) -> list[Problem]:
    """Why no changes are told; nothing where they are, or where there are none, as in an event log."""
    hidden = hidden_sentence(results, language) if to != EVENTS else ""
    return [Problem(str(results.folder), "", "", hidden)] if hidden else []


def _writes(to: str) -> Write:
    """What writes one file."""
    if to == "xlsx":
        from sim.export.workbook import write_workbook  # noqa: PLC0415

        return write_workbook
    if to == "docx":
        from sim.export.brief import write_brief  # noqa: PLC0415

        return write_brief
    from sim.export.slides import write_slides  # noqa: PLC0415

    return write_slides


def _events(results: Results, code: Code, folder: Path, run: RunChoice) -> list[Path]:
    from sim.export.event_files import event_log, write_events  # noqa: PLC0415 (simulates)

    scenario = run.scenario if run.scenario is not None else str(results.manifest["baseline"])
    replication = run.replication or 0
    log = event_log(results, scenario, replication, code, run.days)
    return write_events(log, folder, f"{results.config['study']['name']}_{scenario}_{replication}_events")


def _problems(results: Results, to: str, out: Path | None, run: RunChoice) -> list[Problem]:
    if to not in FORMATS:
        return [unknown(COMMAND_LINE, "--to", to, "format", FORMATS)]
    problems = []
    if to != EVENTS:
        message = Sentence("chooses a run, and belongs to --to {format} alone", format=EVENTS)
        problems += [Problem(COMMAND_LINE, option, "", message) for option in run.options]
    if run.days is not None and not 0 < run.days < math.inf:
        problems.append(Problem(COMMAND_LINE, "--days", str(run.days), "must be a number of days above 0"))
    if out is None:
        return problems
    if to in ONE_FILE and (out.suffix.lower() != f".{to}" or out.is_dir()):
        message = Sentence("must be a file that ends with {ending}", ending=f".{to}")
        problems.append(Problem(COMMAND_LINE, "--out", str(out), message))
    if to not in ONE_FILE and out.exists() and not out.is_dir():
        problems.append(Problem(COMMAND_LINE, "--out", str(out), "must be a folder, since several files are written"))
    if out.absolute() == results.folder.absolute():
        problems.append(Problem(COMMAND_LINE, "--out", str(out), "is the study's own folder; choose another"))
    return problems


__all__ = ["FORMATS", "RunChoice", "export"]
