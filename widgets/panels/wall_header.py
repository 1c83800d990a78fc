"""Owns the line above the camera wall: how many tiles, which page, near the incident or not, and why one watches.

Must not know frames or commands.
"""

from __future__ import annotations

from PySide6.QtCore import QSize, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QSizePolicy, QToolButton, QWidget

from app.i18n import tr
from widgets.models.camera_wall import TILE_COUNTS
from widgets.parts.elided_label import ElidedLabel
from widgets.style import tokens

NEAR_KEY = "Ctrl+4"


class WallHeader(QWidget):
    """Signals only; the wall decides and tells back what to show."""

    count_chosen = Signal(int)
    page_turned = Signal(int)
    near_toggled = Signal(bool)
    purpose_change_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._counts: dict[int, QToolButton] = {}
        self._back, self._next, self.near = QToolButton(), QToolButton(), QToolButton()
        self._page = ElidedLabel("", "body", second=True)
        self._online = ElidedLabel("", "body", second=True)
        self.purpose = QToolButton()
        self._group = QButtonGroup(self)
        self._purpose_text = ""
        self._make_buttons()
        self._lay_out()
        self.retranslate()

    def show_count(self, count: int) -> None:
        self._counts[count].setChecked(True)

    def show_page(self, page: int, pages: int) -> None:
        self._page.set_text(tr("wall.page", page=page + 1, pages=pages))
        self._page.setToolTip(tr("wall.page", page=page + 1, pages=pages))
        for button in (self._back, self._next):
            button.setEnabled(pages > 1)

    def show_online(self, online: int, total: int) -> None:
        self._online.set_text(tr("wall.online", online=online, total=total))
        self._make_room()

    def show_near(self, possible: bool, on: bool) -> None:
        """`possible` while an incident with a position is selected."""
        self.near.setEnabled(possible or on)
        self.near.setChecked(on)
        self.near.setToolTip(tr("wall.near_tip", shortcut=NEAR_KEY) if possible else tr("wall.near_none"))

    def show_purpose(self, text: str) -> None:
        self._purpose_text = text
        self.purpose.setVisible(bool(text))
        self._make_room()

    def retranslate(self) -> None:
        for number, (count, button) in enumerate(self._counts.items(), 1):
            button.setToolTip(tr("wall.tiles_tip", count=count, shortcut=f"Ctrl+{number}"))
            button.setAccessibleName(tr("wall.tiles", count=count))
        self._back.setToolTip(tr("wall.page_back"))
        self._back.setAccessibleName(tr("wall.page_back"))
        self._next.setToolTip(tr("wall.page_next"))
        self._next.setAccessibleName(tr("wall.page_next"))
        self.near.setAccessibleName(tr("wall.near"))
        self.purpose.setToolTip(tr("wall.purpose_change"))
        self._make_room()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._make_room()

    def _make_room(self) -> None:
        """Leaves out what matters least until the rest can be read; why one watches always stands there."""
        short, whole = self._purpose_text, ""
        if short:
            whole = tr("wall.purpose_shown", purpose=short)
        near, nearby = tr("wall.near"), tr("wall.near_short")
        for purpose, near_text, with_page, with_online in (
            (whole, near, True, True),
            (whole, near, True, False),
            (short, near, True, False),
            (short, nearby, True, False),
            (short, nearby, False, False),
        ):
            self.purpose.setText(purpose)
            self.near.setText(near_text)
            if self._needed_px(with_page, with_online) <= self.width():
                break
        self._page.setVisible(with_page)
        self._online.setVisible(with_online)

    def _needed_px(self, with_page: bool, with_online: bool) -> int:
        look = tokens()
        shown: list[QWidget] = [*self._counts.values(), self._back, self._next, self.near]
        shown += [self.purpose] * bool(self._purpose_text)
        shown += [self._page] * with_page + [self._online] * with_online
        gaps_px = 4 * look.space_s + (len(shown) + 3) * (look.space_xs // 2)
        return gaps_px + sum(widget.sizeHint().width() for widget in shown)

    def minimumSizeHint(self) -> QSize:
        """What it wants must not depend on what it leaves out."""
        return QSize(tokens().px(120), super().minimumSizeHint().height())

    def _make_buttons(self) -> None:
        for count in TILE_COUNTS:
            button = self._counts[count] = QToolButton()
            button.setText(str(count))
            button.setCheckable(True)
            self._group.addButton(button)
            button.clicked.connect(lambda _checked, c=count: self.count_chosen.emit(c))
        self.near.setCheckable(True)
        for step in (self._back, self._next):
            step.setProperty("small", True)
        self._back.setText("‹")
        self._next.setText("›")
        self._back.clicked.connect(lambda: self.page_turned.emit(-1))
        self._next.clicked.connect(lambda: self.page_turned.emit(+1))
        self.near.clicked.connect(self.near_toggled)
        self.purpose.clicked.connect(self.purpose_change_wanted)
        self.purpose.hide()

    def _lay_out(self) -> None:
        look = tokens()
        row = QHBoxLayout(self)
        row.setContentsMargins(look.space_s, 2, look.space_s, 2)
        row.setSpacing(look.space_xs // 2)
        for button in self._counts.values():
            row.addWidget(button)
        row.addSpacing(look.space_s)
        row.addWidget(self._back)
        row.addWidget(self._page)
        row.addWidget(self._next)
        row.addSpacing(look.space_s)
        row.addWidget(self.near)
        row.addWidget(self.purpose)
        row.addStretch(1)
        row.addWidget(self._online)
        for label in (self._page, self._online):
            label.setSizePolicy(QSizePolicy.Policy.Minimum, QSizePolicy.Policy.Fixed)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
