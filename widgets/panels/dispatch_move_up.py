"""Owns the button that sends a unit to the post where it would restore most. Must not send it: the panel does."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QWidget

from app.i18n import tr
from widgets.panels.action_button import ActionButton
from widgets.parts.plain_tip import plain_tip
from widgets.style import tokens

if TYPE_CHECKING:
    from app.dispatch.coverage import MoveUp

KEY: Final = "M"


class MoveUpButton(QWidget):
    """Hidden while there is nothing to move up for. `ordered` carries the MoveUp, once until another is shown."""

    ordered = Signal(object)

    def __init__(self, call_sign: Callable[[str], str]) -> None:
        super().__init__()
        self._call_sign = call_sign
        self._move: MoveUp | None = None
        self._given: MoveUp | None = None
        self.button = ActionButton("secondary")
        self.button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        row = QHBoxLayout(self)
        row.setContentsMargins(tokens().space_s, 0, tokens().space_s, 0)
        row.addWidget(self.button)
        row.addStretch(1)
        self.button.clicked.connect(self.click)
        self.hide()

    def show_move(self, move: MoveUp | None, grids: Mapping[str, str]) -> None:
        """`grids` are names by code; None hides it."""
        self._move = move
        if move is None:
            self._given = None
        self.setVisible(move is not None)
        if move is not None:
            name, post = self._call_sign(move.unit), grids.get(move.post.grid, move.post.grid)
            self.button.setEnabled(not self._is_given)
            self.button.set_words(tr("post.send", unit=name), KEY)
            self.button.setToolTip(plain_tip(tr("post.send.tip", unit=name, grid=post)))

    def click(self) -> bool:
        """Orders what is shown; a second stroke of the same key does not order it again. Whether anything is shown."""
        if self._move is not None and not self._is_given:
            self._given = self._move
            self.button.setEnabled(False)
            self.ordered.emit(self._move)
        return self._move is not None

    @property
    def _is_given(self) -> bool:
        given, move = self._given, self._move
        return given is not None and move is not None and (given.unit, given.post) == (move.unit, move.post)
