"""Owns the line in which an incident is merged into another: which one, and a button that is held. Must not merge."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLabel, QSizePolicy, QToolButton, QVBoxLayout, QWidget

from app.domain.incident import Incident
from app.i18n import tr
from widgets.panels.list_panel import head_margins
from widgets.panels.row_delegate import one_line
from widgets.parts.hold_button import HoldButton
from widgets.style import icon, theme_notifier, tokens


class MergeBar(QWidget):
    """Hidden until `open_for`. `merge_wanted` carries (incident, into); Escape or the cross closes it."""

    merge_wanted = Signal(str, str)
    closed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._incident: Incident | None = None
        self._numbers: list[str] = []
        self._question, self.targets = QLabel(), QComboBox()
        self._question.setTextFormat(Qt.TextFormat.PlainText)
        self._dismiss = QToolButton()
        self.confirm = HoldButton("", tone="danger")
        self._lay_out()
        self._dismiss.clicked.connect(self.dismiss)
        self.confirm.confirmed.connect(self._confirmed)
        self.targets.currentIndexChanged.connect(self._name_consequence)
        theme_notifier.changed.connect(self._dress)
        self._dress()
        self.hide()

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(*head_margins())
        column.setSpacing(tokens().space_xs)
        head = QHBoxLayout()
        head.addWidget(self._question, 1)
        head.addWidget(self._dismiss)
        self._question.setWordWrap(True)
        self.targets.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.targets.installEventFilter(self)
        column.addLayout(head)
        column.addWidget(self.targets)
        column.addWidget(self.confirm)

    def _dress(self) -> None:
        self._dismiss.setIcon(icon("close"))

    def open_for(self, incident: Incident, targets: Sequence[Incident]) -> None:
        """Asks into which of these."""
        self._incident = incident
        self.targets.clear()
        self._numbers = [target.number for target in targets]
        for target in targets:
            self.targets.addItem(f"{target.number}  {one_line(target.title)}", target.id)
        self.retranslate()
        self.show()
        (self.targets if targets else self._dismiss).setFocus()

    def dismiss(self) -> None:
        """Merges nothing."""
        if not self.isHidden():
            self._incident = None
            self.hide()
            self.closed.emit()

    def _confirmed(self) -> None:
        incident, into = self._incident, self.targets.currentData()
        if incident is not None and into:
            self.merge_wanted.emit(incident.id, into)
            self.dismiss()

    def _name_consequence(self) -> None:
        chosen = self.targets.currentIndex()
        number = self._numbers[chosen] if 0 <= chosen < len(self._numbers) else ""
        self.confirm.set_consequence(tr("queue.merge.confirm", number=number), tr("common.hold_to_confirm"))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if not isinstance(event, QKeyEvent) or event.type() != QEvent.Type.KeyPress:
            return super().eventFilter(watched, event)
        if event.key() == Qt.Key.Key_Escape:
            self.dismiss()
            return True
        return super().eventFilter(watched, event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.dismiss()
        else:
            super().keyPressEvent(event)

    def retranslate(self) -> None:
        """The language has changed."""
        self._dismiss.setToolTip(tr("common.cancel"))
        self._dismiss.setAccessibleName(tr("common.cancel"))
        possible = bool(self._numbers)
        self.targets.setVisible(possible)
        self.confirm.setVisible(possible)
        if self._incident is not None:
            question = tr("queue.merge.into", number=self._incident.number)
            self._question.setText(question if possible else tr("queue.merge.none"))
        self._name_consequence()
