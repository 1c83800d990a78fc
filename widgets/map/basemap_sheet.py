"""Owns what an officer sees of base maps: the list to choose from, and the line on the map that says whose picture it
is, how old, or what is wrong. Must not open or load them.
"""

from PySide6.QtCore import QEvent, QObject, QRectF, QSignalBlocker, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QButtonGroup, QLabel, QRadioButton, QVBoxLayout, QWidget

from app.i18n import tr
from widgets.map.basemap_choice import BasemapChoice
from widgets.style import font, theme_notifier, tokens

_WIDEST_PART = 0.6
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

    def __init__(self, choice: BasemapChoice, over: QWidget) -> None:
        super().__init__(over)
        self._choice = choice
        self._over = over
        self._line = ""
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        choice.told.connect(self.tell)
        choice.caption_changed.connect(self._place)
        theme_notifier.changed.connect(self._place)
        over.installEventFilter(self)
        self._place()

    @property
    def text(self) -> str:
        """What is said: trouble before whose picture it is."""
        return "\n".join(part for part in (self._line, self._choice.caption) if part)

    def tell(self, line: str) -> None:
        self._line = line
        self._place()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Resize:
            self._place()
        return False

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
        """In the middle of the lower edge, as wide as its text and never over the scale or the district's name."""
        over, text = self._over, self.text
        self.setVisible(bool(text))
        self.setAccessibleName(text)
        pad, widest = tokens().space_s, round(over.width() * _WIDEST_PART)
        self.setFont(font("small"))
        box = self.fontMetrics().boundingRect(0, 0, widest - 2 * pad, over.height(), _MIDDLE, text)
        width, height = box.width() + 2 * pad + 2, box.height() + pad
        self.setGeometry((over.width() - width) // 2, over.height() - height - pad, width, height)
        self.update()
