"""The sheet below the lamps of the status strip: is the desk itself well? Keys to paint, the journal, every feed.

Owns the wording and the place of it. Must not measure: it shows what others have measured, and follows the second-tick.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, QPoint, QRectF, Qt
from PySide6.QtGui import QFocusEvent, QKeyEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QApplication, QFrame, QGridLayout, QLabel, QWidget

from app.i18n import tr
from widgets.bridge import Bridge
from widgets.key_latency import KeyLatency
from widgets.parts.age_text import format_age
from widgets.style import follow_look, tokens

if TYPE_CHECKING:
    from app.bootstrap import FeedStatus

WIDTH_PX = 380
LIMIT_MS = 100
"""What the desk promises for 99 of 100 keys; beyond it the row is told in the colour of trouble."""

Line = tuple[str, str, bool]
"""What, how it is, and whether that is trouble."""


class HealthSheet(QFrame):
    """Hidden until `open`; Escape, a click elsewhere or the lamp puts it away."""

    def __init__(self, bridge: Bridge, latency: KeyLatency, window: QWidget) -> None:
        super().__init__(window)
        self._bridge, self._latency = bridge, latency
        self._anchor: QWidget | None = None
        self._before: QWidget | None = None
        self._rows: list[tuple[QLabel, QLabel]] = []
        self._title = QLabel()
        self._title.setProperty("type", "title")
        self._grid = QGridLayout(self)
        self._grid.addWidget(self._title, 0, 0, 1, 2)
        self._grid.setColumnStretch(1, 1)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        bridge.ticked.connect(lambda _now: self.refresh())
        follow_look(self, self._dress)
        window.installEventFilter(self)
        self._dress()
        self.hide()

    @property
    def lines(self) -> list[tuple[str, str]]:
        """What is shown, row by row."""
        return [(what.text(), how.text()) for what, how in self._rows if not what.isHidden()]

    def toggle(self, anchor: QWidget) -> None:
        """Opens below a widget, or puts the sheet away."""
        if not self.isHidden():
            self.dismiss()
            return
        self._anchor, self._before = anchor, QApplication.focusWidget()
        self.show()
        self.refresh()
        self.raise_()
        self.setFocus(Qt.FocusReason.PopupFocusReason)

    def dismiss(self) -> None:
        """Puts the sheet away; the keyboard goes back to where it was."""
        before, self._before = self._before, None
        self.hide()
        if before is not None and before.isVisible():
            before.setFocus(Qt.FocusReason.OtherFocusReason)

    def refresh(self) -> None:
        """As it is now, while somebody looks."""
        if self.isHidden():
            return
        self._title.setText(tr("health.title"))
        self.setAccessibleName(tr("health.title"))
        lines = [*self._keys(), *self._journal(), *self._feeds()]
        for number, (what, how, is_trouble) in enumerate(lines):
            self._put(number, what, how, is_trouble)
        for what_label, how_label in self._rows[len(lines) :]:
            what_label.hide()
            how_label.hide()
        self._stand()

    # -- what is told ------------------------------------------------------------------------------------------------

    def _keys(self) -> list[Line]:
        found = self._latency.figures()
        if found is None:
            return [(tr("health.keys"), tr("health.keys.none"), False)]
        how = tr(
            "health.keys.figures",
            p50=f"{found.p50_ms:.0f}",
            p95=f"{found.p95_ms:.0f}",
            p99=f"{found.p99_ms:.0f}",
        )
        kept = tr("health.keys.kept", count=f"{found.count:,}", worst=f"{found.worst_ms:.0f}", limit=LIMIT_MS)
        return [(tr("health.keys"), how, found.p99_ms > LIMIT_MS), ("", kept, False)]

    def _journal(self) -> list[Line]:
        app = self._bridge.app
        if not app.is_restored:
            return [(tr("health.journal"), tr("strip.database_loading"), False)]
        trouble = app.bus.trouble
        how = trouble or tr("strip.database_ok", seq=f"{self._bridge.projections.seq:,}")
        return [(tr("health.journal"), how, bool(trouble))]

    def _feeds(self) -> list[Line]:
        feeds = self._bridge.app.feeds
        if not feeds:
            return [(tr("strip.feed"), tr("strip.feed_none"), False)]
        return [(feed.name, _feed_text(feed), feed.state == "retrying") for feed in feeds]

    # -- place and look ----------------------------------------------------------------------------------------------

    def _put(self, number: int, what: str, how: str, is_trouble: bool) -> None:
        if number == len(self._rows):
            self._add_row()
        what_label, how_label = self._rows[number]
        what_label.setText(what)
        how_label.setText(how)
        if how_label.property("tone") != ("danger" if is_trouble else ""):
            how_label.setProperty("tone", "danger" if is_trouble else "")
            how_label.style().polish(how_label)
        what_label.show()
        how_label.show()

    def _add_row(self) -> None:
        what, how = QLabel(), QLabel()
        what.setProperty("tone", "second")
        for label in (what, how):
            label.setTextFormat(Qt.TextFormat.PlainText)
            label.setAlignment(Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft)
        how.setWordWrap(True)
        row = len(self._rows) + 1
        self._grid.addWidget(what, row, 0)
        self._grid.addWidget(how, row, 1)
        self._rows.append((what, how))

    def _stand(self) -> None:
        window = self.parentWidget()
        if window is None or self._anchor is None:
            return
        width = min(tokens().px(WIDTH_PX), window.width())
        place = self._anchor.mapTo(window, QPoint(0, self._anchor.height() + tokens().space_s))
        left = max(0, min(place.x(), window.width() - width - tokens().space_s))
        self.setGeometry(left, place.y(), width, max(1, self._grid.totalHeightForWidth(width)))

    def _dress(self) -> None:
        look = tokens()
        self._grid.setContentsMargins(look.space_l, look.space_m, look.space_l, look.space_m)
        self._grid.setHorizontalSpacing(look.space_l)
        self._grid.setVerticalSpacing(look.space_s)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        look, painter = tokens(), QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(look.control_line, 1))
        painter.setBrush(look.panel)
        box = QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5)
        painter.drawRoundedRect(box, look.size_radius, look.size_radius)
        painter.end()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Resize and not self.isHidden():
            self._stand()
        return super().eventFilter(watched, event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.dismiss()
        else:
            super().keyPressEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        if event.reason() not in (Qt.FocusReason.ActiveWindowFocusReason, Qt.FocusReason.PopupFocusReason):
            self._before = None
            self.hide()


def _feed_text(feed: FeedStatus) -> str:
    state = tr(f"feed.state.{feed.state}")
    got = tr("strip.feed_tip.received", received=f"{feed.received:,}", reconnects=feed.reconnects)
    last = tr("strip.feed_tip.last", age=format_age(feed.silent_s)) if feed.silent_s is not None else ""
    return "\n".join(filter(None, (state, got, last, feed.error_text)))
