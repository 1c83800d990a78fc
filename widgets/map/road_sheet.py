"""Owns the sheet in which a road is closed: how much of it, why, until when. Must not close it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QCheckBox, QComboBox, QHBoxLayout, QLabel, QPushButton, QWidget

from app.domain.instants import Instant
from app.domain.road import MOST_REASON
from app.i18n import tr
from widgets.map.sheet import Sheet
from widgets.style import tokens

_ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)
_MOST_UNTIL = 20


@dataclass(frozen=True, slots=True)
class RoadWish:
    """What the officer wants closed: a piece, or all pieces of its street."""

    name: str
    piece: str
    street: tuple[str, ...]
    extends: bool = False
    reason: str = ""
    emergency_passes: bool = False


class RoadSheet(Sheet):
    """`confirmed` carries roads, reason, the end and whether emergency vehicles may pass.

    `until_of` reads an end as it is typed, `said` writes one."""

    confirmed = Signal(tuple, str, object, bool)

    def __init__(
        self, until_of: Callable[[str], Instant | None], said: Callable[[Instant], str], parent: QWidget
    ) -> None:
        super().__init__("roads.title", parent)
        self._until_of, self._said = until_of, said
        self.asked = RoadWish("", "", ())
        self.name, self._fault = QLabel(self), QLabel(self)
        self.piece, self.street = QPushButton(self), QPushButton(self)
        self.reason, self.until = _line(self), _line(self)
        self.passing, self.confirm = QCheckBox(self), QPushButton(self)
        self._labels = {"reason": QLabel(self), "until.label": QLabel(self)}
        self._lay_out()
        self.confirm.clicked.connect(self._confirmed)
        self.piece.clicked.connect(lambda: self._choose_street(False))
        self.street.clicked.connect(lambda: self._choose_street(True))
        for line in (self.reason, self.until):
            line.editTextChanged.connect(lambda _text: self._name_button())
            line.installEventFilter(self)
        self.renew()

    def _lay_out(self) -> None:
        self.name.setProperty("type", "title")
        for label in (self.name, self._fault):
            label.setTextFormat(Qt.TextFormat.PlainText)
            label.setWordWrap(True)
        for label in self._labels.values():
            label.setProperty("tone", "second")
        self._fault.setProperty("tone", "danger")
        self._fault.hide()
        scope = QHBoxLayout()
        for button in (self.piece, self.street):
            button.setCheckable(True)
            scope.addWidget(button, 1)
        self.confirm.setProperty("kind", "primary")
        self.body.setSpacing(tokens().space_s)
        self.body.addWidget(self.name)
        self.body.addLayout(scope)
        self.body.addWidget(self._labels["reason"])
        self.body.addWidget(self.reason)
        self.body.addWidget(self._labels["until.label"])
        self.body.addWidget(self.until)
        self.body.addWidget(self.passing)
        self.body.addWidget(self._fault)
        self.body.addWidget(self.confirm)
        self.body.addStretch(1)

    def ask(self, wish: RoadWish) -> None:
        """About another road; what was typed for the last one is gone."""
        self.asked = wish
        self.reason.setCurrentIndex(-1)
        self.reason.setEditText(wish.reason)
        self.until.setCurrentIndex(1)
        self.passing.setChecked(wish.emergency_passes)
        self.tell("")
        self._choose_street(False)
        self.renew()

    def focus_first(self) -> None:
        self.reason.setFocus(Qt.FocusReason.TabFocusReason)

    def tell(self, fault: str) -> None:
        """Why it was not done; "" once there is nothing to tell."""
        self._fault.setText(fault)
        self._fault.setVisible(bool(fault))

    @property
    def roads(self) -> tuple[str, ...]:
        """The pieces that would be closed."""
        return self.asked.street if self.street.isChecked() else (self.asked.piece,)

    def _choose_street(self, whole: bool) -> None:
        self.street.setChecked(whole)
        self.piece.setChecked(not whole)

    def _confirmed(self) -> None:
        until_at = self._until_of(self.until.currentText())
        reason = self.reason.currentText().strip()
        if until_at is None or not reason:
            (self.reason if not reason else self.until).setFocus()
            self.tell(tr("roads.do.wants"))
            return
        self.tell("")
        self.confirmed.emit(self.roads, reason, until_at, self.passing.isChecked())

    def _name_button(self) -> None:
        until_at = self._until_of(self.until.currentText())
        does = "roads.do.extend" if self.asked.extends else "roads.do.close"
        is_whole = until_at is not None and bool(self.reason.currentText().strip())
        words = (
            tr(does, until=self._said(until_at))
            if is_whole and until_at is not None
            else tr("roads.do.wants")
        )
        self.confirm.setText(f"{words}  ↵" if is_whole else words)
        self.confirm.setEnabled(is_whole)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        is_key = isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress
        if is_key and isinstance(event, QKeyEvent) and event.key() in _ENTER:
            self._confirmed()
            return True
        return super().eventFilter(watched, event)

    def renew(self) -> None:
        super().renew()
        self.name.setText(self.asked.name)
        self.piece.setText(tr("roads.piece"))
        self.street.setText(tr("roads.street", count=len(self.asked.street)))
        self.street.setVisible(len(self.asked.street) > 1)
        self.piece.setVisible(len(self.asked.street) > 1)
        self.passing.setText(tr("roads.passing"))
        self.passing.setToolTip(tr("roads.passing.tip"))
        for key, label in self._labels.items():
            label.setText(tr(f"roads.{key}"))
        _offer(self.reason, tr("roads.canned").split("|"), tr("roads.reason"), MOST_REASON)
        _offer(self.until, tr("roads.spans").split("|"), tr("roads.until"), _MOST_UNTIL)
        self._name_button()


def _line(parent: QWidget) -> QComboBox:
    """A line with canned words that ↓ chooses from."""
    line = QComboBox(parent)
    line.setEditable(True)
    line.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
    line.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
    return line


def _offer(line: QComboBox, words: Sequence[str], hint: str, most: int) -> None:
    """Canned words in the language in force; what stands in the line stays."""
    known, edit = [line.itemText(row) for row in range(line.count())], line.lineEdit()
    if known != list(words):
        typed, row = line.currentText(), line.currentIndex()
        line.clear()
        line.addItems(list(words))
        if typed in known:
            line.setCurrentIndex(row)
        else:
            line.setEditText(typed)
    if edit is not None:
        edit.setPlaceholderText(hint)
        edit.setMaxLength(most)
    line.setAccessibleName(hint)
