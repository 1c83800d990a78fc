"""Owns the row of actions under the card: one that is the next step, the others quiet. Must not do them."""

from __future__ import annotations

from PySide6.QtCore import QPoint, Signal
from PySide6.QtWidgets import QHBoxLayout, QMenu, QVBoxLayout, QWidget

from app.domain.incident import DISPATCHED
from app.i18n import tr
from widgets.actions import (
    ACCEPT,
    CLAIM,
    CLOSE,
    CONTACT,
    DISPATCH,
    END_SUPERVISION,
    ESCALATE,
    HAND_OVER,
    LINK,
    ORDER,
    RELEASE_CLAIM,
    REOPEN,
    REPORT_BACK,
    RETURN,
    SUPERVISE,
    TAKE_OVER,
    UNLINK,
    UNMERGE,
    VERIFY,
    WITHDRAW,
    Action,
    Target,
    next_action,
)
from widgets.panels.action_button import ActionButton
from widgets.parts.elided_label import ElidedLabel
from widgets.style import tokens

_IN_THE_ROW = (DISPATCH, REPORT_BACK, CLOSE, REOPEN)
_IN_THE_MENU = (
    ACCEPT, VERIFY, CLOSE, CLAIM, TAKE_OVER, RELEASE_CLAIM, CONTACT, LINK, UNLINK, SUPERVISE, END_SUPERVISION,
    RETURN, ORDER, HAND_OVER, ESCALATE, WITHDRAW, UNMERGE,
)  # fmt: skip
_ROW_LIMIT = 2
"""More would not fit a card of 300 px in English; what is left over goes into the menu and keeps its key."""


class CaseBar(QWidget):
    """`wanted` carries the action. While it is the units' turn, a sentence says so where the primary would stand."""

    wanted = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self._target = Target()
        self.primary, self.more = ActionButton("primary"), ActionButton("quiet")
        self.turn = ElidedLabel(second=True)
        self.quiet = {action.id: ActionButton("quiet") for action in _IN_THE_ROW}
        self._lay_out()
        self.primary.clicked.connect(self._want_next)
        self.more.clicked.connect(self.open_menu)
        for action in _IN_THE_ROW:
            self.quiet[action.id].clicked.connect(lambda _c=False, action=action: self.wanted.emit(action))

    def _lay_out(self) -> None:
        look = tokens()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(look.space_xs)
        column.addWidget(self.primary)
        column.addWidget(self.turn)
        row = QHBoxLayout()
        row.setSpacing(look.space_xs)
        for button in self.quiet.values():
            row.addWidget(button)
        row.addStretch(1)
        row.addWidget(self.more)
        column.addLayout(row)

    @property
    def next(self) -> Action | None:
        """The action on the primary button."""
        return next_action(self._target)

    def show_target(self, target: Target) -> None:
        self._target = target
        step = self.next
        self.primary.setVisible(step is not None)
        if step is not None:
            self.primary.set_words(step.consequence(target), step.key)
        turn = self._whose_turn()
        self.turn.set_text(turn)
        self.turn.setVisible(bool(turn))
        for action in _IN_THE_ROW:
            button = self.quiet[action.id]
            button.set_words(action.title(), action.key)
            button.setVisible(action in self._in_row())
        self.more.set_words(tr("common.more"), "")
        self.more.setVisible(bool(self._in_menu()))

    def _whose_turn(self) -> str:
        incident = self._target.incident
        if incident is None or self.next is not None:
            return ""
        if incident.is_open:
            key = "case.turn.units" if incident.status == DISPATCHED else "case.turn.under_way"
            return tr(key, count=len(self._target.under_way))
        return tr(f"case.turn.{incident.status}")

    def _in_row(self) -> list[Action]:
        return [a for a in _IN_THE_ROW if self._offers(a)][:_ROW_LIMIT]

    def _in_menu(self) -> list[Action]:
        return [a for a in _IN_THE_MENU if self._offers(a) and a not in self._in_row()]

    def _offers(self, action: Action) -> bool:
        return action is not self.next and action.enabled(self._target)

    def menu(self) -> QMenu:
        """What else can be done; the key stands beside the words, it is the card that listens to it."""
        menu = QMenu(self)
        for action in self._in_menu():
            entry = menu.addAction(
                f"{action.title()}…\t{action.key}" if action.asks else f"{action.title()}\t{action.key}"
            )
            entry.triggered.connect(lambda _c=False, action=action: self.wanted.emit(action))
        return menu

    def open_menu(self) -> None:
        menu = self.menu()
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(self.more.mapToGlobal(QPoint(0, -menu.sizeHint().height())))

    def _want_next(self) -> None:
        if self.next is not None:
            self.wanted.emit(self.next)
