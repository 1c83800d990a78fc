"""Owns drawing on the map: which tool is in the hand, what click, move and key mean to it, and where notes are typed.

Must not read or write files. `changed` says that the finished sketches are others now.
"""

import uuid
from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QPointF, QRect, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QLineEdit

from app.i18n import tr
from widgets.map.ring_text import ring_text, rings_of
from widgets.map.shared_sketch import SharedItem
from widgets.map.sketch import MOST_TEXT, SketchError, SketchItem, SketchKind
from widgets.map.sketch_draft import SketchDraft
from widgets.map.sketch_tool import Position, SketchTool
from widgets.style import tokens

if TYPE_CHECKING:
    from widgets.map.canvas import MapCanvas

KEYS: dict[Qt.Key, SketchKind] = {
    Qt.Key.Key_M: "line",
    Qt.Key.Key_A: "area",
    Qt.Key.Key_R: "rings",
    Qt.Key.Key_N: "note",
}
_NOTE_PX = 220


class Sketching(QObject):
    """The officer's pencil on one map. `tool_changed` says that another tool, or none, is in the hand.

    `shared_changed`: what stands on all desks is other sketches now. `share_wanted` carries (id, hours) and
    `withdraw_wanted` (id, reason), confirmed by the officer; they are offered where `can_share` is set.
    """

    changed = Signal()
    tool_changed = Signal()
    shared_changed = Signal()
    share_wanted = Signal(str, int)
    withdraw_wanted = Signal(str, str)

    def __init__(self, canvas: "MapCanvas", now_ms: Callable[[], int | None]) -> None:
        super().__init__(canvas)
        self._canvas = canvas
        self._now_ms = now_ms
        self._drawing = canvas.frame.overlays.sketches
        self.tool = SketchTool()
        self.draft = SketchDraft(self.tool, canvas.scene, canvas.view)
        self._shown = QRect()
        self._shared: tuple[SharedItem, ...] = ()
        self._can_share = False
        self._note = NoteLine(canvas)
        self._note.written.connect(self._write)
        self._note.textEdited.connect(self._typed)
        self._note.given_up.connect(self.stop)

    @property
    def items(self) -> tuple[SketchItem, ...]:
        """Finished sketches, oldest first."""
        return self._drawing.items

    @property
    def shared(self) -> tuple[SharedItem, ...]:
        """What stands on all desks, newest first."""
        return self._shared

    @property
    def can_share(self) -> bool:
        return self._can_share

    def offer_sharing(self) -> None:
        """There are desks to send to."""
        self._can_share = True
        self.shared_changed.emit()

    def set_shared(self, shared: tuple[SharedItem, ...]) -> None:
        """These and no others stand on all desks."""
        if shared == self._shared:
            return
        self._shared = shared
        drawings = {each.item.id: (each.item, each.desk) for each in shared}
        self._drawing.set_shared(drawings, self._canvas.scene.projection)
        self.shared_changed.emit()

    def set_items(self, items: tuple[SketchItem, ...]) -> None:
        """What was drawn before, on this desk or another."""
        self._drawing.set_items(items, self._canvas.scene.projection)
        self.changed.emit()

    def put(self, item: SketchItem) -> None:
        self._drawing.put(item, self._canvas.scene.projection)
        self.changed.emit()

    def drop(self, key: str) -> None:
        self._drawing.drop(key)
        self.changed.emit()

    def start(self, kind: SketchKind) -> None:
        """Take a tool in the hand. The layer is shown at once: nobody draws unseen."""
        self._note.hide()
        self.tool.start(kind)
        self._canvas.stack.show("sketch", True)
        self._canvas.setCursor(Qt.CursorShape.CrossCursor)
        self._canvas.setFocus(Qt.FocusReason.OtherFocusReason)
        self._renew()
        self.tool_changed.emit()

    def stop(self) -> None:
        """Put the tool away; what is not finished is gone."""
        self._note.hide()
        self.tool.stop()
        self._put_away()

    def click(self, at: Position, on_screen: QPointF, *, double: bool) -> bool:
        """Whether the click was for the tool."""
        if self.tool.kind is None:
            return False
        if double:
            self.finish()
        elif self.tool.add(at):
            if self.tool.kind == "note":
                self._note.open(on_screen, "note")
            elif self.tool.kind == "rings":
                self._note.open(on_screen, "rings", ring_text(self.tool.radii_m))
            else:
                self.finish()
        self._renew()
        return True

    def move(self, at: Position | None) -> bool:
        """Whether the pointer is the tool's."""
        if self.tool.kind is None:
            return False
        if not self._note.isVisible():
            self.tool.pointer = at
            self._renew()
        return True

    def key(self, event: QKeyEvent) -> bool:
        """Whether the key was for drawing."""
        key, plain = Qt.Key(event.key()), event.modifiers() == Qt.KeyboardModifier.NoModifier
        if self.tool.kind is None:
            if not plain or key not in KEYS:
                return False
            self.start(KEYS[key])
        elif key == Qt.Key.Key_Escape:
            self.stop()
        elif key == Qt.Key.Key_Backspace:
            self._back()
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.finish()
        elif key == Qt.Key.Key_Space:
            self._set_in_the_middle()
        elif plain and key in KEYS:
            self.start(KEYS[key])
        else:
            return False
        return True

    def finish(self, text: str = "") -> SketchItem | None:
        """End the sketch and keep it; None where it is too short to be one."""
        item = self.tool.finish(uuid.uuid4().hex, self._now_ms() or 0, text)
        self._put_away()
        if item is not None:
            self.put(item)
        return item

    def _set_in_the_middle(self) -> None:
        """Without a mouse: move the map by its keys, and set the point in the middle of it."""
        middle = QPointF(self._canvas.rect().center())
        view = self._canvas.view
        at = self._canvas.scene.projection.to_degrees(*view.to_plane(middle.x(), middle.y()))
        self.click(at, middle, double=False)

    def _back(self) -> None:
        self.tool.back()
        if self.tool.kind is None:
            self._put_away()
        self._renew()

    def _write(self, text: str) -> None:
        if self.tool.kind == "rings":
            self._typed(text)
            if self.tool.fault:
                return
            text = rings_of(text)[1]
        elif not text:
            self._note.put_away()
            self.stop()
            return
        self._note.put_away()
        self.finish(text)

    def _typed(self, text: str) -> None:
        """Rings are drawn as they are typed; what is wrong is said beside them."""
        if self.tool.kind != "rings":
            return
        try:
            self.tool.radii_m, self.tool.fault = rings_of(text)[0], ""
        except SketchError as fault:
            self.tool.fault = str(fault)
        self._renew()

    def _put_away(self) -> None:
        self._canvas.unsetCursor()
        self._renew()
        self.tool_changed.emit()

    def _renew(self) -> None:
        """Repaint where the sketch in the hand was and is."""
        before, self._shown = self._shown, self.draft.rect()
        for rect in (before, self._shown):
            if not rect.isEmpty():
                self._canvas.update(rect)


