"""The report: one page that says what the results say, and hides nothing."""

from __future__ import annotations

import base64
import dataclasses
import hashlib
import json
import re
import shutil
import subprocess
import sys
from itertools import pairwise
from pathlib import Path

import pandas as pd
import pytest
from reports import SCRIPT, Outline, page, study, text, with_ranged_travel, writer

from sim.config.load import load_study
from sim.report import write_report
from sim.report.html.assumption_ranges import ranges
from sim.report.html.figures.style import remove_old_pictures
from sim.report.language import Language
from sim.results.read import Results, read_results
from sim.study.study import run_study

ROOT = Path(__file__).resolve().parents[2]
LANGUAGES = ("sv", "en")


@pytest.fixture(scope="module")
def results(tmp_path_factory: pytest.TempPathFactory) -> Results:
    """A study of the tiny world, run for real."""
    return study(tmp_path_factory.mktemp("study"))


@pytest.fixture(scope="module")
def pages(results: Results) -> dict[str, str]:
    """The report in both languages."""
    return {code: write_report(results, code).read_text("utf-8") for code in LANGUAGES}


@pytest.fixture
def copy(results: Results, tmp_path: Path) -> Results:
    """The results in a folder of their own."""
    shutil.copytree(results.folder, tmp_path / "copy")
    return read_results(tmp_path / "copy")


def changed(results: Results, **cells: object) -> Results:
    """The results with something else in the comparison of near care's visits to emergency rooms."""
    table = results.comparison.copy()
    here = (table["scenario"] == "near_care") & (table["measure"] == "er_arrivals_per_day") & (table["by"] == "all")
    assert here.sum() == 1
    for column, value in cells.items():
        table.loc[here, column] = value
    return dataclasses.replace(results, comparison=table)


@pytest.mark.parametrize("code", LANGUAGES)
def test_the_page_needs_nothing_outside_itself(pages: dict[str, str], code: str) -> None:
    outline = Outline(pages[code])
    for tag, attributes in outline.tags:
        assert tag not in ("link", "iframe", "object", "embed", "img", "base"), tag
        for name, value in attributes.items():
            assert "//" not in value, (tag, name, value)
            assert not name.startswith("on"), (tag, name)
    styles = re.findall(r"<style>(.*?)</style>", pages[code], flags=re.DOTALL)
    assert styles
    assert not any("url(" in style or "@import" in style for style in styles)
    policy = next(a["content"] for a in outline.all("meta") if a.get("http-equiv") == "Content-Security-Policy")
    assert "default-src 'none'" in policy
    scripts = re.findall(r"<script(.*?)>(.*?)</script>", pages[code], flags=re.DOTALL)
    assert [attributes for attributes, _ in scripts] == [""]
    digest = base64.b64encode(hashlib.sha256(scripts[0][1].encode()).digest()).decode()
    assert f"script-src 'sha256-{digest}'" in policy  # a browser runs this one and no other


@pytest.mark.parametrize("code", LANGUAGES)
def test_text_of_a_scenario_is_escaped(pages: dict[str, str], code: str) -> None:
    assert SCRIPT not in pages[code]
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in pages[code]
    assert "&amp;amp;" not in pages[code]


@pytest.mark.parametrize("code", LANGUAGES)
def test_the_page_has_one_title_and_headings_without_gaps(pages: dict[str, str], code: str) -> None:
    outline = Outline(pages[code])
    levels = [int(tag[1]) for tag, _ in outline.tags if re.fullmatch(r"h\d", tag)]
    assert levels.count(1) == 1
    assert levels[0] == 1
    assert all(b <= a + 1 for a, b in pairwise(levels))
    assert outline.all("html") == [{"lang": code}]


@pytest.mark.parametrize("code", LANGUAGES)
def test_every_id_is_there_once_and_every_reference_has_its_id(pages: dict[str, str], code: str) -> None:
    ids = [a["id"] for _, a in Outline(pages[code]).tags if "id" in a]
    repeated = {i for i in ids if ids.count(i) > 1}
    assert not repeated
    refers = re.findall(r'href="#([^"]+)"', pages[code]) + re.findall(r"url\(#([^)]+)\)", pages[code])
    assert set(refers) <= set(ids)


