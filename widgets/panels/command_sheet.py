"""What lies below the command line: what Enter would do, or what came of it, and the ways to go on.

Owns the look and place of it, and the button that is held for what cannot be taken back. Must not know what a line
means. It lies over its window and takes the keyboard only for that button.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from PySide6.QtCore import QEvent, QObject, QPoint, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QFrame, QLabel, QVBoxLayout, QWidget

from app.i18n import tr
from widgets.parts.hold_button import HoldButton
from widgets.parts.search_list import SearchList, SearchRow
from widgets.style import follow_look, tokens

Tone = Literal["quiet", "ready", "warned", "refused", "done"]
WIDTH_PX = 620
HIGHEST_SHARE = 0.66
MOST_SIGNS = 240
"""Of a sentence: it quotes what was typed, and a page that was pasted by mistake must not fill the screen."""
_END_SIGNS = 80


class CommandSheet(QFrame):
    """`released`: the button was left by Escape. `left`: the keyboard went elsewhere from it."""

    released = Signal()
    left = Signal()

    def __init__(self, window: QWidget, line: QWidget) -> None:
        super().__init__(window)
        self._line = line
        self._tone: Tone = "quiet"
        self._dress = ("", False)
        # It fills all of itself: the map below need not be painted again for every key.
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.sentence, self._hint = QLabel(), QLabel()
        self.list, self.hold = SearchList(), HoldButton("")
        self._lay_out()
        self.hide()
        window.installEventFilter(self)
        self.hold.installEventFilter(self)
        follow_look(self, self.stand)

    @property
    def tone(self) -> Tone:
        """How what is told is meant."""
        return self._tone

    def tell(self, tone: Tone, sentence: str, hint: str) -> None:
        """One sentence, shortened in its middle: the mend stands at its end; `hint` says which key does what."""
        if len(sentence) > MOST_SIGNS:
            sentence = f"{sentence[: MOST_SIGNS - _END_SIGNS]}…{sentence[-_END_SIGNS:]}"
        dress = "second" if tone == "quiet" else "", tone in ("ready", "warned")
        self._tone = tone
        for label, text in ((self.sentence, sentence), (self._hint, hint)):
            label.setText(text)
            label.setVisible(bool(text))
        if dress != self._dress:  # to ask the style sheet costs more than all else that a key does
            self._dress = dress
            self.sentence.setProperty("tone", dress[0])
            self.sentence.setProperty("strong", dress[1])
            self.sentence.style().polish(self.sentence)
        self.setAccessibleName(sentence)
        self.stand()
        self.update()

    def show_rows(self, rows: Sequence[SearchRow], *, first_is_meant: bool) -> None:
        """The ways to go on; in a search the first one is what Enter means."""
        self.release()
        self.list.show_rows(rows)
        self.list.setVisible(bool(rows))
        if not first_is_meant:
            self.list.choose_none()

    def ask_to_hold(self, consequence: str, warning: str = "") -> None:
        """Gives the keyboard to the button that does it when it is held; `warning` stands above it."""
        self.hold.set_consequence(consequence, tr("common.hold_to_confirm"))
        self.list.hide()
        self.tell("warned" if warning else "ready", warning, tr("command_line.hint.holding"))
        self.hold.show()
        self.stand()
        self.hold.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def release(self) -> bool:
        """Puts the button away; True when it had been asked for."""
        if self.hold.isHidden():
            return False
        self.hold.hide()
        return True

    # -- place and look ----------------------------------------------------------------------------------------------

    def stand(self) -> None:
        """Below the line, within the window, as high as it needs."""
        window = self.parentWidget()
        if self.isHidden() or window is None:
            return
        look = tokens()
        width = min(max(self._line.width(), look.px(WIDTH_PX)), window.width() - 2 * look.space_s)
        place = self._line.mapTo(window, QPoint(0, self._line.height() + look.space_xs))
        left = max(look.space_s, min(place.x(), window.width() - look.space_s - width))
        self.list.setFixedHeight(self.list.wanted_height() if not self.list.isHidden() else 0)
        column = self.layout()
        assert column is not None
        column.invalidate()
        height = column.totalHeightForWidth(width) if column.hasHeightForWidth() else self.sizeHint().height()
        most = round(window.height() * HIGHEST_SHARE)
        if height > most and not self.list.isHidden():
            self.list.setFixedHeight(max(look.size_touch_row, self.list.height() - (height - most)))
            height = most
        self.setGeometry(left, place.y(), width, height)
        self.raise_()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self.hold:
            return self._hold_event(event)
        if event.type() == QEvent.Type.Resize:
            self.stand()
        return super().eventFilter(watched, event)

    def _hold_event(self, event: QEvent) -> bool:
        is_key = isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress
        if is_key and event.key() == Qt.Key.Key_Escape:  # type: ignore[attr-defined]
            self.released.emit()
            return True
        if event.type() == QEvent.Type.FocusOut and not self.hold.isHidden():
            self.left.emit()
        return False

    def paintEvent(self, event: QPaintEvent) -> None:
        look, painter = tokens(), QPainter(self)
        painter.setPen(QPen(look.control_line, 1))
        painter.setBrush(look.panel)
        painter.drawRect(self.rect().adjusted(0, 0, -1, -1))
        mark = self._mark()
        if mark is not None and not self.sentence.isHidden():
            place = self.sentence.geometry()
            painter.fillRect(QRectF(1, place.top(), look.space_xs, place.height()), mark)
        painter.end()

    def _mark(self) -> QColor | None:
        look = tokens()
        return {"ready": look.accent, "warned": look.yellow, "refused": look.yellow, "done": look.green}.get(
            self._tone
        )

    def _lay_out(self) -> None:
        look = tokens()
        column = QVBoxLayout(self)
        column.setContentsMargins(look.space_xs, look.space_s, look.space_xs, look.space_s)
        column.setSpacing(look.space_xs)
        for label in (self.sentence, self._hint):
            label.setTextFormat(Qt.TextFormat.PlainText)
            label.setWordWrap(True)
            label.setMinimumWidth(1)
            label.setContentsMargins(look.space_s, 0, look.space_s, 0)
        self.sentence.setProperty("type", "row")
        self._hint.setProperty("tone", "second")
        for widget in (self.sentence, self.hold, self.list, self._hint):
            column.addWidget(widget, 1 if widget is self.list else 0)
        self.hold.hide()
