"""What a camera wall asks for and what it gets.

Owns `Frame` and `FrameSource`, which every way to pictures implements. Must not know a protocol, a codec or Qt.

The wall pulls: it opens the cameras that it shows at the size of their tiles, asks for the latest frame on its own tick
and repaints where `seq` is another. Nobody calls the wall, so a hundred late frames are one repaint.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, Protocol, TypeAlias

import numpy as np
import numpy.typing as npt

from app.domain.instants import Instant

FrameState: TypeAlias = Literal["live", "stalled", "offline"]
Picture: TypeAlias = npt.NDArray[np.uint8]
"""(height, width, 4), blue-green-red-alpha, rows contiguous."""


@dataclass(frozen=True, slots=True)
class Frame:
    """A picture at exactly the size that was asked for. `seq` grows with every picture and every change of state.

    `bgra` stays as it is until `latest` has handed out another frame of the same camera. `captured_at` is when the
    picture was taken: for one that is stalled or offline, the last sign of life.
    """

    seq: int
    bgra: Picture
    captured_at: Instant
    state: FrameState


class FrameSource(Protocol):
    """Pictures of cameras. Every method returns at once and may be called from one thread only, the reader's."""

    @property
    def notice_key(self) -> str:
        """Key of the text that every picture must carry, "" for real ones."""
        ...

    def open(self, camera_id: str, width_px: int, height_px: int, fps: float) -> None:
        """Starts a camera, or starts it anew at another size; sizes are device pixels."""
        ...

    def close(self, camera_id: str) -> None:
        """Stops a camera; one that is not open is ignored."""
        ...

    def latest(self, camera_id: str) -> Frame | None:
        """The newest frame; None when the camera is not open or has not given one yet."""
        ...

    def close_all(self) -> None:
        """Stops every camera and ends threads and processes. `open` may not be called afterwards."""
        ...
