"""Owns the page of keys that "?" lays over the window. Must not bind any key.

What is listed is data: resources/i18n/keys.toml of each entry's text, KEYS here for order and spelling;
what can be done with incidents and units is listed from widgets/actions.py.
"""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QRectF, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QLabel, QScrollArea, QVBoxLayout, QWidget

from app.i18n import tr
from widgets.actions import CARD_ACTIONS, INCIDENT_ACTIONS, UNIT_ACTIONS, Action
from widgets.alarm_actions import ALARM_ACTIONS, AlarmAction
from widgets.follow_actions import FOLLOW_ACTIONS
from widgets.style import tokens

KEYS: tuple[tuple[str, tuple[tuple[str, str], ...]], ...] = (
    (
        "window",
        (
            ("/ Ctrl+K", "command"), ("?", "keys"), ("F11", "wall"),
            ("Alt+1 … 9", "dock"), ("Ctrl+N", "report"), ("Ctrl+M", "mute"),
            ("Ctrl+J", "alarm"), ("Ctrl+L", "field"),
            ("Ctrl+Shift+M", "second_map"), ("Ctrl+I", "health"),
            ("Esc", "back"),
        ),
    ),
    (
        "queue",
        (
            ("↑ ↓", "row"), ("A", "accept"), ("D", "dispatch"), ("N", "note"), ("M", "merge"), ("Enter", "open"),
            ("F", "filter"), ("S", "scope"),
        ),
    ),
    (
        "ledger",
        (
            ("1 … 5", "page"), ("F", "filter"), ("G", "group"), ("C", "columns"),
            ("V Ctrl+S", "views"), ("Ctrl+E", "export"), ("Enter", "card"),
        ),
    ),
    (
        "shift",
        (
            ("Alt+0", "open"), ("1 2 3 4", "page"), ("N Del", "note"), ("S", "sign"), ("P", "print"), ("I T", "plan"),
            ("+ −", "turn"), ("O", "propose"), ("R", "reveal"), ("H", "check"),
            ("W", "other"),
        ),
    ),
    (
        "board",
        (("Ctrl+G", "group"), ("← →", "fold"), ("B", "on"), ("O", "off"), ("Y", "out"), ("P", "pair")),
    ),
    (
        "field",
        (
            ("I", "present"), ("K", "confirm"), ("G", "resend"), ("J", "pause"), ("X", "recall"), ("M", "write"),
            ("F", "phrases"), ("P", "pair"), ("D", "more"), ("R", "requests"),
        ),
    ),
    (
        "report",
        (
            ("Alt+T", "type"), ("↓", "place"), ("Ctrl+1 2 3 4", "priority"), ("Alt+A", "anonymous"),
            ("Alt+N", "note"), ("Alt+F", "file"), ("Ctrl+V", "paste"), ("Alt+C", "clear"), ("Ctrl+Enter", "save"),
        ),
    ),
    (
        "dispatch",
        (
            ("1 … 9", "unit"), ("Space", "current"), ("R", "recommend"), ("+ −", "level"), ("J", "joint"),
            ("M", "move_up"),
            ("T", "tasks"), ("U", "reorder"), ("Ctrl+Enter", "send"),
        ),
    ),
    (
        "map",
        (
            ("← ↑ → ↓", "pan"), ("+ −", "zoom"), ("0", "fit"), ("L", "lock"), ("Ctrl+F", "find"), ("Enter", "grid"),
            ("I", "indicator"),
        ),
    ),
    (
        "map_hand",
        (
            ("Tab", "walk"), ("Shift", "box"), ("Shift+F10", "menu"), ("Ctrl+C", "copy"), ("Home", "fit"),
            ("Ctrl+B", "keep"), ("B", "views"), ("Ctrl+P", "print"), ("G", "layers"), ("M A R N", "sketch"),
            ("F", "follow"),
        ),
    ),
    (
        "video",
        (
            ("Ctrl+1 2 3", "count"), ("Ctrl+4", "near"), ("PgUp PgDn", "page"), ("1 … 9", "tile"),
            ("Enter", "fly"),
        ),
    ),
)  # fmt: skip

_ACTIONS: tuple[tuple[str, tuple[Action | AlarmAction, ...]], ...] = (
    ("card", INCIDENT_ACTIONS),
    ("card_only", CARD_ACTIONS),
    ("units", (*UNIT_ACTIONS, *FOLLOW_ACTIONS)),
    ("alarms", ALARM_ACTIONS),
)


_STEPS: dict[int, int] = {
    Qt.Key.Key_Down: 1,
    Qt.Key.Key_Up: -1,
    Qt.Key.Key_PageDown: 8,
    Qt.Key.Key_PageUp: -8,
}


