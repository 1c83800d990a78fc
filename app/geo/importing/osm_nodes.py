"""Owns which nodes ways run through, kept beside the reading. Must not know what the ways are.

Osmium makes an object of every node that Python looks at, but writes a way as one line of text (OPL): that line is kept
on the disk, and the numbers in all of them are read at once.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path
from types import TracebackType
from typing import Any

import numpy as np
import numpy.typing as npt

Ints = npt.NDArray[np.int64]


class WayNodes:
    """Ways are put in while the extract is read; their nodes can be asked for once the block has ended."""

    def __init__(self, osmium: Any, folder: Path) -> None:
        self._path = folder / "ways.opl"
        self._writer = osmium.SimpleWriter(osmium.io.File(str(self._path), "opl,add_metadata=none"))
        self.put = self._writer.add_way

    def __enter__(self) -> WayNodes:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._writer.close()

    def of(self, ways: Sequence[str]) -> list[Ints]:
        """The ids of the nodes of each of these ways, which are named as `w123`."""
        if not ways:
            return []
        texts = dict(map(_parted, self._path.read_bytes().splitlines()))
        lists = [texts[way.encode()] for way in ways]
        ids = np.fromstring(b",".join(lists).replace(b"n", b""), dtype=np.int64, sep=",")
        ends = np.cumsum([0, *(one.count(b"n") for one in lists)]).tolist()
        return [ids[start:end] for start, end in pairwise(ends)]


def _parted(line: bytes) -> tuple[bytes, bytes]:
    """`w123 Tkey=value Nn1,n2` without what is between: OPL has no blank within a field."""
    way, _, rest = line.partition(b" ")
    return way, rest.rpartition(b"N")[2]
