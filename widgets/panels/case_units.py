"""Owns the units on the card: how far each is, since when, when it will be there, and what can be done with it from
here. Must not do it.
"""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QRectF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import (
    QFocusEvent,
    QFontMetricsF,
    QKeyEvent,
    QKeySequence,
    QPainter,
    QPaintEvent,
    QResizeEvent,
)
from PySide6.QtWidgets import QSizePolicy, QToolButton, QVBoxLayout, QWidget

from app.domain.field_clocks import stage
from app.domain.instants import Instant
from app.domain.unit import Assignment, Unit
from app.i18n import tr
from widgets.actions import RECALL, UNIT_ACTIONS, Action, Target, action_for_key
from widgets.panels.action_button import ActionButton
from widgets.panels.case_words import Names
from widgets.parts.age_text import format_age
from widgets.parts.painting import follow_theme, paint_focus_ring, paint_text
from widgets.parts.plain_tip import plain_tip
from widgets.parts.symbols import paint_symbol, unit_color, unit_fill
from widgets.style import follow_look, font, icon, tokens

EtaText = Callable[[str, Instant], str]
"""When a unit will be there, in words; "" where nobody knows."""

MADE_A_TURN = 4
"""Rows that are made before the Qt thread is let go: 0.7 ms each, a tenth of that where one is used again."""


