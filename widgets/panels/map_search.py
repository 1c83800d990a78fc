"""The search box on the map's top left: Ctrl+F or the glass opens it, Enter goes there, Escape gives the keyboard back.

Owns the line, the list below it and what a choice does to the map. Must not search (search_source.py) or word an answer
(search_rows.py). It opens only when the officer asks for it and lies inside the map: nothing pops up.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import (
    QApplication,
    QFrame,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QToolButton,
    QVBoxLayout,
    QWidget,
)
from shiboken6 import isValid

from app.i18n import tr
from widgets.map.room import Wish
from widgets.panels.map_pin import MapPin
from widgets.panels.search_rows import SearchRows
from widgets.panels.search_source import SearchSource
from widgets.parts.search_list import SearchList
from widgets.style import follow_look, icon, tokens

if TYPE_CHECKING:
    from app.geo.search import Found
    from widgets.panels.map import MapPanel

WIDTH_PX = 380
HIGHEST_SHARE = 0.72
"""Of the map's height: on a small screen answers scroll, so that some of the map is seen below them."""
MOST_QUOTED = 40
"""Signs of what was typed that are quoted: a page that was pasted by mistake must not cover the map."""
_DRAWN = ("incident", "unit", "camera", "grid")
"""Kinds that the map itself marks when they are selected."""
_STEPS = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1, Qt.Key.Key_PageUp: -5, Qt.Key.Key_PageDown: 5}
_LEFT_FOR_A_MOMENT = (Qt.FocusReason.ActiveWindowFocusReason, Qt.FocusReason.PopupFocusReason)


class SearchEdit(QLineEdit):
    """The line. The keys of the list below it work in it too."""

    moved = Signal(int)
    confirmed = Signal()
    dismissed = Signal()
    left = Signal()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = Qt.Key(event.key())
        if key in _STEPS:
            self.moved.emit(_STEPS[key])
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.confirmed.emit()
        elif key == Qt.Key.Key_Escape:
            self.dismissed.emit()
        else:
            super().keyPressEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        if event.reason() not in _LEFT_FOR_A_MOMENT:
            self.left.emit()


