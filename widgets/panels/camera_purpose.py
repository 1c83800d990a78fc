"""Owns why cameras are watched: the list of purposes, the form that asks for one, and its record per camera.

Must not show or open a camera: `granted` says which one may be shown.
"""

from __future__ import annotations

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import (
    QComboBox,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from app.domain.commands import WatchCamera
from app.domain.instants import Instant
from app.i18n import has_text, keys_of, tr
from widgets.bridge import Bridge
from widgets.style import follow_look, icon, tokens

ROUTINE_PATROL = "routine_patrol"
EXERCISE = "exercise"
_NARROW_PX, _FIELD_PX = 460, 320
SHIFT_MS = 12 * 3_600_000
"""A purpose holds for one shift at most; whoever sits down next says why again."""
_PREFIX = "wall.purpose."
_LEAST_CHARACTERS = 2


def purposes() -> list[str]:
    """The listed purposes, by the name under which they are recorded."""
    return [key.removeprefix(_PREFIX) for key in keys_of("wall") if key.startswith(_PREFIX)]


def purpose_text(purpose: str) -> str:
    """A listed purpose in the language of the screen; a free one as it was written."""
    return tr(_PREFIX + purpose) if has_text(_PREFIX + purpose) else purpose


class CameraWatch(QObject):
    """Records once per camera and purpose that it is watched, before it is."""

    granted = Signal(str)
    refused = Signal(str, str)
    purpose_changed = Signal(str)

    def __init__(self, bridge: Bridge, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._bridge = bridge
        self._purpose = ""
        self._since_at: Instant = 0
        self._recorded: set[str] = set()
        self._asked: set[str] = set()
        bridge.ticked.connect(self._end_with_the_shift)

    @property
    def purpose(self) -> str:
        """The name of a listed purpose, a free text, or "" while nothing may be watched."""
        return self._purpose

    def set_purpose(self, purpose: str) -> None:
        """From now on cameras are watched for this; each is recorded anew. "" ends all watching.

        The purpose that is in force already changes nothing.
        """
        if purpose.strip() == self._purpose:
            return
        self._purpose = purpose.strip()
        self._since_at = self._bridge.clock.now()
        self._recorded.clear()
        self._asked.clear()
        self.purpose_changed.emit(self._purpose)

    def may_show(self, camera: str) -> bool:
        return camera in self._recorded

    def ask(self, camera: str) -> None:
        """Answered with `granted` or `refused`, once; a camera that was granted already is not recorded again."""
        purpose = self._purpose
        if not purpose or camera in self._recorded or camera in self._asked:
            return
        self._asked.add(camera)

        def answered(sentence: str | None) -> None:
            if purpose == self._purpose:
                self._take_answer(camera, sentence)

        self._bridge.submit(WatchCamera(camera, purpose), answered, purpose)

    def _take_answer(self, camera: str, sentence: str | None) -> None:
        self._asked.discard(camera)
        if sentence is None:
            self._recorded.add(camera)
            self.granted.emit(camera)
        else:
            self.refused.emit(camera, sentence)

    def _end_with_the_shift(self, now: Instant) -> None:
        if self._purpose and now - self._since_at > SHIFT_MS:
            self.set_purpose("")


class PurposeForm(QWidget):
    """What stands where the pictures will be: why there are none, and the one field that brings them."""

    confirmed = Signal(str)

    def __init__(self, preselected: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._title, self._hint, self._glyph = QLabel(), QLabel(), QLabel()
        self._choice, self._line = QComboBox(), QLineEdit()
        self._confirm = QPushButton()
        self._choice.setLineEdit(self._line)
        self._choice.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
        self._choice.setMinimumContentsLength(10)
        self._confirm.setProperty("kind", "primary")
        self._confirm.clicked.connect(self._give)
        self._line.returnPressed.connect(self._give)
        self._line.textChanged.connect(lambda _text: self._mark_invalid(False))
        self._lay_out()
        self._fill(preselected)
        follow_look(self, self._dress)
        self.retranslate()

    def offer(self, purpose: str) -> None:
        """Puts a purpose into the field, to be confirmed with one key."""
        place = self._choice.findData(purpose)
        self._choice.setCurrentIndex(place)
        if place < 0:
            self._choice.setEditText(purpose)
        self._line.setCursorPosition(0)  # it is read from its beginning

    def take_focus(self) -> None:
        (self._confirm if self._chosen() else self._choice).setFocus()

    def retranslate(self) -> None:
        chosen = self._chosen()
        self._fill(chosen)
        self._title.setText(tr("wall.purpose_title"))
        self._hint.setText(tr("wall.purpose_hint"))
        self._confirm.setText(tr("wall.purpose_confirm"))
        self._line.setPlaceholderText(tr("wall.purpose_placeholder"))
        self._choice.setAccessibleName(tr("wall.purpose_placeholder"))
        self._dress()

    def _fill(self, chosen: str) -> None:
        self._choice.clear()
        for purpose in purposes():
            self._choice.addItem(purpose_text(purpose), purpose)
        self.offer(chosen)

    def _chosen(self) -> str:
        text = self._choice.currentText().strip()
        place = self._choice.findText(text, Qt.MatchFlag.MatchExactly)
        return str(self._choice.itemData(place)) if place >= 0 else text

    def _give(self) -> None:
        chosen = self._chosen()
        if len(chosen) < _LEAST_CHARACTERS:
            self._mark_invalid(True)
            self._choice.setFocus()
            return
        self.confirmed.emit(chosen)

    def _mark_invalid(self, invalid: bool) -> None:
        self._choice.setProperty("invalid", invalid)
        self._choice.style().polish(self._choice)
        self._hint.setText(tr("wall.purpose_too_short" if invalid else "wall.purpose_hint"))

    def _lay_out(self) -> None:
        look = tokens()
        column = QVBoxLayout(self)
        column.setSpacing(look.space_s)
        column.addStretch(1)
        head = QHBoxLayout()
        head.setSpacing(look.space_s)
        head.addStretch(1)
        head.addWidget(self._glyph)
        head.addWidget(self._title)
        head.addStretch(1)
        self._title.setProperty("type", "title")
        self._hint.setProperty("tone", "second")
        self._hint.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._hint.setWordWrap(True)
        row = self._row = QHBoxLayout()
        row.setSpacing(look.space_s)
        row.addStretch(1)
        row.addWidget(self._choice, 4)
        row.addWidget(self._confirm)
        row.addStretch(1)
        self._choice.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._choice.setMaximumWidth(look.px(_FIELD_PX))
        column.addLayout(head)
        column.addWidget(self._hint)
        column.addLayout(row)
        column.addStretch(1)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """In a narrow wall the field has a line of its own: beside the button its purpose would be cut."""
        super().resizeEvent(event)
        is_narrow = self.width() < tokens().px(_NARROW_PX)
        direction = QHBoxLayout.Direction.TopToBottom if is_narrow else QHBoxLayout.Direction.LeftToRight
        if self._row.direction() != direction:
            self._row.setDirection(direction)
            self._choice.setMaximumWidth(tokens().px(_NARROW_PX if is_narrow else _FIELD_PX))

    def _dress(self) -> None:
        size_px = tokens().size_icon
        self._glyph.setPixmap(icon("lock").pixmap(size_px, size_px))
