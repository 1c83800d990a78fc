"""How the weights of data/duplicates.toml were found; prints them as they stand in that file.

Owns the fitting on the training set. Must not look at the set that judges.

python -m app.bench.duplicates_fit
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import replace
from typing import Final

import numpy as np
import numpy.typing as npt
from scipy.optimize import minimize

from app.bench.duplicates import Arriving, judged
from app.bench.duplicates_set import Labelled, make_set, names_of_places
from app.duplicates.index import DuplicateIndex
from app.duplicates.rule import FEATURES, Rule, told
from app.duplicates.rule_file import load_rule

TRAINING_SEEDS: Final = (1, 3)
TRAINING_PART: Final = 0
PULL: Final = 0.5
"""Strength of the pull of weights towards 0: rare features shall not carry what a few examples say."""
_AGAINST: Final = frozenset(
    {
        "far",
        "placeless",
        "nameless",
        "other_door",
        "gap",
        "other_matter",
        "other_named",
        "other_numbers",
        "other_marks",
    }
)
_EITHER: Final = frozenset({"placeless", "nameless", "same_caller"})

Floats = npt.NDArray[np.float64]


def pairs_of(rule: Rule, labelled: list[Labelled]) -> Iterator[tuple[tuple[float, ...], bool]]:
    """Features of every pair that a look-up would weigh, and whether both are of one matter."""
    index = DuplicateIndex(rule)
    matters = {one.report.id: one.matter for one in labelled}
    for one in labelled:
        cut = told(one.report, rule.vocabulary)
        for other in index.candidates(cut):
            yield rule.features(cut, other), matters[other.report.id] == one.matter
        index.put(one.report)


def fitted(values: Floats, same: Floats) -> Floats:
    """Bias and weights of the likeliest logistic rule whose weights have the sign that they must have."""
    x = np.hstack([np.ones((len(values), 1)), values])

    def cost(weights: Floats) -> tuple[float, Floats]:
        z = x @ weights
        loss = float(np.sum(np.logaddexp(0.0, z) - same * z) + PULL / 2 * np.sum(weights[1:] ** 2))
        slope = x.T @ (1 / (1 + np.exp(-z)) - same)
        slope[1:] += PULL * weights[1:]
        return loss, slope

    bounds = [(None, None), *(_bounds(name) for name in FEATURES)]
    found: Floats = minimize(cost, np.zeros(x.shape[1]), jac=True, bounds=bounds, method="L-BFGS-B").x
    return found


def _bounds(name: str) -> tuple[float | None, float | None]:
    if name in _EITHER:
        return None, None
    return (None, 0.0) if name in _AGAINST else (0.0, None)


def main() -> int:
    rule = load_rule().among(names_of_places())
    sets = [make_set(seed, TRAINING_PART) for seed in TRAINING_SEEDS]
    pairs = [pair for labelled in sets for pair in pairs_of(rule, labelled)]
    values, same = np.array([v for v, _ in pairs]), np.array([float(s) for _, s in pairs])
    weights = fitted(values, same)
    for name, weight in zip(("bias", *FEATURES), weights, strict=True):
        print(f"{name} = {weight:.2f}")
    fit = replace(rule, bias=float(weights[0]), weights=tuple(map(float, weights[1:])))
    for threshold in (0.5, 0.55, 0.6, 0.65):
        found = judged(Arriving(replace(fit, threshold=threshold)).take, sets[0])
        print(
            f"# threshold {threshold:.2f}: precision {found['precision']:.3f}, recall {found['recall']:.3f}"
        )
    return 0


if __name__ == "__main__":
    sys.exit(main())
