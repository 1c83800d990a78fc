"""Owns the way of a map into a file: which file, what is to be in it, how it ended.

Must not know how a page looks. What would hold the Qt thread happens in a child process (app/exchange/child.py): here
a page is only recorded and a situation only packed, in slices.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QObject, QSizeF, QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QFileDialog

from app.cli_make import MAP, PAGE, MapOrder
from app.domain.masking import mask_text
from app.exchange.situation import situation_of
from app.exchange.situation_wire import packing
from app.i18n import language, tr
from widgets.file_dialog import file_dialog
from widgets.local_time import local
from widgets.map.chosen_sheet import ChosenRow
from widgets.map.export_sheet import ExportSheet
from widgets.map.page_record import PageOrder, PagePainter
from widgets.map.page_replay import PDF_DPI, page_layout
from widgets.map.print_page import FOOTER_PX, HEADER_PX, MARGIN_PX, PrintPage, PrintWords
from widgets.map.strip import Telling
from widgets.panels.map_making import Making, Steps
from widgets.style import ThemeName, tokens

if TYPE_CHECKING:
    from widgets.panels.map import MapPanel

SHEET: Final = "export"
SUFFIXES: Final = {"png": ".png", "a4": ".pdf", "a3": ".pdf", "html": ".html"}
PNG_SCALE: Final = 2.0
PDF_SCALE: Final = 3.0
"""Symbols on paper: about 300 to the inch on A4."""
PAPER: Final = {"a4": ("A4", 1240.0, 1240.0 * 210 / 297), "a3": ("A3", 1754.0, 1754.0 * 210 / 297)}
"""Size in logical pixels: what is eleven pixels high on the screen can be read on paper."""
PAPER_THEME: Final[ThemeName] = "light"


class MapExport(QObject):
    """The files of one map panel. `writing` is true of all of them: one file at a time, from whichever map."""

    writing = False

    def __init__(self, panel: MapPanel, told: Telling) -> None:
        super().__init__(panel)
        self._panel = panel
        self._told = told
        self._dialog: QFileDialog | None = None
        self.making: Making | None = None
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
        dialog = self._dialog = file_dialog(self._panel, tr(f"map_tools.export.{form}"))
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setNameFilter(f"*{suffix}")
        dialog.setDefaultSuffix(suffix)
        dialog.selectFile(self._first_name() + suffix)
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
            cancel = "" if self.making is None else tr("map_tools.export.cancel")
            self._told.tell(tr("map_tools.export.busy"), failed=True, action=cancel, do=self.cancel)
            return
        MapExport.writing = True
        making = self.making = Making(MAP if form == "html" else PAGE, path)
        self._told.tell(
            tr("map_tools.export.begun", file=path.name),
            action=tr("map_tools.export.cancel"),
            do=self.cancel,
            stays=True,
        )
        self._panel.bridge.fetch(
            self._made(making, form, rows),
            lambda _none: self._ended(path),
            lambda why: self._failed(making, why),
        )

    def cancel(self) -> None:
        """The file that is being made is not wanted any more."""
        if self.making is not None:
            self.making.stop()

    async def _made(self, making: Making, form: str, rows: Sequence[ChosenRow]) -> None:
        theme = PAPER_THEME if form in PAPER else tokens().theme
        steps = self._situation_steps() if form == "html" else self._page_steps(form, rows)
        try:
            await making.make(steps, theme)
        finally:
            MapExport.writing = False
            self.making = None

    def _ended(self, path: Path) -> None:
        self._told.tell(
            tr("map_tools.export.done", path=path),
            action=tr("map_tools.export.open"),
            do=lambda: _open(path),
            also=(tr("map_tools.export.open_folder"), lambda: _open(path.parent)),
        )

    def _failed(self, making: Making, sentence: str) -> None:
        if making.is_stopped:
            self._told.tell(tr("map_tools.export.cancelled", file=making.path.name))
        else:
            self._told.tell(tr("map_tools.export.failed", reason=sentence), failed=True)

    # -- what is in it -----------------------------------------------------------------------------------------------

    def _situation_steps(self) -> Steps:
        app, bridge = self._panel.bridge.app, self._panel.bridge
        now = bridge.clock.now()
        yield MapOrder(now, masked=True, theme=tokens().theme).packed()
        situation = situation_of(
            bridge.projections, bridge.district, bridge.positions.fixes, now, app.mode, app.roads.planned
        )
        yield None
        yield from packing(situation, app.config.district_dir)

    def _page_steps(self, form: str, rows: Sequence[ChosenRow]) -> Steps:
        words = self._words(rows)
        page, order, scale = self._screen_page(words) if form == "png" else self._paper_page(form, words)
        yield order.packed()
        painter = PagePainter()
        try:
            painter.scale(scale, scale)
            yield from page.painting(painter)
            yield from painter.pieces()
        finally:
            if painter.isActive():
                painter.end()

    def _screen_page(self, words: PrintWords) -> tuple[PrintPage, PageOrder, float]:
        view = self._panel.view
        size = QSizeF(view.width() + 2 * MARGIN_PX, view.height() + HEADER_PX + FOOTER_PX + 2 * MARGIN_PX)
        pixels = (size * PNG_SCALE).toSize()
        page = PrintPage(view, size, words, PNG_SCALE, exact=not words.rows)
        return page, PageOrder("png", pixels.width(), pixels.height()), PNG_SCALE

    def _paper_page(self, form: str, words: PrintWords) -> tuple[PrintPage, PageOrder, float]:
        paper, width, height = PAPER[form]
        page = PrintPage(self._panel.view, QSizeF(width, height), words, PDF_SCALE, exact=False)
        box = page_layout(paper).fullRectPixels(PDF_DPI)
        return page, PageOrder("pdf", box.width(), box.height(), paper, words.title), box.width() / width

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
            chosen=self._panel.tools.chosen.things,
        )


def _open(path: Path) -> None:
    QDesktopServices.openUrl(QUrl.fromLocalFile(str(path)))
