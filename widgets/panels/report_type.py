"""Owns what a report is about: its words, the types that they speak of, and the type that is taken.

A clear suggestion is filled in, with the words that spoke for it, until the officer picks for himself. Must not know
the words: they are the centre's (App.type_words).
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Final

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QLineEdit, QSizePolicy, QVBoxLayout, QWidget

from app.centre.types_in_force import type_name
from app.domain.guards import MAX_TITLE
from app.domain.masking import mask_text
from app.domain.type_words import Heard, Suggestion, is_clear, suggest_types
from app.i18n import tr
from widgets.bridge import Bridge
from widgets.panels.incident_pickers import PickerChip, TypePicker
from widgets.panels.report_lines import second_label, set_invalid
from widgets.parts.plain_tip import plain_tip
from widgets.style import tokens

MOST_SUGGESTED: Final = 3
NEXT_KEY: Final = "Alt+T"
_ANY: Final = "other"
_MOST_WORDS: Final = 3
"""Words that are named for one type; all of them stand in the chip's tip."""


class TypeField(QWidget):
    """`changed`: the words or the type are others than they were."""

    changed = Signal()

    def __init__(self, bridge: Bridge, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._bridge = bridge
        self.words, self.type = QLineEdit(), TypePicker()
        self.suggestions: tuple[Suggestion, ...] = ()
        self.chips = [SuggestionChip() for _ in range(MOST_SUGGESTED)]
        self._says, self.fault = QLabel(), second_label()
        self._says.setTextFormat(Qt.TextFormat.PlainText)
        self._says.setProperty("tone", "second")
        self._offered = QWidget()
        self._lay_out()
        self.words.textChanged.connect(self._listen)
        self.type.changed.connect(self._on_type)
        for place, chip in enumerate(self.chips):
            chip.clicked.connect(partial(self._take, place))

    def _lay_out(self) -> None:
        look = tokens()
        row = QHBoxLayout(self._offered)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(look.space_xs)
        row.addWidget(self._says)
        for chip in self.chips:
            row.addWidget(chip)
        row.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(look.space_s)
        for part in (self.words, self.fault, self._offered, self.type):
            column.addWidget(part)
        self._offered.hide()

    # -- listening ---------------------------------------------------------------------------------------------------

    def _listen(self, text: str) -> None:
        rules = self._bridge.app.type_words
        self.suggestions = suggest_types(text, rules) if rules is not None else ()
        known = self._bridge.app.types
        offered = [one for one in self.suggestions if one.incident_type in self.type.chips]
        self.suggestions = tuple(one for one in offered if one.incident_type in known)[:MOST_SUGGESTED]
        self.type.fill_in(self.suggestions[0].incident_type if is_clear(self.suggestions) else "")
        self._tell()
        self.changed.emit()

    def take_next(self) -> None:
        """The suggestion after the one that is taken, the first one after the last."""
        if self.suggestions:
            types = [one.incident_type for one in self.suggestions]
            place = types.index(self.type.value) + 1 if self.type.value in types else 0
            self._take(place % len(types))

    def _take(self, place: int, _checked: bool = False) -> None:
        self.type.pick(self.suggestions[place].incident_type)

    def _on_type(self) -> None:
        self._tell()
        self.changed.emit()

    # -- telling -----------------------------------------------------------------------------------------------------

    def _tell(self) -> None:
        for place, chip in enumerate(self.chips):
            chip.setVisible(place < len(self.suggestions))
            if place < len(self.suggestions):
                one = self.suggestions[place]
                chip.show_suggestion(one.incident_type, one.words, one.incident_type == self.type.value)
        self._offered.setVisible(bool(self.suggestions))
        self._tell_fault()

    def _tell_fault(self) -> None:
        """What will be refused, or changed, is said while it can still be mended with the next key."""
        text, length = self.words.text(), len(self.words.text())
        fault = ""
        if length > MAX_TITLE:
            fault = tr("new_incident.too_long", length=length, limit=MAX_TITLE)
        elif mask_text(text) != text:
            fault = tr("new_incident.number_in_words")
        set_invalid(self.words, length > MAX_TITLE)
        self.fault.setText(fault)
        self.fault.setVisible(bool(fault))

    def retranslate(self) -> None:
        self.words.setPlaceholderText(tr("new_incident.what.placeholder"))
        self.words.setAccessibleName(tr("new_incident.what.placeholder"))
        self.type.setAccessibleName(tr("new_incident.type"))
        self._says.setText(tr("new_incident.suggested"))
        self._says.setToolTip(tr("new_incident.suggested.tip", shortcut=NEXT_KEY))
        self.type.retranslate()
        self._tell()


class SuggestionChip(PickerChip):
    """A type with the words that spoke for it; checked while it is the type taken. By key: Alt+T."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(f"incident/{_ANY}", parent)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        self.setCheckable(True)
        self.setMinimumWidth(1)

    def show_suggestion(self, incident_type: str, words: Sequence[Heard], is_taken: bool) -> None:
        self._symbol = f"incident/{incident_type}"
        spoken = [tr("new_incident.heard", written=w.written, meant=w.meant) if w.written != w.meant else w.written
                  for w in words]  # fmt: skip
        join = tr("new_incident.words.separator").join
        self.name(
            tr("new_incident.suggestion", type=type_name(incident_type), words=join(spoken[:_MOST_WORDS]))
        )
        self.setToolTip(plain_tip(tr("new_incident.suggestion.tip", words=join(spoken), shortcut=NEXT_KEY)))
        self.setChecked(is_taken)

    def nextCheckState(self) -> None:
        """Whether it is taken is the picker's to say."""

    def minimumSizeHint(self) -> QSize:
        return QSize(tokens().px(64), self.sizeHint().height())
