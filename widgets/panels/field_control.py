"""Owns the controls in which a field of the card is edited: a line, a text, chips, the place field of the form.

Must not save: each takes and gives the field's values.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Protocol

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLineEdit, QPlainTextEdit, QVBoxLayout, QWidget

from widgets.bridge import Bridge
from widgets.panels.case_fields import CaseField, Values
from widgets.panels.incident_pickers import Picker, PriorityPicker, TypePicker
from widgets.style import tokens

if TYPE_CHECKING:
    from widgets.panels.search_source import SearchSource

_TEXT_LINES = 4


class Control(Protocol):
    """`changed` is a signal. `take_escape`: something inside was shut, the editor stays."""

    def put(self, values: Values) -> None: ...
    def values(self) -> Values: ...
    def refusal(self) -> str: ...
    def take_escape(self) -> bool: ...
    def takes_enter(self) -> bool: ...


class TextControl(QWidget):
    """The title in a line, the description in lines of which Shift+Enter begins another."""

    changed = Signal()

    def __init__(self, column: str, *, is_long: bool) -> None:
        super().__init__()
        self._column = column
        self.edit = QPlainTextEdit() if is_long else QLineEdit()
        if isinstance(self.edit, QPlainTextEdit):
            self.edit.setFixedHeight(self.edit.fontMetrics().lineSpacing() * _TEXT_LINES + tokens().space_l)
        self.edit.textChanged.connect(lambda *_: self.changed.emit())
        _stand(self, self.edit)

    def put(self, values: Values) -> None:
        if isinstance(self.edit, QPlainTextEdit):
            self.edit.setPlainText(values[self._column])
            self.edit.selectAll()
        else:
            self.edit.setText(values[self._column])
            self.edit.selectAll()

    def values(self) -> Values:
        text = self.edit.toPlainText() if isinstance(self.edit, QPlainTextEdit) else self.edit.text()
        return {self._column: text.strip()}

    def refusal(self) -> str:
        return ""

    def take_escape(self) -> bool:
        return False

    def takes_enter(self) -> bool:
        return False


class PickControl(QWidget):
    """A type or a priority as chips."""

    changed = Signal()

    def __init__(self, column: str, picker: Picker, *, is_number: bool) -> None:
        super().__init__()
        self._column, self._picker, self._is_number = column, picker, is_number
        self.edit = picker
        picker.retranslate()
        picker.changed.connect(self.changed)
        _stand(self, picker)

    def put(self, values: Values) -> None:
        value = str(values[self._column])
        self._picker.pick(value if value in self._picker.chips else "")

    def values(self) -> Values:
        """Nothing while nothing is picked: a type that is not offered stays what it is."""
        value = self._picker.value
        return {self._column: int(value) if self._is_number else value} if value else {}

    def refusal(self) -> str:
        return ""

    def take_escape(self) -> bool:
        return False

    def takes_enter(self) -> bool:
        return False


class PlaceControl(QWidget):
    """The place field of the form. Words that nobody knows by name leave the point on the map where it is."""

    changed = Signal()

    def __init__(self, bridge: Bridge, search: Callable[[], SearchSource]) -> None:
        from widgets.panels.report_place import PlaceField

        super().__init__()
        self._before: Values = {}
        self._field = PlaceField(bridge, search, parent=self)
        self._field.retranslate()
        self.edit = self._field.line
        self._field.changed.connect(self.changed)
        _stand(self, self._field)

    def put(self, values: Values) -> None:
        self._before = values
        self._field.put_point(None)
        self._field.line.setText(values["address"])
        self._field.line.selectAll()
        self._field.shut_list()

    def values(self) -> Values:
        if self._field.line.text().strip() == self._before["address"] and self._field.chosen_point is None:
            return dict(self._before)
        self._field.settle_grid()
        spot = self._field.spot
        if spot.lat is None:
            return self._before | {"address": spot.address}
        grid = self._field.grid.currentData() or self._before["grid"]
        return {"address": spot.address or spot.name, "lat": spot.lat, "lon": spot.lon, "grid": grid}

    def refusal(self) -> str:
        return self._field.refusal("")

    def take_escape(self) -> bool:
        shown = self._field.list.isVisible()
        self._field.shut_list()
        return shown

    def takes_enter(self) -> bool:
        return self._field.is_choosing


def control_for(
    bridge: Bridge, field: CaseField, search: Callable[[], SearchSource]
) -> TextControl | PickControl | PlaceControl:
    match field.id:
        case "type":
            return PickControl("incident_type", TypePicker(), is_number=False)
        case "priority":
            return PickControl("priority", PriorityPicker(), is_number=True)
        case "place":
            return PlaceControl(bridge, search)
    return TextControl(field.columns[0], is_long=field.id == "description")


def _stand(host: QWidget, inner: QWidget) -> None:
    column = QVBoxLayout(host)
    column.setContentsMargins(0, 0, 0, 0)
    column.addWidget(inner)
    host.setFocusProxy(inner)
