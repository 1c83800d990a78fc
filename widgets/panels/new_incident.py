"""Owns the sheet in which a report is taken at the desk: what, where, who, how urgent, when, with which files.

It lies over the right edge of its window and blocks nothing: the map can be clicked meanwhile. What was typed stays
until the report is durable. Must not decide what a good report is: that is the desk's. Its fields are report_*.py.
"""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from dataclasses import replace
from typing import TYPE_CHECKING, Any

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
from PySide6.QtWidgets import QFrame, QLineEdit, QScrollArea, QToolButton, QVBoxLayout, QWidget

from app.centre.types_in_force import type_name
from app.domain.commands import ReportIncident
from app.domain.errors import StreetdeskError
from app.domain.incident import PRIORITIES, Incident
from app.domain.masking import mask_text
from app.duplicates.report import Report
from app.i18n import tr
from app.service.drafts import Draft
from app.service.refusals import sentence_of
from app.service.reporter import take_report
from widgets.bridge import Bridge
from widgets.local_time import minute_text
from widgets.panels.action_button import ActionButton
from widgets.panels.duplicate_list import DuplicateList
from widgets.panels.incident_pickers import PriorityPicker
from widgets.panels.report_draft import DraftKeeper
from widgets.panels.report_files import FilesField, attach_all
from widgets.panels.report_known import KnownHere
from widgets.panels.report_lines import plain_label, row
from widgets.panels.report_person import PersonField
from widgets.panels.report_place import PlaceField
from widgets.panels.report_type import TypeField
from widgets.panels.report_when import WhenField
from widgets.parts.refusal_bar import RefusalBar
from widgets.style import icon, theme_notifier, tokens

if TYPE_CHECKING:
    from widgets.panels.search_source import SearchSource

