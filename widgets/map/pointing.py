"""Owns whether the mouse stands on bare map: not on a part that floats over it, and not under an open menu.

Must not say what is under it. Qt tells a widget nothing when the mouse goes from it to one of its children, so those
are watched instead.
"""

from PySide6.QtCore import QEvent, QObject, QPointF, Signal
from PySide6.QtWidgets import QApplication, QWidget


class Pointing(QObject):
    """The mouse over one map. `left`: it has gone to something that floats there."""

    left = Signal()

    def __init__(self, view: QWidget) -> None:
        super().__init__(view)
        self._view = view

    def bare(self, at: QPointF | None) -> QPointF | None:
        """A point of the widget where it is bare map, else None."""
        if at is None or QApplication.activePopupWidget() is not None:
            return None
        return at if self._view.childAt(at.toPoint()) is None else None

    def watch(self, part: QObject) -> None:
        """A part that floats over the map."""
        part.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Enter:
            self.left.emit()
        return False
