"""Owns what an officer sees of base maps: the list to choose from, and the line on the map that says whose picture it
is, how old, or what is wrong. Must not open or load them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QRect, QRectF, QSignalBlocker, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QButtonGroup, QLabel, QRadioButton, QVBoxLayout, QWidget

from app.i18n import tr
from widgets.map.basemap_choice import BasemapChoice
from widgets.map.room import Wish
from widgets.style import follow_look, font, tokens

if TYPE_CHECKING:
    from widgets.map.map_view import MapView

_WIDEST_PART = 0.6
_LEAST_PX = 200
_MIDDLE = Qt.AlignmentFlag.AlignHCenter | Qt.TextFlag.TextWordWrap


class BasemapList(QWidget):
    """One line a base map, for the sheet of layers; hidden while there is nothing to choose."""

    def __init__(self, choice: BasemapChoice, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._choice = choice
        self._head = QLabel(self)
        self._head.setProperty("tone", "second")
        self._head.setProperty("type", "small")
        self._group = QButtonGroup(self)
        self._buttons: dict[str, QRadioButton] = {}
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(0)
        self._column.addWidget(self._head)
        choice.chosen.connect(self._follow)
        choice.told.connect(self._follow)
        self.renew()

    def button(self, basemap_id: str) -> QRadioButton:
        return self._buttons[basemap_id]

    def renew(self) -> None:
        """The base maps there are, in the language in force."""
        items = self._choice.basemaps()
        self._head.setText(tr("basemap.title"))
        self._head.setContentsMargins(0, tokens().space_s, 0, tokens().space_xs)
        for item in items:
            if item.id not in self._buttons:
                self._add(item.id)
            text = tr("basemap.online", name=item.name) if item.online else item.name
            self._buttons[item.id].setText(text)
        self.setVisible(len(items) > 1)
        self._follow()

    def _add(self, basemap_id: str) -> None:
        button = self._buttons[basemap_id] = QRadioButton(self)
        button.setObjectName(f"basemap_{basemap_id}")
        self._group.addButton(button)
        self._column.addWidget(button)
        button.clicked.connect(lambda: self._choice.choose(basemap_id))

    def _follow(self, _news: str = "") -> None:
        """Show what lies under the map: one that could not be opened is not it."""
        button = self._buttons.get(self._choice.current)
        if button is not None:
            with QSignalBlocker(self._group):
                button.setChecked(True)


class BasemapNotice(QWidget):
    """The line at the map's lower edge; it takes no clicks and is gone when there is nothing to say."""

    def __init__(self, choice: BasemapChoice, over: MapView) -> None:
        super().__init__(over)
        self._choice = choice
        self._over = over
        self._line = ""
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        choice.told.connect(self.tell)
        choice.caption_changed.connect(self._place)
        follow_look(self, self._place)
        over.floating.put_notice(self)
        self._place()

    @property
    def text(self) -> str:
        """What is said: trouble before whose picture it is."""
        return "\n".join(part for part in (self._line, self._choice.caption) if part)

    def tell(self, line: str) -> None:
        self._line = line
        self._place()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(tokens().scrim)
        painter.drawRoundedRect(QRectF(self.rect()), tokens().size_radius, tokens().size_radius)
        painter.setFont(font("small"))
        box = self.rect().adjusted(tokens().space_s, tokens().space_xs, -tokens().space_s, -tokens().space_xs)
        painter.setPen(tokens().yellow)
        painter.drawText(box, _MIDDLE | Qt.AlignmentFlag.AlignTop, self._line)
        painter.setPen(tokens().text_second)
        painter.drawText(box, _MIDDLE | Qt.AlignmentFlag.AlignBottom, self._choice.caption)
        painter.end()

    def _place(self) -> None:
        """It says something else, or nothing."""
        text = self.text
        self.setVisible(bool(text))
        self.setAccessibleName(text)
        self.setFont(font("small"))
        self._over.floating.arrange()
        self.update()

    def wish(self) -> Wish:
        """As wide as its text, up to a part of the map; narrower it has more lines."""
        widest = round(self._over.width() * _WIDEST_PART)
        wanted = min(widest, self._box(widest).width() + 2 * tokens().space_s + 2)
        least = min(wanted, tokens().px(_LEAST_PX))
        return Wish(wanted, least, lambda width: self._box(width).height() + tokens().space_s)

    def _box(self, width: int) -> QRect:
        inside = width - 2 * tokens().space_s
        return self.fontMetrics().boundingRect(0, 0, inside, self._over.height(), _MIDDLE, self.text)
