"""The bundled drill of five hundred reports, played by each policy and once more with hindsight.

Owns what is played and what is counted of it. Each run is one of `drill` (app/drill_play.py): the real simulator,
intake, bus and journal, in a process and a passing folder of its own. Must not print.
"""

from __future__ import annotations

import asyncio
import os
import threading
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context, parent_process
from multiprocessing.connection import wait
from typing import Final

import numpy as np
import numpy.typing as npt

from app.bench.dispatch_foreseen import Foreseeing
from app.config import default_district
from app.drill.options import NEAREST, NONE, RECOMMENDED, scenario_file
from app.drill_play import DrillPlan, at_once, open_drill

Floats = npt.NDArray[np.float64]

SCENARIO: Final = "rush"
HINDSIGHT: Final = "hindsight"
PLAYED: Final = (HINDSIGHT, RECOMMENDED, NEAREST)
AT_A_TIME: Final = 2
SEEDS: Final = (41, 42)
"""The scenario's own and the next: one day alone moves a 90th percentile by a tenth to either side."""


def arrivals() -> dict[str, float]:
    """Seconds from report to the first unit on scene over SEEDS, and the regret, that of the P90 of each seed too."""
    by_seed = played(SEEDS)
    seconds = {name: np.concatenate([by_seed[name, seed] for seed in SEEDS]) for name in PLAYED}
    figures = {"incidents": float(len(seconds[NEAREST]))}
    for name in sorted(seconds):
        figures[f"arrival_mean_s_{name}"] = float(seconds[name].mean())
        figures[f"arrival_p90_s_{name}"] = _p90(seconds[name])
    for measure in ("mean", "p90"):
        best = figures[f"arrival_{measure}_s_{HINDSIGHT}"]
        figures[f"regret_{measure}"] = figures[f"arrival_{measure}_s_{RECOMMENDED}"] / best - 1
    for seed in SEEDS:
        best = _p90(by_seed[HINDSIGHT, seed])
        figures[f"regret_p90_seed_{seed}"] = _p90(by_seed[RECOMMENDED, seed]) / best - 1
    return figures


def _p90(seconds: Floats) -> float:
    return float(np.percentile(seconds, 90))


def played(seeds: Sequence[int]) -> dict[tuple[str, int], Floats]:
    """Seconds of every incident by policy and seed.

    Raises RuntimeError where somebody was not reached: it would flatter.
    """
    asked = [(name, seed) for seed in seeds for name in PLAYED]
    spawning = get_context("spawn")
    with ProcessPoolExecutor(AT_A_TIME, mp_context=spawning, initializer=_end_with_parent) as pool:
        found = list(pool.map(_seconds, *zip(*asked, strict=True)))
    return {key: np.array(seconds) for key, seconds in zip(asked, found, strict=True)}


def _end_with_parent() -> None:
    """A bench that is killed leaves nobody behind: a pool's process would wait for work for ever."""
    parent = parent_process()
    assert parent is not None

    def watch() -> None:
        wait([parent.sentinel])
        os._exit(1)

    threading.Thread(target=watch, name="parent-watch", daemon=True).start()


def _seconds(policy: str, seed: int) -> list[float]:
    return asyncio.run(_played(policy, seed))


async def _played(policy: str, seed: int) -> list[float]:
    name = NONE if policy == HINDSIGHT else policy
    plan = DrillPlan(scenario_file(SCENARIO), default_district(), name, seed)
    async with open_drill(plan) as drill:
        await drill.play(at_once, Foreseeing(drill) if policy == HINDSIGHT else None)
        incidents = list(drill.desk.projections.desk.incidents.values())
    reached = [(one.arrived_at - one.counts_from) / 1000 for one in incidents if one.arrived_at is not None]
    if len(reached) < len(incidents):
        raise RuntimeError(f"{policy}: {len(incidents) - len(reached)} of {len(incidents)} were not reached")
    return reached
