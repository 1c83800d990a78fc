"""Keeps marks out of every field that cannot be seen and turn the writing round, however they got there.

Owns the one watch over the fields of the application. Must not know any field, and changes nothing else in a text.
"""

from __future__ import annotations

from functools import partial
from typing import Final

from PySide6.QtCore import QObject
from PySide6.QtGui import QTextCursor
from PySide6.QtWidgets import QApplication, QLineEdit, QPlainTextEdit, QTextEdit, QWidget

from app.service.command_line.words import TURNS

_NONE: Final = dict.fromkeys(map(ord, TURNS))
_WATCHED: Final = "plain_input"
_NAME: Final = "plain_input_watch"


def keep_fields_plain(qt: QApplication) -> None:
    """From now on; once is enough."""
    if qt.findChild(QObject, _NAME) is None:
        watch = _Watch(qt)
        watch.setObjectName(_NAME)


class _Watch(QObject):
    """A field is watched from when it first has the keyboard: nothing costs before."""

    def __init__(self, qt: QApplication) -> None:
        super().__init__(qt)
        qt.focusChanged.connect(self._attend)

    def _attend(self, _before: QWidget | None, field: QWidget | None) -> None:
        if field is None or field.property(_WATCHED):
            return
        if isinstance(field, QLineEdit):
            field.setProperty(_WATCHED, True)
            field.textChanged.connect(partial(_clean_line, field))
        elif isinstance(field, (QPlainTextEdit, QTextEdit)):
            field.setProperty(_WATCHED, True)
            field.textChanged.connect(partial(_clean_text, field))


def _clean_line(field: QLineEdit, text: str) -> None:
    plain = _plain(text)
    if plain != text:
        place = _place(text, field.cursorPosition())
        field.selectAll()
        field.insert(plain)
        field.setCursorPosition(place)


def _clean_text(field: QPlainTextEdit | QTextEdit) -> None:
    text = field.toPlainText()
    plain = _plain(text)
    if plain != text:
        place = _place(text, field.textCursor().position())
        cursor = QTextCursor(field.document())
        cursor.select(QTextCursor.SelectionType.Document)
        cursor.insertText(plain)
        cursor.setPosition(place)
        field.setTextCursor(cursor)


def _plain(text: str) -> str:
    return text if text.isascii() else text.translate(_NONE)


def _place(text: str, place: int) -> int:
    """Where the cursor stands in the plain text; Qt counts in UTF-16."""
    before = text.encode("utf-16-le", "surrogatepass")[: 2 * place].decode("utf-16-le", "surrogatepass")
    return place - sum(sign in TURNS for sign in before)
