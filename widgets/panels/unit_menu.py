"""Owns the menu of what an officer may say of a unit. Must not send anything: it hands on what was chosen."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from PySide6.QtWidgets import QMenu, QWidget

from app.domain.unit import (
    AVAILABLE,
    DISPATCHED,
    EN_ROUTE,
    OFF_DUTY,
    ON_SCENE,
    OUT_OF_SERVICE,
    PHASES,
    Assignment,
    Unit,
)
from app.i18n import tr

STATUSES: Final = (EN_ROUTE, ON_SCENE, AVAILABLE, OUT_OF_SERVICE, OFF_DUTY)


def unit_menu(
    parent: QWidget,
    unit: Unit,
    task: Assignment | None,
    *,
    set_status: Callable[[str], None],
    recall: Callable[[], None],
) -> QMenu:
    """Statuses that make sense now are enabled; `task` is the assignment that they are about, if there is one."""
    menu = QMenu(parent)
    for status in STATUSES:
        action = menu.addAction(tr(f"unit_board.set.{status}"))
        action.setObjectName(status)
        action.setEnabled(_makes_sense(unit, task, status))
        action.triggered.connect(lambda _checked=False, status=status: set_status(status))
        if status == ON_SCENE:
            menu.addSeparator()
    menu.addSeparator()
    action = menu.addAction(tr("unit_board.recall"))
    action.setObjectName("recall")
    action.setEnabled(task is not None)
    action.triggered.connect(lambda _checked=False: recall())
    return menu


def _makes_sense(unit: Unit, task: Assignment | None, status: str) -> bool:
    if status in PHASES:
        return task is not None and PHASES.index(status) > PHASES.index(task.phase)
    if task is not None:
        return status == AVAILABLE and task.phase != DISPATCHED
    return not unit.assignments and unit.duty != status
