"""The demo district with something of it gone or changed, in a folder of its own. Must not hold scenarios."""

from __future__ import annotations

import csv
import json
import shutil
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from app.config import default_district

Road = dict[str, Any]


def district(folder: Path) -> Path:
    """A copy that a test may change."""
    copied = folder / "district"
    shutil.copytree(default_district(), copied)
    return copied


def keep_units(place: Path, wanted: Callable[[dict[str, str]], bool]) -> None:
    """Those of units.csv alone, and the patrols of nobody else."""
    file = place / "units.csv"
    with file.open(encoding="utf-8", newline="") as lines:
        table = csv.DictReader(lines)
        rows, names = [row for row in table if wanted(row)], table.fieldnames or ()
    with file.open("w", encoding="utf-8", newline="") as lines:
        writer = csv.DictWriter(lines, names)
        writer.writeheader()
        writer.writerows(rows)
    (place / "patrol_plan.toml").write_text("", encoding="utf-8")


def roads_of(place: Path) -> list[Road]:
    found: list[Road] = json.loads((place / "roads.geojson").read_text(encoding="utf-8"))["features"]
    return found


def lay_roads(place: Path, roads: Iterable[Road]) -> None:
    """These and no others."""
    whole = {"type": "FeatureCollection", "features": list(roads)}
    (place / "roads.geojson").write_text(json.dumps(whole), encoding="utf-8")