class CaseUnitRow(QWidget):
    """One unit: symbol, name and status are painted, its next step is a button, recall the cross, the others keys."""

    acted = Signal(str, object)
    picked = Signal(str)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._target = Target()
        self._since_at: Instant = 0
        self._kind, self._phase, self._words = "external", "available", ""
        self._status = ""
        self._eta_text: EtaText = _no_eta
        self.name, self.status = "", ""
        self.step, self.recall = ActionButton("outline", self), QToolButton(self)
        self._step_action: Action | None = None
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        for button in (self.step, self.recall):
            button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.step.clicked.connect(self._do_step)
        self.recall.clicked.connect(lambda: self.acted.emit(self._unit, RECALL))
        follow_look(self, self._dress)
        follow_theme(self)
        self._dress()

    @property
    def _unit(self) -> str:
        return self._target.unit.id if self._target.unit else ""

    def _dress(self) -> None:
        self.recall.setIcon(icon("close"))
        self.recall.setIconSize(QSize(tokens().size_icon, tokens().size_icon))

    # -- what is shown -----------------------------------------------------------------------------------------------

    def show_unit(
        self, target: Target, held: Assignment, names: Names, now: Instant, eta_text: EtaText | None = None
    ) -> None:
        unit = _known(target)
        self._target, self._since_at = target, held.since_at
        self._kind, self._phase, self._eta_text = unit.kind, held.phase, eta_text or _no_eta
        self._status = tr(f"dispatch.progress.{stage(held)}")
        self.name = names.unit(unit.id)
        self._step_action = next((a for a in UNIT_ACTIONS if a.enabled(target)), None)
        self._show_step(self._step_action)
        tip = f"{RECALL.consequence(target, self.name)} ({RECALL.key})"
        self.recall.setToolTip(plain_tip(tip))
        self.recall.setAccessibleName(tip)
        self.setAccessibleName(f"{self.name} {self._status}")
        self.set_now(now)
        self._place()
        self.update()

    def _show_step(self, action: Action | None) -> None:
        offered = action is not None and action is not RECALL
        self.step.setVisible(offered)
        if action is not None and offered:
            self.step.set_words(action.title(), action.key)
            self.step.setToolTip(plain_tip(action.consequence(self._target, self.name)))

    def set_now(self, now: Instant) -> None:
        """Painted again only when the words are others."""
        words = f"{self._status} {format_age((now - self._since_at) / 1000)}"
        eta = self._eta_text(self._unit, now)
        words = tr("card.unit_eta", status=words, eta=eta) if eta else words
        if words != self.status:
            self.status = words
            self.update()

    # -- room --------------------------------------------------------------------------------------------------------

    def sizeHint(self) -> QSize:
        look = tokens()
        words = QFontMetricsF(font("row")).height() + QFontMetricsF(font("body")).height()
        return QSize(look.px(200), max(round(words), look.size_button) + 2 * look.space_xs)

    def minimumSizeHint(self) -> QSize:
        return QSize(tokens().px(120), self.sizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._place()

    def _place(self) -> None:
        right = self.width()
        for button in (self.recall, self.step):
            size = button.sizeHint()
            if not button.isHidden():
                button.setGeometry(
                    right - size.width(), (self.height() - size.height()) // 2, size.width(), size.height()
                )
                right -= size.width() + tokens().space_s

    def _words_right(self) -> int:
        leftmost = self.recall if self.step.isHidden() else self.step
        return leftmost.x() - tokens().space_s

    def paintEvent(self, event: QPaintEvent) -> None:
        look = tokens()
        painter = QPainter(self)
        side = look.size_symbol
        box = QRectF(look.space_xs, (self.height() - side) / 2, side, side)
        paint_symbol(painter, f"unit/{self._kind}", box, unit_color(self._phase), unit_fill(self._phase))
        left = box.right() + look.space_s
        name_px, status_px = QFontMetricsF(font("row")).height(), QFontMetricsF(font("body")).height()
        top, room = (self.height() - name_px - status_px) / 2, self._words_right() - left
        paint_text(painter, QRectF(left, top, room, name_px), self.name, font("row"), look.text)
        status = QRectF(left, top + name_px, room, status_px)
        paint_text(painter, status, self.status, font("body"), look.text_second)
        if self.hasFocus():
            paint_focus_ring(painter, QRectF(self.rect()))
        painter.end()

    # -- hands -------------------------------------------------------------------------------------------------------

    def _do_step(self) -> None:
        if self._step_action is not None:
            self.acted.emit(self._unit, self._step_action)

    def offered(self, key: str) -> Action | None:
        """The action that a key means for this unit now."""
        action = action_for_key(UNIT_ACTIONS, key)
        return action if action is not None and action.enabled(self._target) else None

    def take_key(self, key: str) -> bool:
        action = self.offered(key)
        if action is not None:
            self.acted.emit(self._unit, action)
        return action is not None

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if not self.take_key(QKeySequence(event.keyCombination()).toString()):
            super().keyPressEvent(event)

    def mousePressEvent(self, event: object) -> None:
        self.setFocus(Qt.FocusReason.MouseFocusReason)
        self.picked.emit(self._unit)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.update()


class CaseUnits(QWidget):
    """The rows of all units on an incident; a row stays as long as its unit does, so that nothing jumps.

    Rows of units that have gone serve the next ones; of many at once some are made a turn, the first of them first.
    """

    acted = Signal(str, object)
    picked = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self.rows: dict[str, CaseUnitRow] = {}
        self._spare: list[CaseUnitRow] = []
        self._waiting: Callable[[], None] | None = None
        self._turn = QTimer(self)
        self._turn.setSingleShot(True)
        self._turn.setInterval(0)
        self._turn.timeout.connect(self._go_on)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(0)

    def show_units(
        self, targets: list[Target], names: Names, now: Instant, eta_text: EtaText | None = None
    ) -> None:
        present = {_known(t).id: t for t in targets}
        for gone in self.rows.keys() - present.keys():
            self._put_by(self.rows.pop(gone))
        made = 0
        for unit, target in present.items():
            assert target.incident is not None
            held = _known(target).assignment(target.incident.id)
            made += unit not in self.rows
            if made > MADE_A_TURN:
                break
            if held is not None:
                self._row(unit).show_unit(target, held, names, now, eta_text)
        self._waiting = None
        if made > MADE_A_TURN:
            self._waiting = lambda: self.show_units(targets, names, now, eta_text)
            self._turn.start()

    def _go_on(self) -> None:
        if self._waiting is not None:
            self._waiting()

    def set_now(self, now: Instant) -> None:
        for row in self.rows.values():
            row.set_now(now)

    def take_key(self, key: str) -> bool:
        """A unit's key pressed on the card: the only unit that it fits obeys, of several the first is focused."""
        fitting = [row for row in self.rows.values() if row.offered(key) is not None]
        if len(fitting) == 1:
            return fitting[0].take_key(key)
        if fitting:
            fitting[0].setFocus(Qt.FocusReason.ShortcutFocusReason)
        return bool(fitting)

    def _put_by(self, row: CaseUnitRow) -> None:
        row.hide()
        self._column.removeWidget(row)
        self._spare.append(row)

    def _row(self, unit: str) -> CaseUnitRow:
        if unit not in self.rows:
            row = self.rows[unit] = self._spare.pop() if self._spare else self._made()
            self._column.addWidget(row)
            row.show()
        return self.rows[unit]

    def _made(self) -> CaseUnitRow:
        row = CaseUnitRow(self)
        row.acted.connect(self.acted)
        row.picked.connect(self.picked)
        return row


def _known(target: Target) -> Unit:
    assert target.unit is not None
    return target.unit


def _no_eta(_unit: str, _now: Instant) -> str:
    return ""
