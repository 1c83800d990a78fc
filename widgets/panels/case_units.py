"""Owns the units on the card: how far each is, since when, and what can be done with it from here. Must not do it."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence, QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QSizePolicy, QToolButton, QVBoxLayout, QWidget

from app.domain.instants import Instant
from app.domain.unit import Assignment, Unit
from app.i18n import tr
from widgets.actions import RECALL, UNIT_ACTIONS, Action, Target, action_for_key
from widgets.panels.action_button import ActionButton
from widgets.panels.case_words import Names
from widgets.parts.age_text import format_age
from widgets.parts.elided_label import ElidedLabel
from widgets.parts.painting import follow_theme, paint_focus_ring
from widgets.parts.symbols import paint_symbol, unit_color, unit_fill
from widgets.style import icon, theme_notifier, tokens


class UnitGlyph(QWidget):
    """A unit's symbol, filled by its status."""

    def __init__(self) -> None:
        super().__init__()
        self._kind, self._status = "external", "available"
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        follow_theme(self)

    def set_unit(self, kind: str, status: str) -> None:
        self._kind, self._status = kind, status
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(tokens().size_symbol, tokens().size_symbol)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        box = QRectF(
            0, (self.height() - tokens().size_symbol) / 2, tokens().size_symbol, tokens().size_symbol
        )
        paint_symbol(painter, f"unit/{self._kind}", box, unit_color(self._status), unit_fill(self._status))
        painter.end()


class CaseUnitRow(QFrame):
    """One unit. Its next step is a button, the others are keys; recall is the cross."""

    acted = Signal(str, object)
    picked = Signal(str)

    def __init__(self, unit: str) -> None:
        super().__init__()
        self._unit = unit
        self._target = Target()
        self._since_at: Instant = 0
        self._status = ""
        self.glyph, self.name = UnitGlyph(), ElidedLabel()
        self.status = ElidedLabel(size="body", second=True)
        self.step, self.recall = ActionButton("outline"), QToolButton()
        self._step_action: Action | None = None
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._lay_out()
        self.step.clicked.connect(self._do_step)
        self.recall.clicked.connect(lambda: self.acted.emit(self._unit, RECALL))
        theme_notifier.changed.connect(self._dress)
        self._dress()

    def _lay_out(self) -> None:
        look = tokens()
        row = QHBoxLayout(self)
        row.setContentsMargins(look.space_xs, look.space_xs, 0, look.space_xs)
        row.setSpacing(look.space_s)
        words = QVBoxLayout()
        words.setSpacing(0)
        words.addWidget(self.name)
        words.addWidget(self.status)
        row.addWidget(self.glyph)
        row.addLayout(words, 1)
        row.addWidget(self.step)
        row.addWidget(self.recall)
        for button in (self.step, self.recall):
            button.setFocusPolicy(Qt.FocusPolicy.NoFocus)

    def _dress(self) -> None:
        self.recall.setIcon(icon("close"))
        self.recall.setIconSize(QSize(tokens().size_icon, tokens().size_icon))

    def show_unit(self, target: Target, held: Assignment, names: Names, now: Instant) -> None:
        unit = _known(target)
        self._target, self._since_at = target, held.since_at
        self._status = tr(f"terms.unit_status.{held.phase}")
        if held.phase == "dispatched" and held.answered:
            self._status = tr("case.unit_acknowledged")
        name = names.unit(unit.id)
        self.name.set_text(name)
        self.glyph.set_unit(unit.kind, held.phase)
        self._step_action = next((a for a in UNIT_ACTIONS if a.enabled(target)), None)
        self._show_step(self._step_action, name)
        tip = f"{RECALL.consequence(target, name)} ({RECALL.key})"
        self.recall.setToolTip(tip)
        self.recall.setAccessibleName(tip)
        self.setAccessibleName(f"{name} {self._status}")
        self.set_now(now)

    def _show_step(self, action: Action | None, name: str) -> None:
        offered = action is not None and action is not RECALL
        self.step.setVisible(offered)
        if action is not None and offered:
            self.step.set_words(action.title(), action.key)
            self.step.setToolTip(action.consequence(self._target, name))

    def set_now(self, now: Instant) -> None:
        self.status.set_text(f"{self._status} {format_age((now - self._since_at) / 1000)}")

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

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if self.hasFocus():
            painter = QPainter(self)
            paint_focus_ring(painter, QRectF(self.rect()))
            painter.end()


class CaseUnits(QWidget):
    """The rows of all units on an incident; rows stay as long as their unit does, so that nothing jumps."""

    acted = Signal(str, object)
    picked = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self.rows: dict[str, CaseUnitRow] = {}
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(0)

    def show_units(self, targets: list[Target], names: Names, now: Instant) -> None:
        present = {_known(t).id: t for t in targets}
        for gone in self.rows.keys() - present.keys():
            self.rows.pop(gone).deleteLater()
        for unit, target in present.items():
            assert target.incident is not None
            held = _known(target).assignment(target.incident.id)
            if held is not None:
                self._row(unit).show_unit(target, held, names, now)

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

    def _row(self, unit: str) -> CaseUnitRow:
        if unit not in self.rows:
            row = self.rows[unit] = CaseUnitRow(unit)
            row.acted.connect(self.acted)
            row.picked.connect(self.picked)
            self._column.addWidget(row)
        return self.rows[unit]


def _known(target: Target) -> Unit:
    assert target.unit is not None
    return target.unit
