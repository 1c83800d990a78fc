"""Owns what stands above the pages of the shift: its state and figures, buttons, pages, a line that is asked for.

Must not do anything: its buttons are signals.
"""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QLineEdit, QTabBar, QVBoxLayout, QWidget

from app.i18n import tr
from widgets.panels.action_button import ActionButton
from widgets.panels.list_panel import head_margins
from widgets.parts.elided_label import ElidedLabel
from widgets.style import tokens

PAGES: Final = ("brief", "duty", "patrol", "past")
BUTTONS: Final = {
    "note": "N", "print": "P", "sign": "S", "import": "I", "day": "T", "on": "+", "off": "-", "propose": "O",
    "reveal": "R", "check": "H", "other": "W",
}  # fmt: skip
"""What can be done, with its key."""
SHOWN: Final = {
    "brief": ("note", "print", "sign", "other"),
    "duty": ("import", "day", "on", "off", "reveal", "propose"),
    "patrol": ("check", "other"),
    "past": ("print",),
}


class ShiftHead(QWidget):
    """`wanted` carries what is to be done, `page_wanted` the number of a page."""

    wanted = Signal(str)
    page_wanted = Signal(int)

    def __init__(self) -> None:
        super().__init__()
        self.title, self.state, self.figures = ElidedLabel("", "title", bold=True), QLabel(), QLabel()
        self.tabs = QTabBar()
        self.buttons = {name: ActionButton("quiet") for name in BUTTONS}
        self._lay_out()
        for name, button in self.buttons.items():
            button.clicked.connect(lambda _checked=False, name=name: self.wanted.emit(name))
        self.tabs.currentChanged.connect(self.page_wanted)
        self.retranslate()

    def _lay_out(self) -> None:
        look = tokens()
        column = QVBoxLayout(self)
        column.setContentsMargins(*head_margins())
        column.setSpacing(look.space_xs)
        for label in (self.state, self.figures):
            label.setTextFormat(Qt.TextFormat.PlainText)
            label.setWordWrap(True)
        self.figures.setProperty("tone", "second")
        self.tabs.setDrawBase(False)
        self.tabs.setExpanding(False)
        for _ in PAGES:
            self.tabs.addTab("")
        buttons = QHBoxLayout()
        buttons.setSpacing(look.space_s)
        for button in self.buttons.values():
            buttons.addWidget(button)
        buttons.addStretch(1)
        title = QHBoxLayout()
        title.setSpacing(look.space_l)
        title.addWidget(self.title, 1)
        title.addWidget(self.tabs)
        column.addLayout(title)
        column.addWidget(self.state)
        column.addWidget(self.figures)
        column.addLayout(buttons)

    @property
    def page(self) -> str:
        return PAGES[max(0, self.tabs.currentIndex())]

    def turn_to(self, page: int) -> None:
        self.tabs.setCurrentIndex(page)

    def show_page(self) -> None:
        """The buttons of the page that is in front; figures belong to the brief."""
        self.figures.setVisible(self.page == "brief")
        for name, button in self.buttons.items():
            button.setVisible(name in SHOWN[self.page])

    def show_other(self, of_running: bool | None) -> None:
        """Is the running shift in front, while the one before is still to be signed? None where there is but one."""
        button = self.buttons["other"]
        button.setVisible(of_running is not None and "other" in SHOWN[self.page])
        key = "shift.act.before" if of_running else "shift.act.other"
        button.set_words(tr(key), BUTTONS["other"])

    def show_proposal(self, on: list[str], off: list[str]) -> None:
        """What the duty plan proposes: call signs."""
        button = self.buttons["propose"]
        button.set_words(tr("shift.act.propose", on=len(on), off=len(off)), BUTTONS["propose"])
        button.setEnabled(bool(on or off))
        button.setToolTip(tr("shift.act.propose.tip", on=" ".join(on) or "-", off=" ".join(off) or "-"))

    def retranslate(self) -> None:
        """The language has changed."""
        for place, page in enumerate(PAGES):
            self.tabs.setTabText(place, f"{place + 1}  {tr(f'shift.page.{page}')}")
        for name, button in self.buttons.items():
            if name not in ("propose", "other"):
                button.set_words(tr(f"shift.act.{name}"), BUTTONS[name])


class AskLine(QLineEdit):
    """One line that is asked for: `given` carries it, `left` says that Escape gave up. Hidden until `ask`."""

    given = Signal(str, str)
    left = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._what = ""
        self.setMaxLength(500)
        self.returnPressed.connect(self._give)
        self.installEventFilter(self)
        self.hide()

    def ask(self, what: str, placeholder: str) -> None:
        """`what` comes back with the answer."""
        self._what = what
        self.clear()
        self.setPlaceholderText(placeholder)
        self.setAccessibleName(placeholder)
        self.show()
        self.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def _give(self) -> None:
        text = self.text().strip()
        if text:
            self.hide()
            self.given.emit(self._what, text)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if (
            isinstance(event, QKeyEvent)
            and event.type() == QEvent.Type.KeyPress
            and event.key() == Qt.Key.Key_Escape
        ):
            self.hide()
            self.left.emit()
            return True
        return super().eventFilter(watched, event)
