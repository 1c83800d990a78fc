"""Owns the list of incidents that a report being typed may be about, below its form; to add to one, or to look at it.

Must not read the form: `look_for` is told the draft. It looks a moment after the last key, never while keys come.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from app.duplicates.report import Report
from app.i18n import tr
from widgets.actions import tail
from widgets.bridge import Bridge
from widgets.panels.action_button import ActionButton
from widgets.panels.row_delegate import one_line
from widgets.parts.age_text import format_age
from widgets.parts.clamped_label import ClampedLabel
from widgets.parts.elided_label import ElidedLabel
from widgets.style import tokens

if TYPE_CHECKING:
    from app.service.duplicates import Likely

MOST_ROWS: Final = 3
PAUSE_MS: Final = 150
"""Between the last key and the look-up: shorter than a thought, longer than the gap between two keys."""
ADD_KEY, LOOK_KEY = "Alt+{place}", "Alt+Shift+{place}"


@dataclass(frozen=True, slots=True)
class Row:
    """One suggestion in ready-made words; an ended incident can be looked at, nothing is added to it."""

    incident: str
    headline: str
    reasons: str
    is_open: bool


class DuplicateList(QWidget):
    """Hidden while nothing is likely. `add_wanted` and `look_wanted` carry the incident.

    `form` is where Alt+1 … Alt+3 (add) and Alt+Shift+1 … (look) are heard: the form.
    """

    add_wanted = Signal(str)
    look_wanted = Signal(str)

    def __init__(self, bridge: Bridge, form: QWidget) -> None:
        super().__init__(form)
        self._bridge = bridge
        self._draft: tuple[Report, str] | None = None
        self.rows: list[Row] = []
        self._lines = [_Line(self) for _ in range(MOST_ROWS)]
        self._title = QLabel()
        self._title.setProperty("tone", "warn")
        self._title.setProperty("strong", True)
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(PAUSE_MS)
        self._pause.timeout.connect(self._look)
        self._lay_out()
        self._listen(form)
        self.hide()

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(tokens().space_s)
        column.addWidget(self._title)
        for line in self._lines:
            column.addWidget(line)

    def _listen(self, form: QWidget) -> None:
        for place, line in enumerate(self._lines):
            line.add.clicked.connect(partial(self.want_add, place))
            line.look.clicked.connect(partial(self._want_look, place))
            for key, act in ((ADD_KEY, self.want_add), (LOOK_KEY, self._want_look)):
                shortcut = QShortcut(QKeySequence(key.format(place=place + 1)), form)
                shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
                shortcut.activated.connect(partial(act, place))

    # -- looking -----------------------------------------------------------------------------------------------------

    def look_for(self, draft: Report | None, phone: str = "") -> None:
        """Shows soon what this draft may be about; None, or one that says nothing yet, is about nothing."""
        says_something = draft is not None and bool(draft.title or draft.address or draft.lat is not None)
        self._draft = (draft, phone) if draft is not None and says_something else None
        if self._draft is None:
            self._pause.stop()
            self._show([])
        else:
            self._pause.start()

    def _look(self) -> None:
        duplicates = self._bridge.app.duplicates
        if self._draft is not None and duplicates is not None:
            self._show([self._row(likely) for likely in duplicates.likely(*self._draft, most=MOST_ROWS)])

    def _row(self, likely: Likely) -> Row:
        incident = self._bridge.desk.incidents[likely.incident]
        age = format_age((self._bridge.clock.now() - incident.opened_at) / 1000)
        parts = [tail(incident.number), age, one_line(self._bridge.said(incident).title)]
        if not incident.is_open:
            parts.insert(1, tr("duplicates.list.ended"))
        reasons = tr("duplicates.separator").join(likely.reasons)
        return Row(incident.id, "  ".join(parts), reasons, incident.is_open)

    def _show(self, rows: Sequence[Row]) -> None:
        self.rows = list(rows)
        for place, line in enumerate(self._lines):
            line.setVisible(place < len(rows))
            if place < len(rows):
                line.show_row(rows[place], place)
        self._title.setText(tr("duplicates.list.title"))
        self.setAccessibleName(tr("duplicates.list.title.accessible", count=len(rows)))
        self.setVisible(bool(rows))

    # -- wanting -----------------------------------------------------------------------------------------------------

    def want_add(self, place: int, _checked: bool = False) -> None:
        """What Alt+1 … Alt+3 ask for; a form in a window where they mean something else too gives them here."""
        if place < len(self.rows) and self.rows[place].is_open:
            self.add_wanted.emit(self.rows[place].incident)

    def _want_look(self, place: int, _checked: bool = False) -> None:
        if place < len(self.rows):
            self.look_wanted.emit(self.rows[place].incident)

    def retranslate(self) -> None:
        """The language has changed: reasons are said anew."""
        self._look() if self._draft is not None else self._show([])


class _Line(QFrame):
    """One suggestion: what it is with two buttons, and below it why."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setProperty("raised", True)
        self.headline = ElidedLabel(size="body", bold=True)
        self.reasons = ClampedLabel(size="body", max_lines=2)
        self.add, self.look = ActionButton("outline"), ActionButton("quiet")
        look = tokens()
        column = QVBoxLayout(self)
        column.setContentsMargins(look.space_s, look.space_xs, look.space_xs, look.space_s)
        column.setSpacing(look.space_xs)
        row = QHBoxLayout()
        row.setSpacing(look.space_xs)
        row.addWidget(self.headline, 1)
        row.addWidget(self.look)
        row.addWidget(self.add)
        column.addLayout(row)
        column.addWidget(self.reasons)
        self.hide()

    def show_row(self, row: Row, place: int) -> None:
        self.headline.set_text(row.headline)
        self.reasons.set_text(row.reasons)
        self.add.setVisible(row.is_open)
        self.add.set_words(tr("duplicates.list.add"), ADD_KEY.format(place=place + 1))
        self.look.set_words(tr("duplicates.list.open"), "")
        self.look.setToolTip(LOOK_KEY.format(place=place + 1))
