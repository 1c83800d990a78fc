"""Qt's own dialogs speak the language of the desk."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication, QStandardPaths
from PySide6.QtWidgets import QApplication, QFileDialog
from pytestqt.qtbot import QtBot

from app.i18n import Language, language, set_language
from widgets.file_dialog import own_folder
from widgets.qt_texts import follow_language


@pytest.fixture
def spoken(qapp: QApplication) -> Iterator[None]:
    before = language()
    yield
    set_language(before)
    follow_language(qapp)


@pytest.mark.usefixtures("spoken")
def test_a_file_dialog_speaks_the_language_of_the_desk(qtbot: QtBot, qapp: QApplication) -> None:
    tongues: tuple[tuple[Language, str], ...] = (
        ("zh_CN", "文件名称(&N)："),
        ("en", "File &name:"),
        ("zh_CN", "文件名称(&N)："),
    )
    for tongue, label in tongues:
        set_language(tongue)
        follow_language(qapp)
        dialog = QFileDialog(None, options=QFileDialog.Option.DontUseNativeDialog)
        qtbot.addWidget(dialog)
        assert dialog.labelText(QFileDialog.DialogLabel.FileName) == label


@pytest.mark.usefixtures("spoken")
def test_what_qts_catalogue_leaves_out_is_said_too(qtbot: QtBot, qapp: QApplication) -> None:
    for tongue, label, folder in (("zh_CN", "位置(&L)：", "文件夹"), ("en", "&Look in:", "Folder")):
        set_language(tongue)  # type: ignore[arg-type]
        follow_language(qapp)
        dialog = QFileDialog(None, options=QFileDialog.Option.DontUseNativeDialog)
        qtbot.addWidget(dialog)
        assert dialog.labelText(QFileDialog.DialogLabel.LookIn) == label
        assert QCoreApplication.translate("QAbstractFileIconProvider", "Folder") == folder


def test_a_dialog_never_begins_where_the_program_stands(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    for documents, expected in ((tmp_path, tmp_path), (tmp_path / "none", Path.home()), ("", Path.home())):
        monkeypatch.setattr(QStandardPaths, "writableLocation", lambda _kind, at=documents: str(at))
        assert own_folder() == str(expected)
