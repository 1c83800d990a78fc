"""The file of the field link's limits and canned words: bundled, of this user's settings, and of the district.

Owns its name, its form and every check. Must not apply limits: domain/field_clocks.py does.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

from app.centre.layered_toml import FieldPath, LayeredToml, read_layers
from app.centre.types_file import own_files
from app.domain.field_limits import MAX_MESSAGE, MINUTE_MS, SECOND_MS, FieldLimits, Phrase, TaskLimits
from app.domain.incident import PRIORITIES
from app.paths import bundled_data_dir

NAME: Final = "field_link.toml"

_PRIORITY_KEYS: Final = {f"P{priority}": priority for priority in PRIORITIES}
_POST: Final = "post"
"""An order to stand by at a post; those to incidents go by priority."""
_SPANS: Final = ("deliver_s", "read_s", "answer_s")
_FLAGS: Final = ("alarm", "decline_alarm")
_ORDER: Final = (*_SPANS, *_FLAGS)
_MESSAGE: Final = ("unread_s", "alarm", "reading_s", "reading_alarm")
_DESK: Final = "desk"
_PHRASES: Final = (_DESK, "unit", "decline")
_ASKS: Final = "asks_reading"
"""Only words of the desk may ask to be read."""
_ID: Final = re.compile(r"[a-z][a-z0-9_]{0,39}")
_LONGEST_MS: Final = 24 * 60 * MINUTE_MS


def load_field_limits(district_dir: Path | None = None, files: Sequence[Path] | None = None) -> FieldLimits:
    """The limits in force; `files` stands for the bundled and the own ones. Raises DeclarationFault."""
    if files is None:
        files = [bundled_data_dir() / NAME, *own_files(NAME, district_dir)]
    return _FieldReader(read_layers(files)).limits()


class _FieldReader:
    """Reads one laid-over table."""

    def __init__(self, toml: LayeredToml) -> None:
        self._toml = toml

    def limits(self) -> FieldLimits:
        self._toml.known_keys((), self._toml.table, ("order", "roll", "message", "phrase"))
        self._toml.known_keys(("order",), self._toml.subtable(("order",)), (*_PRIORITY_KEYS, _POST))
        self._toml.known_keys(("roll",), self._toml.subtable(("roll",)), ("grace_s", "every_min", "type_min"))
        self._toml.known_keys(("phrase",), self._toml.subtable(("phrase",)), _PHRASES)
        self._toml.known_keys(("message",), self._toml.subtable(("message",)), _MESSAGE)
        every = self._toml.subtable(("roll", "every_min"))
        self._toml.known_keys(("roll", "every_min"), every, tuple(_PRIORITY_KEYS))
        types = self._toml.subtable(("roll", "type_min"))
        return FieldLimits(
            tasks={priority: self._order(("order", key)) for key, priority in _PRIORITY_KEYS.items()},
            post=self._order(("order", _POST)),
            roll_ms={_PRIORITY_KEYS[k]: self._span(("roll", "every_min", k), MINUTE_MS) for k in every},
            roll_type_ms={key: self._span(("roll", "type_min", key), MINUTE_MS) for key in types},
            unread_ms=self._until_read_ms("unread_s", "alarm"),
            reading_ms=self._until_read_ms("reading_s", "reading_alarm"),
            grace_ms=self._span(("roll", "grace_s"), SECOND_MS),
            desk_phrases=self._phrases(_DESK),
            unit_phrases=self._phrases("unit"),
            decline_reasons=self._phrases("decline"),
        )

    def _order(self, path: FieldPath) -> TaskLimits:
        self._toml.known_keys(path, self._toml.subtable(path), _ORDER)
        deliver_ms, read_ms, answer_ms = (self._span((*path, name), SECOND_MS) for name in _SPANS)
        for name, earlier, later in (("read_s", deliver_ms, read_ms), ("answer_s", read_ms, answer_ms)):
            if later < earlier:
                self._toml.refuse((*path, name), "field_order", value=self._toml.value((*path, name)))
        return TaskLimits(deliver_ms, read_ms, answer_ms, *(self._flag((*path, name)) for name in _FLAGS))

    def _until_read_ms(self, span: str, flag: str) -> int:
        until_read_ms = self._span(("message", span), SECOND_MS)
        return until_read_ms if self._flag(("message", flag)) else 0

    def _phrases(self, side: str) -> tuple[Phrase, ...]:
        path = ("phrase", side)
        return tuple(self._phrase((*path, key)) for key in self._toml.subtable(path))

    def _phrase(self, path: FieldPath) -> Phrase:
        if not _ID.fullmatch(path[-1]):
            self._toml.refuse(path, "no_id", value=path[-1])
        asks = (_ASKS,) if path[1] == _DESK and _ASKS in self._toml.subtable(path) else ()
        texts = self._toml.both_languages(path, MAX_MESSAGE, also=asks)
        return Phrase(path[-1], *texts, asks_reading=bool(asks) and self._flag((*path, _ASKS)))

    # -- values ------------------------------------------------------------------------------------------------------

    def _flag(self, path: FieldPath) -> bool:
        value: Any = self._toml.value(path)
        if not isinstance(value, bool):
            self._toml.refuse(path, "no_truth", value=value)
        return bool(value)

    def _span(self, path: FieldPath, unit_ms: int) -> int:
        value: Any = self._toml.value(path)
        is_number = isinstance(value, int | float) and not isinstance(value, bool)
        if not is_number or not 0 < value * unit_ms <= _LONGEST_MS:
            self._toml.refuse(path, "field_span", value=value)
        return round(float(value) * unit_ms)
