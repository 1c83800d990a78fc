"""Figures of a sample.

Owns the one definition of p50/p99 that every bench uses: nearest rank. Must not measure.
"""

from __future__ import annotations

from collections.abc import Sequence


def quantile(sample: Sequence[float], share: float) -> float:
    """The value that `share` of the sample do not exceed. Raises ValueError on an empty sample."""
    if not sample:
        raise ValueError("a quantile of nothing was asked for: the bench measured no sample")
    ordered = sorted(sample)
    return ordered[max(0, -int(-share * len(ordered) // 1) - 1)]


def median(sample: Sequence[float]) -> float:
    return quantile(sample, 0.5)