@pytest.mark.parametrize("code", LANGUAGES)
def test_every_figure_says_in_words_what_it_shows(pages: dict[str, str], code: str) -> None:
    outline = Outline(pages[code])
    drawn = outline.all("svg")
    images = [a for _, a in outline.tags if a.get("role") == "img"]
    assert len(drawn) == len(images) >= 5
    assert all(len(a["aria-label"]) > 40 for a in images)


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("sv", ["Allt stängt", "kontakter per dygn som ingen kunde ta emot", "Akutmottagning"]),
        ("en", ["All closed", "contacts per day that no one could take care of", "Emergency room"]),
    ],
)
def test_closed_emergency_rooms_show_the_unserved_in_red(
    results: Results, pages: dict[str, str], code: str, words: list[str]
) -> None:
    rows = results.measures[(results.measures["measure"] == "unserved_per_day") & (results.measures["by"] == "all")]
    closed = rows[(rows["scenario"] == "all_closed") & (rows["variant"] == "value")]["value"].mean()
    assert closed > 1
    alarm = re.search(r'<div class="alarm" role="alert">(.*?)</div>', pages[code], flags=re.DOTALL)
    assert alarm is not None
    prose = text(alarm[1])
    for word in [*words, Language(code).number(closed).replace("\N{NO-BREAK SPACE}", " ")]:
        assert word in prose
    assert re.search(r"\.alarm \{[^}]*color: var\(--red\)", pages[code])
    assert "--red: #b00020" in pages[code]


def test_where_everybody_is_served_there_is_no_alarm(copy: Results) -> None:
    measures = copy.measures.copy()
    measures.loc[measures["measure"] == "unserved_per_day", "value"] = 0.0
    html = page(dataclasses.replace(copy, measures=measures), "en")
    assert 'role="alert"' not in html


def answer(html: str) -> str:
    section = re.search(r'<section class="answer".*?</section>', html, flags=re.DOTALL)
    assert section is not None
    return text(section[0])


def test_a_measure_that_had_not_settled_is_never_shown_as_an_effect(copy: Results) -> None:
    size = {"change": -77.7, "low": -77.8, "high": -77.6, "low_assumption": -77.9, "high_assumption": -77.5}
    shown = page(changed(copy, **size, finding="robust", note=""), "en")
    assert "77.7" in answer(shown)
    hidden = page(changed(copy, **size, finding="robust", note="not settled"), "en")
    assert "77." not in text(hidden)
    assert "Visits to emergency rooms (Near care)" in text(hidden)


def test_only_what_the_comparison_calls_robust_is_called_robust(copy: Results) -> None:
    size = {"change": -77.7, "low": -77.8, "high": -77.6, "low_assumption": -90.0, "high_assumption": 5.0}
    html = page(changed(copy, **size, finding="depends on the assumptions", note=""), "en")
    sentence = re.search(r"Robustly fewer visits:[^.]*", answer(page(copy, "en")))
    assert sentence is not None
    assert "Near care" in sentence[0]
    assert "Robustly fewer visits: Near care" not in answer(html)
    assert "77.7" not in answer(html)
    row = re.search(r'<tr><th scope="row">Visits to emergency rooms.*?</tr>', html, flags=re.DOTALL)
    assert row is not None
    assert '<td class="assumption "><span class="amount"><span class="sign">▽</span>' in row[0]


def test_the_answer_has_three_sentences_with_both_intervals(copy: Results) -> None:
    size = {"change": -77.5, "low": -78.0, "high": -77.0, "low_assumption": -79.0, "high_assumption": -6.0}
    html = page(changed(copy, **size, finding="robust", note=""), "sv")
    section = re.search(r'<section class="answer".*?</section>', html, flags=re.DOTALL)
    assert section is not None
    assert section[0].count("<li>") == 3
    assert "slump −78,0 till −77,0; antaganden −79,0 till −6,0" in answer(html)


