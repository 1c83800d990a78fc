"""Owns the menus of the ledger: grouping, columns, kept views, what a row offers. Must not do any of it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from PySide6.QtCore import QPoint
from PySide6.QtGui import QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QMenu, QWidget

from app.i18n import tr
from widgets.models.ledger import GROUPINGS
from widgets.models.ledger_columns import COLUMNS

Do = Callable[[], object]


class StayingMenu(QMenu):
    """Several can be ticked one after the other: Space and a click leave it open, Enter and Escape close it."""

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        action = self.activeAction()
        if action is not None and action.isCheckable():
            action.trigger()
            return
        super().mouseReleaseEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        action = self.activeAction()
        if event.text() == " " and action is not None and action.isCheckable():
            action.trigger()
            return
        super().keyPressEvent(event)


def popup(menu: QMenu, at: QPoint) -> QMenu:
    """Shows it; it is gone when it is closed."""
    menu.aboutToHide.connect(menu.deleteLater)
    menu.popup(at)
    if menu.actions():
        menu.setActiveAction(menu.actions()[0])
    return menu


def group_menu(
    parent: QWidget, chosen: str, choose: Callable[[str], object], fold: Callable[[bool], object]
) -> QMenu:
    menu = QMenu(parent)
    for name in ("", *GROUPINGS):
        words = tr(f"ledger.facet.{name}") if name else tr("ledger.group.none")
        action = menu.addAction(words)
        action.setCheckable(True)
        action.setChecked(name == chosen)
        action.triggered.connect(lambda _on, name=name: choose(name))
    if chosen:
        menu.addSeparator()
        menu.addAction(f"{tr('ledger.group.open_all')}\tCtrl+→").triggered.connect(
            lambda _on=False: fold(True)
        )
        menu.addAction(f"{tr('ledger.group.close_all')}\tCtrl+←").triggered.connect(
            lambda _on=False: fold(False)
        )
    return menu


def columns_menu(
    parent: QWidget, shown: Sequence[str], choose: Callable[[list[str]], object], reset: Do
) -> QMenu:
    """A column that is ticked comes last; the order is changed by drawing its head."""
    menu = StayingMenu(parent)
    chosen = list(shown)

    def toggle(name: str, is_on: bool) -> None:
        if is_on and name not in chosen:
            chosen.append(name)
        elif not is_on and name in chosen and len(chosen) > 1:
            chosen.remove(name)
        choose(list(chosen))

    for column in COLUMNS:
        action = menu.addAction(tr(column.title_key))
        action.setCheckable(True)
        action.setChecked(column.id in shown)
        action.toggled.connect(lambda on, name=column.id: toggle(name, on))
    menu.addSeparator()
    menu.addAction(tr("ledger.columns.reset")).triggered.connect(lambda _on=False: reset())
    return menu


def views_menu(
    parent: QWidget,
    names: Iterable[str],
    use: Callable[[str], object],
    drop: Callable[[str], object],
    keep: Do,
) -> QMenu:
    menu = QMenu(parent)
    menu.addAction(f"{tr('ledger.views.keep')}\tCtrl+S").triggered.connect(lambda _on=False: keep())
    menu.addSeparator()
    names = list(names)
    for number, name in enumerate(names, 1):
        mark = f"&{number}  " if number < 10 else ""
        shown = name.replace("&", "&&")
        menu.addAction(f"{mark}{shown}").triggered.connect(lambda _on, name=name: use(name))
    if names:
        menu.addSeparator()
        gone = menu.addMenu(tr("ledger.views.drop"))
        for name in names:
            gone.addAction(name.replace("&", "&&")).triggered.connect(lambda _on, name=name: drop(name))
    else:
        menu.addAction(tr("ledger.views.none")).setEnabled(False)
    return menu


def row_menu(parent: QWidget, entries: Iterable[tuple[str, str, Do]]) -> QMenu:
    """Entries are a text's key, the key to press and what it does."""
    menu = QMenu(parent)
    for words, key, do in entries:
        text = f"{tr(words)}\t{key}" if key else tr(words)
        menu.addAction(text).triggered.connect(lambda _on=False, do=do: do())
    return menu
