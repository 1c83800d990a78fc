"""Invisible marks that turn the writing round stay out of every field, wherever they come from."""

from __future__ import annotations

import pytest
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QPlainTextEdit
from pytestqt.qtbot import QtBot

from widgets.plain_input import keep_fields_plain

OVERRIDE, ISOLATE, MARK = "\u202e", "\u2067", "\u200f"
PASTED = f"沪A{OVERRIDE}12345{ISOLATE}👩\u200d🚒{MARK}"
SEEN = "沪A12345👩\u200d🚒"


@pytest.mark.parametrize("kind", [QLineEdit, QPlainTextEdit])
def test_what_is_pasted_reads_as_it_was_written(
    qtbot: QtBot, qapp: QApplication, kind: type[QLineEdit] | type[QPlainTextEdit]
) -> None:
    keep_fields_plain(qapp)
    keep_fields_plain(qapp)
    field = kind()
    qtbot.addWidget(field)
    field.show()
    field.activateWindow()
    field.setFocus()
    qtbot.waitUntil(lambda: QApplication.focusWidget() is field)
    QTest.keyClicks(field, "ab")
    QGuiApplication.clipboard().setText(PASTED)
    field.paste()
    QTest.keyClicks(field, "c")
    text = field.text() if isinstance(field, QLineEdit) else field.toPlainText()
    assert text == f"ab{SEEN}c"


def test_who_listens_to_what_is_written_hears_it_plain(qtbot: QtBot, qapp: QApplication) -> None:
    keep_fields_plain(qapp)
    field, heard = QLineEdit(), list[str]()
    field.textEdited.connect(heard.append)
    qtbot.addWidget(field)
    field.show()
    field.activateWindow()
    field.setFocus()
    qtbot.waitUntil(lambda: QApplication.focusWidget() is field)
    QGuiApplication.clipboard().setText(PASTED)
    field.paste()
    assert heard[-1] == SEEN
    field.undo()
    assert OVERRIDE not in field.text()
