"""The report that is being typed, on disk: its words survive a crash of the program, its reporter does not.

Owns one small file for a desk. Must not hold who called: neither name nor number is ever handed to it, and numbers
inside the words are masked as they would be in the journal. What it does touches the disk: never on the Qt thread.
"""

from __future__ import annotations

import json
import logging
import os
import re
from dataclasses import asdict, dataclass, fields, replace
from pathlib import Path
from typing import Any, Final

from app.domain.errors import Refusal
from app.domain.instants import Instant
from app.domain.masking import mask_text

log = logging.getLogger(__name__)

_OWNER_ONLY: Final = 0o600
_MOST_BYTES: Final = 4_000_000


@dataclass(frozen=True, slots=True)
class Draft:
    """What stands in the form. `is_..._chosen` tells what an officer picked from what followed from the words.

    `chosen_name` is what was picked from the answers for `where`. Position in WGS-84.
    """

    written_at: Instant = 0
    what: str = ""
    where: str = ""
    happened: str = ""
    incident_type: str = ""
    is_type_chosen: bool = False
    priority: int = 0
    is_priority_chosen: bool = False
    lat: float | None = None
    lon: float | None = None
    grid: str = ""
    camera: str = ""

    @property
    def is_blank(self) -> bool:
        """Whether nothing was typed or pointed at."""
        is_placed = self.lat is not None or self.where.strip()
        return not (self.what.strip() or is_placed or self.happened.strip() or self.is_type_chosen)


class DraftFile:
    """`path` is made when there is something to keep, and gone when there is nothing."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def write(self, draft: Draft) -> None:
        """Whole or not at all. Raises Refusal when the disk says no."""
        try:
            self.erase() if draft.is_blank else self._write(draft)
        except OSError as fault:
            raise Refusal("draft_unwritable", self.path.name, reason=fault.strerror or "") from fault

    def _write(self, draft: Draft) -> None:
        kept = replace(draft, what=mask_text(draft.what), where=mask_text(draft.where))
        beside = self.path.with_name(f".{self.path.name}.{os.getpid()}.part")
        try:
            with os.fdopen(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, _OWNER_ONLY), "wb") as file:
                file.write(json.dumps(asdict(kept), ensure_ascii=True).encode())
                file.flush()
                os.fsync(file.fileno())
            beside.replace(self.path)
        finally:
            beside.unlink(missing_ok=True)

    def read(self) -> Draft | None:
        """None when there is none, or none that can be read: a draft must never stand in the way of a report."""
        try:
            with self.path.open("rb") as file:
                return _draft(json.loads(file.read(_MOST_BYTES)))
        except FileNotFoundError:
            return None
        except (OSError, ValueError, TypeError) as fault:
            log.info("the draft %s cannot be read and is left out: %s", self.path.name, type(fault).__name__)
            return None

    def erase(self) -> None:
        self.path.unlink(missing_ok=True)


def draft_path(files_dir: Path, desk: str) -> Path:
    """Beside the database, one for each desk; `files_dir` is where its attachments stand."""
    name = re.sub(r"[^\w.-]+", "-", desk)[:60]
    return files_dir.with_name(f"{files_dir.name.removesuffix('.files')}.draft-{name}.json")


def _draft(values: Any) -> Draft:
    """Raises ValueError or TypeError for anything but what `write` wrote."""
    if not isinstance(values, dict):
        raise ValueError("no object")
    blank = Draft()
    known = {field.name: values[field.name] for field in fields(Draft) if field.name in values}
    for name, value in known.items():
        expected = (float, int, type(None)) if name in ("lat", "lon") else type(getattr(blank, name))
        if not isinstance(value, expected):
            raise ValueError(name)
    return Draft(**known)
