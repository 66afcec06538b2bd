"""The search: bounded least squares from simulated figures, slopes by differences with the same luck."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from scipy.optimize import least_squares

from sim.calibration.evaluation import Evaluator
from sim.calibration.setting import Floats

STEP = 0.5  # of a slope, in standard deviations of belief: large beside what luck moves
LEAST_SHARE = 0.01  # of a published figure: what is simulated as less counts as this much
MOST_STEPS = 12
ENOUGH_COST, ENOUGH_MOVE, ENOUGH_SLOPE = 1e-3, 1e-2, 1e-3  # of scipy: relative change of cost, move, gradient
Say = Callable[[str], None]


@dataclass(frozen=True)
class Found:
    """Where the search ended."""

    z: Floats  # [n]
    figures: Floats  # [targets, replications]
    slopes: Floats  # [targets, n] of the logarithm of each figure, by z
    start_cost: float
    cost: float
    steps: int


class Search:
    """Gauss-Newton with a trust region and bounds (Branch, Coleman & Li 1999), on figures and beliefs together.

    A residual is the logarithm of simulated over published, over how much it may be off: the target's tolerance and
    the standard error of the simulated mean, which is taken once, at the start. With the beliefs' z as further
    residuals, the minimum is the most probable point (MAP) for normal errors.
    """

    def __init__(self, evaluator: Evaluator, say: Say) -> None:
        self.evaluator, self.setting, self.say = evaluator, evaluator.setting, say
        self.published = self.setting.targets["value"].to_numpy(dtype=np.float64)
        self.off = self.setting.targets["tolerance"].to_numpy(dtype=np.float64)
        self.calls = 0

    def run(self) -> Found:
        """Searches from the setting's start."""
        start = self.setting.start()
        first = self.evaluator.figures([start], "the start")[0]
        self.off = np.hypot(self.off, standard_errors(first) / first.mean(axis=1))
        before = self._cost(start)
        done = least_squares(
            self._residuals, start, jac=self._jacobian, bounds=self.setting.bounds, method="trf",
            max_nfev=MOST_STEPS, ftol=ENOUGH_COST, xtol=ENOUGH_MOVE, gtol=ENOUGH_SLOPE,
        )  # fmt: skip
        z = self._named(done.x)
        figures = self.evaluator.figures([z], "the end")[0]
        return Found(z, figures, self.slopes(z), before, self._cost(z), self.calls)

    def _named(self, z: Floats) -> Floats:
        """The point as it is evaluated, its factors rounded, so that what is written is what was simulated."""
        factors = np.array(list(self.setting.factors(z).values()))
        return np.clip(np.log(factors / self.setting.centre) / self.setting.widths, *self.setting.bounds)

    def _cost(self, z: Floats) -> float:
        return 0.5 * float((self._residuals(z) ** 2).sum())

    def ratios(self, figures: Floats) -> Floats:
        """Logarithm of simulated over published of [..., targets, replications]."""
        means = figures.mean(axis=-1)
        logs: Floats = np.log(np.maximum(means / self.published, LEAST_SHARE))
        return logs

    def _residuals(self, z: Floats) -> Floats:
        figures = self.evaluator.figures([z], "a step")[0]
        return np.concatenate([self.ratios(figures) / self.off, z])

    def _jacobian(self, z: Floats) -> Floats:
        self.calls += 1
        self.say(f"step {self.calls}: misfit {self._cost(z):.2f}; slopes of {len(z)} parameters")
        return np.concatenate([self.slopes(z) / self.off[:, None], np.eye(len(z))])

    def slopes(self, z: Floats) -> Floats:
        """[targets, n] by one difference each, away from the nearer bound."""
        low, high = self.setting.bounds
        steps = np.where(high - z >= z - low, 1.0, -1.0) * np.minimum(STEP, np.maximum(high - z, z - low))
        moved = self.evaluator.figures([z, *(z + np.diag(steps))], "slopes")
        logs = self.ratios(moved)
        rises: Floats = (logs[1:] - logs[0]).T / steps
        return rises


def standard_errors(figures: Floats) -> Floats:
    """[targets] of the mean over replications; 0 with one."""
    runs = figures.shape[-1]
    errors: Floats = figures.std(axis=-1, ddof=1) / np.sqrt(runs) if runs > 1 else np.zeros(figures.shape[:-1])
    return errors


__all__ = ["Found", "Search", "standard_errors"]
