"""What slides and the brief tell of a study: the report's own sentences, tables and pictures, chosen and in order."""

from __future__ import annotations

from dataclasses import dataclass

from sim.export.provenance import facts, title
from sim.report.html.answer import COST, ER, TRAVEL, closures
from sim.report.html.assumptions import scenario_records, weak_share
from sim.report.html.caveats import failed_runs, first_look, unserved_sentences
from sim.report.html.change_cells import Cell, Row, Writer
from sim.report.html.effect_parts import part_lines
from sim.report.html.figures.maps import draw_maps
from sim.report.html.figures.outcome_plane import draw_plane
from sim.report.html.figures.style import Picture, own_style
from sim.report.html.headline import headline
from sim.report.html.page import technical
from sim.report.html.world_lines import world_sentences
from sim.report.language import N_, NO_BREAK
from sim.results.read import Results

SITE = "site"
ROBUST = N_(
    "Robust means that the change is large enough to matter, larger than chance, and points the same way in all that "
    "was tried of our assumptions. Three other words mean three different things. No change: whatever it is, it is too "
    "small to matter. Not tested: a change beyond chance, but nobody asked what the assumptions do to it. Cannot be "
    "told: chance hides it, or a queue had not settled; more or longer runs may tell."
)
WEAK = N_("{weak} of {sizes} effect sizes have quality D: judgement, with no study behind it.")
MADE = N_(
    "Discrete-event simulation. Seed {seed}; {replications} replications; {runs} runs with {contacts} contacts; {wall} "
    "minutes with {workers} processes; finished {finished}."
)
SIGNS = N_(
    "▲ ▼ robust; △ ▽ depends on the assumptions; ? not tested; = no change that matters; ≈ cannot be told; "
    "~ not settled; – not measured."
)


@dataclass(frozen=True)
class ScenarioOutcome:
    """One scenario: visits to emergency rooms, travel and cost, each with its change and how sure it is."""

    name: str
    cells: list[Cell]


@dataclass(frozen=True)
class Summary:
    """What a decision needs of a study; every text is in one language."""

    title: str
    place: str
    question: str
    answer: list[str]
    cautions: list[str]  # what must be known before believing
    heads: list[str]  # of the outcomes
    outcomes: list[ScenarioOutcome]
    rooms: list[Row]
    columns: list[str]  # the scenarios
    baseline: str
    plane: Picture | None
    travel_map: Picture | None
    sureness: list[str]
    assumed: list[str]
    left_out: list[str]
    making: list[str]


def summary_of(results: Results, writer: Writer) -> Summary:
    """The summary of a study, with its pictures drawn in the writer's language."""
    language, effects, names = writer.language, writer.effects, writer.names
    translate, config = language.translate, results.config
    study = config["study"]
    days = translate("{start} to {end}", start=language.date(study["start"]), end=language.date(study["end"]))
    with own_style():
        plane, travel_map = draw_plane(writer, results), draw_maps(writer, TRAVEL)
    heads = [translate("Emergency room visits per day"), translate("Travel, minutes per resident and year"),
             translate("Cost, SEK million per year")]  # fmt: skip
    return Summary(
        title=title(results, language),
        place=f"{language.label(config['region']['file']['label'])}, {days}",
        question=language.label(study["question"]),
        answer=headline(writer),
        cautions=_cautions(results, writer),
        heads=heads,
        outcomes=[_outcome(writer, s) for s in effects.scenarios],
        rooms=_rooms(writer),
        columns=[names.scenario(s) for s in effects.scenarios],
        baseline=names.scenario(effects.baseline),
        plane=plane,
        travel_map=travel_map,
        sureness=_sureness(results, writer),
        assumed=part_lines(writer, results, ER, effects.scenarios),
        left_out=[language.label(label) for label in config["region"]["file"]["left_out"]],
        making=_making(results, writer),
    )


def cell_text(cell: Cell) -> str:
    """A change with its sign, for a table where colours are not told."""
    return f"{cell.sign}{NO_BREAK}{cell.change}" if cell.change else cell.sign


def _outcome(writer: Writer, scenario: str) -> ScenarioOutcome:
    cells = [writer.cell(writer.effects.get(scenario, measure)) for measure in (ER, TRAVEL, COST)]
    return ScenarioOutcome(writer.names.scenario(scenario), cells)


def _rooms(writer: Writer) -> list[Row]:
    """Visits to each emergency room, and at last to all."""
    if not writer.effects.groups(ER, SITE):
        return []
    return [*writer.rows(ER, SITE), writer.row(ER, name=writer.language.translate("All emergency rooms"), strong=True)]


def _cautions(results: Results, writer: Writer) -> list[str]:
    translate = writer.language.translate
    look = first_look(writer, results.config["study"])
    cautions = [f"{translate('A first look.')} {look}"] if look else []
    if failed_runs(writer, results.manifest):
        cautions.append(translate("Some runs failed; the results rest on the others."))
    unserved = unserved_sentences(writer)
    if unserved:
        cautions.append(f"{translate('Warning: some get no care at all.')} {unserved[0]}")
    return [*cautions, *closures(writer)]


def _sureness(results: Results, writer: Writer) -> list[str]:
    """What the words mean, what the worlds are, and how many assumptions rest on judgement alone."""
    translate = writer.language.translate
    records = scenario_records(results.config, writer.effects.scenarios, writer.names, writer.language)
    weak, sizes = weak_share(records)
    judged = [translate(WEAK, weak=weak, sizes=sizes)] if weak else []
    return [translate(ROBUST), *world_sentences(writer, results.manifest), *judged]


def _making(results: Results, writer: Writer) -> list[str]:
    """How the results were made, and which study it is."""
    language = writer.language
    known = {fact.name: fact.value for fact in facts(results, language)}
    which = [language.translate(name) for name in (N_("Study"), N_("Hash of the measures (SHA-256)"))]
    about = technical(results, language)
    return [language.translate(MADE, **about), "; ".join(f"{name}: {known[name]}" for name in which) + "."]


__all__ = ["SIGNS", "ScenarioOutcome", "Summary", "cell_text", "summary_of"]
