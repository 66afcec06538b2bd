"""The search: bounded least squares of simulated figures, slopes by differences with the same luck."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from scipy.optimize import lsq_linear

from sim.credibility.calibration.beliefs import Beliefs
from sim.credibility.simulated_figures import Floats, SimulatedFigures

STEP = 0.5  # of a slope, in standard deviations of belief: large beside what luck moves
SLOPE_RUNS = 1  # replications of a slope: both ends of the difference have the same luck
LEAST_SHARE = 0.01  # of a published figure: what is simulated as less counts as this much
MOST_STEPS = 12
FIRST_REACH, LEAST_REACH = 2.0, 0.05  # how far one step may move a parameter, in standard deviations of belief
ENOUGH, SHARE = 0.1, 0.01  # a step expected to better the misfit by less, or by less than this share, is not taken
POOR, GOOD = 0.1, 0.75  # share of the expected gain at which a step is refused, and from which the next may be longer
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
    """Gauss-Newton steps within bounds and a trust region, on figures and beliefs together.

    A residual is the logarithm of simulated over published, over how much it may be off: the target's tolerance and
    the standard error of the simulated mean, which is taken once, at the start. With the beliefs' z as further
    residuals, the minimum is the most probable point (MAP) for normal errors. Each step solves the bounded linear
    least squares exactly (Stark & Parker 1995, ``scipy.optimize.lsq_linear``), so that a parameter may lie on its
    bound and leave it; the region is a box that grows and shrinks by gained over expected (Nocedal & Wright 2006, 4.1).
    """

    def __init__(self, held: Beliefs, figures: SimulatedFigures, say: Say) -> None:
        self.held, self.figures, self.targets, self.say = held, figures, figures.targets, say
        self.published = self.targets["value"].to_numpy(dtype=np.float64)
        self.off = self.targets["tolerance"].to_numpy(dtype=np.float64)

    def run(self) -> Found:
        """Searches from where the beliefs start.

        Slopes are simulated anew where they foretold a step badly, and before the search ends; in between they learn
        from each step (Broyden 1965).
        """
        z = self._rounded_point(self.held.start())
        first = self.at([z], "the start")[0]
        self.off = np.hypot(self.off, standard_errors(first) / first.mean(axis=1))
        before, reach = self._cost(z), FIRST_REACH
        slopes, fresh, step = self._told_slopes(z, 1), True, 1
        while step <= MOST_STEPS:
            there, gain, reach = self._step(z, slopes, reach)
            if there is None and fresh:
                break
            step += 1
            if there is None or gain < GOOD:
                z = z if there is None else there
                slopes, fresh = self._told_slopes(z, step), True
            else:
                slopes, z, fresh = self._learnt(slopes, z, there), there, False
                self.say(f"step {step}: misfit {self._cost(z):.2f}")
        figures = self.at([z], "the end")[0]
        return Found(z, figures, slopes if fresh else self.slopes(z), before, self._cost(z), step)

    def at(self, points: Sequence[Floats], purpose: str, replications: int | None = None) -> Floats:
        """[points, targets, replications] of the figures at some z, as ``SimulatedFigures.at`` says."""
        return self.figures.at([self.held.factors(z) for z in points], purpose, replications)

    def _told_slopes(self, z: Floats, step: int) -> Floats:
        self.say(f"step {step}: misfit {self._cost(z):.2f}; slopes of {len(z)} parameters")
        return self.slopes(z)

    def _learnt(self, slopes: Floats, z: Floats, there: Floats) -> Floats:
        """Slopes that foretell the step that was made, and are as before across it."""
        before, after = self.at([z, there], "a step")
        move = there - z
        missed = self.ratios(after) - self.ratios(before) - slopes @ move
        learnt: Floats = slopes + np.outer(missed, move) / float(move @ move)
        return learnt

    def _step(self, z: Floats, slopes: Floats, reach: float) -> tuple[Floats | None, float, float]:
        """The next point, gained over expected, and how far the step after may reach.

        No point where no step is worth taking.
        """
        low, high = self.held.bounds
        weighted = np.concatenate([slopes / self.off[:, None], np.eye(len(z))])
        residuals, cost = self._residuals(z), self._cost(z)
        while reach >= LEAST_REACH:
            box = np.maximum(low - z, -reach), np.minimum(high - z, reach)
            solution = lsq_linear(weighted, -residuals, bounds=box, method="bvls")
            expected = cost - float(solution.cost)
            if expected < max(ENOUGH, SHARE * cost):
                break
            there = self._rounded_point(z + solution.x)
            gain = (cost - self._cost(there)) / expected
            if gain >= POOR:
                return there, gain, 2 * reach if gain > GOOD else reach
            reach = float(np.abs(solution.x).max()) / 3
        return None, 0.0, max(reach, FIRST_REACH / 4)

    def _rounded_point(self, z: Floats) -> Floats:
        """The point as it is evaluated, its factors rounded, so that what is written is what was simulated."""
        factors = np.array(list(self.held.factors(z).values()))
        return np.clip(np.log(factors / self.held.centre) / self.held.widths, *self.held.bounds)

    def _cost(self, z: Floats) -> float:
        return 0.5 * float((self._residuals(z) ** 2).sum())

    def ratios(self, figures: Floats) -> Floats:
        """Logarithm of simulated over published of [..., targets, replications]."""
        means = figures.mean(axis=-1)
        logs: Floats = np.log(np.maximum(means / self.published, LEAST_SHARE))
        return logs

    def _residuals(self, z: Floats) -> Floats:
        figures = self.at([z], "a step")[0]
        return np.concatenate([self.ratios(figures) / self.off, z])

    def slopes(self, z: Floats) -> Floats:
        """[targets, n] by one difference each, away from the nearer bound."""
        low, high = self.held.bounds
        steps = np.where(high - z >= z - low, 1.0, -1.0) * np.minimum(STEP, np.maximum(high - z, z - low))
        moved = self.at([z, *(z + np.diag(steps))], "slopes", SLOPE_RUNS)
        logs = self.ratios(moved)
        rises: Floats = (logs[1:] - logs[0]).T / steps
        return rises


def standard_errors(figures: Floats) -> Floats:
    """[targets] of the mean over replications; 0 with one."""
    runs = figures.shape[-1]
    errors: Floats = figures.std(axis=-1, ddof=1) / np.sqrt(runs) if runs > 1 else np.zeros(figures.shape[:-1])
    return errors


__all__ = ["Found", "Search", "standard_errors"]
