"""Puts Qt's own words - the buttons of a file dialog, the menu of a text field - into the language of the desk.

Owns the translators of the application. Must not hold texts: Qt's come from its catalogue, what that leaves out from
app/i18n.py.
"""

from __future__ import annotations

from typing import Any, Final

from PySide6.QtCore import QLibraryInfo, QLocale, QTranslator
from PySide6.QtWidgets import QApplication

from app.i18n import language, tr

_NAME = "qt_texts"
_LEFT_OUT: Final = {
    "&Look in:": "look_in",
    "Files of &type:": "files_of_type",
    "File Folder": "folder",
    "Folder": "folder",
    "Drive": "drive",
    "File": "file",
    "%1 File": "file_of",
}
_CONTEXTS: Final = ("QFileDialog", "QAbstractFileIconProvider")


class _LeftOut(QTranslator):
    """What Qt's catalogue has no words for."""

    def translate(
        self, context: str, source: str, disambiguation: str | None = None, n: int = -1
    ) -> Any:  # None, which leaves it to the next translator, is not in PySide's signature
        key = _LEFT_OUT.get(source) if context in _CONTEXTS else None
        return tr(f"qt.{key}") if key is not None else None

    def isEmpty(self) -> bool:
        return False


def follow_language(qt: QApplication) -> None:
    """Brings Qt's words to the language that is set; English is what Qt speaks by itself."""
    for known in qt.findChildren(QTranslator, _NAME):
        qt.removeTranslator(known)
        known.setParent(None)
    if language() == "en":
        return
    folder = QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)
    catalogue = _named(QTranslator(qt))
    if catalogue.load(QLocale(language()), "qtbase", "_", folder):
        qt.installTranslator(_named(_LeftOut(qt)))  # Qt asks the newest first: its own words go before these
        qt.installTranslator(catalogue)
    else:
        catalogue.setParent(None)


def _named(translator: QTranslator) -> QTranslator:
    translator.setObjectName(_NAME)
    return translator
