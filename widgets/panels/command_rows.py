"""Owns how what may be typed next is listed: its symbol beside ready-made words. Must not find or word anything."""

from __future__ import annotations

from typing import TYPE_CHECKING

from widgets.bridge import Bridge
from widgets.parts.search_list import SearchRow
from widgets.parts.symbols import unit_color, unit_fill
from widgets.style import tokens

if TYPE_CHECKING:
    from app.service.command_line.reading import Choice

_GLYPHS = {
    "verb": "prompt", "mark": "prompt", "camera": "camera", "grid": "grid", "community": "grid", "road": "road",
    "coordinate": "cross_hair", "place": "pin", "address": "pin",
}  # fmt: skip


class CommandRows:
    """Rows for one desk."""

    def __init__(self, bridge: Bridge) -> None:
        self._bridge = bridge

    def row(self, choice: Choice) -> SearchRow:
        """A choice as it is listed."""
        second = "" if choice.second == choice.title else choice.second
        title = choice.title or choice.name
        incident = self._bridge.desk.incidents.get(choice.key) if choice.kind == "incident" else None
        unit = self._bridge.desk.units.get(choice.key) if choice.kind == "unit" else None
        if incident is not None:
            color = tokens().priority.of(incident.priority) if incident.is_open else tokens().stale
            glyph = f"marker/{incident.priority}/{incident.incident_type}"
            return SearchRow(glyph, title, second, choice.aside, color)
        if unit is not None:
            color, fill = unit_color(unit.status), unit_fill(unit.status)
            return SearchRow(f"unit/{unit.kind}", title, second, choice.aside, color, fill)
        ink = tokens().camera if choice.kind == "camera" else None
        return SearchRow(_glyph(choice), title, second, choice.aside, ink)


def _glyph(choice: Choice) -> str:
    if choice.kind == "type":
        return f"incident/{choice.key}"
    if choice.kind == "priority":
        return f"priority/{choice.key}"
    return _GLYPHS.get(choice.kind, "words")
