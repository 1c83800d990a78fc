"""Owns a narrow sheet that lies over the map and waits for nobody: title, close, a body that scrolls.

Must not know what is in its body. It never takes the focus by itself; opened by hand it has it, and Esc gives it back.
"""

from PySide6.QtCore import QEvent, QRectF, QSize, Qt
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QScrollArea, QToolButton, QVBoxLayout, QWidget

from app.i18n import tr
from widgets.map.controls import line_icon
from widgets.map.room import Wish
from widgets.style import tokens

_WIDTH_PX = 300
_LEAST_HEIGHT_PX = 120


class Sheet(QWidget):
    """`title_key` names the text of its title. Subclasses fill `body` and say their texts in `renew`."""

    def __init__(self, title_key: str, parent: QWidget) -> None:
        super().__init__(parent)
        self._map = parent
        self._title_key = title_key
        self._title = QLabel(self)
        self._title.setProperty("strong", True)
        self._close = tool_button(self, "close")
        self._close.clicked.connect(self.close_by_hand)
        head = QHBoxLayout()
        head.addWidget(self._title, 1)
        head.addWidget(self._close)
        self.body = QVBoxLayout()
        self.body.setSpacing(0)
        content = QWidget()
        content.setLayout(self.body)
        self._scroll = QScrollArea(self)
        self._scroll.setWidget(content)
        self._scroll.setWidgetResizable(True)
        self._scroll.setFrameShape(QFrame.Shape.NoFrame)
        self._scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._scroll.viewport().setAutoFillBackground(False)
        content.setAutoFillBackground(False)
        self._column = QVBoxLayout(self)
        self._column.addLayout(head)
        self._column.addWidget(self._scroll, 1)
        self._content = content
        self.hide()

    def open(self) -> None:
        """Show it with the keyboard in it."""
        self.show()
        self.raise_()
        self.focus_first()

    def focus_first(self) -> None:
        self._close.setFocus(Qt.FocusReason.TabFocusReason)

    def close_by_hand(self) -> None:
        self.hide()
        self._map.setFocus(Qt.FocusReason.OtherFocusReason)

    def renew(self) -> None:
        """Texts, sizes and icons in the language and theme in force."""
        pad = tokens().space_s
        self._column.setContentsMargins(tokens().space_m, pad, pad, pad)
        self._title.setText(tr(self._title_key))
        self.setAccessibleName(tr(self._title_key))
        dress(self._close, "close", tr("map.sheet.close"))

    def wish(self) -> Wish:
        """As wide as what is in it, and as high as its lines."""
        self.body.activate()
        needed = self._content.minimumSizeHint().width() + 2 * tokens().space_m + tokens().size_scroll_bar
        return Wish(max(tokens().px(_WIDTH_PX), needed), needed, self._height_at)

    def _height_at(self, width: int) -> int:
        # Words that are wrapped are as high as the width makes them.
        wrapped = self.body.totalHeightForWidth(width - 2 * tokens().space_m - tokens().size_scroll_bar)
        content = max(self._content.sizeHint().height(), wrapped)
        wanted = content + self._title.sizeHint().height() + 4 * tokens().space_m
        return max(wanted, tokens().px(_LEAST_HEIGHT_PX))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(tokens().control_line, 1))
        painter.setBrush(tokens().panel)
        box = QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5)
        painter.drawRoundedRect(box, tokens().size_radius, tokens().size_radius)
        painter.end()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.close_by_hand()
        elif _is_for_the_map(event):
            event.ignore()
        else:
            # What a sheet does not know is no key of the map: arrows in a list must not move the town.
            event.accept()

    def event(self, event: QEvent) -> bool:
        # Clicks and wheels on the sheet are not for the map under it.
        if event.type() in _POINTER:
            super().event(event)
            event.accept()
            return True
        return bool(super().event(event))


def _is_for_the_map(event: QKeyEvent) -> bool:
    """What an officer asks of the map with a sheet open: to see all of it, or one of its commands."""
    if event.key() in (Qt.Key.Key_0, Qt.Key.Key_Home):
        return not event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
    return event.modifiers() == Qt.KeyboardModifier.ControlModifier


_POINTER = (
    QEvent.Type.MouseButtonPress,
    QEvent.Type.MouseButtonRelease,
    QEvent.Type.MouseButtonDblClick,
    QEvent.Type.MouseMove,
    QEvent.Type.Wheel,
    QEvent.Type.ContextMenu,
)


def tool_button(parent: QWidget, name: str, *, checkable: bool = False) -> QToolButton:
    """A small button with a line icon that the keyboard reaches."""
    button = QToolButton(parent)
    button.setObjectName(f"map_{name}")
    button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
    button.setCheckable(checkable)
    return button


def dress(button: QToolButton, icon: str, text: str, *, faint: bool = False) -> None:
    """Icon, size and what is said of a button in the theme and language in force."""
    button.setIcon(line_icon(icon, faint=faint))
    button.setIconSize(QSize(tokens().size_icon, tokens().size_icon))
    button.setFixedSize(tokens().size_button, tokens().size_button)
    button.setToolTip(text)
    button.setAccessibleName(text)
