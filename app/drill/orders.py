"""What units were told, kept so that a simulator that was killed can live its day again.

Owns the file of orders. Must not know what a unit makes of them.
"""

from __future__ import annotations

from pathlib import Path
from typing import Literal

import msgspec

from app.domain.instants import Instant
from app.drill.unit import Task


class Order(msgspec.Struct, frozen=True, kw_only=True):
    """A task given, or taken back, at an instant; or all the roads that are closed from then on."""

    at: Instant
    act: Literal["give", "recall", "close"]
    task: str = ""
    unit: str = ""
    incident: str = ""
    lat: float | None = None
    lon: float | None = None
    kind: str = ""
    """POST for one to stand by there."""
    roads: tuple[str, ...] = ()
    passable: tuple[str, ...] = ()
    """Those of the closed roads that emergency vehicles may use."""

    @property
    def as_task(self) -> Task:
        return Task(self.task, self.unit, self.incident, self.at, self.lat, self.lon)


class OrderBook:
    """Orders in the order of their coming; appended to a file when there is one, before they are carried out."""

    def __init__(self, path: Path | None = None) -> None:
        self._path = path
        self.orders = _read(path) if path else []

    def open_tasks(self) -> set[str]:
        """The tasks that were given and not taken back."""
        open_tasks: set[str] = set()
        for order in (one for one in self.orders if one.task):
            (open_tasks.add if order.act == "give" else open_tasks.discard)(order.task)
        return open_tasks

    def note(self, order: Order) -> None:
        self.orders.append(order)
        if self._path is not None:
            with self._path.open("ab") as file:
                file.write(msgspec.json.encode(order) + b"\n")


def _read(path: Path) -> list[Order]:
    """A last line that was cut off by a kill is no order: its sender has had no answer and sends it again."""
    if not path.exists():
        return []
    lines = path.read_bytes().split(b"\n")
    return [msgspec.json.decode(line, type=Order) for line in lines[:-1] if line]
