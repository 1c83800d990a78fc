"""Owns the narrow plates that stand at the map's lower edge: one that tells something, one for what has been chosen.

Must not know what they say. They never take the focus by themselves; Esc in them gives it back to the map.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QRectF, Qt, QTimer, Signal
from PySide6.QtGui import QColor, QHideEvent, QKeyEvent, QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QApplication, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from app.i18n import tr
from widgets.map.room import Wish
from widgets.map.sheet import dress, tool_button
from widgets.parts.elided_label import ElidedLabel
from widgets.style import follow_look, tokens

if TYPE_CHECKING:
    from widgets.map.map_view import MapView

_HEIGHT_PX, _WORDS_PX = 36, 24
_LEAST_TEXT_PX = 72
"""Of its words so much is always seen."""
_TELL_MS, _OFFER_MS = 6_000, 20_000
"""Good news stands for so long, and longer where it offers what comes next."""


Do = Callable[[], object]


def _nothing() -> None:
    """What a button does that is not offered."""


class Strip(QWidget):
    """A plate at a map's lower edge, on its `row` from the bottom. `closed` follows Esc or its cross."""

    closed = Signal()

    def __init__(self, over: MapView, row: int) -> None:
        super().__init__(over)
        self._over = over
        self._edge: Callable[[], QColor] = lambda: tokens().control_line
        self._rows = QVBoxLayout(self)
        self.line = QHBoxLayout()
        self._rows.addLayout(self.line)
        self.text = ElidedLabel()
        self._close = tool_button(self, "strip_close")
        self._close.clicked.connect(self.close_by_hand)
        self.line.addWidget(self.text, 1)
        self.line.addWidget(self._close)
        over.floating.put_strip(self, row)
        follow_look(self, self.renew)
        self.hide()
        self.renew()

    def close_by_hand(self) -> None:
        focused = QApplication.focusWidget()
        had_keyboard = focused is not None and self.isAncestorOf(focused)
        self.hide()
        if had_keyboard:
            self._over.setFocus(Qt.FocusReason.OtherFocusReason)
        self.closed.emit()

    def renew(self) -> None:
        """Sizes, icons and texts in the theme and language in force."""
        pad = tokens().space_xs
        self._rows.setContentsMargins(tokens().space_m, pad, pad, pad)
        self._rows.setSpacing(pad)
        self.line.setSpacing(tokens().space_s)
        dress(self._close, "close", tr("map_tools.told.close"))
        self.stand()

    def stand(self) -> None:
        """Its words are others: it may want another width."""
        self._over.floating.arrange()

    def wish(self) -> Wish:
        """As wide as its words want; its buttons are whole even where the words are not, or stand above them."""
        buttons = self._buttons_px()
        return Wish(buttons + self.text.sizeHint().width() + tokens().space_l, buttons, self._height_at)

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._fold(self.width())

    def _buttons_px(self) -> int:
        items = [self.line.itemAt(at) for at in range(self.line.count())]
        parts = [part for item in items if item is not None and (part := item.widget()) is not None]
        widths = [part.sizeHint().width() for part in parts if part is not self.text and not part.isHidden()]
        return sum(widths) + tokens().space_s * len(widths) + tokens().space_m + tokens().space_xs

    def _is_narrow(self, width: int) -> bool:
        return width < self._buttons_px() + min(self.text.sizeHint().width(), tokens().px(_LEAST_TEXT_PX))

    def _height_at(self, width: int) -> int:
        return tokens().px(_HEIGHT_PX + (_WORDS_PX if self._is_narrow(width) else 0))

    def _fold(self, width: int) -> None:
        """The words in the line of the buttons, or in one of their own above it."""
        above = self._rows.indexOf(self.text) >= 0
        if self._is_narrow(width) and not above:
            self.line.removeWidget(self.text)
            self._rows.insertWidget(0, self.text)
        elif above and not self._is_narrow(width):
            self._rows.removeWidget(self.text)
            self.line.insertWidget(0, self.text, 1)
        self._rows.activate()  # not a frame with the words where they no longer fit

    def keyPressEvent(self, event: QKeyEvent) -> None:
        event.accept()
        if event.key() == Qt.Key.Key_Escape:
            self.close_by_hand()

    def event(self, event: QEvent) -> bool:
        done = super().event(event)
        # Clicks and wheels on the plate are not for the map under it.
        if event.type() in _POINTER:
            event.accept()
            return True
        return bool(done)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(self._edge(), 1))
        painter.setBrush(tokens().raised)
        box = QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5)
        painter.drawRoundedRect(box, tokens().size_radius, tokens().size_radius)
        painter.end()


class Telling(Strip):
    """Says how something ended that the officer has asked for; a failure stays until it is closed.

    Good news goes by itself, but not from under the pointer nor while the keyboard is in it.
    """

    def __init__(self, over: MapView) -> None:
        self._over_soon = QTimer()
        super().__init__(over, 1)
        self._does: list[Do] = [_nothing, _nothing]
        self._buttons = [self._button(place) for place in range(len(self._does))]
        self._over_soon.setParent(self)
        self._over_soon.setSingleShot(True)
        self._over_soon.timeout.connect(self._let_go)
        self.failed = False

    def tell(
        self,
        text: str,
        *,
        failed: bool = False,
        action: str = "",
        do: Do | None = None,
        also: tuple[str, Do] = ("", _nothing),
        stays: bool = False,
    ) -> None:
        """Say a sentence, with a button or two for what comes next; it `stays` where something is still going on."""
        self.failed = failed
        self._edge = (lambda: tokens().danger) if failed else (lambda: tokens().control_line)
        self.text.set_text(text)
        self.setAccessibleName(text)
        offered = ((action, do or _nothing), also)
        self._does = [each for _, each in offered]
        for button, (name, _) in zip(self._buttons, offered, strict=True):
            button.setText(name)
            button.setVisible(bool(name))
        self.show()
        self.raise_()
        self.stand()
        self.update()
        if failed or stays:
            self._over_soon.stop()
        else:
            self._over_soon.start(_OFFER_MS if action else _TELL_MS)

    @property
    def offered(self) -> list[QPushButton]:
        """The buttons that are offered, in order."""
        return [button for button in self._buttons if button.text()]

    def _button(self, place: int) -> QPushButton:
        button = QPushButton(self)
        button.setProperty("kind", "quiet")
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        button.clicked.connect(lambda _checked=False: self._act(place))
        self.line.insertWidget(1 + place, button)
        return button

    def _act(self, place: int) -> None:
        self._does[place]()

    def _let_go(self) -> None:
        focused = QApplication.focusWidget()
        if self.underMouse() or (focused is not None and self.isAncestorOf(focused)):
            self._over_soon.start(_TELL_MS)
        else:
            self.hide()

    def hideEvent(self, event: QHideEvent) -> None:
        self._over_soon.stop()


_POINTER = (
    QEvent.Type.MouseButtonPress,
    QEvent.Type.MouseButtonRelease,
    QEvent.Type.MouseButtonDblClick,
    QEvent.Type.MouseMove,
    QEvent.Type.Wheel,
    QEvent.Type.ContextMenu,
)