def cells(results: Results, *changes: tuple[tuple[str, str, str, str], dict[str, float]]) -> Results:
    """The results with other robust changes in cells named by scenario, measure, by and group."""
    table = results.comparison.copy()
    for (scenario, measure, by, group), given in changes:
        here = (table["scenario"] == scenario) & (table["measure"] == measure) & (table["by"] == by)
        here &= table["group"].fillna("") == group
        assert here.sum() == 1
        for column, value in given.items():
            table.loc[here, column] = value
        table.loc[here, "finding"] = "robust"
    return dataclasses.replace(results, comparison=table)


def sure(change: float) -> dict[str, float]:
    """A change with hardly any luck and no assumptions."""
    size = dict.fromkeys(("change", "low_assumption", "high_assumption"), change)
    return size | {"low": change - 0.001, "high": change + 0.001}


def test_fewer_visits_where_an_emergency_room_closes_are_not_sold_as_a_gain(copy: Results) -> None:
    visits, rate = (copy.measures["measure"] == m for m in ("er_arrivals_per_day", "er_visits_per_1000_year"))
    base = (copy.measures["scenario"] == "baseline") & (copy.measures["by"] == "all")
    per_day = copy.measures[visits & base]["value"].mean() / copy.measures[rate & base]["value"].mean()
    shown = cells(
        copy,
        (("closed_er", "er_arrivals_per_day", "all", ""), sure(-9.0)),
        (("closed_er", "contacts_per_1000_year", "origin", "switched"), sure(4.0 / per_day)),
        (("closed_er", "left_per_day", "service", "er"), sure(2.5)),
    )
    prose = answer(page(shown, "en"))
    assert "Closed emergency room −9.00 visits per day, 4.00 more people choose other care first, 2.50 more" in prose
    fewer = re.search(r"Robustly fewer visits:.*?emergency room closes", prose)
    assert fewer is not None
    assert "Closed" not in fewer[0]


def test_where_no_emergency_room_is_left_the_answer_says_how_many_get_no_care(pages: dict[str, str]) -> None:
    result = re.search(r"no gain in themselves:.*?more get no care at all", answer(pages["en"]))
    assert result is not None
    assert "All closed" in result[0]


def test_the_answer_tells_who_waits_longer_and_what_is_full(copy: Results) -> None:
    wait = sure(12.0) | {"baseline": 10.0, "mean": 22.0}
    use = sure(0.05) | {"baseline": 0.91, "mean": 0.96}
    shown = cells(
        copy,
        (("near_care", "er_wait_p90_min", "all", ""), wait),
        (("near_care", "pool_utilisation", "resource", "bed"), use),
    )
    prose = answer(page(shown, "en"))
    assert "one in ten waits longer: robustly longer in Near care +12.0 minutes" in prose
    assert re.search(r"Robustly fuller: \w+ \(Near care\)", prose)
    assert "robustly longer in Near care" not in answer(page(copy, "en"))


def test_the_largest_change_of_one_municipality_is_told_beside_the_mean(copy: Results) -> None:
    town = ("closed_er", "travel_min_per_resident_year", "municipality", "0114")
    prose = answer(page(cells(copy, (town, sure(44.0) | {"p_holm": 0.001})), "en"))
    assert re.search(r"Most for one municipality: \w+ \+44.0 \(Closed emergency room\)", prose)
    quiet = copy.comparison.assign(p_holm=1.0)
    assert "Most for one municipality" not in answer(page(dataclasses.replace(copy, comparison=quiet), "en"))


def test_each_map_with_nothing_to_colour_says_so(copy: Results) -> None:
    note = "In no scenario is the change of any municipality beyond chance."
    assert text(page(copy, "en")).count(note) == 3  # made without figures
    drawn = write_report(dataclasses.replace(copy, comparison=copy.comparison.assign(p_holm=1.0)), "en")
    assert text(drawn.read_text("utf-8")).count(note) == 3


def test_swedish_pages_say_that_sources_are_quoted_in_english(pages: dict[str, str]) -> None:
    assert "Källa citeras på engelska" in text(pages["sv"])
    assert '<td lang="en">assumption</td>' in pages["sv"]
    assert "quoted in English" not in text(pages["en"])


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("sv", "Lovar samma pengar men är inte kostnadsneutralt ("),
        ("en", "Promises the same money, but is not budget-neutral ("),
    ],
)
def test_a_broken_promise_of_the_same_money_is_told(pages: dict[str, str], code: str, words: str) -> None:
    assert text(pages[code]).count(words) == 1


