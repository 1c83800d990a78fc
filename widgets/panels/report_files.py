"""Owns the files of a report that is not taken yet: dropped, pasted or chosen, and in memory alone until it is.

What is removed, or left behind when the report is put away for good, was never on the disk. Reading, encoding and small
pictures are made aside. Must not keep a file: service/attachments.py does.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QMimeData, QSize, Qt, Signal
from PySide6.QtGui import QGuiApplication, QImage, QImageReader
from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.domain.errors import Refusal, StreetdeskError
from app.domain.triage import MOST_FILE_BYTES, sane_file
from app.i18n import tr
from app.service.aside import aside
from app.service.refusals import refusal_text, sentence_of
from widgets.bridge import Bridge
from widgets.local_time import clock_text
from widgets.panels.action_button import ActionButton
from widgets.panels.report_lines import row, say, second_label
from widgets.parts.file_strip import TILE_PX, FileStrip, FileTile
from widgets.style import tokens

if TYPE_CHECKING:
    from PySide6.QtWidgets import QFileDialog

MOST_FILES: Final = 10
MOST_BYTES: Final = 5 * MOST_FILE_BYTES
"""Together: they stand in memory."""
ADD_KEY: Final = "Alt+F"
PASTE_KEY: Final = "Ctrl+V"


@dataclass(frozen=True, slots=True, eq=False)
class HeldFile:
    """A file of a kind and size that the desk takes; `picture` is small, None for what is no picture."""

    key: str
    name: str
    media_type: str
    data: bytes
    picture: QImage | None


class FilesField(QWidget):
    """`refused` carries why a file was not added."""

    refused = Signal(str)
    changed = Signal()

    def __init__(self, bridge: Bridge, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._bridge = bridge
        self._files: dict[str, HeldFile] = {}
        self._number, self._coming, self._round = 0, 0, 0
        self._dialog: QFileDialog | None = None
        self.strip, self.add, self.paste = FileStrip(self), ActionButton("quiet"), ActionButton("quiet")
        self.hint = second_label()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(tokens().space_xs)
        buttons = row(self.hint, self.paste, self.add)
        column.addWidget(buttons)
        column.addWidget(self.strip)
        self.strip.removed.connect(self.remove)
        self.add.clicked.connect(self.choose)
        self.paste.clicked.connect(self.paste_from_clipboard)

    @property
    def files(self) -> tuple[HeldFile, ...]:
        return tuple(self._files.values())

    @property
    def is_reading(self) -> bool:
        """Whether a file is still on its way in."""
        return self._coming > 0

    def remove(self, key: str) -> None:
        """Nothing is left of it."""
        if self._files.pop(key, None) is not None:
            self._show()
            self.add.setFocus(Qt.FocusReason.OtherFocusReason)

    def clear(self) -> None:
        """What is still being read belongs to the report before."""
        self._round += 1
        self._coming = 0
        self._files.clear()
        self._show()

    # -- coming in ---------------------------------------------------------------------------------------------------

    @staticmethod
    def is_taken(mime: QMimeData) -> bool:
        """Whether something dropped or pasted is a file or a picture."""
        return mime.hasImage() or any(url.isLocalFile() for url in mime.urls())

    def take(self, mime: QMimeData) -> None:
        """A file that was copied has a picture of itself beside it sometimes: the file is meant."""
        paths = [Path(url.toLocalFile()) for url in mime.urls() if url.isLocalFile()]
        if paths:
            self.take_paths(paths)
        elif mime.hasImage():
            image = mime.imageData()
            if isinstance(image, QImage) and not image.isNull():
                self.take_image(image)

    def paste_from_clipboard(self) -> bool:
        """Whether the clipboard held something that is a file."""
        mime = QGuiApplication.clipboard().mimeData()
        is_taken = mime is not None and self.is_taken(mime)
        if is_taken:
            self.take(mime)
        return is_taken

    def take_paths(self, paths: Sequence[Path]) -> None:
        from app.service.attachment_files import read_limited

        for path in paths:
            self._take(path.name, partial(read_limited, path))

    def take_image(self, image: QImage) -> None:
        at = clock_text(self._bridge.clock.now(), self._bridge.district.utc_offset_min).replace(":", "")
        self._take(tr("new_incident.files.pasted", at=at), lambda: _png(image))

    def choose(self) -> None:
        """Asks for files in the system's own dialog, which stands beside and holds nothing up."""
        from PySide6.QtWidgets import QFileDialog

        from widgets.file_dialog import file_dialog

        if self._dialog is None:
            self._dialog = file_dialog(self, tr("new_incident.files.choose"))
            self._dialog.setFileMode(QFileDialog.FileMode.ExistingFiles)
            self._dialog.filesSelected.connect(lambda names: self.take_paths([Path(name) for name in names]))
        self._dialog.open()

    def _take(self, name: str, read: Callable[[], bytes]) -> None:
        if len(self._files) + self._coming >= MOST_FILES:
            self.refused.emit(refusal_text(Refusal("files_too_many", name, name=name, limit=MOST_FILES)))
            return
        self._number += 1
        self._coming += 1
        key, asked, side = str(self._number), self._round, 2 * tokens().px(TILE_PX)

        def came(held: HeldFile) -> None:
            if asked == self._round:
                self._coming -= 1
                self._keep(held)

        def failed(sentence: str) -> None:
            if asked == self._round:
                self._coming -= 1
                self.refused.emit(sentence)

        self._bridge.fetch(aside(lambda: _held(key, name, read(), side), "attachment"), came, failed)

    def _keep(self, held: HeldFile) -> None:
        if sum(len(each.data) for each in self.files) + len(held.data) > MOST_BYTES:
            limit_mb = MOST_BYTES // 1024**2
            too_large = Refusal("files_too_large", held.name, name=held.name, limit_mb=limit_mb)
            self.refused.emit(refusal_text(too_large))
            return
        self._files[held.key] = held
        self._show()

    def _show(self) -> None:
        self.strip.show_tiles([_tile(each) for each in self.files])
        self.changed.emit()

    def retranslate(self) -> None:
        self.add.set_words(tr("new_incident.files.add"), ADD_KEY)
        self.paste.set_words(tr("new_incident.files.paste"), PASTE_KEY)
        say(self.hint, tr("new_incident.files.hint"))
        self._show()


