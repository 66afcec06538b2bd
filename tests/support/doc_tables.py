"""The tables of docs/model.md that repeat the configuration; ``python tests/support/doc_tables.py`` writes them."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache
from itertools import pairwise
from pathlib import Path

import yaml

from sim.config.load import load_study
from sim.config.schema.base import Distribution
from sim.config.schema.care import Need, Service
from sim.config.schema.pathway_rules import When
from sim.config.world import World
from sim.model.codes import AGE_GROUPS

ROOT = Path(__file__).resolve().parents[2]
MODEL = ROOT / "docs" / "model.md"
ACUITY = ("1", "2", "3", "4", "5")
UNITS = {"days": "d"}
HEADS = {
    "region": ("what", "number", "table"),
    "services": ("service", "what", "mode", "unit", "sites", "choice of site", "mean time"),
    "waits": ("service", "target wait, acuity 1 to 5", "median patience", "at close", "fallback", "there at the start"),
    "needs": (
        "need", "what", "0-17", "18-64", "65-79", "80+", "profile", "acuity 1 to 5, %",
        "ER or ambulance first, acuity 1 to 5, %",
    ),
    "resources": ("resource", "what", "staff h per open h", "SEK per staff h", "payer"),
    "studies": ("study", "window", "warm-up", "replications", "scenarios", "low and high", "worlds"),
}  # fmt: skip
Rows = list[tuple[str, ...]]


@cache
def world() -> World:
    """The shipped region and care model, as their files say."""
    return load_study(["study=vgr_first", "scenarios=[baseline]"], root=ROOT, fitted=False)


def expected() -> dict[str, Rows]:
    """The rows of each table, from the configuration."""
    care = world().care
    return {
        "region": _region(),
        "services": [_service(name, service) for name, service in care.services.items()],
        "waits": [_waits(name, service) for name, service in care.services.items()],
        "needs": [_need(name, need) for name, need in care.needs.items()],
        "resources": [
            (code(name), r.label.en, f"{r.staff_h_per_unit_h.value:g}", f"{r.sek_per_staff_h.value:g}", r.payer)
            for name, r in care.resources.items()
        ],
        "studies": [_study(path) for path in sorted((ROOT / "configs" / "study").glob("*.yaml"))],
    }


def code(name: str) -> str:
    """A name in code style."""
    return f"`{name}`"


def _region() -> Rows:
    region = world().region
    people = sum(int(region.zones[f"people_{age}"].sum()) for age in AGE_GROUPS)
    rows = [("people in zones", f"{people:,}", code("zones.csv"))]
    names = {"zones": "zones", "municipalities": "municipalities", "sites": "sites", "pools": "pools"}
    rows += [(what, f"{len(getattr(region, table)):,}", code(f"{table}.csv")) for table, what in names.items()]
    return [*rows, ("offers", f"{len(region.offers):,}", code("offers.csv"))]


def _service(name: str, service: Service) -> tuple[str, ...]:
    region = world().region
    offers = region.offers[region.offers["service"] == name]
    resources = sorted(set(region.pools.loc[region.pools["pool"].isin(offers["pool"]), "resource"]))
    unit = ", ".join(map(code, resources)) or "no limit"
    rule = service.choice
    choice = "no site" if rule is None else "nearest" if rule.rule == "nearest" else f"logit {rule.per_min:g}"
    sites = str(len(offers)) if len(offers) else "none"
    return code(name), service.label.en, code(service.mode), unit, sites, choice, _mean_time(service)


def _mean_time(service: Service) -> str:
    laws = [rule.time for rule in service.duration.values()]
    means = sorted({_mean(law) for law in laws})
    unit = UNITS.get(laws[0].unit, laws[0].unit)
    assert len({law.unit for law in laws}) == 1, "one unit in a row"
    return f"{means[0]:g} {unit}" if len(means) == 1 else f"{means[0]:g}-{means[-1]:g} {unit}"


def _mean(law: Distribution) -> float:
    value: float = law.value if law.dist == "deterministic" else law.mean  # type: ignore[union-attr]
    return value


def _waits(name: str, service: Service) -> tuple[str, ...]:
    targets = service.targets
    wait = "first come" if targets is None else ", ".join(_span(targets.target_min[q]) for q in ACUITY)
    start = "nobody"
    if service.initial is not None:
        queue = f", queue {service.initial.queue_days:g} d" if service.initial.queue_days else ""
        start = f"{service.initial.span_days:g} d{queue}"
    fallback = code(service.fallback) if service.fallback else "none"
    return code(name), wait, _patience(service), code(service.at_close), fallback, start


def _span(minutes: float) -> str:
    for size, unit in ((1440, "d"), (60, "h")):
        if minutes >= size and minutes % size == 0:
            return f"{minutes / size:g} {unit}"
    return f"{minutes:g} min"


def _patience(service: Service) -> str:
    told = []
    for name, rule in service.patience.items():
        law = rule.time
        median = "for ever" if law is None else f"{law.median:g} {UNITS.get(law.unit, law.unit)}"  # type: ignore[union-attr]
        told.append(f"{name} {median}")
    return ", ".join(told) or "for ever"


def _need(name: str, need: Need) -> tuple[str, ...]:
    rates = [need.rate_per_1000_year.get(age) for age in AGE_GROUPS]
    several = len(need.acuity) > 1
    mixes = [
        (f"{rule}: " if several else "") + " ".join(_percent(mix.mix.get(q, 0)) for q in ACUITY)
        for rule, mix in need.acuity.items()
    ]
    told = [f"{rate.value:g}" if rate else "0" for rate in rates]
    return code(name), need.label.en, *told, code(need.profile), "; ".join(mixes), _er_first(name, need)


def _er_first(name: str, need: Need) -> str:
    """Share of first contacts with an ER or an ambulance, of the youngest age group that has the need."""
    age = next(age for age in AGE_GROUPS if age in need.rate_per_1000_year)
    told = []
    for q in ACUITY:
        if not any(mix.mix.get(q, 0) for mix in need.acuity.values()):
            told.append("–")
            continue
        rule = next(rule for rule in need.first.values() if _fits(rule.when, name, age, q))
        told.append(_percent(rule.to.get("er", 0) + rule.to.get("ambulance", 0)))
    return " ".join(told)


def _fits(when: When | None, need: str, age: str, acuity: str) -> bool:
    if when is None:
        return True
    listed = ((when.needs, need), (when.ages, age), (when.acuity, acuity))
    return all(allowed is None or one in allowed for allowed, one in listed)


def _percent(share: float) -> str:
    return f"{100 * share:.3g}"


def _study(path: Path) -> tuple[str, ...]:
    said = yaml.safe_load(path.read_text(encoding="utf-8"))
    window = f"{said['start']} to {said['end']}"
    varied = "yes" if said["assumption_runs"] else "no"
    number, worlds = str(len(said["scenarios"])), str(said.get("worlds", 0))
    return code(said["name"]), window, f"{said['warm_up_days']} days", str(said["replications"]), number, varied, worlds


def text(path: Path) -> str:
    """A file as text."""
    return path.read_text(encoding="utf-8")


def blocks(path: Path) -> list[str]:
    """The fenced blocks of a Markdown file."""
    return re.findall(r"^```\w*\n(.*?)^```", text(path), flags=re.M | re.S)


def coded(path: Path) -> list[str]:
    """What stands in code style within sentences and tables."""
    return re.findall(r"`([^`\n]+)`", re.sub(r"^```.*?^```", "", text(path), flags=re.M | re.S))


def line(cells: Iterable[str]) -> str:
    """A row of a Markdown table."""
    return f"| {' | '.join(cells)} |"


def cells(row: str) -> tuple[str, ...]:
    """The cells of a row of a Markdown table."""
    return tuple(cell.strip() for cell in row.strip().strip("|").split("|"))


def tables(text: str) -> dict[tuple[str, ...], Rows]:
    """Every table of a Markdown text: its head to its rows. Raises ValueError if two have the same head."""
    found: dict[tuple[str, ...], Rows] = {}
    lines = text.splitlines()
    for j, (head, rule) in enumerate(pairwise(lines)):
        if head.startswith("|") and rule.startswith("|-"):
            if cells(head) in found:
                raise ValueError(f"two tables with the head {head}")
            rows = found.setdefault(cells(head), [])
            for row in lines[j + 2 :]:
                if not row.startswith("|"):
                    break
                rows.append(cells(row))
    return found


def rewritten(text: str) -> str:
    """The text with the rows of the tables that repeat the configuration as they should be."""
    out: list[str] = []
    heads = {HEADS[name]: rows for name, rows in expected().items()}
    skipping = False
    for row in text.splitlines():
        skipping = skipping and row.startswith("|")
        if skipping:
            continue
        out.append(row)
        if row.startswith("|") and cells(row) in heads:
            out += ["|" + "---|" * len(cells(row)), *map(line, heads[cells(row)])]
            skipping = True
    return "\n".join(out) + "\n"


if __name__ == "__main__":
    MODEL.write_text(rewritten(MODEL.read_text(encoding="utf-8")), encoding="utf-8")
