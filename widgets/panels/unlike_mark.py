"""Owns the mark on the status strip that another desk of this journal goes by other declared data. Must not compare."""

from __future__ import annotations

from PySide6.QtCore import QPoint, Signal
from PySide6.QtWidgets import QToolButton, QToolTip, QWidget

from app.i18n import tr
from widgets.bridge import Bridge
from widgets.parts.plain_tip import plain_tip


class UnlikeMark(QToolButton):
    """Hidden while all desks go by the same. `changed` is told when its words are others."""

    changed = Signal()

    def __init__(self, bridge: Bridge, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._bridge = bridge
        self._unlike: dict[str, tuple[str, ...]] = {}
        self.setProperty("mark", True)
        self.clicked.connect(
            lambda: QToolTip.showText(self.mapToGlobal(QPoint(0, self.height())), self.toolTip())
        )
        self.hide()

    def refresh(self) -> None:
        """What is heard of the others by now."""
        presence = self._bridge.app.presence
        unlike = presence.unlike() if presence is not None else {}
        if unlike != self._unlike:
            self._unlike = unlike
            self.setVisible(bool(unlike))
            self.retranslate()
            self.changed.emit()

    def retranslate(self) -> None:
        """The first desk by name and the first file of it; all of them in the tool tip."""
        if not self._unlike:
            return
        desk, files = next(iter(self._unlike.items()))
        more = sum(map(len, self._unlike.values())) - 1
        self.setText(
            tr("strip.unlike.more" if more else "strip.unlike", desk=desk, file=files[0], count=more)
        )
        join = tr("command_line.name.list").join
        lines = [tr("strip.unlike.desk", desk=one, files=join(names)) for one, names in self._unlike.items()]
        self.setToolTip(plain_tip("\n".join([*lines, tr("strip.unlike.mend")])))
        self.setAccessibleName("\n".join(lines))
