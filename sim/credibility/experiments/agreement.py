"""What a simulated change says of a published one."""

from __future__ import annotations

import math

from sim.config.schema.natural_experiment import PublishedChange
from sim.results.foretold import Agreement

NO_EFFECT = 0.002  # a relative change within +- this is none, whatever its interval
WIDE = 0.05  # where only the sign is known, an interval around 0 that is no wider than +- this says that there is none


def agreement_of(estimate: float, half_width: float, published: PublishedChange) -> Agreement:
    """The first of these that is so; ``estimate`` +- ``half_width`` is the 95 % interval of luck.

    - *cannot be told*: there is no estimate or no interval; or the interval holds 0 and also the middle of the
      published range (no range: it reaches further than 5 % from 0), so that luck hides what is asked for.
    - Of no change (sign none): *inside the published range* and *inside the range widened by half* as below, else *an
      effect where none was found*.
    - *no effect seen*: the interval holds 0, or the estimate is within 0.2 % of it.
    - *wrong sign*.
    - *right sign*: no range is published.
    - *inside the published range*: the estimate is, ends included.
    - *inside the range widened by half*: the estimate is in the range once a quarter of its width is added at each end.
    - *right sign, weaker* or *stronger*: nearer to 0 than the range, or further from it.
    """
    if math.isnan(estimate) or math.isnan(half_width) or _is_hidden(estimate, half_width, published):
        return Agreement.UNKNOWN
    if published.sign == "none":
        return _within(estimate, published) or Agreement.UNPUBLISHED
    if abs(estimate) <= max(half_width, NO_EFFECT):
        return Agreement.NOTHING
    if (estimate > 0) != (published.sign == "up"):
        return Agreement.WRONG
    if published.low is None or published.high is None:
        return Agreement.SIGN
    nearest = min(abs(published.low), abs(published.high))
    return _within(estimate, published) or (Agreement.WEAKER if abs(estimate) < nearest else Agreement.STRONGER)


def _is_hidden(estimate: float, half_width: float, published: PublishedChange) -> bool:
    if abs(estimate) > half_width or published.sign == "none":
        return False
    if published.low is None or published.high is None:
        return abs(estimate) + half_width > WIDE
    return abs((published.low + published.high) / 2 - estimate) <= half_width


def _within(estimate: float, published: PublishedChange) -> Agreement | None:
    """Whether the estimate is in the range, or in the wider one; None if in neither."""
    assert published.low is not None and published.high is not None
    if published.low <= estimate <= published.high:
        return Agreement.INSIDE
    more = (published.high - published.low) / 4
    return Agreement.WIDENED if published.low - more <= estimate <= published.high + more else None


__all__ = ["agreement_of"]
