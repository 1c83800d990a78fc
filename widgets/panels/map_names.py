"""Owns how the map's menus, lists and prints name what stands on the map. Must not act on it."""

from __future__ import annotations

from typing import Final

from app.i18n import language, tr
from widgets.actions import tail
from widgets.bridge import Bridge
from widgets.map.hit import Hit

_KINDS: Final = {"place": "places", "camera": "cameras", "grid": "grids"}


class ThingNames:
    """Names in the language of the call."""

    def __init__(self, bridge: Bridge) -> None:
        self._bridge = bridge
        district = bridge.district
        self._still = {
            (kind, getattr(thing, "code", "") or getattr(thing, "id", "")): thing
            for kind, table in _KINDS.items()
            for thing in getattr(district, table)
        }
        self._units = {unit.id: unit for unit in district.units}

    def of(self, hit: Hit) -> str:
        """What a thing is called; "" for the bare ground."""
        kind, key = hit
        if kind == "incident":
            return self.incident(key)
        if kind == "unit":
            return self.unit(key)
        thing = self._still.get(hit)
        if thing is None:
            return key
        first, second = thing.name_zh, thing.name_en
        return str((second or first) if language() == "en" else (first or second)) or key

    def incident(self, key: str) -> str:
        incident = self._bridge.desk.incidents.get(key)
        if incident is None:
            return key
        return tr(
            "map_tools.incident",
            priority=incident.priority,
            number=tail(incident.number),
            title=self._bridge.said(incident).title,
        )

    def number(self, key: str) -> str:
        """The end of an incident's number; "" for one that there is none of."""
        incident = self._bridge.desk.incidents.get(key)
        return tail(incident.number) if incident is not None else ""

    def unit(self, key: str) -> str:
        spec, unit = self._units.get(key), self._bridge.desk.units.get(key)
        if spec is not None and language() == "en" and spec.call_sign_en:
            return spec.call_sign_en
        return unit.call_sign if unit is not None else key

    def state(self, hit: Hit) -> str:
        """How far an incident is, or what a unit does; "" for anything else."""
        kind, key = hit
        if kind == "incident" and key in self._bridge.desk.incidents:
            return tr(f"terms.incident_status.{self._bridge.desk.incidents[key].status}")
        if kind == "unit" and key in self._bridge.desk.units:
            return tr(f"terms.unit_status.{self._bridge.desk.units[key].status}")
        return ""