@pytest.mark.parametrize(("code", "word"), [("sv", "Barn, 0–17 år"), ("en", "Children, 0–17")])
def test_children_are_always_shown(pages: dict[str, str], code: str, word: str) -> None:
    assert len(re.findall(rf'<tr class="strong"><th scope="row">{word}', pages[code])) == 4


def test_a_failed_run_is_told_and_the_others_are_kept(copy: Results) -> None:
    failed = {"scenario": "near_care", "variant": "low", "replication": 0, "error": "MemoryError: <too> much"}
    html = page(dataclasses.replace(copy, manifest=copy.manifest | {"failed": [failed]}))
    assert "Near care, low, replication 0: MemoryError: &lt;too&gt; much" in html
    assert "Some runs failed" in html


def test_published_figures_stand_beside_the_simulated_and_misses_are_marked(copy: Results) -> None:
    both = {
        "target": ["bed_occupancy", "er_left"], "measure": ["bed_occupancy", "er_left_share"], "by": ["all", "all"],
        "group": ["", ""], "unit": ["share", "share"], "published": [0.9, 0.03], "low": [0.85, None],
        "high": [0.95, None], "simulated": [0.92, 0.06], "simulated_low": [0.91, 0.05], "simulated_high": [0.93, 0.07],
        "deviation": [0.0222, 1.0], "within_15": [True, False], "source": ["IP.use: Register 2025", "Survey 2024"],
        "quality": ["A", "B"], "note": ["", ""],
    }  # fmt: skip
    pd.DataFrame(both).to_csv(copy.folder / "validation.csv", index=False)
    prose = text(page(copy, "en"))
    assert "1 of 2 come within 15 per cent" in prose
    assert "✓ +2%" in prose
    assert "✗ +100%" in prose
    assert "Register 2025 A" in prose
    assert "IP.use" not in prose
    assert 'title="targets.csv: bed_occupancy; source/parameters.csv: IP.use"' in page(copy, "en")
    assert 'title="targets.csv: er_left"' in page(copy, "en")
    assert "90.0% 85.0% to 95.0%" in prose


def test_a_study_without_published_figures_says_so(copy: Results) -> None:
    (copy.folder / "validation.csv").unlink(missing_ok=True)
    assert "was not held against published figures" in text(page(copy, "en"))


@pytest.mark.parametrize("code", LANGUAGES)
def test_every_effect_size_stands_with_range_source_and_quality(pages: dict[str, str], code: str) -> None:
    prose = text(pages[code])
    number = Language(code).plain
    assert f"{number(0.5)} {number(0.25)} {number(0.75)} assumption ⚠ D" in prose
    assert "the definition X" in prose


def test_the_report_is_written_again_to_the_last_byte(results: Results) -> None:
    def contents() -> dict[str, bytes]:
        write_report(results, "sv")
        files = [results.folder / "report.html", *(results.folder / "figures").glob("*.png")]
        return {file.name: file.read_bytes() for file in files}

    first = contents()
    assert len(first) > 5
    assert contents() == first


def test_the_page_can_be_mailed(pages: dict[str, str]) -> None:
    assert all(len(page.encode()) < 1_000_000 for page in pages.values())


def test_what_is_read_back_from_disk_gives_the_same_page(results: Results, copy: Results) -> None:
    assert page(copy) == page(results)


def test_a_report_that_fails_leaves_the_old_one_and_nothing_else(copy: Results) -> None:
    path = write_report(copy, "en")
    before = path.read_bytes(), sorted(copy.folder.rglob("*"))
    broken = {k: v for k, v in copy.manifest.items() if k != "seed"}
    with pytest.raises(KeyError):
        write_report(dataclasses.replace(copy, manifest=broken), "sv")
    assert (path.read_bytes(), sorted(copy.folder.rglob("*"))) == before


