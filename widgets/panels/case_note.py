"""Owns the note line of the card, the canned phrases under it, and what was typed for each incident.

Must not keep a note: `written` carries its text.
"""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QGuiApplication, QKeyEvent, QKeySequence
from PySide6.QtWidgets import QLineEdit, QVBoxLayout, QWidget

from app.domain.incident import Incident
from app.i18n import tr
from widgets.actions import NOTE, PHRASES
from widgets.bridge import Bridge
from widgets.panels.case_files import may_attach
from widgets.panels.case_phrases import CasePhrases
from widgets.style import tokens


class CaseNote(QWidget):
    """Down opens the phrases."""

    written = Signal(str)
    pasted = Signal()
    """What is on the clipboard is no text but a picture or a file."""

    def __init__(self, bridge: Bridge) -> None:
        super().__init__()
        self._incident: Incident | None = None
        self._drafts: dict[str, str] = {}
        self.line, self.phrases = QLineEdit(), CasePhrases(bridge)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(tokens().space_xs)
        column.addWidget(self.line)
        column.addWidget(self.phrases)
        self.line.setAcceptDrops(False)  # a file that is dropped here is an attachment, not its address
        self.line.installEventFilter(self)
        self.line.returnPressed.connect(lambda: self.written.emit(self.line.text()))
        self.phrases.inserted.connect(self._insert)
        self.phrases.closed.connect(self._back)

    def look_at(self, before: str, now: str) -> None:
        """What was being typed for the last incident is kept with it."""
        self._drafts[before] = self.line.text()
        self.line.setText(self._drafts.pop(now, ""))
        self.phrases.hide()

    def show_incident(self, incident: Incident) -> None:
        self._incident = incident

    def open_phrases(self) -> None:
        if self._incident is not None:
            self.phrases.open_for(self._incident)

    def _insert(self, text: str) -> None:
        before = self.line.text()[: self.line.cursorPosition()]
        joint = tr("card.phrases.joint") if before and before[-1].isalnum() else ""
        self.line.insert(joint + text)
        self._back()

    def _back(self) -> None:
        self.line.setFocus(Qt.FocusReason.OtherFocusReason)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            if event.key() == Qt.Key.Key_Down:
                self.open_phrases()
                return True
            if event.matches(QKeySequence.StandardKey.Paste) and may_attach(
                QGuiApplication.clipboard().mimeData()
            ):
                self.pasted.emit()
                return True
        return super().eventFilter(watched, event)

    def retranslate(self) -> None:
        self.line.setPlaceholderText(
            tr("card.note.placeholder", note=tr("case.note"), note_key=NOTE.key, phrases=PHRASES.key)
        )
        self.line.setAccessibleName(tr("case.note"))
        self.phrases.retranslate()
