"""What the program was told to do.

Owns `Config` and its defaults. Must not open a database or a socket.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from app.paths import bundled_data_dir, user_data_dir

DEFAULT_DISTRICT = "districts/demo"


@dataclass(frozen=True, slots=True)
class Config:
    """One desk. `db` is a SQLAlchemy URL or a plain path; `feeds` are WebSocket URLs."""

    db: str
    district_dir: Path
    feeds: tuple[str, ...] = ()
    field_listen: tuple[str, int] | None = None
    """Host and port on which phones of units may call; None keeps the field client off."""
    drill: Path | None = None
    desk: str = "desk-1"
    actor: str = "officer"
    role: str = "duty_officer"
    language: Literal["zh_CN", "en"] = "zh_CN"
    theme: Literal["dark", "light"] = "dark"

    @property
    def mode(self) -> str:
        """A drill writes another database: it cannot reach the live one."""
        return "drill" if self.drill is not None else "live"


def default_db(mode: str = "live") -> str:
    """The journal in the user's data folder, one for work and one for exercises."""
    folder = user_data_dir()
    folder.mkdir(parents=True, exist_ok=True)
    return str(folder / ("journal.db" if mode == "live" else "exercise.db"))


def default_district() -> Path:
    return bundled_data_dir() / DEFAULT_DISTRICT
