"""Owns the talk with one unit: its messages, canned phrases, a line to write in, its phones. Must not send."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QPushButton,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from app.domain.field_limits import MAX_MESSAGE, Phrase
from app.domain.unit import Unit
from app.i18n import language, tr
from widgets.local_time import clock_text
from widgets.panels.list_panel import head_margins
from widgets.style import tokens

_IN_A_ROW: Final = 2


class FieldTalk(QWidget):
    """`said` carries a text for the shown unit, `code_wanted` and `revoke_wanted` its id."""

    said = Signal(str)
    code_wanted = Signal(str)
    revoke_wanted = Signal(str)

    def __init__(self, phrases: Sequence[Phrase]) -> None:
        super().__init__()
        self._phrases = phrases
        self._unit: Unit | None = None
        self._sign = ""
        self.title, self.code = QLabel(), QLabel()
        self.lines, self.line = QPlainTextEdit(), QLineEdit()
        self.offer, self.revoke = QPushButton(), QPushButton()
        self.buttons = [QPushButton() for _ in phrases]
        self._lay_out()
        self._connect()
        self.retranslate()
        self.hide()

    def _lay_out(self) -> None:
        look = tokens()
        column = QVBoxLayout(self)
        column.setContentsMargins(*head_margins())
        column.setSpacing(look.space_xs)
        self.title.setProperty("strong", True)
        self.code.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.code.setWordWrap(True)
        self.lines.setReadOnly(True)
        self.lines.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self.lines.setMaximumHeight(look.size_row * 5)
        self.line.setMaxLength(MAX_MESSAGE)
        words = QGridLayout()
        words.setSpacing(look.space_xs)
        for place, button in enumerate(self.buttons):
            button.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
            words.addWidget(button, place // _IN_A_ROW, place % _IN_A_ROW)
        phones = QHBoxLayout()
        for part in (self.offer, self.revoke):
            phones.addWidget(part)
        phones.addStretch(1)
        column.addWidget(self.title)
        column.addWidget(self.lines)
        column.addLayout(words)
        column.addWidget(self.line)
        column.addLayout(phones)
        column.addWidget(self.code)

    def _connect(self) -> None:
        self.line.returnPressed.connect(self._say_line)
        for button, phrase in zip(self.buttons, self._phrases, strict=True):
            button.clicked.connect(lambda _checked=False, phrase=phrase: self.said.emit(_words(phrase)))
        self.offer.clicked.connect(lambda _checked=False: self.code_wanted.emit(self._id))
        self.revoke.clicked.connect(lambda _checked=False: self.revoke_wanted.emit(self._id))

    @property
    def _id(self) -> str:
        return self._unit.id if self._unit is not None else ""

    def show_unit(self, unit: Unit | None, call_sign: str = "", utc_offset_min: int = 0) -> None:
        """None hides it."""
        if self._unit is None or unit is None or unit.id != self._unit.id:
            self.code.clear()
            self.code.hide()
            self.line.clear()
        is_new = unit is not None and (self._unit is None or unit.messages != self._unit.messages)
        self._unit, self._sign = unit, call_sign
        self.setVisible(unit is not None)
        if unit is None:
            return
        self.title.setText(tr("field.talk.title", unit=call_sign))
        self.revoke.setVisible(bool(unit.phones))
        self.revoke.setText(tr("field.phone.revoke", count=len(unit.phones)))
        if is_new or not self.lines.toPlainText():
            self._show_lines(unit, utc_offset_min)

    def _show_lines(self, unit: Unit, utc_offset_min: int) -> None:
        lines = []
        for message in unit.messages:
            who = self._sign if message.from_unit else tr("field.talk.mine")
            seen = f" · {tr('field.talk.read')}" if message.is_read and not message.from_unit else ""
            lines.append(f"{clock_text(message.at, utc_offset_min)} {who}  {message.text}{seen}")
        self.lines.setPlainText("\n".join(lines) or tr("field.talk.none"))
        bar = self.lines.verticalScrollBar()
        bar.setValue(bar.maximum())

    def show_code(self, text: str) -> None:
        self.code.setText(text)
        self.code.show()

    def _say_line(self) -> None:
        text = self.line.text().strip()
        if text:
            self.said.emit(text)
            self.line.clear()

    def retranslate(self) -> None:
        """The language has changed."""
        for button, phrase in zip(self.buttons, self._phrases, strict=True):
            button.setText(_words(phrase))
            button.setToolTip(_words(phrase))
        self.line.setPlaceholderText(tr("field.talk.write"))
        self.line.setAccessibleName(tr("field.talk.write"))
        self.offer.setText(tr("field.phone.offer"))
        self.lines.clear()


def _words(phrase: Phrase) -> str:
    return phrase.en if language() == "en" else phrase.zh
