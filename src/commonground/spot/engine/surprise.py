"""How surprising a count is, given what was usual before: the detector's one formula."""

from __future__ import annotations

from functools import lru_cache
from math import lgamma, log, log1p

# Before we have heard anything, a term is taken to stand in one of 1,200 posts: half a
# post in 600. So a word never met is surprising, but not beyond all measure.
PRIOR_COUNT = 0.5
PRIOR_POSTS = 600.0
# A word's own hours differ among themselves far more than dice would: people answer each
# other. Six is the middle of what chatter of 2013 showed; greater trusts the average more.
STEADIEST = 6.0
LEAST_MEAN = 1e-6  # voices; nothing at all is not a mean one can be surprised against
LOG_10 = log(10)


def usual(before: float, posts_before: float, posts_now: float) -> float:
    """Voices a window of `posts_now` posts usually holds of a term.

    A share of what is said, not a rate: at night everything is rarer, and after a gap
    in the feed everything comes at once, but shares hold.
    """
    return (before + PRIOR_COUNT) / (posts_before + PRIOR_POSTS) * posts_now


def surprise(count: int, before: float, posts_before: float, posts_now: float) -> float:
    """-log10 of the chance of `count` or more: 3 is one in a thousand windows.

    The count is taken as gamma-Poisson (negative binomial): its mean is the usual, its
    shape what we have seen, up to `STEADIEST`. Little seen before means little known, and
    the formula says so by itself.
    """
    mean = usual(before, posts_before, posts_now)
    if count <= mean:
        return 0.0
    shape = min(before + PRIOR_COUNT, STEADIEST)
    return tail(count, max(round(mean, 6), LEAST_MEAN), round(shape, 2))


@lru_cache(maxsize=100_000)
def tail(count: int, mean: float, shape: float) -> float:
    """-log10 P(X >= count) of a negative binomial, summed upwards from its largest part."""
    odds = mean / (mean + shape)
    first = (
        lgamma(count + shape) - lgamma(shape) - lgamma(count + 1)
        + shape * log(shape / (mean + shape)) + count * log(odds)
    )  # fmt: skip
    part, total, k = 1.0, 0.0, count
    while part > 1e-6 * (total or 1.0) and k < count + 10_000:
        total += part
        part *= (k + shape) / (k + 1) * odds
        k += 1
    return max(0.0, -(first + log1p(total - 1.0)) / LOG_10)
