"""Owns the card's lines that say which other incident this one may be the same as, and why; merge them, or it is not.

Must not decide: nothing is merged but by the officer's hand, and what he says is not the same is a link of both.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from app.domain.commands import LinkIncidents, MergeIncident
from app.domain.incident import NOT_DUPLICATE, Incident
from app.i18n import tr
from widgets.actions import tail
from widgets.bridge import Bridge
from widgets.panels.action_button import ActionButton
from widgets.panels.row_delegate import one_line
from widgets.parts.clamped_label import ClampedLabel
from widgets.parts.elided_label import ElidedLabel
from widgets.parts.hold_button import HoldButton
from widgets.style import tokens

if TYPE_CHECKING:
    from app.service.duplicates import Likely


class DuplicateBar(QFrame):
    """Hidden while there is nothing to say. `refused` carries (what, sentence), `look_wanted` the other incident."""

    refused = Signal(str, str)
    look_wanted = Signal(str)

    def __init__(self, bridge: Bridge, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._bridge = bridge
        self._incident = self._other = ""
        self.headline = ElidedLabel(bold=True)
        self.title, self.reasons = ElidedLabel(size="body"), ClampedLabel(size="body", max_lines=3)
        self.merge = HoldButton("", tone="primary")
        self.refuse, self.look = ActionButton("outline"), ActionButton("quiet")
        self.setProperty("raised", True)
        self._lay_out()
        self.merge.confirmed.connect(self._merge)
        self.refuse.clicked.connect(self._dismiss)
        self.look.clicked.connect(lambda: self.look_wanted.emit(self._other))
        bridge.duplicates_changed.connect(self._changed)
        bridge.incidents_changed.connect(self._changed)
        self.hide()

    def _lay_out(self) -> None:
        look = tokens()
        column = QVBoxLayout(self)
        column.setContentsMargins(look.space_s, look.space_s, look.space_s, look.space_s)
        column.setSpacing(look.space_xs)
        for line in (self.headline, self.title, self.reasons):
            column.addWidget(line)
        row = QHBoxLayout()
        row.setSpacing(look.space_s)
        row.addWidget(self.refuse)
        row.addWidget(self.look)
        row.addStretch(1)
        column.addWidget(self.merge)
        column.addLayout(row)

    # -- what is shown -----------------------------------------------------------------------------------------------

    @property
    def other(self) -> str:
        """The incident that is suggested; "" for none."""
        return self._other

    def show_incident(self, incident: str) -> None:
        """Another incident is looked at, or the same once more."""
        self._incident = incident
        self._show()

    def _show(self) -> None:
        duplicates = self._bridge.app.duplicates
        found = duplicates.of(self._incident) if duplicates is not None and self._incident else []
        known = self._bridge.desk.incidents
        other = known.get(found[0].incident) if found else None
        self._other = other.id if other is not None else ""
        self.setVisible(other is not None)
        if other is not None:
            self._say(other, found)

    def _say(self, other: Incident, found: list[Likely]) -> None:
        number = tail(other.number)
        more = tr("duplicates.more", count=len(found) - 1) if len(found) > 1 else ""
        self.headline.set_text(tr("duplicates.maybe", number=number) + more)
        self.title.set_text(one_line(self._bridge.said(other).title))
        self.reasons.set_text(tr("duplicates.separator").join(found[0].reasons))
        self._fit()
        self.merge.set_consequence(tr("duplicates.merge", number=number), tr("common.hold_to_confirm"))
        self.refuse.set_words(tr("duplicates.not_same"), "")
        self.refuse.setToolTip(tr("duplicates.not_same.tip"))
        self.look.set_words(tr("duplicates.list.open"), "")
        self.look.setAccessibleName(tr("duplicates.open", number=number))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        """A column that scrolls gives a line that wraps the least it can do with: it is told what it needs."""
        sides = self.contentsMargins().left() + self.contentsMargins().right() + 2 * tokens().space_s
        self.reasons.setFixedHeight(self.reasons.heightForWidth(max(1, self.width() - sides)))

    def _changed(self, keys: Collection[str]) -> None:
        """What is shown may also change with the other one: it may end, or be merged elsewhere."""
        if self._incident in keys or (self._other and self._other in keys):
            self._show()

    # -- what is done ------------------------------------------------------------------------------------------------

    def _merge(self) -> None:
        self._submit(MergeIncident(self._incident, self._other), tr("terms.act.merge"))

    def _dismiss(self) -> None:
        self._submit(LinkIncidents(self._incident, self._other, NOT_DUPLICATE), tr("duplicates.not_same"))

    def _submit(self, command: MergeIncident | LinkIncidents, what: str) -> None:
        """Nothing, when the other one has gone from under the officer's hand."""
        if not self._other:
            return

        def answered(sentence: str | None) -> None:
            if sentence is not None:
                self.refused.emit(what, sentence)

        self._bridge.submit(command, answered)

    def retranslate(self) -> None:
        """The language has changed."""
        self._show()
