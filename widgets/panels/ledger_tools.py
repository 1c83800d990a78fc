"""Owns what the ledger's buttons open: the facets, its menus, the export, the kept views.

Must not hold rows or filter them: it asks the panel.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QPoint
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QInputDialog

from app.i18n import tr
from widgets.models.grouped_table import HEAD
from widgets.models.ledger_filter import bounds
from widgets.panels.ledger_export import Wanted, open_file
from widgets.panels.ledger_menus import columns_menu, group_menu, popup, row_menu, views_menu
from widgets.style import tokens

if TYPE_CHECKING:
    from widgets.panels.ledger import LedgerPanel


class LedgerTools(QObject):
    """Of one ledger."""

    def __init__(self, panel: LedgerPanel) -> None:
        super().__init__(panel)
        self._panel = panel
        self._exported: Path | None = None
        header = panel.view.horizontalHeader()
        panel.head.tool_wanted.connect(self.open)
        panel.view.menu_wanted.connect(self._open_row_menu)
        panel.ledger_view.columns_wanted.connect(self._open_columns)
        for changed in (header.sectionResized, header.sectionMoved, header.sortIndicatorChanged):
            changed.connect(self._layout_changed)
        panel.export.refused.connect(self._export_refused)
        panel.export.told.connect(self._export_told)
        panel.refusal.mend_triggered.connect(self._open_exported)

    def open(self, tool: str) -> None:
        """One of ledger_head.TOOLS, by its button or its key."""
        button = self._panel.head.tools[tool]
        at = button.mapToGlobal(QPoint(0, button.height()))
        match tool:
            case "filter":
                self._toggle_sheet()
            case "group":
                panel = self._panel
                popup(group_menu(panel, panel.group, panel.group_by, panel.keys.fold_all), at)
            case "columns":
                self._open_columns(at)
            case "views":
                self._open_views(at)
            case "export":
                self._panel.export.ask(self._to_export())

    # -- facets --------------------------------------------------------------------------------------------------------

    def _toggle_sheet(self) -> None:
        sheet = self._panel.sheet
        if sheet.isHidden():
            self.place_sheet()
            sheet.open(self._panel.wanted)
        else:
            sheet.dismiss()

    def place_sheet(self) -> None:
        """Under its button."""
        panel = self._panel
        button, top_px = panel.head.tools["filter"], panel.head.geometry().bottom() + 1
        right_px = button.mapTo(panel, QPoint(button.width(), 0)).x()
        panel.sheet.place(right_px, top_px, panel.height() - top_px - tokens().space_s)

    # -- columns -------------------------------------------------------------------------------------------------------

    def _open_columns(self, at: QPoint) -> None:
        shown = self._panel.view.fit.shown()
        popup(columns_menu(self._panel, shown, self.choose_columns, self._reset_columns), at)

    def choose_columns(self, ids: list[str]) -> None:
        """These, from left to right."""
        self._panel.ledger_view.chosen_fit.choose(ids)
        self._layout_changed()

    def _reset_columns(self) -> None:
        panel = self._panel
        panel.kept.forget_page(panel.page)
        panel.restore_page()

    def _layout_changed(self, *_what: object) -> None:
        self._panel.kept.put_page(self._panel.page, self._panel.view.layout_state())

    # -- export --------------------------------------------------------------------------------------------------------

    def _to_export(self) -> Wanted:
        panel = self._panel
        width_px, number = panel.view.horizontalHeader().sectionSize, panel.ledger.column_number
        columns = [(name, width_px(number(name)) / tokens().scale) for name in panel.view.fit.shown()]
        since, until = bounds(panel.wanted, panel.days)
        return Wanted(panel.ledger.passing_rows(), columns, self._about(), since, until)

    def _about(self) -> str:
        """What was looked for, in one line."""
        panel = self._panel
        parts = [tr(f"ledger.page.{panel.page}"), *panel.head.chip_words]
        if panel.wanted.text.strip():
            parts.append(tr("ledger.about.words", words=panel.wanted.text.strip()))
        return " · ".join(parts)

    def _export_refused(self, sentence: str) -> None:
        self._exported = None
        self._panel.refusal.show_refusal(tr("console.dock.ledger"), tr("ledger.export.what"), sentence)

    def _export_told(self, words: str, path: Path | None) -> None:
        self._exported = path
        action = tr("ledger.export.open") if path is not None else ""
        self._panel.refusal.show_refusal("", "", words, mend_action=action)

    def _open_exported(self) -> None:
        if self._exported is not None:
            open_file(self._exported)

    # -- kept views ----------------------------------------------------------------------------------------------------

    def _open_views(self, at: QPoint) -> None:
        kept = self._panel.kept
        names = [view.name for view in kept.settings.views]
        popup(views_menu(self._panel, names, self.use_view, kept.drop, self.ask_view_name), at)

    def ask_view_name(self) -> None:
        dialog = QInputDialog(self._panel)
        dialog.setWindowTitle(tr("ledger.views.keep"))
        dialog.setLabelText(tr("ledger.views.name"))
        dialog.setOkButtonText(tr("common.ok"))
        dialog.setCancelButtonText(tr("common.cancel"))
        dialog.textValueSelected.connect(self.keep_view)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def keep_view(self, name: str) -> None:
        """What stands here now, under a name."""
        panel = self._panel
        if name.strip():
            panel.kept.keep(name.strip(), panel.wanted, panel.group, panel.view.layout_state())

    def use_view(self, name: str) -> None:
        """What was kept under a name."""
        panel = self._panel
        view = panel.kept.settings.view(name)
        if view is not None:
            panel.turn_to(view.wanted.tab)
            panel.want(view.wanted)
            panel.group_by(view.group)
            panel.view.restore_layout(view.layout)

    # -- a row ---------------------------------------------------------------------------------------------------------

    def _open_row_menu(self, key: str, at: QPoint) -> None:
        if key.startswith(HEAD):
            return
        panel, clipboard = self._panel, QGuiApplication.clipboard()
        number = panel.bridge.desk.incidents[key].number
        entries: tuple[tuple[str, str, Callable[[], object]], ...] = (
            ("ledger.act.open", "Enter", lambda: panel.activated.emit(key)),
            ("ledger.act.map", "M", lambda: panel.place_wanted.emit(key)),
            ("queue.act.copy_number", "", lambda: clipboard.setText(number)),
            ("queue.act.copy_rows", "Ctrl+C", panel.view.copy_selected),
        )
        popup(row_menu(panel, entries), at)
