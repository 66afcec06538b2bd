"""What lies in a results folder, told in the terminal."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from sim.config.sentence import N_, Sentence, as_sentence
from sim.report.terminal_language import terminal_language
from sim.report.terminal_table import translated_table
from sim.results.identity import Damaged
from sim.study.cleaning import Leftovers
from sim.study.console import own_console, own_voice
from sim.study.inventory import StudyRecord, StudyState

STATES = {
    StudyState.RUNNING: N_("running"),
    StudyState.DONE: N_("done"),
    StudyState.INTERRUPTED: N_("interrupted"),
    StudyState.DAMAGED: N_("damaged"),
}
LISTED = 20


def print_states(records: Sequence[StudyRecord], results: Path) -> None:
    """A line for each study, then what is damaged of them."""
    if not records:
        _tell(Sentence("{path} holds no study.", path=results))
        return
    table = translated_table([N_("Study"), N_("State"), N_("Runs"), N_("Heartbeat")], left=["State", "Heartbeat"])
    for record in records:
        state = terminal_language().translate(STATES[record.state])
        table.add_row(record.folder.name, state, str(record.runs or ""), own_voice().say(_heard(record)))
    own_console().print(table)
    print_damaged([damaged for record in records for damaged in record.damaged])


def _heard(record: StudyRecord) -> str:
    beat = record.beat
    if record.failed:
        return Sentence("{failed} runs failed", failed=record.failed)
    if beat is None:
        return ""
    about = {"pid": beat.pid, "host": beat.host, "done": beat.done, "total": beat.total, "seconds": f"{beat.age_s:.0f}"}
    if record.state is StudyState.RUNNING:
        return Sentence("process {pid} on {host}, {done} of {total}, {seconds} s ago", **about)
    return Sentence("process {pid} on {host} was killed at {done} of {total}", **about)


def print_damaged(damaged: Sequence[Damaged]) -> None:
    """A line for each file that is not believed, and what to do."""
    for one in dict.fromkeys(damaged):
        why = own_voice().say(as_sentence(one.why))
        _tell(Sentence("{path} is damaged: {why}.", path=one.path, why=why))
    if damaged:
        _tell(
            Sentence(
                "Start a damaged study again as it was: its damaged runs are computed anew, all else from the runs."
            )
        )


def print_verdict(studies: int, runs: int, damaged: int) -> None:
    """How much was looked at, and how much of it is damaged."""
    text = N_("{studies} studies and {runs} runs were looked at; {damaged} files are damaged.")
    _tell(Sentence(text, studies=studies, runs=runs, damaged=damaged))


def print_leftovers(leftovers: Leftovers) -> None:
    """What may go, file by file, and why runs stay."""
    size = sum(path.stat().st_size for path in leftovers.files if path.exists())
    for path in leftovers.files[:LISTED]:
        own_console().print(str(path), soft_wrap=True)
    if (more := len(leftovers.files) - LISTED) > 0:
        _tell(Sentence("and {number} more", number=more))
    for reason in leftovers.kept:
        _tell(Sentence("Runs that no study names stay: {reason}.", reason=reason))
    megabytes = terminal_language().number(size / 1e6, 1)
    text = N_("{runs} runs that no study names, {temporary} temporary files: {size} MB.")
    _tell(Sentence(text, runs=len(leftovers.runs), temporary=len(leftovers.temporary), size=megabytes))


def _tell(sentence: Sentence) -> None:
    own_console().print(own_voice().say(sentence), soft_wrap=True)


__all__ = ["print_damaged", "print_leftovers", "print_states", "print_verdict"]
