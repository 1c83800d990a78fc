"""bench import: extracts become districts, each beside the same file read once and by nobody used.

The baseline is a bare handler of osmium that counts nodes, ways and relations: the least that Python can do with a
file. Both run in turn in one process, on the whole extract. Processor time is the figure, because the rest of the
machine does not stand in it; time on the clock is printed with it.
"""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path
from statistics import median
from typing import Any

from app.geo.importing.importer import ImportRequest, import_district
from app.geo.importing.packages import package

ROUNDS = 7
_CODE = "320104001"

Taken = tuple[float, float]
"""Seconds of the processor, and on the clock."""


def run(extracts: Sequence[Path]) -> Iterator[dict[str, Any]]:
    """One result for each extract. Raises ImportFault for one that cannot be imported."""
    for extract in extracts:
        yield _measured(extract)


def _measured(extract: Path) -> dict[str, Any]:
    with tempfile.TemporaryDirectory(prefix="streetdesk-bench-") as folder:
        requests = [
            ImportRequest(extract, Path(folder) / f"district-{turn}", _CODE, _CODE, _CODE)
            for turn in range(ROUNDS + 1)
        ]
        imported = import_district(requests.pop())
        turns = [
            (_timed(partial(import_district, request)), _timed(partial(_read, extract)))
            for request in requests
        ]
    cpu_s, took_s = (median(ours[i] for ours, _ in turns) for i in (0, 1))
    bare_cpu_s, bare_s = (median(bare[i] for _, bare in turns) for i in (0, 1))
    return {
        "bench": "import",
        "extract": extract.name,
        "counts": imported.counts,
        "figures": {"import_cpu_s": round(cpu_s, 3), "import_s": round(took_s, 3)},
        "baseline": {"read_once_cpu_s": round(bare_cpu_s, 3), "read_once_s": round(bare_s, 3)},
        "ratio": {"cpu": round(cpu_s / bare_cpu_s, 2), "clock": round(took_s / bare_s, 2)},
    }


def _timed(action: Callable[[], object]) -> Taken:
    cpu_s, clock_s = time.process_time(), time.perf_counter()
    action()
    return time.process_time() - cpu_s, time.perf_counter() - clock_s


def _read(extract: Path) -> int:
    """Every object comes up to Python once."""
    osmium = package("osmium", extract.name)

    class Count(osmium.SimpleHandler):  # type: ignore[name-defined, misc]
        objects = 0

        def node(self, _: Any) -> None:
            self.objects += 1

        way = relation = node

    count = Count()
    count.apply_file(str(extract))
    return count.objects
