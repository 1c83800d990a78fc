"""How long work on scene is expected to last, when it is worth while to wait for whoever is busy, and who is preferred.

Owns the values and the expectation that follows from them. Must not read a file: work_file.py does.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from app.dispatch.candidates import Preference

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class WorkSpan:
    """Work lasts from `least_s` to `most_s` as a rule."""

    least_s: float = 600.0
    most_s: float = 2_400.0


@dataclass(frozen=True, slots=True)
class WorkTimes:
    """`default` holds for types that have no span of their own. What is of waiting: see data/dispatch.toml."""

    default: WorkSpan = field(default_factory=WorkSpan)
    types: Mapping[str, WorkSpan] = field(default_factory=dict)
    margin_s: float = 180.0
    longer_s: float = 300.0
    held_s: float = 600.0
    prefer: Preference = field(default_factory=Preference)

    def of(self, incident_type: str) -> WorkSpan:
        return self.types.get(incident_type, self.default)


def expected_left_s(there_in_s: Floats, least_s: Floats | float, most_s: Floats | float) -> Floats:
    """Seconds until each unit is free, by rule; inf for who has worked for longer than the rule knows.

    `there_in_s` until it is on scene, negative for how long it has been.
    """
    lasted_s = np.maximum(0.0, -there_in_s)
    whole_s = (np.maximum(least_s, lasted_s) + most_s) / 2
    left_s = np.maximum(1.0, there_in_s + whole_s)
    return np.asarray(np.where(lasted_s > most_s, np.inf, left_s))
