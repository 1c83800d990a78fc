"""Owns the quarantine sheet: messages that could not be taken in, each as it came, to be mended or discarded.

Must not understand a message: the core says whether a mended one can be taken in.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Protocol

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFontDatabase, QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QPushButton,
    QSplitter,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from app.domain.commands import DiscardMessage
from app.i18n import tr
from widgets.bridge import Bridge
from widgets.models.quarantine import HELD, QuarantineModel
from widgets.panels.list_panel import ListPanel, head_margins
from widgets.panels.row_delegate import RowDelegate
from widgets.parts.empty_state import EmptyState
from widgets.parts.hold_button import HoldButton
from widgets.style import follow_look, tokens


class Held(Protocol):
    """What the core hands out of a held message."""

    @property
    def raw(self) -> str: ...


class MessageEditor(QWidget):
    """One held message: its text, and the two ways out. Knows whether the text was changed."""

    readmit_wanted = Signal(str)
    discard_wanted = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self._raw = ""
        self.edit = QPlainTextEdit()
        self.edit.setLineWrapMode(QPlainTextEdit.LineWrapMode.WidgetWidth)
        self.edit.setTabChangesFocus(True)
        self.changed = QLabel()
        self.changed.setProperty("tone", "second")
        self.restore, self.readmit = QPushButton(), QPushButton()
        self.restore.setProperty("kind", "quiet")
        self.readmit.setProperty("kind", "primary")
        self.reason = QLineEdit()
        self.discard = HoldButton("", tone="danger")
        self._lay_out()
        self._connect()
        self._dress()

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(*head_margins())
        column.setSpacing(tokens().space_s)
        column.addWidget(self.edit, 1)
        mend, discard = QHBoxLayout(), QHBoxLayout()
        mend.addWidget(self.changed)
        mend.addStretch(1)
        mend.addWidget(self.restore)
        mend.addWidget(self.readmit)
        discard.addWidget(self.reason, 1)
        discard.addWidget(self.discard)
        column.addLayout(mend)
        column.addLayout(discard)

    def _connect(self) -> None:
        self.edit.textChanged.connect(self._show_possible)
        self.reason.textChanged.connect(self._show_possible)
        self.restore.clicked.connect(lambda: self.edit.setPlainText(self._raw))
        self.readmit.clicked.connect(self._readmit)
        self.discard.confirmed.connect(lambda: self.discard_wanted.emit(self.reason.text().strip()))
        take_in = QShortcut(QKeySequence("Ctrl+Return"), self.edit)
        take_in.setContext(Qt.ShortcutContext.WidgetShortcut)
        take_in.activated.connect(self._readmit)
        follow_look(self, self._dress)

    def _dress(self) -> None:
        face = QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont)
        face.setFamilies([face.family(), *tokens().families])
        face.setPixelSize(tokens().type_row)
        self.edit.setFont(face)

    @property
    def is_changed(self) -> bool:
        """Whether the officer has typed something that would be lost."""
        return self.edit.toPlainText() != self._raw

    def show_message(self, raw: str) -> None:
        """The message as it came; bytes that were no text are shown as replacement signs."""
        self._raw = raw.encode("utf-8", "surrogateescape").decode("utf-8", "replace")
        self.edit.setPlainText(self._raw)
        self._raw = self.edit.toPlainText()
        self.reason.clear()
        self._show_possible()

    def _readmit(self) -> None:
        if self.readmit.isEnabled():
            self.readmit_wanted.emit(self.edit.toPlainText())

    def _show_possible(self) -> None:
        self.changed.setText(tr("quarantine.raw_changed") if self.is_changed else "")
        self.restore.setEnabled(self.is_changed)
        self.readmit.setEnabled(bool(self.edit.toPlainText().strip()))
        self.discard.setEnabled(bool(self.reason.text().strip()))

    def retranslate(self) -> None:
        """The language has changed."""
        self.edit.setAccessibleName(tr("quarantine.editor.name"))
        self.restore.setText(tr("quarantine.restore"))
        self.readmit.setText(tr("quarantine.readmit"))
        self.readmit.setToolTip(tr("quarantine.readmit_tip"))
        self.reason.setPlaceholderText(tr("quarantine.discard_reason"))
        self.reason.setAccessibleName(tr("quarantine.discard_reason"))
        self.discard.set_consequence(tr("quarantine.discard"), tr("common.hold_to_confirm"))
        self._show_possible()


class QuarantinePanel(ListPanel):
    """The sheet that is usually hidden. `count_changed` is for the badge on the status strip."""

    count_changed = Signal(int)

    def __init__(self, bridge: Bridge, parent: QWidget | None = None) -> None:
        self.held = QuarantineModel()
        super().__init__(bridge, self.held, "quarantine", parent)
        self.held.setParent(self)
        self._open = ""
        self._drafts: dict[str, str] = {}
        self.editor, self.hint = MessageEditor(), EmptyState()
        self._sheet = QStackedWidget()
        self._sheet.addWidget(self.hint)
        self._sheet.addWidget(self.editor)
        self._split()
        self.view.setItemDelegate(RowDelegate(self.view, {}))
        self.bridge.quarantine_changed.connect(self._quarantine_changed)
        self.held.counts_changed.connect(lambda: self.count_changed.emit(self.held.total))
        self.view.picked.connect(self.open_message)
        self.view.opened.connect(lambda _key: self.editor.edit.setFocus())
        self.editor.readmit_wanted.connect(self._readmit)
        self.editor.discard_wanted.connect(self._discard)
        self.begin()

    def _split(self) -> None:
        """List above, message below, refusals between the hand and the eye."""
        self.splitter = QSplitter(Qt.Orientation.Vertical)
        self.splitter.setChildrenCollapsible(False)
        self.column.removeWidget(self.pages)
        self.column.removeWidget(self.refusal)
        self._below = QWidget()
        lines = QVBoxLayout(self._below)
        lines.setContentsMargins(0, 0, 0, 0)
        lines.setSpacing(0)
        lines.addWidget(self.refusal)
        lines.addWidget(self._sheet, 1)
        self.splitter.addWidget(self.pages)
        self.splitter.addWidget(self._below)
        self.splitter.setStretchFactor(0, 2)
        self.splitter.setStretchFactor(1, 3)
        self.column.addWidget(self.splitter, 1)

    # -- rows ----------------------------------------------------------------------------------------------------------

    def load(self) -> None:
        known = self.bridge.desk.quarantine
        self.held.replace_all({key: message for key, message in known.items() if message.status == HELD})
        self._close_if_gone()

    def _quarantine_changed(self, keys: Iterable[str]) -> None:
        known = {key: self.bridge.desk.quarantine[key] for key in keys}
        self.held.drop(key for key, message in known.items() if message.status != HELD)
        self.held.put({key: message for key, message in known.items() if message.status == HELD})
        self._close_if_gone()

    def _close_if_gone(self) -> None:
        self._drafts = {key: draft for key, draft in self._drafts.items() if self.held.get(key) is not None}
        if self._open and self.held.get(self._open) is None:
            self._open = ""
        self._show_sheet()

    # -- one message ---------------------------------------------------------------------------------------------------

    def open_message(self, key: str) -> None:
        """Fetches the message as it came; until it is here, and if it was erased, says so."""
        if key == self._open:
            return
        self._keep_draft()
        self._open = key
        self.refusal.dismiss()
        self.hint.show_loading(tr("quarantine.fetching.title"))
        self._sheet.setCurrentWidget(self.hint)
        self.bridge.fetch(self.bridge.app.quarantined(key), lambda message: self._fetched(key, message))

    def _keep_draft(self) -> None:
        """Looking at another message must not cost what was typed into this one."""
        if self._open and self._sheet.currentWidget() is self.editor and self.editor.is_changed:
            self._drafts[self._open] = self.editor.edit.toPlainText()

    def _fetched(self, key: str, message: Held | None) -> None:
        if key != self._open:
            return
        self.editor.show_message(message.raw if message is not None else "")
        if key in self._drafts:
            self.editor.edit.setPlainText(self._drafts.pop(key))
        if message is None:
            self.refusal.show_refusal("", tr("quarantine.missing.title"), tr("quarantine.missing.hint"))
        self._sheet.setCurrentWidget(self.editor)

    def _readmit(self, text: str) -> None:
        key = self._open
        self.editor.readmit.setEnabled(False)
        self.bridge.fetch(self.bridge.app.readmit(key, text), lambda fault: self._answered(key, fault))

    def _answered(self, key: str, fault: str | None) -> None:
        if key == self._open:
            self.editor.retranslate()
        if fault is None:
            self.refusal.dismiss()
        else:
            self.refusal.show_refusal(self._source(key), tr("quarantine.what.readmit"), fault)

    def _trouble(self, text: str) -> None:
        """Whatever was under way may have failed: it can be tried again."""
        self.editor.retranslate()
        super()._trouble(text)

    def _discard(self, reason: str) -> None:
        source = self._source(self._open)
        self.submit(DiscardMessage(self._open, source, reason), source, tr("quarantine.what.discard"))

    def _source(self, key: str) -> str:
        message = self.bridge.desk.quarantine.get(key)
        return message.source if message is not None else ""

    # -- states --------------------------------------------------------------------------------------------------------

    def show_state(self) -> None:
        super().show_state()
        self._show_sheet()

    def _show_sheet(self) -> None:
        if self._open:
            return
        self.hint.show_empty(tr("quarantine.choose.title"), tr("quarantine.choose.hint"))
        self._below.setVisible(self.held.shown_count > 0)
        self._sheet.setCurrentWidget(self.hint)

    def retranslate(self) -> None:
        """The language has changed."""
        self.editor.retranslate()
        super().retranslate()
