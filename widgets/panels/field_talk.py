"""Owns the talk with one unit: its messages, canned phrases, a line to write in. Must not send."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLineEdit,
    QMenu,
    QPlainTextEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from app.domain.field_limits import MAX_MESSAGE, Phrase
from app.domain.field_link import FieldMessage
from app.domain.unit import Unit
from app.i18n import language, tr
from widgets.local_time import clock_text
from widgets.parts.elided_label import ElidedLabel
from widgets.style import tokens

LINES_LEAST: Final = 2


class FieldTalk(QWidget):
    """`said` carries a text for the shown unit and whether it asks to be read, `phones_wanted` its id.

    What is typed always asks for it; of canned words the centre says which do.
    """

    said = Signal(str, bool)
    phones_wanted = Signal(str)

    def __init__(self, phrases: Sequence[Phrase]) -> None:
        super().__init__()
        self._words = phrases
        self._unit: Unit | None = None
        self._sign = ""
        self.title = ElidedLabel("", "row", bold=True)
        self.lines, self.line = QPlainTextEdit(), QLineEdit()
        self.phones, self.canned = QPushButton(), QPushButton()
        self.phrases = QMenu(self)
        self._lay_out()
        self._connect()
        self.retranslate()
        self.hide()

    def _lay_out(self) -> None:
        look = tokens()
        column = QVBoxLayout(self)
        column.setContentsMargins(look.space_s, look.space_xs, look.space_s, look.space_xs)
        column.setSpacing(look.space_xs)
        self.lines.setReadOnly(True)
        self.lines.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self.lines.setMinimumHeight(self._least_px())
        self.line.setMaxLength(MAX_MESSAGE)
        head, foot = QHBoxLayout(), QHBoxLayout()
        head.addWidget(self.title, 1)
        head.addWidget(self.phones)
        foot.addWidget(self.line, 1)
        foot.addWidget(self.canned)
        for button in (self.phones, self.canned):
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
            button.setProperty("tight", True)
        column.addLayout(head)
        column.addWidget(self.lines, 1)
        column.addLayout(foot)

    def _connect(self) -> None:
        self.line.returnPressed.connect(self._say_line)
        self.canned.clicked.connect(lambda _checked=False: self.open_phrases())
        self.phones.clicked.connect(lambda _checked=False: self.phones_wanted.emit(self._id))

    def _least_px(self) -> int:
        return LINES_LEAST * self.lines.fontMetrics().lineSpacing() + 2 * tokens().space_s

    def give_lines(self, most_px: int) -> None:
        """How tall the messages may be at most: the list above is what the panel is about."""
        self.lines.setMaximumHeight(max(self._least_px(), most_px))

    @property
    def _id(self) -> str:
        return self._unit.id if self._unit is not None else ""

    def show_unit(
        self, unit: Unit | None, call_sign: str = "", utc_offset_min: int = 0, *, is_listed: bool = True
    ) -> None:
        """None empties it; whether it is seen is the panel's. Who is not in the list is named with what it does."""
        if self._unit is None or unit is None or unit.id != self._unit.id:
            self.line.clear()
        is_new = unit is not None and (
            self._unit is None or (unit.messages, unit.phones) != (self._unit.messages, self._unit.phones)
        )
        self._unit, self._sign = unit, call_sign
        if unit is None:
            return
        status = "" if is_listed else f" · {tr(f'terms.unit_status.{unit.status}')}"
        self.title.set_text(tr("field.talk.title", unit=f"{call_sign}{status}"))
        self.phones.setText(f"{tr('field.phone.count', count=len(unit.phones))}  P")
        self._show_whether_read()
        if is_new or not self.lines.toPlainText():
            self._show_lines(unit, utc_offset_min)

    def _show_lines(self, unit: Unit, utc_offset_min: int) -> None:
        lines = []
        for message in unit.messages:
            who = self._sign if message.from_unit else tr("field.talk.mine")
            lines.append(
                f"{clock_text(message.at, utc_offset_min)} {who}  {message.text}{_seen(message, unit)}"
            )
        self.lines.setPlainText("\n".join(lines) or tr("field.talk.none"))
        self._show_newest()

    def _show_whether_read(self) -> None:
        """Before anybody writes: a unit without a phone sees nothing of it."""
        is_alone = self._unit is not None and not self._unit.phones
        self.line.setPlaceholderText(tr("field.talk.write.alone" if is_alone else "field.talk.write"))

    def _show_newest(self) -> None:
        bar = self.lines.verticalScrollBar()
        bar.setValue(bar.maximum())

    def showEvent(self, event: object) -> None:
        super().showEvent(event)  # type: ignore[arg-type]
        self._show_newest()

    def open_phrases(self) -> None:
        """The canned words above their button; a digit chooses one."""
        above = QPoint(
            self.canned.width() - self.phrases.sizeHint().width(), -self.phrases.sizeHint().height()
        )
        self.phrases.popup(self.canned.mapToGlobal(above))

    def _say_line(self) -> None:
        text = self.line.text().strip()
        if text:
            self.said.emit(text, True)
            self.line.clear()

    def retranslate(self) -> None:
        """The language has changed."""
        self.phrases.clear()
        for place, phrase in enumerate(self._words, 1):
            words = phrase.en if language() == "en" else phrase.zh
            shown = f"&{place}  {words.replace('&', '&&')}" if place < 10 else words.replace("&", "&&")
            item = self.phrases.addAction(shown)
            said = (words, phrase.asks_reading)
            item.triggered.connect(lambda _checked=False, said=said: self.said.emit(*said))
        self.canned.setText(f"{tr('field.talk.phrases')}  F")
        self.canned.setToolTip(tr("field.talk.phrases.tip"))
        self.canned.setVisible(bool(self._words))
        self._show_whether_read()
        self.line.setAccessibleName(tr("field.talk.write"))
        self.phones.setToolTip(tr("field.phone.tip"))
        self.lines.clear()


def _seen(message: FieldMessage, unit: Unit) -> str:
    if message.from_unit:
        return ""
    if message.is_read:
        return f" · {tr('field.talk.read')}"
    return f" · {tr('field.talk.asked')}" if message.is_awaited and unit.phones else ""
