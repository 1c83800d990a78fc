"""Owns what the map shows of following: the chip that names the unit, and the keys. Must not move the view."""

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QWidget

from app.i18n import tr
from widgets.map.chip import Chip
from widgets.map.following import Following
from widgets.map.scene import Scene


class FollowChip(QObject):
    """The chip of one map, at its top; `changed` says that it reads otherwise, or is no more."""

    changed = Signal()

    def __init__(self, following: Following, scene: Scene, view: QWidget) -> None:
        super().__init__(view)
        self._following = following
        self._scene = scene
        self.chip = Chip("map_follow", view)
        self.chip.ended.connect(following.end)
        following.changed.connect(lambda _unit: self.renew())

    def renew(self) -> None:
        """Who is followed, in the language in force."""
        mark = self._scene.units.mark(self._following.unit) if self._following.unit else None
        self.chip.say(
            tr("motion.follow", unit=mark.call_sign) if mark is not None else "", tr("motion.follow.end")
        )
        self.changed.emit()

    def key(self, event: QKeyEvent) -> bool:
        """F follows the chosen unit or ends it, Esc ends it; whether the key was one of them."""
        if event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier:
            return False
        kind, chosen = self._scene.selected
        if event.key() == Qt.Key.Key_F and (kind == "unit" or self._following.unit):
            self._following.toggle(chosen if kind == "unit" else "")
            return True
        if event.key() == Qt.Key.Key_Escape and self._following.unit:
            self._following.end()
            return True
        return False