async def attach_all(bridge: Bridge, incident: str, files: Sequence[HeldFile]) -> list[str]:
    """Keeps them with an incident that is durable; the sentences of those that could not be."""
    failed = []
    for file in files:
        try:
            await bridge.app.attachments.attach(bridge.app.context(), incident, file.name, file.data)
        except StreetdeskError as error:
            failed.append(sentence_of(error))
    return failed


def _tile(held: HeldFile) -> FileTile:
    size = f"{len(held.data) / 1024**2:.1f} MB"
    kind = held.media_type.rpartition("/")[2].upper()
    tip = tr("new_incident.files.tip", name=held.name, size=size)
    return FileTile(held.key, held.name, kind, tip, tr("new_incident.files.remove"), held.picture)


def _held(key: str, name: str, data: bytes, side_px: int) -> HeldFile:
    """Raises Refusal for a kind or a size that the desk does not take. Runs aside."""
    from app.service.attachment_files import media_type_of

    kind = media_type_of(data)
    sane_file(name, name, kind, len(data))
    picture = _small(data, side_px) if kind.startswith("image/") else None
    return HeldFile(key, name, kind, data, picture)


def _small(data: bytes, side_px: int) -> QImage | None:
    """None for what calls itself a picture and is none: it is kept as the file that it is."""
    buffer = QBuffer()
    buffer.setData(QByteArray(data))
    buffer.open(QIODevice.OpenModeFlag.ReadOnly)
    reader = QImageReader(buffer)
    reader.setAutoTransform(True)
    size = reader.size()
    if size.isValid():
        reader.setScaledSize(
            size.scaled(QSize(side_px, side_px), Qt.AspectRatioMode.KeepAspectRatioByExpanding)
        )
    image = reader.read()
    return None if image.isNull() else image


def _png(image: QImage) -> bytes:
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    image.save(buffer, "PNG")  # type: ignore[call-overload]
    return bytes(buffer.data().data())
