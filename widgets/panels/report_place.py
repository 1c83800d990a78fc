"""Owns where a report is: one line for an address, a name, a code or coordinates, the answers to it, and what it means.

A point that was pointed at stands, one from the answers until other words name another place; words alone bring a
point only where they name one place.
Must not search by itself (search_source.py) and must not build what it asks: nothing is made on the Qt thread.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QComboBox, QLineEdit, QToolButton, QVBoxLayout, QWidget

from app.domain.errors import Refusal
from app.domain.guards import MAX_ADDRESS
from app.geo.coordinates import distance_m
from app.i18n import language, tr
from app.service.placing import FARTHEST_M, Placed, placed, within_reach
from app.service.refusals import refusal_text
from widgets.bridge import Bridge
from widgets.panels.report_lines import plain_label, row, say, set_invalid
from widgets.panels.search_rows import SearchRows, length_text
from widgets.panels.search_source import SearchSource
from widgets.parts.search_list import SearchList
from widgets.style import follow_look, icon, tokens

if TYPE_CHECKING:
    from app.geo.search import Found

MOST_ANSWERS: Final = 5
APART_M: Final = 200.0
"""Words and point that are further apart than this are said to be."""
_STEPS: Final = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}


@dataclass(frozen=True, slots=True)
class Spot:
    """What the field means: `address` is written down, `name` is what it is called. WGS-84, None without a point."""

    address: str
    name: str
    lat: float | None = None
    lon: float | None = None
    camera: str = ""


class PlaceField(QWidget):
    """`changed`: the words, the point or the grid are others. `search` and `middle` are the map's, if any."""

    changed = Signal()

    def __init__(
        self,
        bridge: Bridge,
        search: Callable[[], SearchSource] | None = None,
        middle: Callable[[], tuple[float, float]] | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._bridge = bridge
        self._make_search, self._middle = search, middle
        self._source: SearchSource | None = None
        self._rows = SearchRows(bridge)
        self._answers: list[Found] = []
        self._meant: Found | None = None
        self._point: tuple[float, float] | None = None
        self._is_pointed = False
        """Whether somebody pointed at the point: then other words leave it where it is."""
        self._camera = ""
        self._grid_is_due = False
        self.line, self.list, self.grid = PlaceLine(self), SearchList(self), QComboBox()
        self.says, self.where = plain_label(), plain_label("second")
        self.warning = plain_label("warn", wraps=True)
        self._drop = QToolButton()
        self._lay_out()
        self._connect()

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(tokens().space_xs)
        self.warning.setMinimumWidth(1)
        self.warning.hide()
        self.list.hide()
        for part in (self.line, self.list, row(self.says, self._drop), self.where, self.warning, self.grid):
            column.addWidget(part)

    def _connect(self) -> None:
        self.line.textChanged.connect(lambda _text: self._read())
        self.line.moved.connect(self.list.move_choice)
        self.list.chosen.connect(self._choose)
        self._drop.clicked.connect(lambda: self.put_point(None))
        self.grid.activated.connect(lambda _row: self.changed.emit())
        follow_look(self, self._dress)
        self._dress()

    # -- what it means -----------------------------------------------------------------------------------------------

    @property
    def point(self) -> tuple[float, float] | None:
        """(lat, lon), None while only words say where it is that nobody knows by name."""
        if self._point is not None:
            return self._point
        entry = self._meant.entry if self._meant is not None else None
        return (entry.lat, entry.lon) if entry and entry.lat is not None and entry.lon is not None else None

    @property
    def is_given(self) -> bool:
        return bool(self.line.text().strip()) or self.point is not None

    @property
    def chosen_point(self) -> tuple[float, float] | None:
        """The point that somebody pointed at or picked, without what words alone mean."""
        return self._point

    @property
    def camera(self) -> str:
        """The camera that was pointed at."""
        return self._camera

    @staticmethod
    def named(zh: str, en: str) -> str:
        """In the language in force."""
        return zh if language() == "zh_CN" else en

    @property
    def spot(self) -> Spot:
        lat, lon = self.point or (None, None)
        address, name = self.line.text().strip(), self._name()
        if self._meant is not None and self._meant.entry.kind == "coordinate":
            address = ""  # figures in another system beside the point in ours would name two places
        elif self._meant is not None and self._meant.entry.kind == "unit":
            address = tr("new_incident.at_unit", unit=name)
        elif self._meant is not None and self._meant.entry.kind in ("grid", "camera"):
            address = name
        return Spot(address, name, lat, lon, self._camera or self._seen_by())

    def _seen_by(self) -> str:
        entry = self._meant.entry if self._meant is not None else None
        return entry.key if entry is not None and entry.kind == "camera" else ""

    def _name(self) -> str:
        if self._meant is not None:
            return self._rows.title(self._meant)
        return self.line.text().strip()

    def refusal(self, subject: str) -> str:
        """The sentence that says why this place cannot be written down; "" when it can."""
        away = self._placed()
        try:
            if away is not None:
                within_reach(subject, away)
        except Refusal as refused:
            return refusal_text(refused)
        return ""

    # -- from outside ------------------------------------------------------------------------------------------------

    def put_point(self, point: tuple[float, float] | None, camera: str = "") -> None:
        """Somebody pointed at the map or at a camera; None takes the point away, whatever it came from."""
        self._point, self._camera, self._is_pointed = point, camera, point is not None
        if point is None and self._meant is not None and self._meant.entry.kind == "coordinate":
            self.line.clear()
        self._place()

    def clear(self) -> None:
        self._meant, self._answers = None, []
        self.line.clear()
        self.grid.setCurrentIndex(0)
        self.put_point(None)
        self.shut_list()

    def settle_grid(self) -> None:
        """A desk that was only just starting learns the grid when the report is taken."""
        if self._grid_is_due and self.point is not None and not self.grid.currentData():
            self._put_grid()

    # -- reading -----------------------------------------------------------------------------------------------------

    @property
    def _search(self) -> SearchSource:
        if self._source is None:
            self._source = self._make_search() if self._make_search else SearchSource(self._bridge, self)
            self._source.ready.connect(self._read)
        return self._source

    def want(self) -> None:
        """Has the names made that are looked through, aside; until then words are words."""
        self._search.want()

    def _read(self) -> None:
        """The answers to what stands in the line, and the one that it means without doubt."""
        typed = self.line.text()
        query = typed.strip()[: MAX_ADDRESS + 1]
        self._answers, self._meant = [], None
        if query and len(query) <= MAX_ADDRESS:
            self._ask(query)
        if not self._is_pointed and (not query or self._meant is not None):
            self._point = None
        self._offer()
        set_invalid(self.line, len(typed) > MAX_ADDRESS)
        self._place()

    def _ask(self, query: str) -> None:
        self._search.want()
        finder = self._search.finder
        if finder is not None:
            from app.geo.meant import (  # what it imports was read when the finder was made
                PLACES,
                meant_exactly,
            )

            self._search.catch_up()
            self._answers = finder.find(query, *self._here(), MOST_ANSWERS + 1, PLACES)
            self._meant = meant_exactly(self._answers, query)

    def _here(self) -> tuple[float, float]:
        """From where nearness counts: the point that was chosen, else where the officer looks."""
        district = self._bridge.district
        if self._point is not None:
            return self._point
        return self._middle() if self._middle is not None else (district.centre_lat, district.centre_lon)

    def _offer(self) -> None:
        """Nothing is offered for what is clear already, or when the keyboard is elsewhere."""
        answers = self._answers[:MOST_ANSWERS]
        is_wanted = bool(answers) and self._meant is None and self.line.hasFocus()
        self.list.show_rows([self._rows.row(found) for found in answers] if is_wanted else [])
        self.list.choose_none()
        self.list.setFixedHeight(self.list.wanted_height())
        self.list.setVisible(is_wanted)

    def shut_list(self) -> None:
        self.list.hide()

    @property
    def is_choosing(self) -> bool:
        """Whether Enter would take an answer."""
        return not self.list.isHidden() and self.list.choice >= 0

    def _choose(self, number: int) -> None:
        """An answer that was picked is the place, and its point stands whatever words follow."""
        found = self._answers[number]
        entry = found.entry
        self.line.blockSignals(True)
        self.line.setText(self._rows.title(found))
        self.line.blockSignals(False)
        self._meant, self._camera, self._is_pointed = found, "", False
        self._point = (entry.lat, entry.lon) if entry.lat is not None and entry.lon is not None else None
        self.shut_list()
        set_invalid(self.line, False)
        self.line.setFocus(Qt.FocusReason.OtherFocusReason)
        self._place()

    # -- the point ---------------------------------------------------------------------------------------------------

    def _place(self) -> None:
        if self.point is not None:
            self._put_grid()
        elif self._meant is None:
            self.grid.setCurrentIndex(0)
        self._tell()
        self.changed.emit()

    def _placed(self) -> Placed | None:
        grids, point = self._bridge.app.grids, self.point
        return (
            placed(self._bridge.district, grids, *point) if grids is not None and point is not None else None
        )

    def _put_grid(self) -> None:
        found = self._placed()
        self._grid_is_due = found is None
        self.grid.setCurrentIndex(max(0, self.grid.findData(found.grid)) if found and found.grid else 0)

    def _tell(self) -> None:
        """What was understood: its name, where that is, and what an officer should doubt."""
        point, typed = self.point, self.line.text().strip()
        self._drop.setVisible(self._point is not None)
        self.says.setText(self._headline(typed))
        self.says.setToolTip("")
        self.where.setText(self._coordinates())
        self.where.setVisible(point is not None)
        say(self.warning, self._doubt(typed), "warn")

    def _headline(self, typed: str) -> str:
        if self._meant is not None and self._meant.entry.kind == "coordinate":
            return tr("new_incident.coordinates")
        if self._meant is not None:
            second = self._rows.row(self._meant).second
            return tr("new_incident.understood", name=self._name(), second=second).strip(" ·")
        if self.point is not None:
            camera = tr("new_incident.camera", camera=self._camera) if self._camera else ""
            return camera or tr("new_incident.point.chosen")
        return tr("new_incident.words_only" if typed else "new_incident.point.none")

    def _coordinates(self) -> str:
        if self.point is None:
            return ""
        lat, lon = self.point
        parts = [tr("new_incident.point", lat=f"{lat:.5f}", lon=f"{lon:.5f}"), self._away()]
        return " · ".join(filter(None, parts))

    def _away(self) -> str:
        """How far the place that the words name lies from the point that was chosen."""
        away_m = self._away_m()
        return tr("new_incident.from_point", distance=length_text(away_m)) if away_m else ""

    def _away_m(self) -> float:
        entry = self._meant.entry if self._meant is not None else None
        if self._point is None or entry is None or entry.lat is None or entry.lon is None:
            return 0.0
        away_m = distance_m(*self._point, entry.lat, entry.lon)
        return away_m if away_m >= 1.0 else 0.0

    def _doubt(self, typed: str) -> str:
        if len(typed) > MAX_ADDRESS:
            return tr("new_incident.too_long", length=len(typed), limit=MAX_ADDRESS)
        away = self._placed()
        if away is not None and away.outside_m > FARTHEST_M:
            return self.refusal("")
        if away is not None and away.outside_m:
            return tr("new_incident.outside", distance=length_text(away.outside_m))
        if self._away_m() > APART_M:
            return tr("new_incident.apart", distance=length_text(self._away_m()), name=self._name())
        return ""

    # -- look --------------------------------------------------------------------------------------------------------

    def retranslate(self) -> None:
        """The language has changed: words and the names of grids."""
        self.line.setPlaceholderText(tr("new_incident.where.placeholder"))
        self.line.setAccessibleName(tr("new_incident.where.placeholder"))
        self.list.setAccessibleName(tr("search.results"))
        self._drop.setToolTip(tr("new_incident.point.clear"))
        self._drop.setAccessibleName(tr("new_incident.point.clear"))
        self._name_grids()
        self._read()

    def _name_grids(self) -> None:
        chosen = self.grid.currentData()
        self.grid.clear()
        self.grid.addItem(tr("new_incident.grid.none"), "")
        for grid in self._bridge.district.grids:
            self.grid.addItem(self.named(grid.name_zh, grid.name_en), grid.code)
        self.grid.setCurrentIndex(max(0, self.grid.findData(chosen)))
        self.grid.setAccessibleName(tr("new_incident.grid"))

    def _dress(self) -> None:
        self._drop.setIcon(icon("close"))


class PlaceLine(QLineEdit):
    """The arrows of the answers below it work in it too; `field` says whether they are there."""

    moved = Signal(int)

    def __init__(self, field: PlaceField) -> None:
        super().__init__(field)
        self._field = field

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Down goes to the first answer, Enter takes the one that is marked, Escape shuts them."""
        key, listed = Qt.Key(event.key()), self._field.list
        if key in _STEPS and not listed.isHidden():
            self.moved.emit(_STEPS[key])
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self._field.is_choosing:
            listed.confirm()
        else:
            super().keyPressEvent(event)
