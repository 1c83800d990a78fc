"""Owns the files of an incident on its card: small pictures, opening, saving elsewhere, taking in by paste and drop.

Must not read, decode or write on the Qt thread, and must not judge a file: App.attachments does.
"""

from __future__ import annotations

import re
import shutil
import tempfile
import weakref
from collections import OrderedDict
from collections.abc import Callable, Coroutine, Sequence
from pathlib import Path
from typing import Any, Final

from PySide6.QtCore import (
    QBuffer,
    QByteArray,
    QIODevice,
    QMimeData,
    QObject,
    QSize,
    Qt,
    QUrl,
    Signal,
)
from PySide6.QtGui import QDesktopServices, QImage, QImageReader
from PySide6.QtWidgets import QFileDialog, QWidget
from shiboken6 import isValid

from app.domain.incident import Incident
from app.domain.incident_parts import Attachment
from app.i18n import tr
from app.service.aside import aside
from widgets.bridge import Bridge
from widgets.file_dialog import file_dialog
from widgets.local_time import local
from widgets.panels.case_section import CaseSection
from widgets.panels.case_words import moment_text
from widgets.parts.row_list import Row, RowList

PICTURE_PX: Final = 128
MOST_PICTURES: Final = 64
SUFFIXES: Final = {
    "image/jpeg": ".jpg", "image/png": ".png", "image/webp": ".webp", "application/pdf": ".pdf",
    "audio/mpeg": ".mp3", "audio/mp4": ".m4a", "audio/wav": ".wav", "video/mp4": ".mp4",
}  # fmt: skip
_KB: Final = 1024
_UNSAFE: Final = re.compile(r'[\\/:*?"<>|\x00-\x1f]')


class CaseFiles(QObject):
    """`failed` carries what was tried and why not."""

    failed = Signal(str, str)

    def __init__(self, bridge: Bridge, parent: QWidget) -> None:
        super().__init__(parent)
        self._bridge, self._window = bridge, parent
        self._incident: Incident | None = None
        self._pictures: OrderedDict[str, QImage] = OrderedDict()
        self._asked: set[str] = set()
        self._folder: Path | None = None
        self.dialog: QFileDialog | None = None
        self.list = RowList(pictures=True)
        self.section = CaseSection(self.list)
        self.list.picked.connect(self.open)

    # -- what is shown -----------------------------------------------------------------------------------------------

    def show_incident(self, incident: Incident) -> None:
        self._incident = incident
        self.list.set_rows([self._row(file) for file in incident.files])
        named = len(incident.attachments)
        title = tr("card.files", count=len(incident.files))
        self.section.show_title(
            title + (tr("card.files.of_source", count=named) if named else ""),
            has_content=bool(incident.files or named),
        )
        for file in incident.files:
            if file.media_type.startswith("image/"):
                self._want_picture(file.id)

    def _row(self, file: Attachment) -> Row:
        now, offset_min = self._bridge.clock.now(), self._bridge.district.utc_offset_min
        at = moment_text(file.attached_at, now, offset_min)
        note = tr("card.file.note", size=size_text(file.size_bytes), at=at)
        mark = SUFFIXES.get(file.media_type, "").removeprefix(".").upper()
        return Row(file.id, file.name, note, tip=file.name, mark=mark)

    def file(self, attachment: str) -> Attachment | None:
        files = self._incident.files if self._incident else ()
        return next((file for file in files if file.id == attachment), None)

    def _want_picture(self, attachment: str) -> None:
        known = self._pictures.get(attachment)
        if known is not None:
            self.list.set_image(attachment, known)
        elif attachment not in self._asked:
            self._asked.add(attachment)
            self._bridge.fetch(
                self._picture(attachment),
                lambda image: self._take_picture(attachment, image),
                lambda _why: None,  # it says so when it is opened
            )

    async def _picture(self, attachment: str) -> QImage:
        data = await self._bridge.app.attachments.read(attachment)
        return await aside(lambda: small_picture(data), "picture")

    def _take_picture(self, attachment: str, image: QImage) -> None:
        if not isValid(self):
            return
        self._asked.discard(attachment)
        self._pictures[attachment] = image
        while len(self._pictures) > MOST_PICTURES:
            self._pictures.popitem(last=False)
        self.list.set_image(attachment, image)

    # -- out ---------------------------------------------------------------------------------------------------------

    def open(self, attachment: str) -> None:
        """With whatever this machine opens such files with; the copy for it goes with the card."""
        file = self.file(attachment)
        if file is None:
            return
        path = self._own_folder() / f"{file.id[:16]}{SUFFIXES.get(file.media_type, '')}"
        show = lambda _none: QDesktopServices.openUrl(QUrl.fromLocalFile(str(path)))  # noqa: E731
        self._do(self._written(file, path), tr("card.file.open"), show)

    def save_as(self, attachment: str) -> None:
        """Asks where to, without holding anything up."""
        file = self.file(attachment)
        if file is None or self.dialog is not None:
            return
        dialog = self._ask(tr("card.file.save"))
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.selectFile(safe_name(file))
        dialog.fileSelected.connect(
            lambda path: self._do(self._written(file, Path(path)), tr("card.file.save"), lambda _none: None)
        )
        dialog.show()

    async def _written(self, file: Attachment, path: Path) -> None:
        from app.domain.errors import ConfigError

        data = await self._bridge.app.attachments.read(file.id)
        try:
            await aside(lambda: path.write_bytes(data), "save attachment")
        except OSError as fault:
            reason = fault.strerror or str(fault)
            raise ConfigError(tr("card.file.not_written", path=path, reason=reason)) from fault

    def _own_folder(self) -> Path:
        if self._folder is None:
            self._folder = Path(tempfile.mkdtemp(prefix="streetdesk-"))
            weakref.finalize(self, shutil.rmtree, self._folder, ignore_errors=True)
        return self._folder

    # -- in ----------------------------------------------------------------------------------------------------------

    def choose(self) -> None:
        """Asks for files to attach."""
        if self._incident is None or self.dialog is not None:
            return
        dialog, incident = self._ask(tr("action.attach")), self._incident.id
        dialog.setFileMode(QFileDialog.FileMode.ExistingFiles)
        dialog.filesSelected.connect(lambda paths: self.attach(incident, [Path(path) for path in paths]))
        dialog.show()

    def attach(self, incident: str, paths: Sequence[Path]) -> None:
        app = self._bridge.app
        for path in paths:
            self._do(
                app.attachments.attach_file(app.context(), incident, path), tr("action.attach"), _nothing
            )

    def take(self, mime: QMimeData) -> bool:
        """What was pasted or dropped; False when there is nothing of it to attach."""
        if self._incident is None:
            return False
        paths = local_files(mime)
        if paths:
            self.attach(self._incident.id, paths)
        elif mime.hasImage():
            image = mime.imageData()
            self._do(self._attached_image(self._incident.id, QImage(image)), tr("action.paste"), _nothing)
        else:
            return False
        return True

    async def _attached_image(self, incident: str, image: QImage) -> None:
        app = self._bridge.app
        data = await aside(lambda: png_of(image), "encode picture")
        at = local(app.clock.now(), self._bridge.district.utc_offset_min)
        name = tr("card.file.pasted", time=f"{at:%H%M%S}")
        await app.attachments.attach(app.context(), incident, name, data)

    # -- ways --------------------------------------------------------------------------------------------------------

    def _do(self, work: Coroutine[Any, Any, Any], what: str, done: Callable[[Any], object]) -> None:
        def failed(sentence: str) -> None:
            if isValid(self):
                self.failed.emit(what, sentence)

        def succeeded(result: Any) -> None:
            if isValid(self):
                done(result)

        self._bridge.fetch(work, succeeded, failed)

    def _ask(self, title: str) -> QFileDialog:
        dialog = self.dialog = file_dialog(self._window, title)
        dialog.finished.connect(self._dialog_closed)
        return dialog

    def _dialog_closed(self) -> None:
        if self.dialog is not None:
            self.dialog.deleteLater()
            self.dialog = None