def test_a_report_removes_figures_of_scenarios_that_are_gone_and_nothing_else(copy: Results, tmp_path: Path) -> None:
    write_report(copy, "en")
    figures = copy.folder / "figures"
    picture = next(figures.glob("*.png")).read_bytes()
    (figures / "map_of_yesterday.png").write_bytes(picture)
    (figures / "holiday.png").write_bytes(b"\x89PNG of somebody")
    (tmp_path / "elsewhere.png").write_bytes(picture)
    (figures / "link.png").symlink_to(tmp_path / "elsewhere.png")
    write_report(copy, "en")
    assert not (figures / "map_of_yesterday.png").exists()
    assert all((figures / name).exists() for name in ("holiday.png", "link.png"))
    away = tmp_path / "pictures"
    figures.rename(away)
    figures.symlink_to(away)
    (away / "map_of_yesterday.png").write_bytes(picture)
    remove_old_pictures(figures, [])
    assert (away / "map_of_yesterday.png").exists()


def test_a_study_of_the_baseline_alone_has_a_report(copy: Results) -> None:
    alone = dataclasses.replace(
        copy,
        measures=copy.measures[copy.measures["scenario"] == "baseline"],
        comparison=copy.comparison.iloc[:0],
    )
    assert "<h1>" in write_report(alone, "sv").read_text("utf-8")
    assert list((copy.folder / "figures").glob("*.png")) == []


def test_a_report_is_made_without_engine_compiler_or_loader(copy: Results) -> None:
    program = f"""
import json, sys
import sim
assert "matplotlib" not in sys.modules
from sim.report import write_report
from sim.results.read import read_results
assert "matplotlib" not in sys.modules
write_report(read_results({str(copy.folder)!r}), "sv")
print(json.dumps(sorted(sys.modules)))
"""
    done = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    loaded = json.loads(done.stdout)
    unwanted = ("sim.engines", "sim.compile", "sim.demand", "sim.config.load", "sim.study.study", "hydra", "simpy")
    assert [m for m in loaded if m in unwanted or m.startswith(tuple(f"{u}." for u in unwanted))] == []
    assert "matplotlib" in loaded


@pytest.fixture(scope="module")
def varied(tmp_path_factory: pytest.TempPathFactory) -> Results:
    """A study in which trips are varied too."""
    root = with_ranged_travel(tmp_path_factory.mktemp("varied"))
    return run_study(load_study([f"results={root / 'results'}", "workers=1"], root=root), progress=False)


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("sv", ["då mot ett nuläge med samma resor", "Resor korta till långa", "med korta resor"]),
        ("en", ["then against a baseline with the same trips", "Trips short to long", "with short trips"]),
    ],
)
def test_what_trips_and_what_effect_sizes_do_is_told_apart(
    varied: Results, results: Results, code: str, words: list[str]
) -> None:
    assert all(word in text(page(varied, code)) for word in words)  # type: ignore[arg-type]
    assert not any(word in text(page(results, code)) for word in words)  # type: ignore[arg-type]


def test_the_range_of_trips_is_of_differences_with_the_same_trips(varied: Results) -> None:
    rows = varied.measures.query("measure == 'nearest_er_min' and by == 'all' and replication == 0")
    value = rows.set_index(["scenario", "variant"])["value"]
    changes = [float(value["closed_er", v] - value["baseline", v]) for v in ("value", "short_trips", "long_trips")]
    way = next(r for r in ranges(writer(varied), varied.measures) if r.name == "Way to the nearest emergency room")
    language = Language("en")
    assert way.levels == [language.number(value["baseline", v]) for v in ("short_trips", "value", "long_trips")]
    parts = next(p for p in way.rows if p.scenario == "Closed emergency room")
    assert parts.trips == f"{language.signed_number(min(changes), 2)} to {language.signed_number(max(changes), 2)}"
    assert parts.sizes == language.signed_number(changes[0], 2)  # no effect size moves an emergency room


def test_what_is_hidden_in_a_wide_table_does_not_widen_the_page(pages: dict[str, str]) -> None:
    """Words for screen readers are placed by their nearest positioned ancestor: the table's frame, not the page."""
    rules = dict(re.findall(r"^(\.\w+) \{([^}]*)\}", pages["sv"], flags=re.M))
    assert "position: absolute" in rules[".hidden"]
    assert "position: relative" in rules[".scroll"]
