"""Owns the pickers of a report: the type by pictogram, the priority by shape. Must not know what is done with them."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QAbstractButton, QButtonGroup, QGridLayout, QSizePolicy, QWidget

from app.centre.types_in_force import incident_types, type_name
from app.domain.incident import PRIORITIES
from app.i18n import tr
from widgets.parts.painting import follow_theme, paint_focus_ring, paint_text, text_width
from widgets.parts.symbols import symbol_pixmap
from widgets.style import font, tokens

_ELIDED_SHARE = 0.95
"""A column may be a little narrower than the longest word before a column goes."""

_ARROWS = {
    Qt.Key.Key_Left: (-1, 0),
    Qt.Key.Key_Right: (1, 0),
    Qt.Key.Key_Up: (0, -1),
    Qt.Key.Key_Down: (0, 1),
}


class PickerChip(QAbstractButton):
    """One value: its symbol and its word. The picked one has the accent's rim and the ground of what is selected."""

    arrow_pressed = Signal(int, int)
    """(columns to the right, rows down)"""

    def __init__(self, symbol: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._symbol = symbol
        self.setCheckable(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        follow_theme(self)

    def name(self, text: str) -> None:
        self.setText(text)
        self.setToolTip(text)
        self.setAccessibleName(text)
        self.updateGeometry()

    def sizeHint(self) -> QSize:
        look = tokens()
        words = round(text_width(self.text(), font("body")))
        return QSize(words + look.size_icon + look.space_xs + 2 * look.space_s, look.size_button)

    def minimumSizeHint(self) -> QSize:
        return QSize(tokens().px(40), self.sizeHint().height())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in _ARROWS and not event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier:
            self.arrow_pressed.emit(*_ARROWS[Qt.Key(event.key())])
        else:
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        look = tokens()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        box = QRectF(self.rect())
        rim = look.accent if self.isChecked() else look.line
        ground = look.selection if self.isChecked() else look.hover if self.underMouse() else look.panel
        painter.setBrush(ground)
        painter.setPen(QPen(rim, 1))
        painter.drawRoundedRect(box.adjusted(0.5, 0.5, -0.5, -0.5), look.size_radius, look.size_radius)
        self._paint_words(painter, box)
        if self.hasFocus():
            paint_focus_ring(painter, box)
        painter.end()

    def _paint_words(self, painter: QPainter, box: QRectF) -> None:
        look = tokens()
        side = look.size_icon
        pixmap = symbol_pixmap(self._symbol, side, self.devicePixelRatioF(), self._ink())
        painter.drawPixmap(look.space_s, round((box.height() - side) / 2), pixmap)
        left = look.space_s + side + look.space_xs + look.px(2)
        room = QRectF(left, 0, box.width() - left - look.space_xs, box.height())
        paint_text(painter, room, self.text(), font("body"), look.text)

    def _ink(self) -> QColor:
        look = tokens()
        family, _, value = self._symbol.partition("/")
        if family == "priority":
            return look.priority.of(int(value))
        return look.text if self.isChecked() else look.text_second


class Picker(QWidget):
    """Values as chips in as many columns as fit: all can be seen, arrows go between them, one is picked."""

    changed = Signal()

    is_chosen = False
    """Whether somebody picked the value; what was filled in gives way to what is filled in later."""

    def __init__(self, values: Sequence[str], family: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._values, self._columns = tuple(values), 0
        self._is_filling = False
        self._group = QButtonGroup(self)
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setSpacing(tokens().space_xs)
        self.chips: dict[str, PickerChip] = {}
        for number, value in enumerate(self._values):
            chip = self.chips[value] = PickerChip(f"{family}/{value}")
            chip.setObjectName(value)
            self._group.addButton(chip, number)
            chip.arrow_pressed.connect(lambda right, down, number=number: self._go(number, right, down))
        self.setFocusProxy(self.chips[self._values[0]])
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._group.idToggled.connect(self._picked)
        self._arrange(len(self._values))

    @property
    def value(self) -> str:
        """What is picked, "" when nothing is."""
        number = self._group.checkedId()
        return self._values[number] if number >= 0 else ""

    def pick(self, value: str) -> None:
        """Picks a value for good; "" picks none."""
        self.is_chosen = bool(value)
        if value:
            self.chips[value].setChecked(True)
            return
        self._group.setExclusive(False)
        for chip in self.chips.values():
            chip.setChecked(False)
        self._group.setExclusive(True)
        self.setFocusProxy(self.chips[self._values[0]])

    def fill_in(self, value: str) -> None:
        """Picks what follows from something else, unless somebody chose; "" picks none."""
        if self.is_chosen or value == self.value:
            return
        self._is_filling = True
        self.pick(value)
        self._is_filling = self.is_chosen = False
        if not value:
            self.changed.emit()

    def _picked(self, number: int, checked: bool) -> None:
        if checked:
            self.is_chosen = not self._is_filling
            self.setFocusProxy(self._group.button(number))
            self.changed.emit()

    def _go(self, number: int, right: int, down: int) -> None:
        """An arrow picks the neighbour; at the rim it stays."""
        wanted = number + right + down * self._columns
        if 0 <= wanted < len(self._values):
            chip = self.chips[self._values[wanted]]
            chip.setChecked(True)
            chip.setFocus(Qt.FocusReason.OtherFocusReason)

    def words(self, value: str) -> str:
        """What is written on a chip."""
        raise NotImplementedError

    def retranslate(self) -> None:
        """The language has changed."""
        for value, chip in self.chips.items():
            chip.name(self.words(value))
        self._fit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        widest = max(chip.sizeHint().width() for chip in self.chips.values()) * _ELIDED_SHARE
        self._arrange(max(1, int(self.width() // (widest + self._grid.spacing()))))

    def _arrange(self, fitting: int) -> None:
        """Rows of equal length as far as possible: three rows of five rather than two of seven and one."""
        rows = -(-len(self._values) // min(fitting, len(self._values)))
        columns = -(-len(self._values) // rows)
        if columns == self._columns:
            return
        for column in range(self._columns):
            self._grid.setColumnStretch(column, 0)
        self._columns = columns
        for number, chip in enumerate(self.chips.values()):
            self._grid.addWidget(chip, number // columns, number % columns)
            self._grid.setColumnStretch(number % columns, 1)


class TypePicker(Picker):
    """What kind of incident it is."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__([known.id for known in incident_types().offered], "incident", parent)

    def words(self, value: str) -> str:
        return type_name(value)


class PriorityPicker(Picker):
    """How urgent it is, 1 to 4; one is always picked."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__([str(priority) for priority in PRIORITIES], "priority", parent)

    @property
    def priority(self) -> int:
        return int(self.value)

    def words(self, value: str) -> str:
        return tr(f"terms.priority.P{value}")