def local_files(mime: QMimeData) -> list[Path]:
    return [Path(url.toLocalFile()) for url in mime.urls() if url.isLocalFile()]


def may_attach(mime: QMimeData) -> bool:
    return bool(local_files(mime)) or mime.hasImage()


def small_picture(data: bytes) -> QImage:
    """Scaled while it is decoded; a null image where the bytes are none that Qt knows. For another thread."""
    content = QByteArray(data)
    buffer = QBuffer(content)
    buffer.open(QIODevice.OpenModeFlag.ReadOnly)
    reader = QImageReader(buffer)
    reader.setAutoTransform(True)
    size = reader.size()
    if size.isValid():
        reader.setScaledSize(size.scaled(QSize(PICTURE_PX, PICTURE_PX), Qt.AspectRatioMode.KeepAspectRatio))
    return reader.read()


def png_of(image: QImage) -> bytes:
    content = QByteArray()
    buffer = QBuffer(content)
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    image.save(buffer, "PNG")  # type: ignore[call-overload]
    return bytes(content.data())


def safe_name(file: Attachment) -> str:
    """As it was called, with the ending of what it is: a name may be anything."""
    suffix = SUFFIXES.get(file.media_type, "")
    name = _UNSAFE.sub("_", file.name).strip(". ") or file.id[:8]
    return name if name.lower().endswith(suffix) else f"{name}{suffix}"


def size_text(size_bytes: int) -> str:
    if size_bytes < _KB * _KB:
        return tr("card.file.kb", value=max(1, round(size_bytes / _KB)))
    return tr("card.file.mb", value=f"{size_bytes / _KB / _KB:.1f}")


def _nothing(_result: object) -> None:
    """It is in the journal; the card hears of it from there."""
