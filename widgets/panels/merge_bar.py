"""Owns the line in which an incident is merged into another: which one, and a button that is held.

Must not merge, and must not guess: only what the desk takes for the same matter is proposed.
"""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication, QComboBox, QLabel, QSizePolicy, QWidget

from app.centre.types_in_force import type_name
from app.domain.incident import Incident
from app.i18n import tr
from widgets.panels.question_bar import ENTER, QuestionBar
from widgets.panels.row_delegate import one_line
from widgets.parts.hold_button import HoldButton


class MergeBar(QuestionBar):
    """`merge_wanted` carries (incident, into). Ctrl+Enter goes to the button that is held."""

    merge_wanted = Signal(str, str)

    def __init__(self) -> None:
        super().__init__()
        self._incident: Incident | None = None
        self._offered: list[Incident] = []
        self.targets, self.warning = QComboBox(), QLabel()
        self.warning.setTextFormat(Qt.TextFormat.PlainText)
        self.warning.setWordWrap(True)
        self.warning.setProperty("tone", "warn")
        self.confirm = HoldButton("", tone="danger")
        self.targets.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        for part in (self.targets, self.warning, self.confirm):
            self.body.addWidget(part)
        self.targets.installEventFilter(self)
        self.confirm.confirmed.connect(self._confirmed)
        self.targets.currentIndexChanged.connect(self._name_consequence)

    @property
    def incident(self) -> str:
        """The id of what would be merged; "" while it is closed."""
        return self._incident.id if self._incident is not None else ""

    def open_for(self, incident: Incident, targets: Sequence[Incident], suspect: str = "") -> None:
        """Asks into which of these; the suspected one is proposed, without one nothing is."""
        self._incident, self._offered = incident, list(targets)
        self.targets.clear()
        for target in targets:
            self.targets.addItem(f"{target.number}  {one_line(target.title)}", target.id)
        self.targets.setCurrentIndex(self.targets.findData(suspect) if suspect else -1)
        self.retranslate()
        self.show()
        (self.targets if targets else self.cross).setFocus()

    def forget(self) -> None:
        self._incident = None

    def look_at(self, incident: str) -> None:
        """Another one is looked at: what was asked of the last one is asked no more."""
        if self._incident is None or self._incident.id == incident:
            return
        focused = QApplication.focusWidget()
        if focused is not None and self.isAncestorOf(focused):
            self.dismiss()
            return
        self._incident = None
        self.hide()

    def _confirmed(self) -> None:
        incident, into = self._incident, self.targets.currentData()
        if incident is not None and into:
            self.merge_wanted.emit(incident.id, into)
            self.dismiss()

    def _chosen(self) -> Incident | None:
        place = self.targets.currentIndex()
        return self._offered[place] if 0 <= place < len(self._offered) else None

    def _name_consequence(self) -> None:
        chosen = self._chosen()
        words = tr("queue.merge.confirm", number=chosen.number) if chosen else tr("queue.merge.choose_first")
        self.confirm.set_consequence(words, tr("common.hold_to_confirm") if chosen else "")
        self.confirm.setEnabled(chosen is not None)
        self._warn(chosen)

    def _warn(self, chosen: Incident | None) -> None:
        """Two types are mostly two matters."""
        here = self._incident
        differs = here is not None and chosen is not None and here.incident_type != chosen.incident_type
        self.warning.setVisible(differs)
        if differs and here is not None and chosen is not None:
            names = {"here": type_name(here.incident_type), "there": type_name(chosen.incident_type)}
            self.warning.setText(tr("queue.merge.other_type", **names))

    # -- keys --------------------------------------------------------------------------------------------------------

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent) and self.take_key(event):
            return True
        return super().eventFilter(watched, event)

    def take_key(self, event: QKeyEvent) -> bool:
        if event.key() in ENTER and event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            (self.confirm if self.confirm.isEnabled() else self.targets).setFocus()
            return True
        return super().take_key(event)

    def focusNextPrevChild(self, forward: bool) -> bool:
        """Tab goes round inside: next door letters are commands."""
        every: tuple[QWidget, ...] = (self.targets, self.confirm, self.cross)
        stops = [stop for stop in every if stop.isVisible() and stop.isEnabled()]
        here = self.focusWidget()
        if self._incident is None or here not in stops:
            return super().focusNextPrevChild(forward)
        reason = Qt.FocusReason.TabFocusReason if forward else Qt.FocusReason.BacktabFocusReason
        stops[(stops.index(here) + (1 if forward else -1)) % len(stops)].setFocus(reason)
        return True

    def retranslate(self) -> None:
        super().retranslate()
        possible = bool(self._offered)
        self.targets.setPlaceholderText(tr("queue.merge.choose"))
        self.targets.setAccessibleName(tr("queue.merge.choose"))
        self.targets.setVisible(possible)
        self.confirm.setVisible(possible)
        if self._incident is not None:
            question = tr("queue.merge.into", number=self._incident.number)
            self.question.setText(question if possible else tr("queue.merge.none"))
        self._name_consequence()
