"""Owns the sheet of layers: a row for each with eye, picture, name, opacity and place. Must not paint the map.

It writes what the officer does into the LayerStack and follows what stands there.
"""

import itertools
from collections.abc import Callable

from PySide6.QtCore import QSignalBlocker, Qt
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSlider, QToolButton, QVBoxLayout, QWidget

from app.i18n import tr
from widgets.map.layer_swatches import Swatch
from widgets.map.layers import LAYERS, LEAST_OPACITY, SPECS, Band, LayerSpec, LayerStack, OptionValue
from widgets.map.sheet import Sheet, dress, tool_button
from widgets.style import tokens

_SLIDER_PX = 64
_BANDS: tuple[Band, ...] = ("overlay", "symbol", "ground")
_STEP = 5


class LayerSheet(Sheet):
    """What is drawn on top stands on top, band by band."""

    def __init__(self, stack: LayerStack, parent: QWidget) -> None:
        super().__init__("map.layers.title", parent)
        self._stack = stack
        self._heads: dict[str, QLabel] = {}
        self._rows: dict[str, LayerRow] = {}
        self._arranged = stack.order
        self._columns: dict[str, QVBoxLayout] = {}
        for band in _BANDS:
            head = self._heads[band] = QLabel(self)
            head.setProperty("tone", "second")
            head.setProperty("type", "small")
            self.body.addWidget(head)
            column = self._columns[band] = QVBoxLayout()
            column.setSpacing(0)
            self.body.addLayout(column)
            for spec in reversed([spec for spec in LAYERS if spec.band == band]):
                row = self._rows[spec.name] = LayerRow(spec, stack, self)
                column.addWidget(row)
        self.body.addStretch(1)
        stack.changed.connect(self._follow)
        self.renew()
        self._follow("")

    def row(self, name: str) -> "LayerRow":
        return self._rows[name]

    def focus_first(self) -> None:
        self._rows[self._stack.order_of(_BANDS[0])[-1]].eye.setFocus(Qt.FocusReason.TabFocusReason)

    def renew(self) -> None:
        super().renew()
        self.body.setContentsMargins(0, 0, tokens().space_xs, 0)
        for band, head in self._heads.items():
            head.setText(tr(f"map.layers.{band}"))
            head.setContentsMargins(0, tokens().space_s, 0, tokens().space_xs)
        for row in self._rows.values():
            row.renew()

    def _follow(self, name: str) -> None:
        for layer, row in self._rows.items():
            if name in ("", layer) or SPECS[layer].movable:
                row.follow()
        if self._arranged != self._stack.order:
            self._arranged = self._stack.order
            for band in _BANDS:
                self._rearrange(band)

    def _rearrange(self, band: Band) -> None:
        focused = self.focusWidget()
        wanted = [self._rows[layer] for layer in reversed(self._stack.order_of(band))]
        for index, row in enumerate(wanted):
            self._columns[band].removeWidget(row)
            self._columns[band].insertWidget(index, row)
        # Tab follows the eye, and the key that moved a row stays on it.
        for one, other in itertools.pairwise(wanted):
            QWidget.setTabOrder(one.last, other.eye)
        if focused is not None:
            focused.setFocus(Qt.FocusReason.OtherFocusReason)


