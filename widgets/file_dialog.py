"""Owns what every dialog that asks for a file has in common: where it begins, what it leaves out.

Must not know what the file is for.
"""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QStandardPaths
from PySide6.QtWidgets import QFileDialog, QWidget


def file_dialog(over: QWidget, title: str) -> QFileDialog:
    """A dialog that holds nothing up; it begins in the officer's documents, or at home where there are none."""
    dialog = QFileDialog(over, title)
    dialog.setDirectory(own_folder())
    # Dates of files come from the system, in a language of its own and too long for their column.
    dialog.setViewMode(QFileDialog.ViewMode.List)
    dialog.setModal(False)
    return dialog


def own_folder() -> str:
    """Qt falls back on where the program stands when a folder is not there."""
    documents = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation)
    return documents if documents and Path(documents).is_dir() else str(Path.home())
