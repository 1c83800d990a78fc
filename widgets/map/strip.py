"""Owns the narrow plates that stand at the map's lower edge: one that tells something, one for what has been chosen.

Must not know what they say. They never take the focus by themselves; Esc in them gives it back to the map.
"""

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, QRectF, Qt, QTimer, Signal
from PySide6.QtGui import QColor, QHideEvent, QKeyEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QApplication, QHBoxLayout, QPushButton, QWidget

from app.i18n import tr
from widgets.map.sheet import dress, tool_button
from widgets.parts.elided_label import ElidedLabel
from widgets.style import theme_notifier, tokens

_ABOVE_EDGE_PX = 34
"""Room for the scale, the position and the line that says whose picture the base map is."""
_ROW_PX = 40
_WIDEST_PART = 0.9
_TELL_MS = 6_000


class Strip(QWidget):
    """A plate at the map's lower edge, on its `row` from the bottom. `closed` follows Esc or its cross."""

    closed = Signal()

    def __init__(self, over: QWidget, row: int) -> None:
        super().__init__(over)
        self._over = over
        self._row = row
        self._edge: Callable[[], QColor] = lambda: tokens().control_line
        self.line = QHBoxLayout(self)
        self.text = ElidedLabel()
        self._close = tool_button(self, "strip_close")
        self._close.clicked.connect(self.close_by_hand)
        self.line.addWidget(self.text, 1)
        self.line.addWidget(self._close)
        over.installEventFilter(self)
        theme_notifier.changed.connect(self.renew)
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
        self.line.setContentsMargins(tokens().space_m, pad, pad, pad)
        self.line.setSpacing(tokens().space_s)
        dress(self._close, "close", tr("map_tools.told.close"))
        self.stand()

    def stand(self) -> None:
        """As wide as its words want, and never wider than the map."""
        wanted = self.sizeHint().width() + tokens().space_l
        width = min(wanted, round(self._over.width() * _WIDEST_PART))
        height = tokens().px(_ROW_PX) - tokens().space_xs
        lowest = self._over.height() - tokens().px(_ABOVE_EDGE_PX)
        self.setGeometry(
            (self._over.width() - width) // 2, lowest - (self._row + 1) * tokens().px(_ROW_PX), width, height
        )

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self._over and event.type() == QEvent.Type.Resize:
            self.stand()
        return False

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
    """Says how something ended that the officer has asked for; a failure stays until it is closed."""

    def __init__(self, over: QWidget) -> None:
        self._over_soon = QTimer()
        super().__init__(over, 1)
        self._do: Callable[[], object] = lambda: None
        self._action = QPushButton(self)
        self._action.setProperty("kind", "quiet")
        self._action.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._action.clicked.connect(self._act)
        self.line.insertWidget(1, self._action)
        self._over_soon.setParent(self)
        self._over_soon.setSingleShot(True)
        self._over_soon.timeout.connect(self.hide)
        self.failed = False

    def tell(
        self, text: str, *, failed: bool = False, action: str = "", do: Callable[[], object] | None = None
    ) -> None:
        """Say a sentence, with a button for what comes next; without one, good news goes by itself."""
        self.failed = failed
        self._edge = (lambda: tokens().danger) if failed else (lambda: tokens().control_line)
        self.text.set_text(text)
        self.setAccessibleName(text)
        self._do = do or (lambda: None)
        self._action.setText(action)
        self._action.setVisible(bool(action))
        self.show()
        self.raise_()
        self.stand()
        self.update()
        if failed or action:
            self._over_soon.stop()
        else:
            self._over_soon.start(_TELL_MS)

    def _act(self) -> None:
        self._do()

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
