"""Owns what the officer colours the grids by: the sheet in which it is chosen, and the legend as the way to it.

Must not count or paint a grid: the choice is written into the LayerStack.
"""

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, QPointF, QRect, QRectF, QSignalBlocker, Qt, QTimer
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QButtonGroup, QGridLayout, QLabel, QRadioButton, QWidget

from app.centre.types_in_force import type_name
from app.i18n import tr
from app.projections.grid_indicators import ALL_KINDS, INDICATORS
from widgets.map.grid_choice import choice_text, chosen
from widgets.map.layers import LayerStack, kinds_of_incident
from widgets.map.sheet import Sheet
from widgets.style import follow_look, tokens

_COLUMNS = 2


class IndicatorSheet(Sheet):
    """One line an indicator, then the kinds of incident that it can be narrowed to."""

    def __init__(self, stack: LayerStack, parent: QWidget) -> None:
        super().__init__("grid.choice.title", parent)
        self._stack = stack
        self._by, self._kind_head, self._hint = QLabel(self), QLabel(self), QLabel(self)
        for label in (self._by, self._kind_head, self._hint):
            label.setProperty("tone", "second")
            label.setProperty("type", "small")
            label.setWordWrap(True)
        self._indicators = self._choices("indicator", [indicator.id for indicator in INDICATORS], 1)
        self._kinds = self._choices("kind", [ALL_KINDS, *kinds_of_incident()], _COLUMNS)
        self.body.addWidget(self._hint)
        self.body.addStretch(1)
        stack.changed.connect(self._follow)
        self.renew()

    def button(self, option: str, value: str) -> QRadioButton:
        return {"indicator": self._indicators, "kind": self._kinds}[option][value]

    def focus_first(self) -> None:
        self._indicators[chosen(self._stack)[0].id].setFocus(Qt.FocusReason.TabFocusReason)

    def renew(self) -> None:
        super().renew()
        self._by.setText(tr("grid.choice.by"))
        self._kind_head.setText(tr("grid.choice.kind"))
        self._hint.setText(tr("grid.choice.kind_hint"))
        for head in (self._by, self._kind_head):
            head.setContentsMargins(0, tokens().space_s, 0, tokens().space_xs)
        for indicator in INDICATORS:
            self._indicators[indicator.id].setText(tr(indicator.name_key))
        for kind, button in self._kinds.items():
            button.setText(tr("grid.choice.all") if kind == ALL_KINDS else type_name(kind))
        self._follow("grids")

    def _choices(self, option: str, values: list[str], columns: int) -> dict[str, QRadioButton]:
        self.body.addWidget(self._by if option == "indicator" else self._kind_head)
        group, grid = QButtonGroup(self), QGridLayout()
        grid.setSpacing(0)
        buttons = {}
        for place, value in enumerate(values):
            button = buttons[value] = QRadioButton(self)
            button.setObjectName(f"grids_{option}_{value}")
            group.addButton(button)
            grid.addWidget(button, place // columns, place % columns)
        self.body.addLayout(grid)
        group.buttonClicked.connect(self._chooser(option, buttons))
        return buttons

    def _chooser(self, option: str, buttons: dict[str, QRadioButton]) -> Callable[[QAbstractButton], None]:
        def choose(clicked: QAbstractButton) -> None:
            value = next(value for value, button in buttons.items() if button is clicked)
            self._stack.choose("grids", option, value)

        return choose

    def _follow(self, layer: str) -> None:
        if layer not in ("", "grids"):
            return
        indicator, _ = chosen(self._stack)
        kind = str(self._stack.option("grids", "kind"))
        for button in (self._indicators[indicator.id], self._kinds[kind]):
            with QSignalBlocker(button):
                button.setChecked(True)
        for button in self._kinds.values():
            button.setEnabled(indicator.by_kind)
        self._hint.setVisible(not indicator.by_kind)


class LegendButton(QAbstractButton):
    """Lies over the classes of the grids' colour on the glass: a click there is the wish for others.

    `rect_of` says where they stand, an empty rectangle while they are not shown.
    """

    def __init__(self, stack: LayerStack, rect_of: Callable[[], QRect], over: QWidget) -> None:
        super().__init__(over)
        self._stack = stack
        self._rect_of = rect_of
        self.setObjectName("grids_legend")
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        stack.changed.connect(self._follow)
        follow_look(self, self.renew)
        over.installEventFilter(self)
        self.renew()

    def renew(self) -> None:
        """Stand where the legend stands now, in the language in force."""
        rect = self._rect_of()
        self.setVisible(not rect.isEmpty())
        self.setGeometry(rect)
        text = tr("grid.legend.change", indicator=choice_text(self._stack))
        self.setToolTip(text)
        self.setAccessibleName(text)
        self.update()

    def _follow(self, _layer: str) -> None:
        self.renew()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() in (QEvent.Type.Resize, QEvent.Type.Show):
            # The legend is placed by what this event is on its way to.
            QTimer.singleShot(0, self, self.renew)
        return False

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        look = tokens()
        box = QRectF(self.rect()).adjusted(1, 1, -1, -1)
        if self.hasFocus() or self.underMouse():
            focused = self.hasFocus()
            painter.setPen(
                QPen(look.accent if focused else look.control_line, look.size_focus_ring if focused else 1)
            )
            painter.drawRoundedRect(box, look.size_radius, look.size_radius)
        painter.setPen(QPen(look.text_second, 1.5, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap))
        right, middle, half = box.right() - look.space_s, look.space_xs + look.type_small / 2, look.px(3)
        painter.drawPolyline(
            [
                QPointF(right - 2 * half, middle),
                QPointF(right - half, middle + half),
                QPointF(right, middle),
            ]
        )
        painter.end()
