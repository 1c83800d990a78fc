"""Puts Qt's own words - the buttons of a file dialog, the menu of a text field - into the language of the desk.

Owns the translator of the application. Must not hold texts of ours: those come from app/i18n.py.
"""

from __future__ import annotations

from PySide6.QtCore import QLibraryInfo, QLocale, QTranslator
from PySide6.QtWidgets import QApplication

from app.i18n import language

_NAME = "qt_texts"


def follow_language(qt: QApplication) -> None:
    """Brings Qt's words to the language that is set; English is what Qt speaks by itself."""
    known = qt.findChild(QTranslator, _NAME)
    if known is not None:
        qt.removeTranslator(known)
        known.setParent(None)
    folder = QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)
    translator = QTranslator(qt)
    translator.setObjectName(_NAME)
    if language() != "en" and translator.load(QLocale(language()), "qtbase", "_", folder):
        qt.installTranslator(translator)
    else:
        translator.setParent(None)
