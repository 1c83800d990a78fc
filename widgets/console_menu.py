"""Owns the one menu of the window: look, language, text size, panels, layouts, keys. Must not apply any of it."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import Signal
from PySide6.QtGui import QAction, QActionGroup
from PySide6.QtWidgets import QMenu, QWidget

from app.i18n import LANGUAGES, language, tr
from widgets.layouts import AS_SCREEN
from widgets.style import THEMES, tokens

SECOND_MAP_KEY = "Ctrl+Shift+M"
TEXT_SCALES = (1.0, 1.25, 1.5, 2.0)


class ConsoleMenu(QMenu):
    """Made when it is opened, gone when it is closed."""

    theme_chosen = Signal(str)
    language_chosen = Signal(str)
    text_scale_chosen = Signal(float)
    layout_save_wanted = Signal()
    layout_reset_wanted = Signal()
    layout_delete_wanted = Signal(str)
    keys_wanted = Signal()
    second_map_wanted = Signal()

    def __init__(
        self, docks: Iterable[QAction], layouts: Iterable[str], text_scale: float, parent: QWidget
    ) -> None:
        super().__init__(parent)
        self.aboutToHide.connect(self.deleteLater)
        look, words, size = (self.addMenu(tr(f"strip.menu.{n}")) for n in ("theme", "language", "text_size"))
        for theme in THEMES:
            self._add_choice(look, tr(f"common.theme.{theme}"), tokens().theme == theme).triggered.connect(
                lambda _checked, name=theme: self.theme_chosen.emit(name)
            )
        for name in LANGUAGES:
            self._add_choice(words, tr(f"common.language.{name}"), language() == name).triggered.connect(
                lambda _checked, name=name: self.language_chosen.emit(name)
            )
        for scale in (AS_SCREEN, *TEXT_SCALES):
            title = f"{scale:.0%}" if scale else tr("strip.menu.text_as_screen")
            self._add_choice(size, title, text_scale == scale).triggered.connect(
                lambda _checked, scale=scale: self.text_scale_chosen.emit(scale)
            )
        self.addMenu(self._panels(docks))
        self.addMenu(self._layouts(layouts))
        self.addAction(f"{tr('map_tools.second.menu')}\t{SECOND_MAP_KEY}", self.second_map_wanted.emit)
        self.addSeparator()
        self.addAction(f"{tr('strip.menu.keys')}\t?", self.keys_wanted.emit)

    @staticmethod
    def _add_choice(menu: QMenu, text: str, chosen: bool) -> QAction:
        group = menu.findChild(QActionGroup) or QActionGroup(menu)
        action = menu.addAction(text)
        action.setCheckable(True)
        action.setChecked(chosen)
        group.addAction(action)
        return action

    def _panels(self, docks: Iterable[QAction]) -> QMenu:
        menu = QMenu(tr("strip.menu.docks"), self)
        menu.addActions(list(docks))
        return menu

    def _layouts(self, layouts: Iterable[str]) -> QMenu:
        menu = QMenu(tr("strip.menu.layout"), self)
        menu.addAction(tr("strip.menu.layout_save"), self.layout_save_wanted.emit)
        menu.addAction(tr("strip.menu.layout_reset"), self.layout_reset_wanted.emit)
        for name in layouts:
            menu.addAction(tr("strip.menu.layout_delete", name=name)).triggered.connect(
                lambda _checked, name=name: self.layout_delete_wanted.emit(name)
            )
        return menu
