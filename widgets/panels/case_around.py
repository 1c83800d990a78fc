"""Owns what lies round an incident on its card: hazards at the door, cameras near, links, what was there before.

Must not open any of it: what is picked is told. Shows no name and no number of a person.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from PySide6.QtCore import QObject, QTimer, Signal
from shiboken6 import isValid

from app.domain.incident import Incident
from app.domain.instants import Instant
from app.domain.masking import mask_text
from app.geo.near_cameras import NearCamera, cameras_near
from app.i18n import tr
from app.service.histories import NEAR_M, History
from widgets.actions import tail
from widgets.bridge import Bridge
from widgets.panels.case_section import CaseSection
from widgets.panels.case_words import Names
from widgets.parts.age_text import format_distance
from widgets.parts.row_list import Row, RowList

MOST_CAMERAS = 4
MOST_BEFORE = 3
SETTLED_MS = 200
"""Who goes through the queue with the arrow keys asks for no history: every incident there ever was is looked at."""


@dataclass(frozen=True, slots=True)
class _Asked:
    """Of what the histories were asked; another place is another question."""

    incident: str
    lat: float | None
    lon: float | None
    address: str
    person_ref: str | None


class CaseAround(QObject):
    """Fills its sections for one incident. `camera_wanted` and `incident_wanted` carry what was picked."""

    camera_wanted = Signal(str)
    incident_wanted = Signal(str)

    def __init__(self, bridge: Bridge, parent: QObject) -> None:
        super().__init__(parent)
        self._bridge = bridge
        self._asked: _Asked | None = None
        self._place: History | None = None
        self._caller: History | None = None
        self._settled = QTimer(self)
        self._settled.setSingleShot(True)
        self._settled.setInterval(SETTLED_MS)
        self._settled.timeout.connect(self._ask)
        self.premises_list, self.cameras_list, self.links_list, self.history_list = (
            RowList() for _ in range(4)
        )
        self.premises = CaseSection(self.premises_list)
        self.cameras = CaseSection(self.cameras_list)
        self.links = CaseSection(self.links_list)
        self.history = CaseSection(self.history_list)
        self.cameras_list.picked.connect(self.camera_wanted)
        self.links_list.picked.connect(self.incident_wanted)
        self.history_list.picked.connect(self.incident_wanted)

    def show_incident(self, incident: Incident, names: Names, now: Instant) -> None:
        _fill(self.premises, self.premises_list, tr("card.premises"), self._premise_rows(incident, now))
        _fill(self.cameras, self.cameras_list, tr("card.cameras"), self._camera_rows(incident, names))
        _fill(self.links, self.links_list, tr("card.links"), _link_rows(incident, names))
        asked = _Asked(incident.id, incident.lat, incident.lon, incident.address, incident.person_ref)
        if asked != self._asked:
            self._asked, self._place, self._caller = asked, None, None
            self._settled.start()
        self._show_history()

    # -- here and now ------------------------------------------------------------------------------------------------

    def _premise_rows(self, incident: Incident, now: Instant) -> Iterator[Row]:
        app = self._bridge.app
        if not app.is_restored:
            return
        for near in app.histories.premises_near(incident.lat, incident.lon, NEAR_M, now, incident.address):
            note = format_distance(near.distance_m) if near.distance_m and near.distance_m >= 1 else ""
            tone = "danger" if near.note.hazard else "warn"
            yield Row("", mask_text(near.note.text), note, tone)  # type: ignore[arg-type]

    def near_cameras(self, incident: Incident) -> list[NearCamera]:
        if incident.lat is None or incident.lon is None:
            return []
        known = self._bridge.desk.cameras
        offline = frozenset(key for key, camera in known.items() if not camera.online)
        cameras = self._bridge.district.cameras
        return cameras_near(cameras, incident.lat, incident.lon, most=MOST_CAMERAS, offline=offline)

    def _camera_rows(self, incident: Incident, names: Names) -> Iterator[Row]:
        for near in self.near_cameras(incident):
            known = self._bridge.desk.cameras.get(near.camera.id)
            offline = known is not None and not known.online
            state = tr("card.camera.offline") if offline else tr("card.camera.looks") if near.looks else ""
            note = format_distance(near.distance_m)
            if state:
                note = tr("card.camera.note", distance=note, state=state)
            yield Row(near.camera.id, names.camera(near.camera.id), note, "second" if offline else "")

    # -- before ------------------------------------------------------------------------------------------------------

    def _ask(self) -> None:
        """An answer to a question that nobody asks any more is dropped."""
        app, asked = self._bridge.app, self._asked
        if asked is None or not app.is_restored or asked.incident not in self._bridge.desk.incidents:
            self._asked = None
            return

        def of_place(found: History) -> None:
            if isValid(self) and asked == self._asked:
                self._place = found
                self._show_history()

        def of_caller(found: History) -> None:
            if isValid(self) and asked == self._asked:
                self._caller = found
                self._show_history()

        here = app.histories.of_place(asked.lat, asked.lon, asked.address, but=asked.incident)
        self._bridge.fetch(here, of_place)
        if asked.person_ref is not None:
            self._bridge.fetch(app.histories.of_caller(asked.incident), of_caller)

    def _show_history(self) -> None:
        rows = [*self._told(self._place, "place"), *self._told(self._caller, "caller")]
        _fill(self.history, self.history_list, tr("card.history"), iter(rows))

    def _told(self, history: History | None, of: str) -> Iterator[Row]:
        if history is None or history.is_empty:
            return
        yield Row("", tr(f"card.history.{of}", count=history.count, open=history.open), tone="second")
        known = self._bridge.desk.incidents
        named = [known[key] for key in history.incidents if key in known][:MOST_BEFORE]
        for incident in named:
            words = tr("card.link.row", number=_number(incident.number), title=mask_text(incident.title))
            yield Row(incident.id, words, tr(f"terms.incident_status.{incident.status}"))
        if history.count > len(named):
            yield Row("", tr("card.history.more", count=history.count - len(named)), tone="second")


def _link_rows(incident: Incident, names: Names) -> Iterator[Row]:
    for link in incident.related:
        words = tr(
            "card.link.row", number=tail(names.number(link.other)), title=mask_text(names.title(link.other))
        )
        yield Row(link.other, words, tr(f"triage.relation.{link.relation}"))
    for merged in reversed(incident.absorbed):
        words = tr("card.link.row", number=tail(names.number(merged)), title=mask_text(names.title(merged)))
        yield Row(merged, words, tr("card.link.absorbed"))


def _number(number: str) -> str:
    """With its day: what was before was mostly not today."""
    day, _, count = number.rpartition("-")
    return f"{day[4:]}-{count}" if day else number


def _fill(section: CaseSection, shown: RowList, title: str, rows: Iterator[Row]) -> None:
    shown.set_rows(list(rows))
    section.show_title(title, has_content=bool(shown.rows))
