"""Owns the form in which a lead signs a hand-over: a name typed twice, a role, a button that is held. Must not sign."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLabel, QLineEdit, QVBoxLayout, QWidget

from app.domain.shift import DONE
from app.domain.shift_rules import SIGNING_ROLES
from app.i18n import tr
from app.service.roster import same_name
from widgets.panels.list_panel import head_margins
from widgets.parts.hold_button import HoldButton
from widgets.style import tokens

_ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)


class SignForm(QWidget):
    """`signed` carries name, name again, role; `left` says that Escape gives the keyboard back."""

    signed = Signal(str, str, str)
    left = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._waits_for = ""
        self._busy = False
        self.who, self.told, self.what = QLabel(), QLabel(), QLabel()
        self.name, self.again, self.role = QLineEdit(), QLineEdit(), QComboBox()
        self.sign = HoldButton("", tone="primary")
        self._lay_out()
        for edit in (self.name, self.again):
            edit.textChanged.connect(self._name_consequence)
            edit.installEventFilter(self)
            edit.setMaxLength(60)
        self.role.installEventFilter(self)
        self.sign.installEventFilter(self)
        self.sign.confirmed.connect(self._confirmed)
        self.retranslate()

    def _lay_out(self) -> None:
        look = tokens()
        column = QVBoxLayout(self)
        column.setContentsMargins(*head_margins())
        column.setSpacing(look.space_xs)
        for label in (self.who, self.told, self.what):
            label.setTextFormat(Qt.TextFormat.PlainText)
        self.told.setProperty("tone", "second")
        self.what.setProperty("tone", "second")
        self.what.setWordWrap(True)
        head = QHBoxLayout()
        head.addWidget(self.told, 1)
        row = QHBoxLayout()
        row.setSpacing(look.space_s)
        row.addWidget(self.who)
        for widget in (self.name, self.again):
            row.addWidget(widget, 1)
        row.addWidget(self.role)
        foot = QHBoxLayout()
        foot.setSpacing(look.space_s)
        foot.addWidget(self.what, 1)
        foot.addWidget(self.sign)
        column.addLayout(head)
        column.addLayout(row)
        column.addLayout(foot)

    def show_state(self, waits_for: str, told: str) -> None:
        """`told` says who has signed so far."""
        if waits_for != self._waits_for:
            self.name.clear()
            self.again.clear()
        self._waits_for = waits_for
        self.told.setText(told)
        self.told.setVisible(bool(told))
        for widget in (self.who, self.name, self.again, self.role, self.sign, self.what):
            widget.setVisible(waits_for != DONE)
        self._name_consequence()

    def set_busy(self, busy: bool) -> None:
        """While a signature is on its way nobody signs a second time."""
        self._busy = busy
        self._name_consequence()

    def take_keyboard(self) -> None:
        self.name.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def _is_ready(self) -> bool:
        typed = same_name(self.name.text())
        return bool(typed) and typed == same_name(self.again.text()) and not self._busy

    def _confirmed(self) -> None:
        if self._is_ready():
            self.signed.emit(self.name.text(), self.again.text(), self.role.currentData())

    def _name_consequence(self) -> None:
        if self._waits_for in ("", DONE):
            return
        ready = self._is_ready()
        self.who.setText(tr(f"shift.sign.{self._waits_for}"))
        self.sign.setEnabled(ready)
        hint = tr("common.hold_to_confirm") if ready else tr("shift.sign.first")
        self.sign.set_consequence(tr(f"shift.sign.do.{self._waits_for}"), hint)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Enter goes on from field to field to the button that is held."""
        if not isinstance(event, QKeyEvent) or event.type() != QEvent.Type.KeyPress:
            return super().eventFilter(watched, event)
        if event.key() == Qt.Key.Key_Escape:
            self.left.emit()
            return True
        following = {self.name: self.again, self.again: self.role, self.role: self.sign}
        if event.key() in _ENTER and watched in following:
            after = following[watched]  # type: ignore[index]
            (after if after.isEnabled() else self.again).setFocus()
            return True
        return super().eventFilter(watched, event)

    def retranslate(self) -> None:
        """The language has changed."""
        chosen = self.role.currentIndex()
        self.role.clear()
        for role in SIGNING_ROLES:
            self.role.addItem(tr(f"shift.sign.role.{role}"), role)
        self.role.setCurrentIndex(max(0, chosen))
        for edit, key in ((self.name, "shift.sign.name"), (self.again, "shift.sign.again")):
            edit.setPlaceholderText(tr(key))
            edit.setAccessibleName(tr(key))
        self.what.setText(tr("shift.sign.what"))
        self._name_consequence()
