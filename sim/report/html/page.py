"""Results to one page: everything is computed here and in the modules it calls, the template only sets it out."""

from __future__ import annotations

import base64
import hashlib
from pathlib import Path
from typing import TYPE_CHECKING, Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from sim.model.codes import LEVELS, PAYERS
from sim.report.html import caveats, doubtful_stations, sections
from sim.report.html.answer import ER, TRAVEL, WORDINGS, answer
from sim.report.html.assumption_ranges import ranges
from sim.report.html.assumptions import care_records, scenario_records, weak_share
from sim.report.html.by_municipality import municipalities
from sim.report.html.change_cells import Writer
from sim.report.html.effect_parts import part_lines
from sim.report.html.effects import Effects
from sim.report.html.er_by_name import er_columns, er_rooms
from sim.report.html.experiments_line import foretold_sentence
from sim.report.html.headline import balanced, headline
from sim.report.html.measure_index import measure_index
from sim.report.html.over_time import over_time
from sim.report.html.quoted_evidence import quotations
from sim.report.html.sensitivity_section import sensitivity
from sim.report.html.smallest_change_words import limits
from sim.report.html.validation_section import checks
from sim.report.html.world_lines import world_lines, world_sentences
from sim.report.language import Code, Language
from sim.report.model_parts import is_about_model, those_about_model
from sim.report.names import Names
from sim.report.no_effect_lines import no_effect_lines, question_lines
from sim.report.red_flags import hidden_sentence, published_sentence
from sim.results.files import write_bytes, write_text
from sim.results.plausibility import tellable
from sim.results.read import Results

if TYPE_CHECKING:
    from sim.report.html.figures.style import Picture

PAGE = "report.html"
SCRIPT = "page.js"  # sorts tables, unfolds what a link leads to; the page allows no other
FIGURES = "figures"


def write_report(results: Results, code: Code) -> Path:
    """Writes ``report.html`` and ``figures/*.png`` into the results' folder; returns the page's path.

    ``code`` is the language, ``sv`` or ``en``.
    It is about the baseline alone where that is far off what is published. Works from what a study stored, and from
    the experiments of its region.
    Each file is whole or not there. Raises OSError where nothing can be written.
    """
    from sim.report.html.drawings import draw_all  # noqa: PLC0415 (matplotlib is loaded when it is needed)
    from sim.report.html.figures.style import remove_old_pictures  # noqa: PLC0415 (as above)

    language = Language(code)
    hidden, results = hidden_sentence(results, language), tellable(results)
    writer = Writer(Effects(results), Names(results.config, language), language)
    pictures = draw_all(writer, results)
    page = render(results, writer, pictures, hidden)
    figures = results.folder / FIGURES
    remove_old_pictures(figures, pictures)
    for picture in pictures.values():
        write_bytes(figures / f"{picture.name}.png", picture.png)
    write_text(results.folder / PAGE, page)
    return results.folder / PAGE


def render(results: Results, writer: Writer, pictures: dict[str, Picture], hidden: str = "") -> str:
    """The page as text; ``hidden``: why it tells of the baseline alone."""
    return environment(writer.language).get_template(PAGE).render(context(results, writer, pictures), hidden=hidden)


def environment(language: Language) -> Environment:
    """Jinja with everything escaped, and the language's words and numbers at hand."""
    jinja = Environment(
        loader=PackageLoader("sim.report.html"), autoescape=True, undefined=StrictUndefined, trim_blocks=True,
        lstrip_blocks=True,
    )  # fmt: skip
    script = (Path(__file__).parent / "templates" / SCRIPT).read_text(encoding="utf-8")
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    jinja.globals.update(
        _=language.translate, lang=language.code, language=language,
        script=Markup(script), script_hash=Markup(f"'sha256-{digest}'"),  # noqa: S704 (the program's own)
    )  # fmt: skip
    return jinja


