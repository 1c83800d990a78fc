"""Every action has a key, no key means two things where it is pressed, and `?` shows them all."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QShortcut

from app.i18n import LANGUAGES, set_language
from app.service.command_line.verbs import VERBS
from tests.gui.conftest import DeskUnderTest
from widgets.actions import ACTIONS, CARD_ACTIONS, DESK_ACTIONS, INCIDENT_ACTIONS, UNIT_ACTIONS
from widgets.console import Console
from widgets.panels.keys_overlay import _ACTIONS, KEYS, _listed

SCOPES = {
    "window": ("window",),
    "queue": ("queue",),
    "report": ("report",),
    "dispatch": ("dispatch",),
    "map": ("map", "map_hand"),
    "video": ("video",),
}
"""Groups of the page whose keys are pressed in the same place."""


@pytest.fixture
def console(desk: DeskUnderTest) -> Iterator[Console]:
    console = Console(desk.bridge, remember=False, unattended=False)
    console.show()
    desk.settle()
    yield console
    console.shut_down()
    console.deleteLater()


def page() -> dict[str, list[str]]:
    """Single keys by group, as the page names them; `1 … 9` is all of a row, a space stands between two."""
    return {name: [each for key, _ in keys for each in single(key)] for name, keys in KEYS}


def single(key: str) -> list[str]:
    through = re.fullmatch(r"(?P<held>\S+\+)?(?P<first>\d) … (?P<last>\d)", key)
    if through:
        held = through["held"] or ""
        return [f"{held}{n}" for n in range(int(through["first"]), int(through["last"]) + 1)]
    first, *others = key.split()
    held = first.rpartition("+")[0]
    return [first, *(f"{held}+{other}" if held and len(other) == 1 else other for other in others)]


def test_every_action_has_a_key_and_stands_on_the_page() -> None:
    for language in LANGUAGES:
        set_language(language)
        shown = {(key, what) for _, keys in _listed() for key, what in keys}
        for action in (*INCIDENT_ACTIONS, *CARD_ACTIONS, *UNIT_ACTIONS):
            assert action.key
            assert (action.key, action.title()) in shown
    on_window = page()["window"]
    assert all(action.key in on_window for action in DESK_ACTIONS)


@pytest.mark.parametrize("scope", SCOPES)
def test_no_key_means_two_things_in_one_place(scope: str) -> None:
    keys = [key for group in SCOPES[scope] for key in page()[group]]
    if scope == "queue":  # there the keys of the card work too
        same = {action.key for action in INCIDENT_ACTIONS}
        keys = [key for key in keys if key not in same] + [action.key for action in INCIDENT_ACTIONS]
    assert [key for key, count in Counter(keys).items() if count > 1] == []


def test_no_key_means_two_things_on_the_card() -> None:
    keys = [action.key for action in (*INCIDENT_ACTIONS, *CARD_ACTIONS, *UNIT_ACTIONS)]
    assert [key for key, count in Counter(keys).items() if count > 1] == []


@pytest.mark.parametrize("actions", [actions for _, actions in _ACTIONS], ids=[name for name, _ in _ACTIONS])
def test_actions_that_are_offered_together_have_keys_of_their_own(actions: tuple[Any, ...]) -> None:
    assert all(action.key for action in actions)
    assert [key for key, count in Counter(action.key for action in actions).items() if count > 1] == []


def test_no_key_of_a_panel_is_taken_by_the_window() -> None:
    everywhere = set(page()["window"]) - {"Esc"}
    others = {key for name, keys in page().items() if name != "window" for key in keys}
    assert not everywhere & (
        others | {action.key for action in (*ACTIONS, *CARD_ACTIONS) if action.scope != "desk"}
    )


def test_every_key_of_the_window_stands_on_the_page(console: Console) -> None:
    bound = {
        shortcut.key().toString()
        for shortcut in console.findChildren(QShortcut)
        if shortcut.context() is Qt.ShortcutContext.ApplicationShortcut
    }
    assert bound >= {"/", "Ctrl+K", "?", "Ctrl+N"}
    told = {key for keys in page().values() for key in keys}
    assert bound - told - {"Ctrl+Shift+F"} == set(), "named beside Ctrl+F is only Ctrl+Shift+F"


def test_every_operator_action_has_a_verb_on_the_command_line() -> None:
    by_status = {"en_route", "on_scene", "available"}
    given = {verb.action for verb in VERBS} | by_status
    assert {action.id for action in ACTIONS} <= given
