"""Owns how the steps of a closed loop are shown: what is done and when, where it stands, what comes next."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from widgets.parts.painting import follow_theme, paint_focus_ring, paint_text, text_width
from widgets.style import font, tokens

StepState = Literal["done", "current", "next", "skipped", "overdue"]


@dataclass(frozen=True, slots=True)
class Step:
    """One step; `time_text` is when it was done or how long is left, ready made."""

    label: str
    state: StepState
    time_text: str = ""


class StepList(QWidget):
    """Steps in a row (for a wide card) or in a column.

    A step is activated by click, or by arrows and Enter.
    """

    step_activated = Signal(int)

    def __init__(
        self, orientation: Qt.Orientation = Qt.Orientation.Horizontal, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._across = orientation == Qt.Orientation.Horizontal
        self._steps: tuple[Step, ...] = ()
        self._marked = 0
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        follow_theme(self)

    def set_steps(self, steps: Sequence[Step]) -> None:
        """Show these steps in order."""
        self._steps = tuple(steps)
        standing = [i for i, step in enumerate(steps) if step.state in ("current", "overdue")]
        self._marked = standing[0] if standing else max(0, len(steps) - 1)
        self._say()
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        look = tokens()
        if self._across:
            return QSize(look.px(52) * max(1, len(self._steps)), look.px(52))
        widest = max(
            (text_width(step.label + step.time_text, font("row")) for step in self._steps), default=0
        )
        return QSize(round(widest) + look.px(48), look.size_row * len(self._steps))

    def minimumSizeHint(self) -> QSize:
        hint = self.sizeHint()
        return QSize(_px(40) * max(1, len(self._steps)) if self._across else hint.width(), hint.height())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        steps = {Qt.Key.Key_Left: -1, Qt.Key.Key_Up: -1, Qt.Key.Key_Right: 1, Qt.Key.Key_Down: 1}
        if event.key() in steps and self._steps:
            self._marked = max(0, min(len(self._steps) - 1, self._marked + steps[Qt.Key(event.key())]))
            self._say()
            self.update()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space) and self._steps:
            self.step_activated.emit(self._marked)
        else:
            super().keyPressEvent(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        for i in range(len(self._steps)):
            if self._cell(i).contains(event.position()):
                self._marked = i
                self.update()
                self.step_activated.emit(i)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for i in range(1, len(self._steps)):
            self._paint_link(painter, i)
        for i, step in enumerate(self._steps):
            self._paint_step(painter, i, step)
        if self.hasFocus() and self._steps:
            paint_focus_ring(painter, self._cell(self._marked))
        painter.end()

    def _cell(self, i: int) -> QRectF:
        if self._across:
            width = self.width() / len(self._steps)
            return QRectF(i * width, 0, width, self.height())
        row = tokens().size_row
        return QRectF(0, i * row, self.width(), row)

    def _node(self, i: int) -> QPointF:
        cell = self._cell(i)
        if self._across:
            return QPointF(cell.center().x(), _px(11))
        return QPointF(_px(12), cell.center().y())

    def _paint_link(self, painter: QPainter, i: int) -> None:
        look = tokens()
        reached = self._steps[i].state in ("done", "current", "overdue")
        painter.setPen(QPen(look.text_second if reached else look.line, look.size_focus_ring))
        start, end, gap = self._node(i - 1), self._node(i), look.px(9)
        offset = QPointF(gap, 0) if self._across else QPointF(0, gap)
        painter.drawLine(start + offset, end - offset)

    def _paint_step(self, painter: QPainter, i: int, step: Step) -> None:
        self._paint_node(painter, self._node(i), step.state)
        look, cell = tokens(), self._cell(i)
        bold = step.state in ("current", "overdue")
        label_font, time_font = font("body" if self._across else "row", bold=bold), font("small")
        color = _label_color(step.state)
        time_color = look.red if step.state == "overdue" else look.text_second
        if self._across:
            label, time = (
                QRectF(cell.left(), look.px(20), cell.width(), look.px(16)),
                QRectF(cell.left(), look.px(35), cell.width(), look.px(14)),
            )
            paint_text(painter, label, step.label, label_font, color, Qt.AlignmentFlag.AlignHCenter)
            paint_text(painter, time, step.time_text, time_font, time_color, Qt.AlignmentFlag.AlignHCenter)
            return
        row = cell.adjusted(look.px(28), 0, -look.space_s, 0)
        paint_text(painter, row, step.time_text, time_font, time_color, Qt.AlignmentFlag.AlignRight)
        paint_text(
            painter,
            row.adjusted(0, 0, -text_width(step.time_text, time_font), 0),
            step.label,
            label_font,
            color,
        )

    def _paint_node(self, painter: QPainter, at: QPointF, state: StepState) -> None:
        look = tokens()
        radius = look.px(6)
        color = _node_color(state)
        painter.setPen(QPen(color, look.size_focus_ring))
        painter.setBrush(color if state == "done" else Qt.BrushStyle.NoBrush)
        painter.drawEllipse(at, radius, radius)
        if state == "done":
            painter.setPen(QPen(look.panel, look.size_focus_ring))
            painter.drawPolyline(
                [at + QPointF(*point) * (radius / 6) for point in ((-2.6, 0.2), (-0.8, 2.1), (2.8, -2))]
            )
        elif state in ("current", "overdue"):
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(color)
            painter.drawEllipse(at, radius * 0.5, radius * 0.5)
        elif state == "skipped":
            painter.drawLine(at - QPointF(radius / 2, 0), at + QPointF(radius / 2, 0))

    def _say(self) -> None:
        if self._steps:
            step = self._steps[self._marked]
            self.setAccessibleName(
                f"{self._marked + 1}/{len(self._steps)} {step.label} {step.time_text}".strip()
            )


def _px(logical_px: float) -> int:
    return tokens().px(logical_px)


def _label_color(state: StepState) -> QColor:
    if state == "skipped":
        return tokens().text_muted
    return tokens().text_second if state == "next" else tokens().text


def _node_color(state: StepState) -> QColor:
    look = tokens()
    return {
        "done": look.text_second, "current": look.accent, "overdue": look.red, "next": look.control_line,
        "skipped": look.control_line,
    }[state]  # fmt: skip