class MapSearch(QFrame):
    """`chosen` carries kind, key, latitude and longitude; the last two are None for what has no place."""

    chosen = Signal(str, str, object, object)

    def __init__(self, panel: MapPanel) -> None:
        super().__init__(panel)
        self._panel = panel
        self._source = SearchSource(panel.bridge, self)
        self._rows = SearchRows(panel.bridge)
        self._answers: list[Found] = []
        self._before: QWidget | None = None
        self._fault = ""
        self.pin = MapPin(panel.view)
        self.glass, self.edit, self._shut = QToolButton(), SearchEdit(), QToolButton()
        self.list = SearchList()
        self._title, self._hint, self._footer = QLabel(), QLabel(), QLabel()
        self._lay_out()
        panel.view.floating.put_corner(self)
        self._connect()
        self._dress()
        self.retranslate()
        self.shut()

    @property
    def is_open(self) -> bool:
        return not self.edit.isHidden()

    @property
    def source(self) -> SearchSource:
        """What is looked through; one desk needs it once."""
        return self._source

    @property
    def message(self) -> tuple[str, str]:
        """Title and hint that stand in place of answers; empty texts while there are some."""
        return (self._title.text(), self._hint.text()) if self.list.isHidden() else ("", "")

    # -- opening and closing -----------------------------------------------------------------------------------------

    def open(self, give_back_to: QWidget | None = None) -> None:
        """Shows the line with what was looked for last and gives it the keyboard, until it goes back to its owner."""
        if not self.is_open:
            self._before = give_back_to or QApplication.focusWidget()
            for part in self._parts_of_open():
                part.show()
        self._panel.view.floating.prefer_corner()
        self._source.want()
        self._ask()
        self.raise_()
        self.edit.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.edit.selectAll()

    def dismiss(self) -> None:
        """Shuts the box; the keyboard goes back to where it was."""
        before, self._before = self._before, None
        self.shut()
        if before is not None and isValid(before) and before.isVisible():
            before.setFocus(Qt.FocusReason.OtherFocusReason)
        else:
            self._panel.view.setFocus(Qt.FocusReason.OtherFocusReason)

    def shut(self) -> None:
        """Leaves the glass alone on the map, and the keyboard where it is."""
        for part in (*self._parts_of_open(), self.list, self._title, self._hint, self._footer):
            part.hide()
        self._stand()

    # -- asking ------------------------------------------------------------------------------------------------------

    def _ask(self) -> None:
        """Answers to what stands in the line, or why there are none."""
        if not self.is_open:
            return
        query = self.edit.text().strip()
        self._answers = self._source.find(query, *self._middle()) if query else []
        self.list.show_rows([self._rows.row(found) for found in self._answers])
        self.list.setVisible(bool(self._answers))
        self._footer.setVisible(bool(self._answers))
        self._tell(*self._words_for_none(query))
        self._stand()

    def _words_for_none(self, query: str) -> tuple[str, str]:
        if self._answers:
            return "", ""
        if self._fault:
            return tr("search.failed.title"), self._fault
        if not query:
            return tr("search.title"), tr("search.hint")
        if not self._source.is_ready:
            return tr("search.preparing"), ""
        quoted = query if len(query) <= MOST_QUOTED else f"{query[:MOST_QUOTED]}…"
        return tr("search.nothing.title", query=quoted), tr("search.nothing.hint")

    def _tell(self, title: str, hint: str) -> None:
        for label, text in ((self._title, title), (self._hint, hint)):
            label.setText(text)
            label.setVisible(bool(text))

    def _middle(self) -> tuple[float, float]:
        return self._panel.view.lat_lon_at(QPointF(self._panel.view.rect().center()))

    def _fail(self, sentence: str) -> None:
        self._fault = sentence
        self._ask()

    # -- choosing ----------------------------------------------------------------------------------------------------

    def _choose(self, number: int) -> None:
        found = self._answers[number]
        entry = found.entry
        self.dismiss()
        self.go_to(entry.kind, entry.key, entry.lat, entry.lon, self._rows.title(found))

    def go_to(self, kind: str, key: str, lat: float | None, lon: float | None, title: str) -> None:
        """Shows something on the map; what the map does not draw itself gets a pin with its `title`."""
        incident = self._panel.bridge.desk.incidents.get(key) if kind == "incident" else None
        is_drawn = kind in _DRAWN and (kind != "incident" or (incident is not None and incident.is_open))
        self.pin.remove()
        if is_drawn:
            self._panel.select(kind, key)
        if kind in ("incident", "unit", "camera") and is_drawn:
            self._panel.fly_to(kind, key)
        elif lat is not None and lon is not None:
            self._panel.view.fly_to(lat, lon)
            if not is_drawn:
                self.pin.put(lat, lon, title)
            self._offer_way_back(self._rows.outside(lat, lon))
        self.chosen.emit(kind, key, lat, lon)

    def _offer_way_back(self, outside: str) -> None:
        """Outside the district there is nothing to be seen."""
        if outside:
            back = self._panel.view.following.fit_by_hand
            self._panel.tools.told.tell(outside, action=tr("search.back"), do=back)

    # -- look and place ----------------------------------------------------------------------------------------------

    def retranslate(self) -> None:
        """The language has changed."""
        for button, key in ((self.glass, "search.open"), (self._shut, "search.close")):
            button.setToolTip(tr(key))
            button.setAccessibleName(tr(key))
        self.edit.setPlaceholderText(tr("search.placeholder"))
        self.edit.setAccessibleName(tr("search.title"))
        self.list.setAccessibleName(tr("search.results"))
        self._footer.setText(tr("search.footer"))
        self._ask()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(tokens().line, 1))
        painter.setBrush(tokens().panel)
        box = QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5)
        painter.drawRoundedRect(box, tokens().size_radius, tokens().size_radius)
        painter.end()

    def _parts_of_open(self) -> tuple[QWidget, ...]:
        return self.edit, self._shut

    def _lay_out(self) -> None:
        line = QHBoxLayout()
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(tokens().space_xs)
        for part in (self.glass, self.edit, self._shut):
            line.addWidget(part, 1 if part is self.edit else 0)
        column = QVBoxLayout(self)
        column.setContentsMargins(*[tokens().space_xs] * 4)
        column.setSpacing(tokens().space_xs)
        column.addLayout(line)
        for label in (self._title, self._hint, self._footer):
            label.setTextFormat(Qt.TextFormat.PlainText)
            label.setWordWrap(True)
            label.setContentsMargins(tokens().space_s, 0, tokens().space_s, tokens().space_xs)
        self._title.setProperty("strong", True)
        self._hint.setProperty("tone", "second")
        self._footer.setProperty("tone", "second")
        for widget in (self._title, self._hint, self.list, self._footer):
            column.addWidget(widget, 1 if widget is self.list else 0)

    def _connect(self) -> None:
        self.glass.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._shut.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.glass.clicked.connect(lambda: self.dismiss() if self.is_open else self.open())
        self._shut.clicked.connect(self.dismiss)
        self.edit.textChanged.connect(lambda _text: self._ask())
        self.edit.moved.connect(self.list.move_choice)
        self.edit.confirmed.connect(self.list.confirm)
        self.edit.dismissed.connect(self.dismiss)
        self.edit.left.connect(self._left)
        self.list.chosen.connect(self._choose)
        self._source.ready.connect(self._ask)
        self._source.failed.connect(self._fail)
        follow_look(self, self._dress)

    def _left(self) -> None:
        """The officer went on elsewhere: the list must not stay in the way, and the keyboard is where it was taken."""
        if self.is_open:
            self.shut()

    def _dress(self) -> None:
        for button, name in ((self.glass, "search"), (self._shut, "close")):
            button.setIcon(icon(name))
            button.setIconSize(QSize(tokens().size_icon, tokens().size_icon))
            button.setFixedSize(tokens().size_button, tokens().size_button)
        self._ask()
        self._stand()
        self.update()

    def _stand(self) -> None:
        """It may want another size: in the map's top left corner, as high as its answers need and the map allows."""
        self._panel.view.floating.arrange()

    # -- floating.Corner ---------------------------------------------------------------------------------------------

    def wish(self) -> Wish:
        look = tokens()
        if not self.is_open:
            side = look.size_button + 2 * look.space_xs
            return Wish.fixed(side, side)
        return Wish(look.px(WIDTH_PX), look.px(WIDTH_PX), self._wanted_height)

    def stand(self, place: QRect) -> None:
        """Answers that have no room scroll."""
        if self.is_open and not self.list.isHidden():
            over = self._height_at(place.width()) - place.height()
            self.list.setFixedHeight(max(tokens().size_touch_row, self.list.wanted_height() - max(0, over)))
        self.setGeometry(place)

    def _wanted_height(self, width: int) -> int:
        most = round((self._panel.view.height() - 2 * tokens().space_s) * HIGHEST_SHARE)
        return min(most, self._height_at(width)) if not self.list.isHidden() else self._height_at(width)

    def _height_at(self, width: int) -> int:
        """With all answers."""
        self.list.setFixedHeight(self.list.wanted_height())
        column = self.layout()
        assert column is not None
        column.invalidate()
        return (
            column.totalHeightForWidth(width)
            if column.hasHeightForWidth()
            else column.totalSizeHint().height()
        )
