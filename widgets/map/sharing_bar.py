"""Owns the plate on which a sketch is sent to all desks or withdrawn: what follows, for how long or why, a held button.

Must not send anything: it says what the officer has confirmed.
"""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QApplication,
    QButtonGroup,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from app.domain.sketch import HOUR_MS, MOST_TEXT, SHIFT_MS
from app.i18n import tr
from widgets.map.sheet import dress, tool_button
from widgets.parts.hold_button import HoldButton
from widgets.style import tokens

SHIFT_HOURS = SHIFT_MS // HOUR_MS
HOURS = (1, 4, SHIFT_HOURS)
_ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)


class SharingBar(QWidget):
    """Hidden until it asks. `share_confirmed` carries (id, hours), `withdraw_confirmed` (id, reason).

    `closed` says whether the keyboard was in it.
    """

    share_confirmed = Signal(str, int)
    withdraw_confirmed = Signal(str, str)
    closed = Signal(bool)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.key = self._title = ""
        self._sending = True
        self._hours = SHIFT_HOURS
        self.question = QLabel(self)
        self.question.setTextFormat(Qt.TextFormat.PlainText)
        self.question.setWordWrap(True)
        self._dismiss = tool_button(self, "sharing_cancel")
        self._dismiss.clicked.connect(self.dismiss)
        self.hours: dict[int, QPushButton] = {}
        self._choices = self._make_choices()
        self.reason = QLineEdit(self)
        self.reason.setObjectName("map_withdraw_reason")
        self.reason.setMaxLength(MOST_TEXT)
        self.reason.textChanged.connect(self.renew)
        self.confirm = HoldButton("", tone="primary", parent=self)
        self.confirm.confirmed.connect(self._confirmed)
        self._lay_out()
        self.hide()

    def ask_share(self, key: str, title: str) -> None:
        """What would follow from sending it, to the end of a shift unless another time is chosen."""
        self._hours = SHIFT_HOURS
        self._open(key, title, sending=True)
        self.hours[self._hours].setFocus(Qt.FocusReason.TabFocusReason)

    def ask_withdraw(self, key: str, title: str) -> None:
        self.reason.clear()
        self._open(key, title, sending=False)
        self.reason.setFocus(Qt.FocusReason.TabFocusReason)

    def dismiss(self) -> None:
        """Nothing is sent or withdrawn."""
        if not self.isHidden():
            self.key = ""
            focused = QApplication.focusWidget()
            had_keyboard = focused is not None and self.isAncestorOf(focused)
            self.hide()
            self.closed.emit(had_keyboard)

    def renew(self) -> None:
        """Texts and sizes in the language and theme in force."""
        dress(self._dismiss, "close", tr("common.cancel"))
        for hours, button in self.hours.items():
            button.setText(tr("sharing.hours", hours=hours))
            button.setChecked(hours == self._hours)
            button.setAccessibleDescription(tr("sharing.hours.label"))
        self.reason.setPlaceholderText(tr("sharing.withdraw.reason"))
        self.reason.setAccessibleName(tr("sharing.withdraw.reason"))
        act = "send" if self._sending else "withdraw"
        self.question.setText(tr(f"sharing.{act}.consequence", title=self._title, hours=self._hours))
        ready = self._sending or bool(self.reason.text().strip())
        hint = tr("common.hold_to_confirm") if ready else tr("sharing.withdraw.why_first")
        self.confirm.setEnabled(ready)
        self.confirm.set_consequence(tr(f"sharing.{act}"), hint)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.dismiss()
        elif event.key() in _ENTER and self.reason.hasFocus() and self.confirm.isEnabled():
            self.confirm.setFocus(Qt.FocusReason.TabFocusReason)
        else:
            super().keyPressEvent(event)

    def _make_choices(self) -> QWidget:
        row = QWidget(self)
        line = QHBoxLayout(row)
        line.setContentsMargins(0, 0, 0, 0)
        group = QButtonGroup(row)
        for hours in HOURS:
            button = self.hours[hours] = QPushButton(row)
            button.setObjectName(f"map_share_hours_{hours}")
            button.setProperty("kind", "outline")
            button.setCheckable(True)
            button.clicked.connect(lambda _checked=False, hours=hours: self._choose(hours))
            group.addButton(button)
            line.addWidget(button, 1)
        return row

    def _lay_out(self) -> None:
        gap = tokens().space_xs
        head = QHBoxLayout()
        head.addWidget(self.question, 1)
        head.addWidget(self._dismiss, 0, Qt.AlignmentFlag.AlignTop)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, tokens().space_s, 0, tokens().space_s)
        column.setSpacing(gap)
        column.addLayout(head)
        for part in (self._choices, self.reason, self.confirm):
            column.addWidget(part)

    def _open(self, key: str, title: str, *, sending: bool) -> None:
        self.key, self._title, self._sending = key, title, sending
        self._choices.setVisible(sending)
        self.reason.setVisible(not sending)
        self.renew()
        self.show()

    def _choose(self, hours: int) -> None:
        self._hours = hours
        self.renew()

    def _confirmed(self) -> None:
        key, reason = self.key, self.reason.text().strip()
        self.dismiss()
        if self._sending:
            self.share_confirmed.emit(key, self._hours)
        else:
            self.withdraw_confirmed.emit(key, reason)