class LayerRow(QWidget):
    """One layer."""

    def __init__(self, spec: LayerSpec, stack: LayerStack, parent: QWidget) -> None:
        super().__init__(parent)
        self._spec = spec
        self._stack = stack
        self.eye = tool_button(self, f"eye_{spec.name}")
        self.swatch = Swatch(spec.name, self)
        self.name = QLabel(self)
        self.slider = QSlider(Qt.Orientation.Horizontal, self)
        self.slider.setRange(round(LEAST_OPACITY * 100), 100)
        self.slider.setSingleStep(_STEP)
        self.slider.setPageStep(_STEP * 4)
        self.slider.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.up, self.down = tool_button(self, f"up_{spec.name}"), tool_button(self, f"down_{spec.name}")
        self.last: QWidget = self.down if spec.movable else self.slider
        line = QHBoxLayout()
        line.setSpacing(tokens().space_xs)
        for widget in (self.eye, self.swatch):
            line.addWidget(widget)
        line.addWidget(self.name, 1)
        line.addWidget(self.slider)
        for button in (self.up, self.down):
            line.addWidget(button)
            # The room is kept: sliders stand in one line.
            keep = button.sizePolicy()
            keep.setRetainSizeWhenHidden(True)
            button.setSizePolicy(keep)
            button.setVisible(spec.movable)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(line)
        offers = any(option.in_sheet for option in spec.options)
        self._options = OptionLine(spec, stack, self) if offers else None
        if self._options is not None:
            column.addWidget(self._options)
        self._connect()

    def renew(self) -> None:
        """Texts and sizes in the language and theme in force."""
        name = tr(f"map.layer.{self._spec.name}")
        self.name.setText(name)
        self.slider.setFixedWidth(tokens().px(_SLIDER_PX))
        self.slider.setAccessibleName(tr("map.layers.opacity", layer=name))
        self.swatch.renew()
        if self._options is not None:
            self._options.renew()
        self.follow()

    def follow(self) -> None:
        """Show what the stack says."""
        name, visible = self._spec.name, self._stack.visible(self._spec.name)
        opacity = round(self._stack.opacity(name) * 100)
        with QSignalBlocker(self.slider):
            self.slider.setValue(opacity)
        text = tr("map.layers.hide" if visible else "map.layers.show", layer=self.name.text())
        dress(self.eye, "shown" if visible else "hidden", text)
        self.slider.setToolTip(tr("map.layers.percent", value=opacity))
        self.slider.setEnabled(visible)
        self.name.setEnabled(visible)
        # At an end they stay where the keyboard is, and do nothing; who cannot move keeps their room.
        below, above = self._stack.rank(name) if self._spec.movable else (0, 0)
        dress(self.up, "up", tr("map.layers.up", layer=self.name.text()), faint=not above)
        dress(self.down, "down", tr("map.layers.down", layer=self.name.text()), faint=not below)
        if self._options is not None:
            self._options.follow()
            self._options.setVisible(visible)

    def _connect(self) -> None:
        name, stack = self._spec.name, self._stack
        self.eye.clicked.connect(lambda: stack.show(name, not stack.visible(name)))
        self.slider.valueChanged.connect(lambda value: stack.fade(name, value / 100))
        self.up.clicked.connect(lambda: stack.move(name, 1))
        self.down.clicked.connect(lambda: stack.move(name, -1))


class OptionLine(QWidget):
    """What else can be chosen for a layer: a line with one button a value; switches, of one button, stand in one."""

    def __init__(self, spec: LayerSpec, stack: LayerStack, parent: QWidget) -> None:
        super().__init__(parent)
        self._spec = spec
        self._stack = stack
        self._buttons: dict[tuple[str, OptionValue], QToolButton] = {}
        self._lines = QVBoxLayout(self)
        self._lines.setContentsMargins(tokens().size_button, 0, 0, tokens().space_xs)
        self._lines.setSpacing(tokens().space_xs)
        line = self._line()
        for option in filter(lambda option: option.in_sheet, spec.options):
            if line.count() and not option.is_switch:
                line = self._line()
            values: tuple[OptionValue, ...] = (
                (True,) if option.is_switch else tuple(sorted(option.values, key=_rank))
            )
            for value in values:
                button = self._buttons[option.name, value] = tool_button(
                    self, f"{spec.name}_{option.name}_{value}", checkable=True
                )
                button.clicked.connect(self._chooser(option.name, value, switch=option.is_switch))
                line.addWidget(button)

    def _line(self) -> QHBoxLayout:
        line, buttons = QHBoxLayout(), QHBoxLayout()
        for part in (line, buttons):
            part.setSpacing(tokens().space_xs)
        line.addLayout(buttons)
        line.addStretch(1)
        self._lines.addLayout(line)
        return buttons

    def renew(self) -> None:
        for (option, value), button in self._buttons.items():
            key = f"map.option.{self._spec.name}.{option}" + ("" if value is True else f".{value}")
            button.setText(tr(key))
            button.setAccessibleName(tr(key))
            button.setMinimumHeight(tokens().size_button)

    def follow(self) -> None:
        for (option, value), button in self._buttons.items():
            button.setChecked(self._stack.option(self._spec.name, option) == value)

    def _chooser(self, option: str, value: OptionValue, *, switch: bool) -> Callable[[bool], None]:
        def choose(checked: bool) -> None:
            self._stack.choose(self._spec.name, option, checked if switch else value)
            self.follow()

        return choose


def _rank(value: OptionValue) -> tuple[int, str]:
    """Numbers by size; words as they are declared."""
    return (int(value), "") if isinstance(value, int) else (0, "")