def context(results: Results, writer: Writer, pictures: dict[str, Picture]) -> dict[str, Any]:
    """What the template names."""
    config, effects, names, language = results.config, writer.effects, writer.names, writer.language
    records = scenario_records(config, effects.scenarios, names, language)
    weak, sizes = weak_share(records)
    index = measure_index(writer)
    return {
        "index": index,
        "numbers": {entry.measure: entry.number for entry in index},
        "study": config["study"],
        "region": config["region"]["file"],
        "baseline": names.scenario(effects.baseline),
        "scenarios": [{"name": names.scenario(s), **_about(config, s, language)} for s in effects.scenarios],
        "columns": [names.scenario(s) for s in effects.scenarios],
        "headline": headline(writer),
        "met": published_sentence(results.folder, language),
        "balanced": balanced(writer, results) if is_about_model(ER, effects.services) else [],
        "over_time": over_time(writer, results),
        "answer": own_heads(writer, answer(writer, results)),
        "mapped": those_about_model(sections.MAPS, effects.services),
        "has": {"er": is_about_model(ER, effects.services), "travel": is_about_model(TRAVEL, effects.services)},
        "first_look": caveats.first_look(writer, config["study"]),
        "idle": no_effect_lines(config, results.manifest.get("without_effect", {}), language),
        "asked": question_lines(results.manifest.get("questions", []), language),
        "unserved": caveats.unserved_sentences(writer),
        "unsettled": caveats.unsettled_measures(writer),
        "overloaded": doubtful_stations.overloaded_pools(writer, results.manifest),
        "short_warm_ups": doubtful_stations.warm_ups(writer, results.measures, config["study"]["warm_up_days"]),
        "failed": caveats.failed_runs(writer, results.manifest),
        "summary": sections.summary(writer),
        "summary_row": writer.row,
        "parts": {m: part_lines(writer, results, m, effects.scenarios) for m in (ER, TRAVEL)},
        "er_columns": er_columns(writer),
        "er_rooms": er_rooms(writer),
        "waits": sections.blocks(writer, sections.WAITS),
        "services": sections.each_service(writer),
        "journeys": sections.blocks(writer, sections.JOURNEYS),
        "ages": sections.ages(writer),
        "municipalities": municipalities(writer),
        "visits_touched": caveats.municipality_changes(writer, "er_visits_per_1000_year"),
        "travel_touched": caveats.municipality_changes(writer, "travel_min_per_resident_year"),
        "flow_levels": [names.level(level) for level in LEVELS],
        "flow_matrix": sections.flow_matrix(writer),
        "flow_changes": sections.flow_changes(writer),
        "origins": sections.origins(writer),
        "payers": [names.payer(payer) for payer in PAYERS],
        "balances": sections.balances(writer, config),
        "rare": writer.rows("rare_cases_per_year", "site"),
        "evidence": {about: quotations(language, about) for about in ("volume", "distance")},
        "checks": checks(results.folder, writer),
        "foretold": foretold_sentence(config, writer),
        "records": records,
        "weak": weak,
        "sizes": sizes,
        "ranges": ranges(writer, results.measures),
        "limits": limits(writer),
        "worlds": {m: world_lines(writer, results, m) for m in (ER, TRAVEL)},
        "worlds_told": world_sentences(writer, results.manifest),
        "care": care_records(config["care"], names, language),
        "sensitivity": sensitivity(results.folder, writer),
        "left_out": [language.label(label) for label in config["region"]["file"]["left_out"]],
        "pictures": pictures,
        "svg": {name: Markup(picture.svg) for name, picture in pictures.items()},  # noqa: S704 (own drawing)
        "technical": technical(results, language),
    }


def own_heads(writer: Writer, heads: list[Any]) -> list[Any]:
    """The heads of the answer without those about what the model has not, an emergency room or any travel."""
    gone = {
        writer.language.translate(words.subject)
        for measure, words in WORDINGS.items()
        if not is_about_model(measure, writer.effects.services)
    }
    return [head for head in heads if head[0] not in gone]


def _about(config: dict[str, Any], scenario: str, language: Language) -> dict[str, Any]:
    """A scenario's description, and what it expresses: statements by document, each paraphrased with its id."""
    record = config["scenarios"][scenario]
    statements, titles = config.get("statements", {}), config.get("documents", {})
    cited: dict[str, list[tuple[str, str]]] = {}
    for id_ in record["statements"]:
        statement = statements.get(id_)
        document = statement["document"] if statement else ""
        title = language.label(titles[document]["title"]) if document in titles else document
        cited.setdefault(title, []).append((id_, language.label(statement) if statement else ""))
    return {"description": language.label(record["description"]), "statements": cited}


def technical(results: Results, language: Language) -> dict[str, Any]:
    """How the results were made."""
    manifest, study = results.manifest, results.config["study"]
    runs = manifest["runs"]
    contacts = sum(run.get("contacts", 0) for run in runs)
    return {
        "seed": manifest["seed"],
        "replications": study["replications"],
        "runs": len(runs),
        "contacts": language.number(contacts, 0),
        "wall": language.number(manifest["wall_s"] / 60, 1),
        "workers": manifest.get("workers", ""),
        "finished": language.moment(str(manifest.get("finished", ""))),
        "versions": ", ".join(f"{name} {version}" for name, version in manifest["versions"].items()),
    }


__all__ = ["environment", "render", "technical", "write_report"]
