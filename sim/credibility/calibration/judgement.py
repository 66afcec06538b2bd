"""What the figures tell of each parameter, and why a figure is missed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

from sim.config.schema.free_parameters import FittedFactor, Residual
from sim.credibility.calibration.beliefs import Beliefs
from sim.credibility.calibration.search import Found, Search, standard_errors
from sim.credibility.simulated_figures import Floats

TELLS = 0.9  # posterior over prior width from which the figures tell next to nothing of a parameter
TWO_SIDED = 1.96
Verdict = Literal["hit", "infeasible", "contradicted"]
SLIGHT = 0.05  # of the largest slope: what moves a figure less is left where it is


@dataclass(frozen=True)
class Judgement:
    """The fit, told parameter by parameter and figure by figure."""

    factors: dict[str, FittedFactor]
    residuals: dict[str, Residual]

    def misses(self) -> dict[str, Residual]:
        """Figures beyond their tolerance."""
        return {name: residual for name, residual in self.residuals.items() if residual.verdict != "hit"}


def judge(optimum: Found, search: Search) -> Judgement:
    """Judges a search that is done; simulates once more for each figure that is missed."""
    weighted = optimum.slopes / search.off[:, None]
    return Judgement(_factors(optimum, weighted, search.held), _residuals(optimum, search))


def posterior_widths(weighted: Floats) -> Floats:
    """[n] posterior over prior standard deviation, from slopes over what figures may be off (Laplace)."""
    precision = weighted.T @ weighted + np.eye(weighted.shape[1])
    widths: Floats = np.sqrt(np.diag(np.linalg.inv(precision)))
    return widths


def _factors(optimum: Found, weighted: Floats, believed: Beliefs) -> dict[str, FittedFactor]:
    ratios = posterior_widths(weighted)
    ends = [believed.factors(np.clip(optimum.z + s * TWO_SIDED * ratios, *believed.bounds)) for s in (-1, 1)]
    return {
        name: FittedFactor(
            factor=factor,
            low=ends[0][name],
            high=ends[1][name],
            posterior_over_prior=round(float(ratio), 3),
            identified=bool(ratio < TELLS),
        )
        for (name, factor), ratio in zip(believed.factors(optimum.z).items(), ratios, strict=True)
    }


def _residuals(optimum: Found, search: Search) -> dict[str, Residual]:
    targets = search.targets
    means, errors = optimum.figures.mean(axis=1), standard_errors(optimum.figures)
    missed = np.abs(means / search.published - 1) > targets["tolerance"].to_numpy()
    corners = {int(t): _corner(int(t), optimum, search) for t in np.flatnonzero(missed)}
    reached = search.at(list(corners.values()), "what missed figures can reach") if corners else ()
    reachable = {t: float(figures[t].mean()) for t, figures in zip(corners, reached, strict=True)}
    return {
        str(name): _residual(t, (float(means[t]), float(errors[t])), reachable.get(t), optimum, search)
        for t, name in enumerate(targets["target"])
    }


def _residual(t: int, simulated: tuple[float, float], corner: float | None, optimum: Found, search: Search) -> Residual:
    """``simulated``: mean and standard error; ``corner``: what a missed figure is at its corner."""
    published, tolerance = float(search.published[t]), float(search.targets["tolerance"][t])
    mean, error = simulated
    verdict: Verdict = "hit"
    nearest = None
    if corner is not None:
        between = (mean - published) * (corner - published) <= 0  # the corner lies on the other side
        nearest = published if between else min(mean, corner, key=lambda v: abs(v - published))
        verdict = "infeasible" if abs(nearest / published - 1) > tolerance else "contradicted"
    return Residual(
        published=published,
        simulated=_short(mean),
        standard_error=_short(error),
        deviation=round(mean / published - 1, 4),
        tolerance=tolerance,
        verdict=verdict,
        reachable=None if nearest is None else _short(nearest),
        against=_against(t, optimum, search) if verdict == "contradicted" else [],
    )


def _corner(t: int, optimum: Found, search: Search) -> Floats:
    """[n] the point within the ranges that brings a figure furthest towards what is published, by its slopes."""
    slopes = optimum.slopes[t]
    direction = -np.sign(search.ratios(optimum.figures)[t])
    low, high = search.held.bounds
    corner = np.where(slopes * direction > 0, high, low)
    moves = np.abs(slopes) > SLIGHT * np.abs(slopes).max()
    return np.where(moves, corner, optimum.z)


def _against(t: int, optimum: Found, search: Search) -> list[str]:
    """Figures that would leave their tolerance if this one were met in the way that disturbs the others least."""
    tolerance = search.targets["tolerance"].to_numpy()
    others = np.arange(len(tolerance)) != t
    weighted = (optimum.slopes / search.off[:, None])[others]
    gain = np.linalg.solve(weighted.T @ weighted + np.eye(weighted.shape[1]), optimum.slopes[t])
    before = search.ratios(optimum.figures)
    move = -before[t] * gain / max(float(optimum.slopes[t] @ gain), 1e-12)
    after = before + optimum.slopes @ move
    worse = others & (np.abs(after) > np.log1p(tolerance)) & (np.abs(after) > np.abs(before))
    return [str(name) for name in search.targets["target"][worse]]


def _short(value: float) -> float:
    return float(f"{value:.6g}")


__all__ = ["Judgement", "judge", "posterior_widths"]
