"""Owns one dock of the console: its title, its panel that is built when it is first seen, and its time as a wall.

Must not know what the panel is.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import QDockWidget, QVBoxLayout, QWidget

from app.i18n import tr
from widgets.dock_title import DockTitle
from widgets.parts.empty_state import EmptyState
from widgets.style import follow_look, tokens


@dataclass(frozen=True, slots=True)
class DockSpec:
    """A dock as data: `build` makes its panel; its picture and its layout go by `name`."""

    name: str
    build: Callable[[], QWidget]


class _Room(QWidget):
    """What Qt lays out instead of the panel: it asks for the same whatever is in it.

    A panel that comes late or wants more for a moment would make Qt share out all docks anew, and the officer's sizes
    would be gone.
    """

    def __init__(self, first: QWidget) -> None:
        super().__init__()
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSizeConstraint(QVBoxLayout.SizeConstraint.SetNoConstraint)
        follow_look(self, self.dress)
        self.dress()
        column.addWidget(first)

    def put(self, panel: QWidget) -> None:
        column = self.layout()
        assert column is not None
        while (item := column.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.hide()
        column.addWidget(panel)

    def minimumSizeHint(self) -> QSize:
        return self._least

    def dress(self) -> None:
        """Kept, not asked for: behind a wall, whose text is larger, the docks want what they wanted."""
        self._least = QSize(tokens().px(160), tokens().px(96))

    def sizeHint(self) -> QSize:
        return self.minimumSizeHint()


class Dock(QDockWidget):
    """A panel that can be moved, floated and made a wall. `filled` says that the panel stands now.

    `became_wall` is emitted when it has been told to fill the screen, `leaves_wall` before it goes back.
    """

    filled = Signal()
    became_wall = Signal()
    leaves_wall = Signal()

    def __init__(self, spec: DockSpec, exercise: bool, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.spec = spec
        self._exercise = exercise
        self._panel: QWidget | None = None
        self._was_floating = False
        self.room_in_window = QSize()
        self._floating_flags = self.windowFlags()
        self._in_sight = False
        self._count = 0
        self._waiting = EmptyState()
        self.title_bar = DockTitle()
        self.title_bar.float_wanted.connect(self._float)
        self.title_bar.close_wanted.connect(self._put_away)
        self.setTitleBarWidget(self.title_bar)
        self.setObjectName(f"dock.{spec.name}")
        self._room = _Room(self._waiting)
        self.setWidget(self._room)
        self.topLevelChanged.connect(lambda _floating: self._show_title())
        self.visibilityChanged.connect(self._seen)
        self.retranslate()

    @property
    def panel(self) -> QWidget:
        """The panel; built now when nobody has seen it yet."""
        self.fill()
        assert self._panel is not None
        return self._panel

    def fill(self) -> None:
        """Builds the panel when nobody has seen it yet."""
        if self._panel is None:
            self._panel = self.spec.build()
            self._room.put(self._panel)
            self._panel.setVisible(self._in_sight)
            self._waiting.deleteLater()
            self.filled.emit()

    def empty(self) -> QWidget | None:
        """Takes the panel out, for its owner to end; when the dock is seen again another one is built."""
        panel, self._panel = self._panel, None
        if panel is not None:
            self._waiting = EmptyState()
            self._room.put(self._waiting)
            panel.hide()
            panel.setParent(None)
        return panel

    @property
    def is_filled(self) -> bool:
        return self._panel is not None

    @property
    def in_sight(self) -> bool:
        """Whether it is the front one of its tabs; Qt calls one behind another visible too."""
        return self._in_sight

    @property
    def is_wall(self) -> bool:
        return self.isFloating() and self.isFullScreen()

    def bring_up(self) -> None:
        """Shows the dock in front of its neighbours and gives its panel the keyboard."""
        self.show()
        self.raise_()
        if self.isFloating():
            self.activateWindow()
        self.take_keyboard()

    def take_keyboard(self) -> None:
        """The keyboard to what the panel is mostly about: the rows of a list, the map itself."""
        view = getattr(self.panel, "view", None)
        rows = self.panel.focusProxy() or self.panel
        if isinstance(view, QWidget) and view.isVisibleTo(self):
            rows = view
        takes_keys = rows.focusPolicy() != Qt.FocusPolicy.NoFocus
        (rows if takes_keys else self._room).setFocus(Qt.FocusReason.ShortcutFocusReason)

    def set_wall(self, wall: bool) -> None:
        """Fills the screen that the dock is on, or goes back to where it was."""
        if wall == self.is_wall:
            return
        if wall:
            self._was_floating = self.isFloating()
            self.room_in_window = self._room.size()
            self.setFloating(True)
            self._floating_flags = self.windowFlags()
            # Window managers refuse to let a tool window, which a floating dock is, fill the screen.
            self.setWindowFlags(Qt.WindowType.Window | Qt.WindowType.FramelessWindowHint)
            self.showFullScreen()
            self.became_wall.emit()
        else:
            self.leaves_wall.emit()
            self.setWindowState(self.windowState() & ~Qt.WindowState.WindowFullScreen)
            self.setWindowFlags(self._floating_flags)
            self.setFloating(self._was_floating)
            self.show()

    def dress_frame(self) -> None:
        """What its neighbours' places depend on, in the look in force."""
        self._room.dress()
        self.title_bar.dress()

    def _float(self) -> None:
        """To a window of its own, or back from it; a wall goes back to where it was."""
        if self.is_wall:
            self.set_wall(False)
        else:
            self.setFloating(not self.isFloating())

    def _put_away(self) -> None:
        """Closed as a wall it would come back as one."""
        self.set_wall(False)
        self.close()

    def show_count(self, count: int) -> None:
        """How much in it waits to be read, on its tab as well; 0 for nothing."""
        if count != self._count:
            self._count = count
            self._show_title()

    def retranslate(self) -> None:
        """The language has changed."""
        self._show_title()
        if self._panel is None:
            self._waiting.show_loading(tr("common.loading"))
            return
        renew = getattr(self._panel, "retranslate", None)
        if renew is not None:
            renew()

    def _seen(self, in_sight: bool) -> None:
        """A panel behind another one rests: it is hidden in earnest."""
        self._in_sight = in_sight
        if self._panel is not None:
            self._panel.setVisible(in_sight)

    def _show_title(self) -> None:
        """A window of its own says that it is an exercise; inside the console the frame does."""
        title = tr(f"console.dock.{self.spec.name}") + (f" ({self._count})" if self._count else "")
        if self._exercise and self.isFloating():
            title = tr("console.exercise_title", title=title)
        self.setWindowTitle(title)
        self.title_bar.show_title(title, floating=self.isFloating())
