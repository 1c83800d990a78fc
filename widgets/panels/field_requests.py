"""Owns what units on scene ask for and nobody has settled: a line each, with the ways to answer. Must not answer."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import QSize, Signal
from PySide6.QtGui import QFontMetrics, QKeyEvent, QResizeEvent, Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLineEdit, QPushButton, QScrollArea, QVBoxLayout, QWidget

from app.domain.incident import Incident
from app.domain.incident_parts import ForceRequest
from app.i18n import tr
from widgets.models.incident_queue import named
from widgets.models.unit_board import number_tail
from widgets.parts.clamped_label import ClampedLabel
from widgets.style import font, tokens

MOST_SHOWN: Final = 2
"""So many stand there at once; the others are scrolled to."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A request with what it is about. `sign` is the call sign of who asks."""

    incident: Incident
    request: ForceRequest
    sign: str

    def text(self) -> str:
        kinds = "/".join(named("terms.unit_kind", kind) for kind in self.request.kinds)
        said = tr(
            "field.request",
            number=number_tail(self.incident.number),
            unit=self.sign,
            count=self.request.missing,
            kinds=kinds or tr("field.request.any"),
            reason=self.request.reason,
        ).strip()
        sent = len(self.request.sent)
        return tr("field.request.partly", request=said, count=sent) if sent else said


class _Line(QFrame):
    """One request: its words and three answers; turning it down asks why first, in the place of the words."""

    def __init__(self, asked: Asked, on: FieldRequests) -> None:
        super().__init__()
        self.setProperty("raised", True)
        self.words, self.why = ClampedLabel(asked.text(), "row", max_lines=2, bold=True), QLineEdit()
        self.words.setFixedHeight(2 * QFontMetrics(font("row", bold=True)).lineSpacing())
        self.why.setPlaceholderText(tr("field.request.why"))
        self.why.setAccessibleName(tr("field.request.why"))
        self.why.hide()
        key = (asked.incident.id, asked.request.id)
        self.dispatch = _button("field.request.dispatch", lambda: on.dispatch_wanted.emit(asked.incident.id))
        self.met = _button("field.request.met", lambda: on.settled.emit(*key, True, ""))
        self.refuse = _button("field.request.refuse", self._ask_why)
        self.why.returnPressed.connect(lambda: on.refuse(*key, self.why.text()))
        row = QHBoxLayout(self)
        row.setContentsMargins(tokens().space_s, tokens().space_xs, tokens().space_xs, tokens().space_xs)
        row.setSpacing(tokens().space_xs)
        row.addWidget(self.words, 1)
        row.addWidget(self.why, 1)
        for button in (self.dispatch, self.met, self.refuse):
            row.addWidget(button)

    def _ask_why(self) -> None:
        self._show_why(is_asking=True)
        self.why.setFocus()

    def _show_why(self, *, is_asking: bool) -> None:
        self.why.setVisible(is_asking)
        for part in (self.words, self.dispatch, self.met):
            part.setVisible(not is_asking)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape and not self.why.isHidden():
            self._show_why(is_asking=False)
            self.refuse.setFocus()
        else:
            super().keyPressEvent(event)


class FieldRequests(QScrollArea):
    """Hidden while nobody asks. `settled` carries (incident, request, met, reason)."""

    dispatch_wanted = Signal(str)
    settled = Signal(str, str, bool, str)
    left = Signal()
    """Escape: the keyboard is to go back to the list."""

    def __init__(self) -> None:
        super().__init__()
        self.lines: dict[str, _Line] = {}
        self._most_shown = MOST_SHOWN
        inside = QWidget()
        self._column = QVBoxLayout(inside)
        self._column.setContentsMargins(0, 0, 0, tokens().space_xs)
        self._column.setSpacing(tokens().space_xs)
        self.setWidget(inside)
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.hide()

    def minimumSizeHint(self) -> QSize:
        return QSize(tokens().space_xl, 0)

    def show_at_most(self, count: int) -> None:
        """How many stand there at once where there is little room."""
        if count != self._most_shown:
            self._most_shown = count
            self._fit_height()

    def take_keyboard(self) -> bool:
        """To the first request's answers; False while nobody asks."""
        first = next(iter(self.lines.values()), None)
        if first is not None:
            first.dispatch.setFocus(Qt.FocusReason.ShortcutFocusReason)
        return first is not None

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.left.emit()
        else:
            super().keyPressEvent(event)

    def refuse(self, incident: str, request: str, reason: str) -> None:
        """Turns it down; without a reason it stays open."""
        if reason.strip():
            self.settled.emit(incident, request, False, reason)

    def show_requests(self, asked: Sequence[Asked]) -> None:
        """Lines that stand already stay as they are: somebody may be typing in one."""
        wanted = {f"{one.incident.id} {one.request.id}": one for one in asked}
        for key in [key for key in self.lines if key not in wanted]:
            gone = self.lines.pop(key)
            self._column.removeWidget(gone)
            gone.deleteLater()
        for key, one in wanted.items():
            if key in self.lines:
                self.lines[key].words.set_text(one.text())
            else:
                self.lines[key] = _Line(one, self)
                self._column.addWidget(self.lines[key])
        self._fit_height()
        self.setVisible(bool(self.lines))

    def _fit_height(self) -> None:
        wanted_px = self.tall_px(self._most_shown)
        if wanted_px and wanted_px != self.height():
            self.setFixedHeight(wanted_px)

    def tall_px(self, count: int = MOST_SHOWN) -> int:
        """How much room so many of the requests take; 0 while nobody asks."""
        first = list(self.lines.values())[:count]
        return sum(line.heightForWidth(self.width()) + tokens().space_xs for line in first)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit_height()


def _button(key: str, act: Callable[[], object]) -> QPushButton:
    button = QPushButton(tr(key))
    button.setProperty("tight", True)
    button.clicked.connect(lambda _checked=False: act())
    return button
