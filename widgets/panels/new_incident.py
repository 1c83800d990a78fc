"""Owns the sheet in which a report is taken at the desk: what, where, who, how urgent.

It lies over the right edge of its window and blocks nothing: the map can be clicked meanwhile. What was typed stays
until the report is durable. Must not decide what a good report is: that is the desk's.
"""

from __future__ import annotations

from collections.abc import Coroutine
from typing import Any

from PySide6.QtCore import QEvent, QObject, QStringListModel, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import (
    QComboBox,
    QCompleter,
    QFrame,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QScrollArea,
    QSizePolicy,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from app.centre.types_in_force import type_name
from app.domain.commands import ReportIncident
from app.domain.errors import StreetdeskError
from app.domain.incident import PRIORITIES, Incident
from app.duplicates.report import Report
from app.i18n import language, tr
from app.service.refusals import sentence_of
from app.service.reporter import Reporter, take_report
from widgets.bridge import Bridge
from widgets.panels.action_button import ActionButton
from widgets.panels.duplicate_list import DuplicateList
from widgets.panels.incident_pickers import PriorityPicker, TypePicker
from widgets.parts.refusal_bar import RefusalBar
from widgets.style import icon, theme_notifier, tokens

DEFAULT_PRIORITY = "3"
SAVE_KEY = "Ctrl+Enter"
WIDTH_PX = 440
_SAVE_KEYS = (Qt.Key.Key_Return, Qt.Key.Key_Enter)


class NewIncidentSheet(QFrame):
    """Hidden until `open`. `reported` carries the id of the incident once it is durable.

    `look_wanted` carries an incident that may be the same as what is being typed.
    """

    reported = Signal(str)
    look_wanted = Signal(str)
    closed = Signal()

    def __init__(self, bridge: Bridge, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.bridge = bridge
        self._point: tuple[float, float] | None = None
        self._camera = ""
        self._grid_is_due = False
        self._taking = False
        self._before: QWidget | None = None
        self.setProperty("panel", True)
        self._make_parts()
        self._lay_out()
        self._connect()
        self.retranslate()
        self.clear()
        self.hide()
        if parent is not None:
            parent.installEventFilter(self)

    # -- parts -------------------------------------------------------------------------------------------------------

    def _make_parts(self) -> None:
        self._title, self._dismiss = QLabel(), QToolButton()
        self._title.setProperty("type", "title")
        self.type, self.priority = TypePicker(), PriorityPicker()
        self.what, self.where = QLineEdit(), QLineEdit()
        self.grid = QComboBox()
        self.name, self.phone = QLineEdit(), QLineEdit()
        self._point_text, self._drop_point = QLabel(), QToolButton()
        self._hint = QLabel()
        self.refusal = RefusalBar(tr("common.dismiss"))
        self.save = ActionButton("primary")
        self.duplicates = DuplicateList(self.bridge, self)
        self._labels = {key: QLabel() for key in ("what", "where", "who", "priority")}
        for label in (*self._labels.values(), self._point_text, self._hint):
            label.setProperty("tone", "second")
        self._hint.setWordWrap(True)
        for label in (self._point_text, self._title):
            label.setTextFormat(Qt.TextFormat.PlainText)
            label.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self._places = QCompleter(QStringListModel(self), self)
        self._places.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        self._places.setFilterMode(Qt.MatchFlag.MatchContains)
        self.where.setCompleter(self._places)

    def _lay_out(self) -> None:
        look = tokens()
        head = _row(self._title, self._dismiss)
        fields = QWidget()
        column = QVBoxLayout(fields)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(look.space_s)
        for key, rows in (
            ("what", (self.type, self.what)),
            ("where", (self.where, _row(self._point_text, self._drop_point), self.grid)),
            ("who", (_row(self.name, self.phone), self._hint)),
            ("priority", (self.priority,)),
        ):
            column.addWidget(self._labels[key])
            for row in rows:
                column.addWidget(row)
            column.addSpacing(look.space_s)
        column.addStretch(1)
        scroll = QScrollArea()
        scroll.setWidget(fields)
        scroll.setWidgetResizable(True)
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        for ground in (scroll.viewport(), fields):
            ground.setAutoFillBackground(False)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(look.space_l, look.space_m, look.space_l, look.space_l)
        outer.setSpacing(look.space_m)
        for part in (head, scroll, self.duplicates, self.refusal, self.save):
            outer.addWidget(part, 1 if part is scroll else 0)

    def _connect(self) -> None:
        self._dismiss.clicked.connect(self.dismiss)
        self._drop_point.clicked.connect(lambda: self._put_point(None))
        self.save.clicked.connect(self.take)
        self._places.activated.connect(self._go_to_place)
        self.type.changed.connect(self.refusal.dismiss)
        self.where.textEdited.connect(lambda _text: self.refusal.dismiss())
        for line in (self.what, self.where, self.name, self.phone):
            line.installEventFilter(self)
        for line in (self.what, self.where, self.phone):
            line.textChanged.connect(self._look_for_duplicates)
        self.type.changed.connect(self._look_for_duplicates)
        self.duplicates.add_wanted.connect(self.add_to)
        self.duplicates.look_wanted.connect(self.look_wanted)
        theme_notifier.changed.connect(self._dress)
        self._dress()

    def _dress(self) -> None:
        for button in (self._dismiss, self._drop_point):
            button.setIcon(icon("close"))

    # -- opening and closing -----------------------------------------------------------------------------------------

    def open(self) -> None:
        """Shows the sheet with what had been typed before."""
        self._before = self.window().focusWidget()
        self._stand()
        self.show()
        self.raise_()
        (self.what if self.type.value else self.type).setFocus(Qt.FocusReason.ShortcutFocusReason)

    def open_at(self, lat: float, lon: float) -> None:
        """Shows the sheet for something at this place on the map (WGS-84)."""
        self._put_point((lat, lon))
        self.open()

    def open_for_camera(self, camera: str) -> None:
        """Shows the sheet for something seen by this camera; it stands where the camera looks from."""
        known = next((c for c in self.bridge.district.cameras if c.id == camera), None)
        self._camera = camera
        if known is not None:
            self.where.setText(self._named(known.name_zh, known.name_en))
            self._put_point((known.lat, known.lon))
        self.open()

    def dismiss(self) -> None:
        """Puts the sheet away; what was typed is kept."""
        if self.isHidden():
            return
        self.hide()
        if self._before is not None:
            self._before.setFocus(Qt.FocusReason.OtherFocusReason)
        self.closed.emit()

    def clear(self) -> None:
        """A blank report."""
        for line in (self.what, self.where, self.name, self.phone):
            line.clear()
        self.type.pick("")
        self.priority.pick(DEFAULT_PRIORITY)
        self._camera = ""
        self._put_point(None)
        self.grid.setCurrentIndex(0)
        self.refusal.dismiss()

    # -- the place ---------------------------------------------------------------------------------------------------

    @property
    def point(self) -> tuple[float, float] | None:
        """(lat, lon), None while only words say where it is."""
        return self._point

    def _put_point(self, point: tuple[float, float] | None) -> None:
        self._point = point
        self._drop_point.setVisible(point is not None)
        if point is not None:
            self._put_grid(*point)
        self._show_point()
        self._look_for_duplicates()

    def _put_grid(self, lat: float, lon: float) -> None:
        """The grid of a point; a desk that is only just starting learns it when the report is taken."""
        grids = self.bridge.app.grids
        self._grid_is_due = grids is None
        found = grids.grid_at(lat, lon) if grids is not None else None
        self.grid.setCurrentIndex(self.grid.findData(found.code) if found else 0)

    def _show_point(self) -> None:
        if self._point is None:
            self._point_text.setText(tr("new_incident.point.none"))
            return
        lat, lon = self._point
        text = tr("new_incident.point", lat=f"{lat:.5f}", lon=f"{lon:.5f}")
        if self._camera:
            text = f"{text} · {tr('new_incident.camera', camera=self._camera)}"
        self._point_text.setText(text)

    def _go_to_place(self, name: str) -> None:
        """A place that was chosen by name brings its point and its grid."""
        for place in self.bridge.district.places:
            if self._named(place.name_zh, place.name_en) == name:
                self._put_point((place.lat, place.lon))
                return

    @staticmethod
    def _named(zh: str, en: str) -> str:
        return zh if language() == "zh_CN" else en

    # -- whether somebody has reported it already ----------------------------------------------------------------------

    def _look_for_duplicates(self) -> None:
        lat, lon = self._point or (None, None)
        what, where = self.what.text().strip(), self.where.text().strip()
        now = self.bridge.clock.now()
        draft = Report("", now, self.type.value, what, address=where, lat=lat, lon=lon, source="desk")
        self.duplicates.look_for(draft, self.phone.text().strip())

    def add_to(self, incident: str) -> None:
        """Takes what was typed as a further report of an open incident; its type and place stand for what is blank."""
        known = self.bridge.desk.incidents.get(incident)
        if known is None or self._taking:
            return
        self._borrow(known)
        self.take(into=incident)

    def _borrow(self, known: Incident) -> None:
        if not self.type.value:
            self.type.pick(known.incident_type)
        if self.where.text().strip() or self._point is not None:
            return
        self.where.setText(known.address)
        if known.lat is not None and known.lon is not None:
            self._put_point((known.lat, known.lon))

    # -- taking the report -------------------------------------------------------------------------------------------

    def take(self, *, into: str = "") -> None:
        """Writes the report down; type and a place are enough. `into` is the incident that it is about."""
        if self._taking:
            return
        lacking = self._lacking()
        if lacking is not None:
            key, field = lacking
            self._refuse(tr(f"new_incident.{key}"))
            field.setFocus(Qt.FocusReason.OtherFocusReason)
            return
        self._set_taking(True)
        if self._grid_is_due and self._point is not None and not self.grid.currentData():
            self._put_grid(*self._point)
        incident = self.bridge.app.new_id()
        reading = self._written(self._report(incident), into)
        self.bridge.fetch(reading, lambda sentence: self._taken(into or incident, sentence))

    def _lacking(self) -> tuple[str, QWidget] | None:
        if not self.type.value:
            return "needs_type", self.type
        if not self.where.text().strip() and self._point is None:
            return "needs_place", self.where
        return None

    def _report(self, incident: str) -> ReportIncident:
        lat, lon = self._point or (None, None)
        return ReportIncident(
            incident,
            "desk",
            incident,
            self.type.value,
            self.priority.priority,
            self.what.text().strip() or self._title_of_itself(),
            address=self.where.text().strip(),
            lat=lat,
            lon=lon,
            grid=self.grid.currentData() or None,
            camera=self._camera or None,
        )

    def _title_of_itself(self) -> str:
        place = self.where.text().strip() or self.grid.currentText()
        if not self.where.text().strip() and not self.grid.currentData():
            place = tr("new_incident.a_point")
        return tr("new_incident.untitled", type=type_name(self.type.value), place=place)

    def _written(self, report: ReportIncident, into: str = "") -> Coroutine[Any, Any, str | None]:
        """None once it is durable, else the sentence that says why not."""
        app, reporter = self.bridge.app, Reporter(self.name.text().strip(), self.phone.text().strip())

        async def write() -> str | None:
            try:
                await take_report(app.bus, app.context(), report, reporter, into)
            except StreetdeskError as error:
                return sentence_of(error)
            return None

        return write()

    def _taken(self, incident: str, sentence: str | None) -> None:
        self._set_taking(False)
        if sentence is not None:
            self._refuse(sentence)
            return
        self.clear()
        self.dismiss()
        self.reported.emit(incident)

    def _set_taking(self, taking: bool) -> None:
        self._taking = taking
        self.save.setEnabled(not taking)
        self._name_save()

    def _name_save(self) -> None:
        self.save.set_words(tr("new_incident.saving" if self._taking else "new_incident.save"), SAVE_KEY)

    def _refuse(self, sentence: str) -> None:
        self.refusal.show_refusal(tr("new_incident.title"), "", sentence)

    # -- keys and place on the window --------------------------------------------------------------------------------

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if not self._took(event):
            super().keyPressEvent(event)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self.parent():
            if event.type() == QEvent.Type.Resize:
                self._stand()
        elif isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress and self._took(event):
            return True
        return super().eventFilter(watched, event)

    def _took(self, event: QKeyEvent) -> bool:
        """Escape puts the sheet away, Ctrl+1 to 4 says how urgent it is.

        Enter in a line takes the report, unless it chooses a completion.
        """
        completions = self._places.popup()
        if completions is not None and completions.isVisible():
            return False
        if event.key() == Qt.Key.Key_Escape:
            self.dismiss()
            return True
        held = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
        urgency = event.key() - Qt.Key.Key_0
        if held and urgency in PRIORITIES:
            self.priority.pick(str(urgency))
            return True
        if event.key() in _SAVE_KEYS and (held or isinstance(self.focusWidget(), QLineEdit)):
            self.take()
            return True
        return False

    def paintEvent(self, event: QPaintEvent) -> None:
        """A line on the left tells the sheet from what it lies on."""
        super().paintEvent(event)
        painter = QPainter(self)
        painter.fillRect(0, 0, 1, self.height(), tokens().control_line)
        painter.end()

    def _stand(self) -> None:
        """Along the right edge of the window, as wide as it needs."""
        window = self.parentWidget()
        if window is not None:
            width = min(tokens().px(WIDTH_PX), window.width())
            self.setGeometry(window.width() - width, 0, width, window.height())

    # -- language ----------------------------------------------------------------------------------------------------

    def retranslate(self) -> None:
        """The language has changed: words and the names of places and grids."""
        self._title.setText(tr("new_incident.title"))
        self.setAccessibleName(tr("new_incident.title"))
        for key, label in self._labels.items():
            label.setText(tr(f"new_incident.{key}"))
        for line, key in (
            (self.what, "what"), (self.where, "where"), (self.name, "name"), (self.phone, "phone"),
        ):  # fmt: skip
            line.setPlaceholderText(tr(f"new_incident.{key}.placeholder"))
            line.setAccessibleName(tr(f"new_incident.{key}.placeholder"))
        self._dismiss.setToolTip(tr("new_incident.cancel_tip"))
        self._dismiss.setAccessibleName(tr("common.cancel"))
        self._drop_point.setToolTip(tr("new_incident.point.clear"))
        self._drop_point.setAccessibleName(tr("new_incident.point.clear"))
        self._hint.setText(tr("new_incident.who.hint"))
        self.type.setAccessibleName(tr("new_incident.type"))
        self.priority.setAccessibleName(tr("new_incident.priority"))
        for picker in (self.type, self.priority):
            picker.retranslate()
        self.duplicates.retranslate()
        self._name_save()
        self._name_places()
        self._show_point()

    def _name_places(self) -> None:
        district, chosen = self.bridge.district, self.grid.currentData()
        self.grid.clear()
        self.grid.addItem(tr("new_incident.grid.none"), "")
        for grid in district.grids:
            self.grid.addItem(self._named(grid.name_zh, grid.name_en), grid.code)
        self.grid.setCurrentIndex(max(0, self.grid.findData(chosen)))
        self.grid.setAccessibleName(tr("new_incident.grid"))
        names = {self._named(place.name_zh, place.name_en) for place in district.places} - {""}
        model = self._places.model()
        assert isinstance(model, QStringListModel)
        model.setStringList(sorted(names))


def _row(*parts: QWidget) -> QWidget:
    """Parts beside each other; the first takes what is left."""
    row = QWidget()
    line = QHBoxLayout(row)
    line.setContentsMargins(0, 0, 0, 0)
    line.setSpacing(tokens().space_s)
    for part in parts:
        line.addWidget(part, 1 if isinstance(part, QLineEdit) or part is parts[0] else 0)
    return row
