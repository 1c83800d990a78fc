"""Owns the way of a map into a file: which file, the painting in slices, the writing in a thread, how it ended.

Must not know how a page looks. Painting stays on the Qt thread, because a thread that paints holds it up longer than
slices do; compressing and writing go to a thread of their own.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Coroutine, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final

import shiboken6
from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QMarginsF, QObject, QSizeF, QStandardPaths, QUrl
from PySide6.QtGui import QDesktopServices, QImage, QPageLayout, QPageSize, QPainter, QPdfWriter
from PySide6.QtWidgets import QFileDialog

from app.domain.errors import ConfigError
from app.domain.masking import mask_text
from app.exchange.situation import Situation, situation_of
from app.exchange.whole_file import whole_file
from app.i18n import language, tr
from app.service.aside import aside
from widgets.local_time import local
from widgets.map.chosen_sheet import ChosenRow
from widgets.map.export_sheet import ExportSheet
from widgets.map.print_page import FOOTER_PX, HEADER_PX, MARGIN_PX, PrintPage, PrintWords
from widgets.map.strip import Telling
from widgets.style import ThemeName, dressed, tokens

if TYPE_CHECKING:
    from widgets.panels.map import MapPanel

SHEET: Final = "export"
SUFFIXES: Final = {"png": ".png", "a4": ".pdf", "a3": ".pdf", "html": ".html"}
PNG_SCALE: Final = 2.0
PDF_SCALE: Final = 3.0
"""Symbols on paper: about 300 to the inch on A4."""
PAPER: Final = {
    "a4": (QPageSize.PageSizeId.A4, 1240.0, 1240.0 * 210 / 297),
    "a3": (QPageSize.PageSizeId.A3, 1754.0, 1754.0 * 210 / 297),
}
"""Size in logical pixels: what is eleven pixels high on the screen can be read on paper."""
PAPER_THEME: Final[ThemeName] = "light"
SLICE_S, GAP_S = 0.003, 0.004
_PDF_DPI = 600


class MapExport(QObject):
    """The files of one map panel. `writing` is true of all of them: one file at a time, from whichever map."""

    writing = False

    def __init__(self, panel: MapPanel, told: Telling) -> None:
        super().__init__(panel)
        self._panel = panel
        self._told = told
        self._dialog: QFileDialog | None = None
        self.sheet = ExportSheet(panel.view)
        self.sheet.wanted.connect(self.ask)
        panel.view.sheets[SHEET] = self.sheet

    # -- where to ----------------------------------------------------------------------------------------------------

    def ask(self, form: str, rows: Sequence[ChosenRow] = ()) -> None:
        """Asks for the file, without holding anything up, and writes it. `form` is one of export_sheet.FORMATS."""
        if self._dialog is not None:
            self._dialog.raise_()
            return
        suffix = SUFFIXES[form]
        dialog = self._dialog = QFileDialog(self._panel, tr(f"map_tools.export.{form}"))
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setNameFilter(f"*{suffix}")
        dialog.setDefaultSuffix(suffix)
        dialog.setDirectory(
            QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation)
        )
        dialog.selectFile(self._first_name() + suffix)
        dialog.setModal(False)
        dialog.fileSelected.connect(lambda path: self.write(form, Path(path), rows))
        dialog.finished.connect(self._dialog_closed)
        dialog.show()

    @property
    def dialog(self) -> QFileDialog | None:
        return self._dialog

    def _dialog_closed(self) -> None:
        if self._dialog is not None:
            self._dialog.deleteLater()
            self._dialog = None

    def _first_name(self) -> str:
        bridge = self._panel.bridge
        at = local(bridge.clock.now(), bridge.district.utc_offset_min)
        exercise = f"{tr('map_tools.print.exercise_file')}_" if bridge.app.mode == "drill" else ""
        return f"{exercise}{bridge.district.code}_{at:%Y%m%d_%H%M%S}"

    # -- writing -----------------------------------------------------------------------------------------------------

    def write(self, form: str, path: Path, rows: Sequence[ChosenRow] = ()) -> None:
        """Writes the map as it stands now; how that ended is told on the map."""
        if self.writing:
            self._told.tell(tr("map_tools.export.busy"), failed=True)
            return
        MapExport.writing = True
        self._told.tell(tr("map_tools.export.begun", file=path.name))
        making: Coroutine[object, object, None]
        if form == "html":
            making = self._situation_map(path)
        elif form == "png":
            making = self._png(path, rows)
        else:
            making = self._pdf(path, form, rows)
        self._panel.bridge.fetch(self._made(making), lambda _none: self._ended(path), self._failed)

    async def _made(self, making: Coroutine[object, object, None]) -> None:
        try:
            await making
        finally:
            MapExport.writing = False

    def _ended(self, path: Path) -> None:
        opener = QUrl.fromLocalFile(str(path))
        self._told.tell(
            tr("map_tools.export.done", path=path),
            action=tr("map_tools.export.open"),
            do=lambda: QDesktopServices.openUrl(opener),
        )

    def _failed(self, sentence: str) -> None:
        self._told.tell(tr("map_tools.export.failed", reason=sentence), failed=True)

    async def _png(self, path: Path, rows: Sequence[ChosenRow]) -> None:
        view = self._panel.view
        theme = tokens().theme
        size = QSizeF(view.width() + 2 * MARGIN_PX, view.height() + HEADER_PX + FOOTER_PX + 2 * MARGIN_PX)
        page = PrintPage(view, size, self._words(rows), PNG_SCALE, exact=not rows)
        image = QImage((size * PNG_SCALE).toSize(), QImage.Format.Format_RGB32)
        painter = QPainter(image)
        try:
            painter.scale(PNG_SCALE, PNG_SCALE)
            await _in_slices(page.painting(painter), theme)
        finally:
            painter.end()
        await _written(path, lambda beside: _save(image, beside))

    async def _pdf(self, path: Path, form: str, rows: Sequence[ChosenRow]) -> None:
        paper, width, height = PAPER[form]
        size = QSizeF(width, height)
        words = self._words(rows)
        page = PrintPage(self._panel.view, size, words, PDF_SCALE, exact=False)
        content = QByteArray()
        buffer = QBuffer(content)
        buffer.open(QIODevice.OpenModeFlag.WriteOnly)
        writer = QPdfWriter(buffer)
        writer.setPageLayout(QPageLayout(QPageSize(paper), QPageLayout.Orientation.Landscape, QMarginsF()))
        writer.setResolution(_PDF_DPI)
        writer.setTitle(words.title)
        writer.setCreator("Streetdesk")
        painter = QPainter(writer)
        try:
            scale = writer.width() / width
            painter.scale(scale, scale)
            await _in_slices(page.painting(painter), PAPER_THEME)
        finally:
            painter.end()
            # Its file must outlive it, whatever a traceback still holds.
            shiboken6.delete(writer)
            buffer.close()
        written = bytes(content.data())
        await _written(path, lambda beside: beside.write_bytes(written))

    async def _situation_map(self, path: Path) -> None:
        bridge = self._panel.bridge
        now, theme = bridge.clock.now(), tokens().theme
        fixes = bridge.positions.fixes
        situation = situation_of(bridge.projections, bridge.district, fixes, now, bridge.app.mode)
        try:
            await aside(lambda: _write_situation_map(path, situation, theme), "situation map")
        except OSError as fault:
            raise _not_written(path, fault) from fault

    def _words(self, rows: Sequence[ChosenRow]) -> PrintWords:
        bridge, district = self._panel.bridge, self._panel.bridge.district
        name = district.name_en if language() == "en" and district.name_en else district.name_zh
        at = local(bridge.clock.now(), district.utc_offset_min)
        lat, lon = self._panel.view.lat_lon_at(self._panel.view.rect().toRectF().center())
        notes = (
            tr("map_tools.print.centre", place=f"{lat:.5f}, {lon:.5f}"),
            tr("map_tools.print.masked"),
            district.code,
        )
        return PrintWords(
            title=tr("map_tools.print.title", district=name),
            made=tr("map_tools.print.made", time=f"{at:%Y-%m-%d %H:%M:%S}"),
            notes=notes,
            exercise=tr("map_tools.print.exercise") if bridge.app.mode == "drill" else "",
            list_title=tr("map_tools.chosen.title"),
            rows=tuple((mask_text(row.name), row.state) for row in rows),
        )


async def _in_slices(steps: Iterator[None], theme: ThemeName) -> None:
    """Paints step by step in another dress, and lets the desk go on in between."""
    going = True
    while going:
        with dressed(theme):
            going = _carry_on(steps, time.perf_counter() + SLICE_S)
        await asyncio.sleep(GAP_S)


def _carry_on(steps: Iterator[None], until_s: float) -> bool:
    """Paint until then; whether there is more."""
    return any(time.perf_counter() >= until_s for _ in steps)


def _write_situation_map(path: Path, situation: Situation, theme: ThemeName) -> None:
    """On its own thread, where its libraries are read too."""
    from app.exchange.situation_map import write_situation_map

    write_situation_map(path, situation, made_at=situation.at, masked=True, theme=theme)


def _save(image: QImage, path: Path) -> None:
    if not image.save(str(path), "PNG"):  # type: ignore[call-overload]
        raise OSError(tr("map_tools.export.no_image"))


async def _written(path: Path, write: Callable[[Path], object]) -> None:
    """Whole or not at all."""

    def work() -> None:
        with whole_file(path) as beside:
            write(beside)

    try:
        await aside(work, "map file")
    except OSError as fault:
        raise _not_written(path, fault) from fault


def _not_written(path: Path, fault: OSError) -> ConfigError:
    return ConfigError(tr("map_tools.export.not_written", path=path, reason=fault.strerror or fault))
