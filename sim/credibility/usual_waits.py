"""The utility of the waits that are usual in a region, so that its baseline has the shares of the reference.

First contacts are a pivot-point logit: shares of a reference, changed by what is nearer, sooner or more open than in
it. Waits are no input: they come of the shares. So the reference's wait is found as a fixed point. The utility of the
usual wait for each service is an alternative-specific constant, at which simulated first contacts are the reference's
(Berry, Levinsohn & Pakes 1995, Econometrica 63). Their contraction is slow where a fuller queue holds back whoever is
drawn to it; so the constants are found by Newton's method, with slopes from runs of the same luck.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
import yaml

from sim.config.assemble import usual_waits_of
from sim.config.errors import ConfigErrors, Problem
from sim.config.folders import folders
from sim.config.reading.free_parameter_files import USUAL
from sim.config.schema.free_parameters import UsualWaits
from sim.config.uncertain_figures import round_off
from sim.config.world import World
from sim.credibility.calibration.beliefs import FIRST_SEED
from sim.credibility.calibration.fitted_file import run_record
from sim.credibility.simulated_figures import Floats, SimulatedFigures
from sim.model.codes import UTILITY_LIMIT
from sim.results.files import write_text
from sim.study.progress import Listener
from sim.study.progress_bar import watch

MOST_ROUNDS = 8
STEP, FURTHEST = 0.2, 1.0  # of utility: by which slopes are taken, and at most in a round
NEAR = 0.005  # logarithm of first contacts over the reference's
HEAD = (
    "# Written by `careshift usual-waits region={region}`; never by hand. The utility of the wait that is usual for\n"
    "# each service in the baseline; docs/model.md, section 7, tells what it is for.\n"
)


@dataclass(frozen=True)
class UsualWaitsFound:
    """What the rounds found, where it was written, and the ratios of first contacts round by round."""

    waits: UsualWaits
    file: Path
    ratios: list[dict[str, float]]


def find_usual_waits(world: World, progress: bool | Listener = True, folder: Path | None = None) -> UsualWaitsFound:
    """Finds the usual waits of a world's region and writes its ``usual_waits.yaml``.

    Runs are the baseline's, of the study's window and replications. Raises ConfigErrors if nobody in the care model
    minds a wait or the rounds do not converge, StudyLocked if another one is at work.
    """
    services = list(world.care.service_choice.wait)
    if not services:
        message = "nobody minds a wait: without utilities in service_choice.wait there is no usual one"
        raise ConfigErrors([Problem(f"configs/care/{world.study.care}.yaml", "service_choice.wait", "", message)])
    with watch(progress) as listener:
        figures = _ratios_of(world, services, listener)
        with figures.locked("usual_waits"):
            wait, ratios = _fixed_point(figures, {s: world.care.service_choice.wait[s].usual for s in services})
    found = UsualWaits(care=world.study.care, run=run_record(figures), rounds=len(ratios), wait=wait)
    return UsualWaitsFound(found, _write(found, world.region.name, folder), ratios)


def _ratios_of(world: World, services: list[str], listener: Listener) -> SimulatedFigures:
    """First contacts over the reference's by service, at utilities of the usual waits."""
    rows = [(service, "first_contact_ratio", "service", service) for service in services]
    targets = pd.DataFrame(rows, columns=["target", "measure", "by", "group"])
    file = f"configs/region/{world.region.name}/{USUAL}"

    def changes(utilities: Mapping[str, float]) -> dict[str, float]:
        return {f"care.{path}": utility for path, utility in usual_waits_of(utilities).items()}

    return SimulatedFigures(world, targets, changes, FIRST_SEED + world.study.seed, file, listener)


def _fixed_point(figures: SimulatedFigures, wait: dict[str, float]) -> tuple[dict[str, float], list[dict[str, float]]]:
    """Utilities at which first contacts are the reference's, and the ratios on the way. Raises ConfigErrors."""
    services = list(figures.targets["group"])
    ratios: list[dict[str, float]] = []
    while True:
        found = figures.at([wait], f"round {len(ratios) + 1}").mean(axis=2)[0]
        ratios.append(dict(zip(services, found.tolist(), strict=True)))
        surplus = np.log(found)
        if np.abs(surplus).max() <= NEAR:
            return wait, ratios
        if len(ratios) == MOST_ROUNDS:
            raise ConfigErrors(_apart(figures.asked_by, wait, ratios))
        beside = [{**wait, s: wait[s] - STEP} for s in services]
        slopes = (np.log(figures.at(beside, f"slopes {len(ratios)}").mean(axis=2)) - surplus) / -STEP
        change = np.linalg.lstsq(slopes.T, -surplus, rcond=None)[0].clip(-FURTHEST, FURTHEST)
        wait = _by_service(services, np.array([wait[s] for s in services]) + change)


def _by_service(services: list[str], utilities: Floats) -> dict[str, float]:
    """Utilities that can be: a wait draws nobody, and there is a least one."""
    bounded = np.clip(utilities, -UTILITY_LIMIT, 0.0).tolist()
    return {service: round_off(utility) for service, utility in zip(services, bounded, strict=True)}


def _apart(file: str, wait: dict[str, float], ratios: list[dict[str, float]]) -> list[Problem]:
    """The services whose first contacts are not the reference's after all rounds."""
    message = (
        "does not converge: after {} rounds first contacts are {:.3f} times the reference's; does a queue grow without "
        "bounds, or are utilities so steep that people swing from service to service?"
    )
    last = {service: ratio for service, ratio in ratios[-1].items() if abs(np.log(ratio)) > NEAR}
    return [Problem(file, f"wait.{s}", f"{wait[s]:g}", message.format(len(ratios), r)) for s, r in last.items()]


def _write(found: UsualWaits, region: str, folder: Path | None) -> Path:
    """Writes the region's ``usual_waits.yaml``, whole or not at all. Raises OSError if it cannot."""
    path = folders(folder).config(f"region/{region}") / USUAL
    text = yaml.safe_dump(found.model_dump(mode="json"), sort_keys=False, allow_unicode=True, width=120)
    write_text(path, HEAD.format(region=region) + text)
    return path


__all__ = ["MOST_ROUNDS", "NEAR", "UsualWaitsFound", "find_usual_waits"]
