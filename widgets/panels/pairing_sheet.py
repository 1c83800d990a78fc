"""Owns the sheet that pairs phones with one unit: the code in large signs, how long it holds, what is paired already.

It lies over its window until Escape, the cross or the unit's phone takes it away. A code is told by voice and stands
nowhere else. Must not make codes: the link to the units does.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QApplication,
    QFrame,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from app.domain import commands as cmd
from app.domain.instants import Instant
from app.i18n import tr
from app.link.field.pairing import LASTS_MS, PairingCodes
from widgets.bridge import Bridge
from widgets.parts.age_text import format_age
from widgets.parts.hold_button import HoldButton
from widgets.parts.refusal_bar import RefusalBar
from widgets.style import icon, tokens

WIDTH_PX: Final = 360
KEY: Final = "P"


class PairingSheet(QFrame):
    """One for a window, hidden until `open_for`; `closed` says that the keyboard is back where it was."""

    closed = Signal()

    def __init__(self, bridge: Bridge, window: QWidget) -> None:
        super().__init__(window)
        self.bridge = bridge
        self.unit = self._sign = ""
        self._expires_at: Instant = 0
        self._ended_by = ""
        """What has made the code void: "done" when a phone has used it, "gone" when phones were revoked."""
        self._phones_before = 0
        self._before: QWidget | None = None
        self.title, self.code, self.how, self.paired = (QLabel() for _ in range(4))
        self.cross, self.renew, self.revoke = QToolButton(), QPushButton(), HoldButton("", tone="danger")
        self.refusal = RefusalBar(tr("common.dismiss"))
        self.setProperty("sheet", True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._lay_out()
        self.cross.clicked.connect(self.dismiss)
        self.renew.clicked.connect(lambda _checked=False: self.offer())
        self.revoke.confirmed.connect(self._revoke)
        bridge.ticked.connect(lambda _now: self._show())
        bridge.units_changed.connect(self._units_changed)
        window.installEventFilter(self)
        self.hide()

    def _lay_out(self) -> None:
        look = tokens()
        self.title.setProperty("type", "title")
        self.code.setProperty("type", "wall")
        self.code.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.code.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.paired.setProperty("tone", "second")
        for label in (self.title, self.code, self.how, self.paired):
            label.setTextFormat(Qt.TextFormat.PlainText)
            label.setWordWrap(label is not self.code)
        head, foot, column = QHBoxLayout(), QHBoxLayout(), QVBoxLayout(self)
        head.addWidget(self.title, 1)
        head.addWidget(self.cross)
        foot.addWidget(self.renew)
        foot.addWidget(self.revoke, 1)
        column.setContentsMargins(look.space_l, look.space_m, look.space_l, look.space_m)
        column.setSpacing(look.space_s)
        column.addLayout(head)
        for part in (self.code, self.how, self.paired, self.refusal):
            column.addWidget(part)
        column.addLayout(foot)

    @property
    def _codes(self) -> PairingCodes | None:
        following = self.bridge.app.following
        return following.codes if following is not None else None

    def open_for(self, unit: str, call_sign: str) -> None:
        """A new code for a unit; an older one of it is void."""
        if self.isHidden():
            self._before = QApplication.focusWidget()
        self.unit, self._sign = unit, call_sign
        self.refusal.dismiss()
        self.offer()
        self.show()
        self.raise_()
        self.setFocus(Qt.FocusReason.PopupFocusReason)
        self._place()

    def offer(self) -> None:
        """Another code; nobody has used the one before."""
        codes, context = self._codes, self.bridge.app.context()
        self._phones_before = self._phones()
        self._ended_by = ""
        self.code.clear()
        if codes is not None:
            self.code.setText(codes.offer(self.unit, context.actor, context.occurred_at))
            self._expires_at = context.occurred_at + LASTS_MS
        self._show()
        self._place()

    def _phones(self) -> int:
        unit = self.bridge.desk.units.get(self.unit)
        return len(unit.phones) if unit is not None else 0

    def _units_changed(self, keys: Iterable[str]) -> None:
        if not self.isHidden() and self.unit in keys:
            if self._phones() > self._phones_before:
                self._end_code("done")
            self._show()
            self._place()

    def _show(self) -> None:
        """As it is now, while somebody looks."""
        if self.unit == "":
            return
        self.title.setText(tr("field.phone.title", unit=self._sign))
        self.setAccessibleName(self.title.text())
        self.how.setText(self._how())
        phones = self._phones()
        self.code.setVisible(bool(self.code.text()))
        self.renew.setVisible(self._codes is not None)
        self.renew.setText(f"{tr('field.phone.again')}  {KEY}")
        self.paired.setText(tr("field.phone.paired", count=phones) if phones else tr("field.phone.none"))
        self.revoke.setVisible(bool(phones))
        self.revoke.set_consequence(tr("field.phone.revoke", count=phones), tr("common.hold_to_confirm"))
        self.cross.setToolTip(tr("common.cancel"))
        self.cross.setAccessibleName(tr("common.cancel"))
        self.cross.setIcon(icon("close"))

    def _how(self) -> str:
        codes = self._codes
        if codes is None:
            return tr("field.phone.off")
        if self._ended_by:
            return tr(f"field.phone.{self._ended_by}", unit=self._sign)
        left_ms = self._expires_at - self.bridge.clock.now()
        if left_ms <= 0:
            return tr("field.phone.expired")
        return tr("field.phone.how", left=format_age(left_ms / 1000), address=self._address())

    def _address(self) -> str:
        """Where the page is; a desk that listens everywhere has a name that only its network knows."""
        following = self.bridge.app.following
        server = following.server if following is not None else None
        host, port = server.address if server is not None else ("", 0)
        return f"http://{tr('field.phone.this_desk') if host in ('0.0.0.0', '::', '') else host}:{port}/"  # noqa: S104

    def _revoke(self) -> None:
        if self._codes is not None:
            self._codes.revoke(self.unit)

        def answered(sentence: str | None) -> None:
            if sentence is None:
                self.refusal.dismiss()
            else:
                self.refusal.show_refusal(self._sign, tr("field.phone.offer"), sentence)
            self._place()

        self.bridge.submit(cmd.UnpairPhones(self.unit, tr("field.phone.revoked")), answered)
        self._end_code("gone")
        self._show()
        self._place()

    def _end_code(self, by: str) -> None:
        """It works no more and stands nowhere any more."""
        self._ended_by = by
        self.code.clear()

    def dismiss(self) -> None:
        """Puts the sheet away; the keyboard goes back to where it was. A code that was read out holds on."""
        before, self._before = self._before, None
        self.hide()
        if before is not None and before.isVisible():
            before.setFocus(Qt.FocusReason.OtherFocusReason)
        self.closed.emit()

    def _place(self) -> None:
        window = self.parentWidget()
        if window is None or self.isHidden():
            return
        look = tokens()
        width = min(look.px(WIDTH_PX), window.width() - 2 * look.space_m)
        column = self.layout()
        assert column is not None
        height = column.totalHeightForWidth(width) if column.hasHeightForWidth() else self.sizeHint().height()
        left, top = (window.width() - width) // 2, max(look.space_m, (window.height() - height) // 3)
        self.setGeometry(left, top, width, min(height, window.height() - top))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Resize:
            self._place()
        return super().eventFilter(watched, event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """What the sheet does not know is no key of what lies below it."""
        if event.key() == Qt.Key.Key_Escape:
            self.dismiss()
        elif event.key() == Qt.Key.Key_P and self._codes is not None:
            self.offer()
        event.accept()


def pair_phone(bridge: Bridge, at: QWidget, unit: str, call_sign: str) -> PairingSheet:
    """Opens the sheet of the window that a panel stands in."""
    window = at.window()
    sheet = window.findChild(PairingSheet, options=Qt.FindChildOption.FindDirectChildrenOnly)
    if sheet is None:
        sheet = PairingSheet(bridge, window)
    sheet.open_for(unit, call_sign)
    return sheet