class KeysOverlay(QWidget):
    """Covers its parent until Escape, "?" or a click takes it away."""

    closed = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        card = QFrame()
        card.setProperty("raised", True)
        self._fill(QVBoxLayout(card))
        outer = QGridLayout(self)
        outer.addWidget(card, 0, 0, Qt.AlignmentFlag.AlignCenter)
        parent.installEventFilter(self)
        self.setGeometry(parent.rect())
        self.setAccessibleName(tr("console.keys_title"))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        window = self.parentWidget()
        if event.type() == QEvent.Type.Resize and window is not None:
            self.setGeometry(window.rect())
        return super().eventFilter(watched, event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Escape, Qt.Key.Key_Question):
            self.close()
        bar = self.page.verticalScrollBar()
        bar.setValue(bar.value() + _STEPS.get(event.key(), 0) * bar.singleStep() * 3)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self.close()

    def close(self) -> bool:
        self.closed.emit()
        self.deleteLater()
        return super().close()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(QRectF(self.rect()), tokens().scrim)
        painter.end()

    def _fill(self, column: QVBoxLayout) -> None:
        look = tokens()
        column.setContentsMargins(look.space_xl, look.space_l, look.space_xl, look.space_xl)
        column.setSpacing(look.space_m)
        title = QLabel(tr("console.keys_title"))
        title.setProperty("type", "title")
        column.addWidget(title)
        self.page = QScrollArea()
        self.page.setFrameShape(QFrame.Shape.NoFrame)
        self.page.setWidgetResizable(True)
        self.page.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        page = self._fitting()
        self.page.setWidget(page)
        for ground in (self.page.viewport(), page):
            ground.setAutoFillBackground(False)
        column.addWidget(self.page)

    def _fitting(self) -> QWidget:
        """As many columns as the window is wide; what is then too long is scrolled."""
        groups = [(len(keys) + 1, _group(head, keys)) for head, keys in _listed()]
        window, pad = self.parentWidget(), 4 * tokens().space_xl
        room = window.width() - pad if window is not None else 0
        least = max(LEAST_ROWS, *(rows + 1 for rows, _ in groups))
        laid = next(
            (
                columns
                for rows in range(least, 4 * least, 4)
                if _width(columns := _columns(groups, rows)) <= room
            ),
            [[group for _, group in groups]],
        )
        page = QWidget()
        row = QHBoxLayout(page)
        row.setSpacing(tokens().space_xl)
        row.setContentsMargins(0, 0, tokens().space_m, 0)
        for stacked in laid:
            stack = QVBoxLayout()
            stack.setSpacing(tokens().space_l)
            for group in stacked:
                stack.addWidget(group)
            stack.addStretch(1)
            row.addLayout(stack)
        height = window.height() - pad - 3 * tokens().space_xl if window is not None else 0
        self.page.setMinimumSize(
            min(room, page.sizeHint().width() + tokens().space_xl), min(height, page.sizeHint().height())
        )
        return page


LEAST_ROWS = 26
"""As many lines as 768 pixels hold."""
Listed = tuple[str, list[tuple[str, str]]]


def _listed() -> list[Listed]:
    """Every group in the language of the screen: its head, and keys with what they do."""
    groups = [
        (tr(f"console.keys.{name}"), [(key, tr(f"console.keys.{name}.{what}")) for key, what in keys])
        for name, keys in KEYS
    ]
    for dock, actions in _ACTIONS:
        groups.append((tr(f"console.dock.{dock}"), [(action.key, action.title()) for action in actions]))
    return groups


def _columns(groups: list[tuple[int, QWidget]], room: int) -> list[list[QWidget]]:
    """Short groups stand one under the other, in columns of so many rows."""
    columns: list[list[QWidget]] = []
    left = 0
    for rows, group in groups:
        if rows > left:
            columns.append([])
            left = room
        columns[-1].append(group)
        left -= rows
    return columns


def _width(columns: list[list[QWidget]]) -> int:
    widest = [max(group.sizeHint().width() for group in stacked) for stacked in columns]
    return sum(widest) + tokens().space_xl * len(columns)


def _group(head_text: str, keys: list[tuple[str, str]]) -> QWidget:
    look = tokens()
    group = QWidget()
    grid = QGridLayout(group)
    grid.setContentsMargins(0, 0, 0, 0)
    grid.setHorizontalSpacing(look.space_m)
    grid.setVerticalSpacing(look.space_s)
    head = QLabel(head_text)
    head.setProperty("tone", "second")
    grid.addWidget(head, 0, 0, 1, 2)
    for row, (key, what) in enumerate(keys, 1):
        cap = QLabel(key)
        cap.setProperty("strong", True)
        grid.addWidget(cap, row, 0)
        grid.addWidget(QLabel(what), row, 1)
    grid.setRowStretch(len(keys) + 1, 1)
    grid.setColumnStretch(1, 1)
    return group
