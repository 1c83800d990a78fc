"""Owns what an officer may say of a unit from its row: the menu and the keys. Must not do it: a panel is told what."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent, QKeySequence
from PySide6.QtWidgets import QMenu, QWidget

from app.domain.unit import OFF_DUTY, OUT_OF_SERVICE, Unit
from app.i18n import tr
from widgets.actions import RECALL, UNIT_ACTIONS, Action, Target, action_for_key
from widgets.follow_actions import FOLLOW_ACTIONS

PAIR_KEY: Final = "P"
"""Pairs phones with a unit, out or standing by."""
AWAY: Final = (OUT_OF_SERVICE, OFF_DUTY)
DUTY_KEYS: Final = {"O": OFF_DUTY, "Y": OUT_OF_SERVICE}
"""Signing on is the action of standing by, B."""
"""Duties that take a unit out of what can be sent; it must be free for them."""


def action_for(event: QKeyEvent) -> Action | None:
    """The action of a unit that a key stands for."""
    if event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier:
        return None
    return action_for_key((*UNIT_ACTIONS, *FOLLOW_ACTIONS), QKeySequence(event.key()).toString())


def duty_for(event: QKeyEvent) -> str | None:
    """The duty that a key stands for."""
    if event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier:
        return None
    return DUTY_KEYS.get(QKeySequence(event.key()).toString())


def unit_menu(
    parent: QWidget,
    target: Target,
    act: Callable[[Action], None],
    set_duty: Callable[[str], None] | None = None,
    pair: Callable[[], None] | None = None,
) -> QMenu:
    """What can be said of the target's unit, with `set_duty` also that it goes; what makes no sense is greyed.

    `pair` opens the sheet that pairs phones with it.
    """
    menu = QMenu(parent)
    for action in (*UNIT_ACTIONS[:-1], *FOLLOW_ACTIONS, RECALL):
        if action is RECALL:
            menu.addSeparator()
        _add(menu, action, target, act)
    if set_duty is not None:
        menu.addSeparator()
        _add_duties(menu, target, set_duty)
    if pair is not None:
        menu.addSeparator()
        item = menu.addAction(f"{tr('field.phone.offer')}…\t{PAIR_KEY}")
        item.setObjectName("pair")
        item.triggered.connect(lambda _checked=False: pair())
    return menu


def _add_duties(menu: QMenu, target: Target, set_duty: Callable[[str], None]) -> None:
    for duty in AWAY:
        key = next(key for key, known in DUTY_KEYS.items() if known == duty)
        item = menu.addAction(f"{tr(f'unit_board.set.{duty}')}\t{key}")
        item.setObjectName(duty)
        item.setEnabled(target.unit is not None and may_go(target.unit, duty))
        item.triggered.connect(lambda _checked=False, duty=duty: set_duty(duty))


def _add(menu: QMenu, action: Action, target: Target, act: Callable[[Action], None]) -> None:
    dots = "…" if action.asks else ""
    item = menu.addAction(f"{action.title()}{dots}\t{action.key}")
    item.setObjectName(action.id)
    item.setEnabled(may_recall(target) if action is RECALL else action.enabled(target))
    item.triggered.connect(lambda _checked=False: act(action))


def may_go(unit: Unit, duty: str) -> bool:
    """Whether it is free for a duty that it does not have yet."""
    return not unit.assignments and unit.duty != duty


def may_recall(target: Target) -> bool:
    """Whether there is anything to call the unit back from: an incident, or the way to a post."""
    return RECALL.enabled(target) or (target.unit is not None and target.unit.post_order is not None)
