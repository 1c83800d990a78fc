"""Owns the sheet in which a report is taken at the desk: what, where, who, how urgent, when, with which files.

It lies over the right edge of its window and blocks nothing: the map can be clicked meanwhile. What was typed stays
until the report is durable. Must not decide what a good report is: that is the desk's. Its fields are report_*.py.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtGui import (
    QDragEnterEvent,
    QDropEvent,
    QGuiApplication,
    QKeyEvent,
    QKeySequence,
    QPainter,
    QPaintEvent,
)
from PySide6.QtWidgets import QDockWidget, QFrame, QLineEdit, QScrollArea, QToolButton, QVBoxLayout, QWidget

from app.domain.incident import PRIORITIES, Incident
from app.duplicates.report import Report
from app.i18n import tr
from widgets.bridge import Bridge
from widgets.panels.action_button import ActionButton
from widgets.panels.duplicate_list import DuplicateList
from widgets.panels.incident_pickers import PriorityPicker
from widgets.panels.report_files import FilesField
from widgets.panels.report_known import KnownHere
from widgets.panels.report_lines import plain_label, row
from widgets.panels.report_person import PersonField
from widgets.panels.report_place import PlaceField
from widgets.panels.report_recall import CLEAR_KEY, ReportRecall
from widgets.panels.report_taking import ReportTaker
from widgets.panels.report_type import TypeField
from widgets.panels.report_when import WhenField
from widgets.parts.refusal_bar import RefusalBar
from widgets.style import follow_look, icon, tokens

if TYPE_CHECKING:
    from widgets.panels.search_source import SearchSource

DEFAULT_PRIORITY = "3"
SAVE_KEY = "Ctrl+Enter"
WIDTH_PX, WIDEST_PX = 440, 600
WIDTH_SHARE = 0.29
"""Of a wide window: more types stand beside each other, and the map is still the larger part."""
_SAVE_KEYS = (Qt.Key.Key_Return, Qt.Key.Key_Enter)
_PARTS = ("what", "where", "who", "priority", "happened", "files")


class NewIncidentSheet(QFrame):
    """Hidden until `open`. `reported` carries the id of the incident once it is durable.

    `look_wanted` carries an incident that may be the same as what is being typed. `search` and `middle` are the map's:
    what its search box looks through, and where the officer looks.
    """

    reported = Signal(str)
    look_wanted = Signal(str)
    closed = Signal()

    def __init__(
        self,
        bridge: Bridge,
        parent: QWidget | None = None,
        search: Callable[[], SearchSource] | None = None,
        middle: Callable[[], tuple[float, float]] | None = None,
    ) -> None:
        super().__init__(parent)
        self.bridge = bridge
        self._before: QWidget | None = None
        self.setProperty("panel", True)
        self.setAcceptDrops(True)
        self._make_parts(search, middle)
        self._lay_out()
        self._connect()
        self.retranslate()
        self.clear()
        self.hide()
        if parent is not None:
            parent.installEventFilter(self)

    # -- parts -------------------------------------------------------------------------------------------------------

    def _make_parts(
        self,
        search: Callable[[], SearchSource] | None,
        middle: Callable[[], tuple[float, float]] | None,
    ) -> None:
        bridge = self.bridge
        self._title, self._dismiss, self.blank = plain_label(), QToolButton(), ActionButton("quiet")
        self._title.setProperty("type", "title")
        self.about = TypeField(bridge)
        self.place, self.known = PlaceField(bridge, search, middle), KnownHere(bridge)
        self.person, self.priority = PersonField(bridge), PriorityPicker()
        self.when, self.files = WhenField(bridge), FilesField(bridge)
        self.what, self.type = self.about.words, self.about.type
        self.where, self.grid = self.place.line, self.place.grid
        self.name, self.phone = self.person.name, self.person.phone
        self.notice, self.refusal = RefusalBar(tr("common.dismiss")), RefusalBar(tr("common.dismiss"))
        self.save = ActionButton("primary")
        self.duplicates = DuplicateList(bridge, self)
        self.recall, self.taker = ReportRecall(self), ReportTaker(self)
        self.draft = self.recall.keeper
        self._labels = {key: plain_label("second") for key in _PARTS}
        self.area = QScrollArea()

    def _lay_out(self) -> None:
        look = tokens()
        fields = QWidget()
        column = QVBoxLayout(fields)
        column.setContentsMargins(0, 0, look.space_s, 0)
        column.setSpacing(look.space_xs)
        rows: dict[str, tuple[QWidget, ...]] = {
            "what": (self.about,),
            "where": (self.place, self.known),
            "who": (self.person,),
            "priority": (self.priority,),
            "happened": (self.when,),
            "files": (self.files,),
        }
        for key in _PARTS:
            column.addWidget(self._labels[key])
            for part in rows[key]:
                column.addWidget(part)
            column.addSpacing(look.space_s)
        column.addStretch(1)
        self._set_up_scroll(fields)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(look.space_l, look.space_m, look.space_l, look.space_l)
        outer.setSpacing(look.space_m)
        head = row(self._title, self.blank, self._dismiss)
        for part in (head, self.notice, self.area, self.duplicates, self.refusal, self.save):
            outer.addWidget(part, 1 if part is self.area else 0)

    def _set_up_scroll(self, fields: QWidget) -> None:
        self.area.setWidget(fields)
        self.area.setWidgetResizable(True)
        self.area.setFrameShape(QFrame.Shape.NoFrame)
        self.area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        for ground in (self.area.viewport(), fields):
            ground.setAutoFillBackground(False)

    def _connect(self) -> None:
        self._dismiss.clicked.connect(self.dismiss)
        self.save.clicked.connect(self.take)
        for field in (self.about, self.place, self.person, self.when):
            field.changed.connect(self._on_change)
        self.about.changed.connect(self._follow_type)
        self.priority.changed.connect(self.draft.keep_soon)
        self.place.changed.connect(lambda: self.known.look_at(self.place.spot))
        self.taker.refused.connect(self._refuse)
        self.taker.taken.connect(self._taken)
        self.taker.busy_changed.connect(self._show_busy)
        self.known.refused.connect(self._refuse)
        self.files.refused.connect(self._refuse)
        for line in (self.what, self.where, self.name, self.phone, self.when.line):
            line.installEventFilter(self)
        self.duplicates.add_wanted.connect(self.add_to)
        self.duplicates.look_wanted.connect(self.look_wanted)
        self.blank.clicked.connect(self.recall.clear)
        follow_look(self, self._dress)
        self._dress()

    def _dress(self) -> None:
        self._dismiss.setIcon(icon("close"))

    def _on_change(self) -> None:
        self.refusal.dismiss()
        self._look_for_duplicates()
        self.draft.keep_soon()
        if not self.place.list.isHidden():
            QTimer.singleShot(0, self, lambda: self.area.ensureWidgetVisible(self.place.list))

    def _follow_type(self) -> None:
        """As urgent as its type is, until the officer says otherwise."""
        kind = self.type.value
        self.priority.fill_in(str(self.bridge.app.types.priority_of(kind)) if kind else DEFAULT_PRIORITY)

    # -- opening and closing -----------------------------------------------------------------------------------------

    def open(self) -> None:
        """Shows the sheet with what had been typed before."""
        if self.isHidden():
            self._before = self.window().focusWidget()
            self._hear_docks(True)
        self._stand()
        self.show()
        self.raise_()
        self.what.setFocus(Qt.FocusReason.ShortcutFocusReason)
        QTimer.singleShot(0, self, self._look_up)

    def _look_up(self) -> None:
        """After the sheet is painted: names to look through, and what was left behind."""
        self.place.want()
        self.draft.look()

    def point_at(self, lat: float, lon: float) -> None:
        """A click on the map while the form is open: it is there; the keyboard stays with the form."""
        self.place.put_point((lat, lon))
        self.where.setFocus(Qt.FocusReason.OtherFocusReason)

    def open_at(self, lat: float, lon: float) -> None:
        """Shows the sheet for something at this place on the map (WGS-84)."""
        self.place.put_point((lat, lon))
        self.open()

    def open_for_camera(self, camera: str) -> None:
        """Shows the sheet for something seen by this camera; it stands where the camera looks from."""
        known = next((c for c in self.bridge.district.cameras if c.id == camera), None)
        if known is not None:
            self.where.setText(self.place.named(known.name_zh, known.name_en))
            self.place.put_point((known.lat, known.lon), camera)
        self.open()

    def dismiss(self) -> None:
        """Puts the sheet away; what was typed is kept."""
        if self.isHidden():
            return
        self.place.shut_list()
        self._hear_docks(False)
        self.recall.forget()
        self.hide()
        self.draft.keep_now()
        if self._before is not None:
            self._before.setFocus(Qt.FocusReason.OtherFocusReason)
        self.closed.emit()

    def clear(self) -> None:
        """A blank report."""
        self.what.clear()
        self.type.pick("")
        self.priority.is_chosen = False
        self.priority.fill_in(DEFAULT_PRIORITY)
        self.place.clear()
        self.known.clear()
        self.person.clear()
        self.when.line.clear()
        self.files.clear()
        self.notice.dismiss()
        self.refusal.dismiss()

    @property
    def point(self) -> tuple[float, float] | None:
        """(lat, lon), None while only words say where it is."""
        return self.place.point

    # -- whether somebody has reported it already ----------------------------------------------------------------------

    def _look_for_duplicates(self) -> None:
        spot, now = self.place.spot, self.bridge.clock.now()
        draft = Report(
            "", now, self.type.value, self.what.text().strip(), address=spot.address,
            lat=spot.lat, lon=spot.lon, source="desk",
        )  # fmt: skip
        self.duplicates.look_for(draft, self.person.number)

    def add_to(self, incident: str) -> None:
        """Takes what was typed as a further report of an open incident; its type and place stand for what is blank."""
        known = self.bridge.desk.incidents.get(incident)
        if known is None or self.taker.is_busy:
            return
        self._borrow(known)
        self.taker.take(incident)

    def _borrow(self, known: Incident) -> None:
        if not self.type.value and known.incident_type in self.type.chips:
            self.type.pick(known.incident_type)
        if self.place.is_given:
            return
        self.where.setText(known.address)
        if known.lat is not None and known.lon is not None:
            self.place.put_point((known.lat, known.lon))

    # -- taking the report -------------------------------------------------------------------------------------------

    def take(self) -> None:
        """Writes the report down; type and a place are enough."""
        self.taker.take()

    def _taken(self, incident: str) -> None:
        self.clear()
        self.dismiss()
        self.reported.emit(incident)

    def _show_busy(self, is_busy: bool) -> None:
        self.save.setEnabled(not is_busy)
        self._name_save()

    def _name_save(self) -> None:
        is_busy = self.taker.is_busy
        self.save.set_words(tr("new_incident.saving" if is_busy else "new_incident.save"), SAVE_KEY)

    def _refuse(self, sentence: str, field: QWidget | None = None) -> None:
        self.refusal.show_refusal(tr("new_incident.title"), "", sentence)
        if field is not None:
            field.setFocus(Qt.FocusReason.OtherFocusReason)

    # -- keys, files and place on the window -------------------------------------------------------------------------

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if not self._took(event):
            super().keyPressEvent(event)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self.parent():
            if event.type() == QEvent.Type.Resize:
                self._stand()
        elif event.type() == QEvent.Type.ZOrderChange:
            self._stay_above()
        elif isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress and self._took(event):
            return True
        return super().eventFilter(watched, event)

    def _took(self, event: QKeyEvent) -> bool:
        """Escape puts the answers or the sheet away, Ctrl+1 to 4 says how urgent it is, Alt and a letter acts.

        Enter in a line takes the report, unless it chooses a place.
        """
        if event.key() == Qt.Key.Key_Escape:
            self.dismiss() if self.place.list.isHidden() else self.place.shut_list()
            return True
        if event.matches(QKeySequence.StandardKey.Paste):
            return self._pasted_file()
        if event.modifiers() & Qt.KeyboardModifier.AltModifier:
            return self._acted(Qt.Key(event.key()))
        held = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
        urgency = event.key() - Qt.Key.Key_0
        if held and urgency in PRIORITIES:
            self.priority.pick(str(urgency))
            return True
        if event.key() in _SAVE_KEYS and (held or self._is_in_a_line()):
            self.take()
            return True
        return False

    def _is_in_a_line(self) -> bool:
        return isinstance(self.focusWidget(), QLineEdit) and not self.place.is_choosing

    def event(self, event: QEvent) -> bool:
        """While something may have been reported already, Alt+1 adds to it instead of bringing up the first dock."""
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent):
            is_alt = event.modifiers() == Qt.KeyboardModifier.AltModifier
            if is_alt and event.key() - Qt.Key.Key_1 in range(len(self.duplicates.rows)):
                event.accept()
                return True
        return super().event(event)

    def _acted(self, key: Qt.Key) -> bool:
        place = key - Qt.Key.Key_1
        if place in range(len(self.duplicates.rows)):
            self.duplicates.want_add(place)
            return True
        act = {
            Qt.Key.Key_T: self.about.take_next,
            Qt.Key.Key_F: self.files.choose,
            Qt.Key.Key_N: self.known.ask,
            Qt.Key.Key_A: self.person.anonymous.toggle,
            Qt.Key.Key_C: self.recall.clear,
        }.get(key)
        if act is not None:
            act()
        return act is not None

    def _pasted_file(self) -> bool:
        """A picture, or files that were copied; words go where the keyboard is."""
        mime = QGuiApplication.clipboard().mimeData()
        has_files = mime is not None and any(url.isLocalFile() for url in mime.urls())
        if mime is None or (mime.hasText() and not has_files):
            return False
        return self.files.paste_from_clipboard()

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if self.files.is_taken(event.mimeData()):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        self.files.take(event.mimeData())
        event.acceptProposedAction()

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
            wanted = min(max(tokens().px(WIDTH_PX), window.width() * WIDTH_SHARE), tokens().px(WIDEST_PX))
            width = min(round(wanted), window.width())
            self.setGeometry(window.width() - width, 0, width, window.height())

    def _stay_above(self) -> None:
        """A dock that is brought up meanwhile comes to the front of the window, but not of what is being typed."""
        if not self.isHidden():
            self.raise_()

    def _hear_docks(self, is_heard: bool) -> None:
        window, direct = self.parentWidget(), Qt.FindChildOption.FindDirectChildrenOnly
        for dock in window.findChildren(QDockWidget, options=direct) if window is not None else ():
            dock.installEventFilter(self) if is_heard else dock.removeEventFilter(self)

    # -- language ----------------------------------------------------------------------------------------------------

    def retranslate(self) -> None:
        """The language has changed."""
        self._title.setText(tr("new_incident.title"))
        self.setAccessibleName(tr("new_incident.title"))
        for key, label in self._labels.items():
            label.setText(tr(f"new_incident.{key}"))
        self.blank.set_words(tr("new_incident.clear"), CLEAR_KEY)
        self._dismiss.setToolTip(tr("new_incident.cancel_tip"))
        self._dismiss.setAccessibleName(tr("common.cancel"))
        self.priority.setAccessibleName(tr("new_incident.priority"))
        for field in (self.about, self.place, self.known, self.person, self.priority, self.when, self.files):
            field.retranslate()
        self.duplicates.retranslate()
        self._name_save()