class NoteLine(QLineEdit):
    """Where a note or radii are typed, on the spot: Enter says that they are `written`, Esc gives them up."""

    written = Signal(str)
    given_up = Signal()

    def __init__(self, parent: "MapCanvas") -> None:
        super().__init__(parent)
        self._map = parent
        self.setObjectName("map_note")
        self.setMaxLength(MOST_TEXT)
        self.returnPressed.connect(lambda: self.written.emit(self.text().strip()))
        self.hide()

    def open(self, at: QPointF, kind: SketchKind, text: str = "") -> None:
        """Beside a point, inside the map; the text that is offered goes with the first key."""
        self.setText(text)
        self.selectAll()
        self.setPlaceholderText(tr(f"map.sketch.{kind}_hint"))
        self.setAccessibleName(tr(f"map.sketch.{kind}"))
        room, width = self._map.rect(), tokens().px(_NOTE_PX)
        height, away = self.sizeHint().height(), tokens().space_s
        left = min(round(at.x()) + away, room.width() - width - away)
        top = min(max(away, round(at.y()) - height // 2), room.height() - height - away)
        self.setGeometry(max(0, left), top, width, height)
        self.show()
        self.raise_()
        self.setFocus(Qt.FocusReason.OtherFocusReason)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.put_away()
            self.given_up.emit()
        else:
            super().keyPressEvent(event)
            event.accept()  # Qt passes Enter on, with which the map would end the sketch

    def put_away(self) -> None:
        """The keyboard goes back to the map."""
        self.hide()
        self._map.setFocus(Qt.FocusReason.OtherFocusReason)
