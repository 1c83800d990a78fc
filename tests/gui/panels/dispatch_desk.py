"""Owns a crowd with units near by for tests of the dispatch panel, and how its cells read."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from app.journal.store import TrackPoint
from tests.gui.conftest import DeskUnderTest
from widgets.panels.dispatch import DispatchPanel


def centre(desk: DeskUnderTest) -> dict[str, float]:
    return {"lat": desk.bridge.district.centre_lat, "lon": desk.bridge.district.centre_lon}


def stand(desk: DeskUnderTest, unit: str, north_m: float, age_s: float = 1) -> None:
    """A fix of a unit so far north of the middle of the district."""
    here, at = centre(desk), desk.app.clock.now() - round(age_s * 1000)
    desk.app.positions.put(TrackPoint(unit, at, here["lat"] + north_m / 111_195, here["lon"]))


def crowd(desk: DeskUnderTest, panel: DispatchPanel, incident: str = "i1") -> None:
    """A crowd in the middle of the district with four units near by: two of the police, patrol, volunteer."""
    desk.report(incident, **centre(desk))
    for unit, away_m in (("p1", 5), ("p4", 300), ("j1", 10), ("v1", 5)):
        stand(desk, unit, away_m)
    panel.show_incident(incident)
    desk.wait_until(lambda: panel.is_settled)
    panel.view.setFocus()


def press(panel: DispatchPanel, *keys: Qt.Key) -> None:
    for key in keys:
        QTest.keyClick(panel.view, key)


def shown(panel: DispatchPanel, column: str, key: str) -> str:
    model = panel.candidates
    return model.data(model.index(model.row_of(key), model.column_number(column)))
