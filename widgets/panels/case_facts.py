"""Owns where, who and what of an incident on its card, and the question for a purpose before a reporter is shown.

Must not read persons itself: it is given a mask, and asks for more with `reveal_wanted`.
"""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLabel, QLineEdit, QPushButton, QVBoxLayout, QWidget

from app.domain.incident import Incident
from app.domain.masking import mask_text
from app.i18n import tr
from widgets.panels.case_words import Names, place_lines
from widgets.panels.edit_place import EditPlace
from widgets.style import tokens


class CaseFacts(QWidget):
    """`reveal_wanted` carries the purpose that the officer wrote."""

    reveal_wanted = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self._heads = {name: QLabel() for name in ("where", "who", "what", "outcome")}
        self.where, self.grid, self.who = _text(), _text("second"), _text()
        self.description, self.outcome = _text(), _text()
        self.reveal, self.purpose = QPushButton(), QLineEdit()
        self.reveal.setProperty("kind", "quiet")
        self.reveal.clicked.connect(self._ask_purpose)
        self.purpose.returnPressed.connect(self._give_purpose)
        self.purpose.installEventFilter(self)
        self.purpose.hide()
        self._lay_out()

    def _lay_out(self) -> None:
        look = tokens()
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(look.space_m)
        grid.setVerticalSpacing(look.space_s)
        grid.setColumnStretch(1, 1)
        where, person = QWidget(), QHBoxLayout()
        place = QVBoxLayout(where)
        place.setContentsMargins(0, 0, 0, 0)
        place.setSpacing(0)
        place.addWidget(self.where)
        place.addWidget(self.grid)
        person.addWidget(self.who, 1)
        person.addWidget(self.reveal)
        top = Qt.AlignmentFlag.AlignTop
        grid.addWidget(self._head("where"), 0, 0, top)
        self.places = {"place": EditPlace(where), "description": EditPlace(self.description)}
        self.places["description"].may_show = lambda: bool(self.description.text())
        grid.addWidget(self.places["place"], 0, 1)
        grid.addWidget(self._head("who"), 1, 0)
        grid.addLayout(person, 1, 1)
        grid.addWidget(self.purpose, 2, 0, 1, 2)
        for row, (name, shown) in enumerate(
            (("what", self.places["description"]), ("outcome", self.outcome)), 3
        ):
            grid.addWidget(self._head(name), row, 0, top)
            grid.addWidget(shown, row, 1)

    def _head(self, name: str) -> QLabel:
        self._heads[name].setProperty("tone", "second")
        return self._heads[name]

    def show_incident(self, incident: Incident, names: Names, masked: bool) -> None:
        """`masked`: free text shows no numbers of people."""
        address, grid = place_lines(incident, names)
        self.where.setText(address or tr("case.no_address"))
        self.grid.setText(grid)
        self.grid.setVisible(bool(grid))
        self._show(
            "what", self.description, mask_text(incident.description) if masked else incident.description
        )
        self._show("outcome", self.outcome, outcome_text(incident, masked))

    def show_reporter(self, text: str, can_reveal: bool) -> None:
        self.who.setText(text)
        self.reveal.setVisible(can_reveal)
        if not can_reveal:
            self.purpose.hide()

    def forget_purpose(self) -> None:
        """Another incident: what was typed was for the last one."""
        self.purpose.clear()
        self.purpose.hide()

    def _show(self, name: str, label: QLabel, text: str) -> None:
        label.setText(text)
        place = self.places["description"]
        label.setVisible(bool(text) and not (label is self.description and place.editor is not None))
        self._heads[name].setVisible(bool(text))

    def _ask_purpose(self) -> None:
        self.purpose.setVisible(not self.purpose.isVisible())
        if self.purpose.isVisible():
            self.purpose.setFocus(Qt.FocusReason.OtherFocusReason)

    def _give_purpose(self) -> None:
        if self.purpose.text().strip():
            self.reveal_wanted.emit(self.purpose.text().strip())

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        is_key = event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent)
        if is_key and event.key() == Qt.Key.Key_Escape:  # type: ignore[attr-defined]
            self.purpose.hide()
            return True
        return super().eventFilter(watched, event)

    def retranslate(self) -> None:
        for name, head in self._heads.items():
            head.setText(tr(f"case.{name}"))
        self.reveal.setText(tr("case.reveal"))
        self.reveal.setToolTip(tr("case.reveal_tip"))
        self.purpose.setPlaceholderText(tr("case.reveal_purpose"))
        self.purpose.setAccessibleName(tr("case.reveal_purpose"))


def outcome_text(incident: Incident, masked: bool) -> str:
    """How it ended or where it went, and what was done."""
    words = []
    if incident.department:
        words.append(tr("case.handed_over", department=incident.department))
    if incident.escalated_to:
        words.append(tr("case.escalated", level=tr(f"action.level.{incident.escalated_to}")))
    if incident.outcome:
        words.append(tr(f"action.outcome.{incident.outcome}"))
    if incident.feedback:
        words.append(mask_text(incident.feedback) if masked else incident.feedback)
    return "\n".join(words)


def _text(tone: str = "") -> QLabel:
    """A label that wraps even where nothing can be broken, and that can be copied."""
    label = QLabel()
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setWordWrap(True)
    label.setMinimumWidth(1)
    label.setProperty("type", "row")
    if tone:
        label.setProperty("tone", tone)
    label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    return label