DEFAULT_PRIORITY = "3"
SAVE_KEY = "Ctrl+Enter"
WIDTH_PX = 440
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
        self._taking = False
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
        self._title, self._dismiss = plain_label(), QToolButton()
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
        self.draft = DraftKeeper(bridge, self._draft, self)
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
        head = row(self._title, self._dismiss)
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
        for field in (self.about, self.place, self.person, self.when, self.files):
            field.changed.connect(self._on_change)
        self.about.changed.connect(self._follow_type)
        self.priority.changed.connect(self.draft.keep_soon)
        self.place.changed.connect(lambda: self.known.look_at(self.place.spot))
        self.known.refused.connect(self._refuse)
        self.files.refused.connect(self._refuse)
        for line in (self.what, self.where, self.name, self.phone, self.when.line):
            line.installEventFilter(self)
        self.duplicates.add_wanted.connect(self.add_to)
        self.duplicates.look_wanted.connect(self.look_wanted)
        self.draft.found.connect(self._restore)
        self.notice.mend_triggered.connect(self._discard)
        theme_notifier.changed.connect(self._dress)
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
        self._stand()
        self.show()
        self.raise_()
        self.what.setFocus(Qt.FocusReason.ShortcutFocusReason)
        QTimer.singleShot(0, self, self._look_up)

    def _look_up(self) -> None:
        """After the sheet is painted: names to look through, and what was left behind."""
        self.place.want()
        self.draft.look()

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

    # -- what was left behind ----------------------------------------------------------------------------------------

    def _draft(self) -> Draft:
        lat, lon = self.place.chosen_point or (None, None)
        return Draft(
            self.bridge.clock.now(), self.what.text(), self.where.text(), self.when.line.text(),
            self.type.value, self.type.is_chosen, self.priority.priority, self.priority.is_chosen,
            lat, lon, self.grid.currentData() or "", self.place.camera,
        )  # fmt: skip

    def _restore(self, draft: Draft) -> None:
        self.what.setText(draft.what)
        if draft.is_type_chosen and draft.incident_type in self.type.chips:
            self.type.pick(draft.incident_type)
        if draft.is_priority_chosen and draft.priority in PRIORITIES:
            self.priority.pick(str(draft.priority))
        self.where.setText(draft.where)
        if draft.lat is not None and draft.lon is not None:
            self.place.put_point((draft.lat, draft.lon), draft.camera)
        self.grid.setCurrentIndex(max(0, self.grid.findData(draft.grid)))
        self.when.line.setText(draft.happened)
        at = minute_text(draft.written_at, self.bridge.clock.now(), self.bridge.district.utc_offset_min)
        self.notice.show_refusal(
            tr("new_incident.restored", at=at), "", tr("new_incident.restored.why"),
            mend_action=tr("new_incident.restored.discard"),
        )  # fmt: skip

    def _discard(self) -> None:
        self.clear()
        self.draft.keep_now()
        self.what.setFocus(Qt.FocusReason.OtherFocusReason)

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
        if known is None or self._taking:
            return
        self._borrow(known)
        self.take(into=incident)

    def _borrow(self, known: Incident) -> None:
        if not self.type.value and known.incident_type in self.type.chips:
            self.type.pick(known.incident_type)
        if self.place.is_given:
            return
        self.where.setText(known.address)
        if known.lat is not None and known.lon is not None:
            self.place.put_point((known.lat, known.lon))

    # -- taking the report -------------------------------------------------------------------------------------------

    def take(self, *, into: str = "") -> None:
        """Writes the report down; type and a place are enough. `into` is the incident that it is about."""
        if self._taking:
            return
        lacking = self._lacking()
        if lacking is not None:
            sentence, field = lacking
            self._refuse(sentence)
            field.setFocus(Qt.FocusReason.OtherFocusReason)
            return
        self._set_taking(True)
        self.place.settle_grid()
        incident = self.bridge.app.new_id()
        reading = self._written(self._report(incident), into)
        self.bridge.fetch(reading, lambda sentence: self._taken(into or incident, sentence))

    def _lacking(self) -> tuple[str, QWidget] | None:
        """Why it cannot be taken as it stands, and the field that is about: the first one from the top."""
        if not self.type.value:
            return tr("new_incident.needs_type"), self.type
        if not self.place.is_given:
            return tr("new_incident.needs_place"), self.where
        place, person, when = self.place.refusal("report"), self.person.fault(), self.when.fault()
        if place:
            return place, self.where
        if person is not None:
            return person
        if when:
            return when, self.when.line
        return (tr("new_incident.files.reading"), self.save) if self.files.is_reading else None

    def _report(self, incident: str) -> ReportIncident:
        """Numbers of people in the words are masked: whole ones stand in the table of persons alone."""
        spot = self.place.spot
        return ReportIncident(
            incident,
            "desk",
            incident,
            self.type.value,
            self.priority.priority,
            mask_text(self.what.text().strip()) or self._title_of_itself(spot.address),
            description=tr("new_incident.anonymous.said") if self.person.anonymous.isChecked() else "",
            address=mask_text(spot.address),
            lat=spot.lat,
            lon=spot.lon,
            grid=self.grid.currentData() or None,
            camera=spot.camera or None,
        )

    def _title_of_itself(self, address: str) -> str:
        grid = self.grid.currentText() if self.grid.currentData() else ""
        place = mask_text(address) or grid or tr("new_incident.a_point")
        return tr("new_incident.untitled", type=type_name(self.type.value), place=place)

    def _written(self, report: ReportIncident, into: str = "") -> Coroutine[Any, Any, str | None]:
        """None once it is durable, else the sentence that says why not."""
        app, bridge = self.bridge.app, self.bridge
        reporter, files = self.person.reporter, self.files.files
        context = replace(app.context(), occurred_at=self.when.at)

        async def write() -> str | None:
            try:
                await take_report(app.bus, context, report, reporter, into)
            except StreetdeskError as error:
                return sentence_of(error)
            for sentence in await attach_all(bridge, into or report.incident, files):
                bridge.trouble_changed.emit(sentence)
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

    # -- keys, files and place on the window -------------------------------------------------------------------------

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

    def _acted(self, key: Qt.Key) -> bool:
        act = {
            Qt.Key.Key_T: self.about.take_next,
            Qt.Key.Key_F: self.files.choose,
            Qt.Key.Key_N: self.known.ask,
            Qt.Key.Key_A: self.person.anonymous.toggle,
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
            width = min(tokens().px(WIDTH_PX), window.width())
            self.setGeometry(window.width() - width, 0, width, window.height())

    # -- language ----------------------------------------------------------------------------------------------------

    def retranslate(self) -> None:
        """The language has changed."""
        self._title.setText(tr("new_incident.title"))
        self.setAccessibleName(tr("new_incident.title"))
        for key, label in self._labels.items():
            label.setText(tr(f"new_incident.{key}"))
        self._dismiss.setToolTip(tr("new_incident.cancel_tip"))
        self._dismiss.setAccessibleName(tr("common.cancel"))
        self.priority.setAccessibleName(tr("new_incident.priority"))
        for field in (self.about, self.place, self.known, self.person, self.priority, self.when, self.files):
            field.retranslate()
        self.duplicates.retranslate()
        self._name_save()
