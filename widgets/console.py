"""The window: the strip, the docks and their arrangement, look and language, and its end.

Owns the main window. What a click in one panel means in another is wiring.py. Must not hold rules or read the journal.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from PySide6.QtCore import QSize, Qt, QTimer, Signal
from PySide6.QtGui import QCloseEvent, QShowEvent
from PySide6.QtWidgets import QApplication, QMainWindow, QTabBar, QToolButton, QVBoxLayout, QWidget

from app.i18n import Language, set_language, tr
from widgets.bridge import Bridge
from widgets.console_keys import bind_keys
from widgets.console_menu import ConsoleMenu
from widgets.console_panels import Panels
from widgets.docks import Dock
from widgets.exercise_frame import FrameTop, add_exercise_frame
from widgets.head import Head
from widgets.kept_layout import KeptLayout
from widgets.layouts import (
    AS_SCREEN,
    SHIFT_WORKSPACE,
    Layout,
    LayoutFileError,
    Layouts,
    arrange,
    layouts_path,
    read_layouts,
    scale_for,
)
from widgets.local_time import clock_text
from widgets.panels.status_strip import StatusStrip
from widgets.parts.empty_state import EmptyState
from widgets.parts.refusal_bar import RefusalBar
from widgets.parts.symbols import borrow_glyphs
from widgets.qt_texts import follow_language
from widgets.second_map import SecondMap
from widgets.selection import Selection
from widgets.style import ThemeName, apply_theme, tokens
from widgets.wall_text import WallText
from widgets.wiring import Wiring

if TYPE_CHECKING:
    from widgets.alerts import Alerts
    from widgets.kept_mute import KeptMute
    from widgets.panels.new_incident import NewIncidentSheet
    from widgets.sound import SoundBoard

DEFAULT_SIZE_PX = (1920, 1080)
SCREEN_SHARE = 0.94
FIRST_WITH_KEYBOARD = "queue"


class Console(QMainWindow):
    """One desk's window. `remember` reads and writes the layout file; `unattended` poses for a picture.

    `usable` is emitted once the restored queue is painted: the other panels are built after it. `closed` is emitted
    when the officer closes it; `shut_down` ends what it owns.
    """

    usable = Signal()
    closed = Signal()

    def __init__(self, bridge: Bridge, *, remember: bool = True, unattended: bool | None = None) -> None:
        super().__init__()
        self.bridge = bridge
        borrow_glyphs({known.id: known.glyph for known in bridge.app.types if known.glyph != known.id})
        self.selection = Selection(self)
        self._remember = remember
        self._unattended = not remember if unattended is None else unattended
        self._layouts = Layouts()
        self._kept_layout: KeptLayout | None = None
        self._stands = False
        self._sound: SoundBoard | None = None
        self._alerts: Alerts | None = None
        self._kept_mute: KeptMute | None = None
        self._sheet: NewIncidentSheet | None = None
        self.setDockNestingEnabled(True)
        self.setAnimated(False)
        # Qt would stop the loop before the journal is closed; whoever listens to `closed` ends the program.
        self.setAttribute(Qt.WidgetAttribute.WA_QuitOnClose, False)
        self._notice = RefusalBar(tr("common.dismiss"))
        self.strip = StatusStrip(bridge)
        exercise = bridge.app.mode == "drill"
        self._panels = Panels(bridge, remember=remember, unattended=self._unattended)
        self._docks = {spec.name: Dock(spec, exercise, self) for spec in self._panels.specs()}
        self.wiring = Wiring(bridge, self.selection, self._docks, lambda: self.report_sheet)
        self.head = Head(self)
        self.second_map = SecondMap(self, exercise, remember=remember)
        self.wall_text = WallText(self)
        self.wall_text.watch([*self._docks.values(), self.second_map.dock])
        self._put_up(exercise)
        self._connect()
        self._read_layouts()
        self.retranslate()

    # -- panels ------------------------------------------------------------------------------------------------------

    @property
    def report_sheet(self) -> NewIncidentSheet:
        """The sheet in which a report is taken; built when it is first wanted."""
        if self._sheet is None:
            from widgets.panels.new_incident import NewIncidentSheet

            self._sheet = NewIncidentSheet(self.bridge, self, self.wiring.map_search, self.wiring.map_middle)
            self.wiring.connect_form(self._sheet)
        return self._sheet

    def take_report(self) -> None:
        self.report_sheet.open()

    def dock(self, name: str) -> Dock:
        return self._docks[name]

    @property
    def docks(self) -> dict[str, Dock]:
        return dict(self._docks)

    def panel(self, name: str) -> QWidget:
        """A dock's panel; built now when it has not been seen yet."""
        return self._docks[name].panel

    def build_all(self) -> None:
        """Builds every panel that has not been seen yet."""
        for dock in self._docks.values():
            if not dock.is_filled:
                self._fill(dock)

    def _wait_for_paint(self, turns: int = 2) -> None:
        """A timer of 0 ms fires when no event waits: the second one comes after the paint that the first one met."""
        if turns:
            QTimer.singleShot(0, self, lambda: self._wait_for_paint(turns - 1))
        else:
            self.usable.emit()
            QTimer.singleShot(0, self, self._fill_next)

    def _fill_next(self) -> None:
        """One panel a turn of the loop, so that each is painted before the next one is built.

        While the journal is read only the queue is: a map that paints itself makes the reading half as fast.
        """
        restored = self.bridge.app.is_restored
        waiting = [
            dock
            for dock in self._docks.values()
            if dock.in_sight and not dock.is_filled and (restored or dock.spec.name == FIRST_WITH_KEYBOARD)
        ]
        if waiting:
            self._fill(waiting[0])
            QTimer.singleShot(0, self, self._fill_next)
        elif self._sound is None and self.bridge.app.is_restored:
            self._begin_sound()
            QTimer.singleShot(0, self, self._read_form)

    def _read_form(self) -> None:
        """Half of what the first Ctrl+N would wait for."""
        import widgets.panels.new_incident  # noqa: F401

        tr("new_incident.title")  # reads the file of its words

    def _fill(self, dock: Dock) -> None:
        dock.fill()
        if dock.spec.name == FIRST_WITH_KEYBOARD and QApplication.focusWidget() in (None, self.strip.tabs):
            dock.take_keyboard()

    def _seen(self, dock: Dock, visible: bool) -> None:
        if visible and self._stands and not dock.is_filled:
            QTimer.singleShot(0, self, self._fill_next)

    # -- sound -------------------------------------------------------------------------------------------------------

    def _begin_sound(self) -> None:
        from widgets.alerts import Alerts
        from widgets.kept_mute import KeptMute
        from widgets.sound import SoundBoard, SoundCardPlayer

        self._sound = SoundBoard(SoundCardPlayer(), self.bridge.clock.now, self)
        self._sound.changed.connect(self._show_sound)
        if self._remember:
            self._kept_mute = KeptMute(self.bridge, self._sound, self)
        self._alerts = Alerts(self.bridge, self._sound, self)
        self._show_sound()

    def toggle_mute(self) -> None:
        """P3 and P4 are silent for as long as the centre allows; the mute ends by itself."""
        if self._sound is None:
            return
        if self._sound.muted:
            self._sound.unmute()
        else:
            self._sound.mute_until(self.bridge.clock.now() + self.bridge.app.alarm_limits.mute_ms)

    def _show_sound(self) -> None:
        board = self._sound
        if board is None:
            self.strip.show_sound(False, tr("sound.mute_tip"))
        elif board.muted_until is not None:
            until = clock_text(board.muted_until, self.bridge.district.utc_offset_min)[:5]
            self.strip.show_sound(True, tr("sound.unmute"), tr("sound.muted_until", time=until))
        else:
            self.strip.show_sound(False, tr("sound.mute_tip") if board.available else tr(board.fault_key))

    # -- layout ------------------------------------------------------------------------------------------------------

    @property
    def workspaces(self) -> list[str]:
        """Names of the officer's own layouts."""
        return sorted(self._layouts.named)

    def save_workspace(self, name: str) -> None:
        """Keeps where everything stands now under a name."""
        self._layouts.named[name] = Layout.of(self)
        self._layouts.workspace = name
        self._write_layouts()
        self.strip.set_workspaces(self.workspaces, name)

    def delete_workspace(self, name: str) -> None:
        self._layouts.named.pop(name, None)
        if self._layouts.workspace == name:
            self._layouts.workspace = ""
        self._write_layouts()
        self.strip.set_workspaces(self.workspaces, self._layouts.workspace)

    def use_workspace(self, name: str) -> None:
        """Puts everything where it stood under this name; "" is the default arrangement."""
        self._layouts.workspace = name
        layout = self._layouts.named.get(name)
        if layout is None or not layout.restore(self, geometry=False):
            arrange(self, self._docks)
        if name == SHIFT_WORKSPACE:
            self._docks["shift"].bring_up()
        self.strip.set_workspaces(self.workspaces, self._layouts.workspace)

    def _mark_workspace(self) -> None:
        """The head says where one is, also where a key or a dock's tab has led there."""
        if self._layouts.workspace in ("", SHIFT_WORKSPACE):
            shown = SHIFT_WORKSPACE if self._docks["shift"].in_sight else ""
            self.strip.set_workspaces(self.workspaces, shown)

    def reset_layout(self) -> None:
        self.use_workspace("")

    def toggle_wall(self) -> None:
        """Makes the dock with the keyboard fill its screen, or puts it back."""
        walls = [dock for dock in self.findChildren(Dock) if dock.is_wall]
        if walls:
            for dock in walls:
                dock.set_wall(False)
                self.activateWindow()
                dock.take_keyboard()
        else:
            self._focused_dock().set_wall(True)

    def _focused_dock(self) -> Dock:
        widget = QApplication.focusWidget()
        while widget is not None and not isinstance(widget, Dock):
            widget = widget.parentWidget()
        return widget or self._docks["map"]

    def _read_layouts(self) -> None:
        if self._remember:
            try:
                self._layouts = read_layouts(layouts_path())
            except LayoutFileError as fault:
                self._tell_layout("console.layout_unreadable", str(fault))
            self._kept_layout = KeptLayout(self.bridge, self, self._layouts)
            self._kept_layout.keeper.failed.connect(
                lambda fault: self._tell_layout("console.layout_not_saved", fault)
            )
        self.strip.set_workspaces(self.workspaces, self._layouts.workspace)
        if self._layouts.text_scale not in (AS_SCREEN, tokens().scale) and self._remember:
            self._set_look(tokens().theme, self._layouts.text_scale)

    def _write_layouts(self) -> None:
        if self._kept_layout is not None:
            self._kept_layout.keeper.write_now()

    def _end_layout(self) -> None:
        if self._kept_layout is not None:
            self._kept_layout.end()

    def _tell_layout(self, key: str, detail: str) -> None:
        self._notice.show_refusal(tr("console.layout"), tr(key), detail)

    def _take_first_place(self) -> None:
        last = self._layouts.last
        if last is None or not last.restore(self):
            arrange(self, self._docks)

    # -- look and language -------------------------------------------------------------------------------------------

    def set_theme(self, theme: str) -> None:
        self.wall_text.end()
        self._set_look(cast(ThemeName, theme), tokens().scale)

    def set_text_scale(self, scale: float) -> None:
        """AS_SCREEN follows the screen that the window is on."""
        self.wall_text.end()
        self._layouts.text_scale = scale
        self._set_look(tokens().theme, scale or scale_for(self.screen().size().height()))

    def _set_look(self, theme: ThemeName, scale: float) -> None:
        app = QApplication.instance()
        assert isinstance(app, QApplication)
        apply_theme(app, theme, scale)

    def set_language(self, language: str) -> None:
        set_language(cast(Language, language))
        app = QApplication.instance()
        assert isinstance(app, QApplication)
        follow_language(app)
        self.retranslate()

    def retranslate(self) -> None:
        title = tr("console.title", centre=self.strip.centre_name)
        if self.bridge.app.mode == "drill":
            title = tr("console.exercise_title", title=title)
        self.setWindowTitle(title)
        self.strip.retranslate()
        self.head.retranslate()
        self._show_sound()
        for dock in self._docks.values():
            dock.retranslate()
        self.second_map.dock.retranslate()
        if self._sheet is not None:
            self._sheet.retranslate()

    # -- menus and keys ----------------------------------------------------------------------------------------------

    def open_menu(self, button: QToolButton) -> ConsoleMenu:
        """The window's one menu, under its button."""
        toggles = [dock.toggleViewAction() for dock in self._docks.values()]
        menu = ConsoleMenu(toggles, self.workspaces, self._layouts.text_scale, self)
        menu.theme_chosen.connect(self.set_theme)
        menu.language_chosen.connect(self.set_language)
        menu.text_scale_chosen.connect(self.set_text_scale)
        menu.layout_reset_wanted.connect(self.reset_layout)
        menu.layout_delete_wanted.connect(self.delete_workspace)
        menu.layout_save_wanted.connect(self._ask_layout_name)
        menu.keys_wanted.connect(self.show_keys)
        menu.second_map_wanted.connect(self.second_map.toggle)
        menu.popup(button.mapToGlobal(button.rect().bottomLeft()))
        return menu

    def _ask_layout_name(self) -> None:
        from PySide6.QtWidgets import QInputDialog

        dialog = QInputDialog(self)
        dialog.setWindowTitle(tr("console.layout"))
        dialog.setLabelText(tr("console.layout_name"))
        dialog.setOkButtonText(tr("common.ok"))
        dialog.setCancelButtonText(tr("common.cancel"))
        dialog.textValueSelected.connect(
            lambda name: self.save_workspace(name.strip()) if name.strip() else None
        )
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def show_keys(self) -> None:
        """Lays the page of keys over the window; the keyboard goes back to where it was."""
        from widgets.panels.keys_overlay import KeysOverlay

        before = QApplication.focusWidget()
        overlay = KeysOverlay(self)
        if before is not None:
            overlay.closed.connect(before.setFocus)
        overlay.show()
        overlay.raise_()
        overlay.setFocus()

    # -- life --------------------------------------------------------------------------------------------------------

    def show_failure(self, text: str) -> None:
        """The desk could not start: nothing else is shown, because nothing else works."""
        failure = EmptyState()
        failure.show_error(tr("console.failed.title"), text)
        for dock in self._docks.values():
            dock.hide()
        self.setCentralWidget(failure)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if not self._stands:
            self._stands = True
            self._take_first_place()
            if self._kept_layout is not None:
                self._kept_layout.watch()
            QTimer.singleShot(0, self, self._fill_next)

    def focusNextPrevChild(self, forwards: bool) -> bool:
        """Qt keeps tab bars that it does not need outside the window: the keyboard does not stop there."""
        moved = super().focusNextPrevChild(forwards)
        widget = self.focusWidget()
        is_bar = moved and isinstance(widget, QTabBar) and widget.parent() is self
        if is_bar and not self.rect().intersects(widget.geometry()):
            moved = super().focusNextPrevChild(forwards)
        return moved

    def closeEvent(self, event: QCloseEvent) -> None:
        self._end_layout()
        super().closeEvent(event)
        self.closed.emit()

    def shut_down(self) -> None:
        """Ends everything that the window owns; may be called twice."""
        self.wall_text.end()
        self._end_layout()
        self.second_map.end()
        for dock in self._docks.values():
            dock.hide()
        self.hide()
        self._panels.close()
        for each in (self._alerts, self._kept_mute, self._sound):
            if each is not None:
                each.close()

    def _put_up(self, exercise: bool) -> None:
        head = QWidget()
        column = QVBoxLayout(head)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        if exercise:
            column.addWidget(FrameTop())
        column.addWidget(self.strip)
        column.addWidget(self._notice)
        self.setMenuWidget(head)
        if exercise:
            add_exercise_frame(self)
        arrange(self, self._docks)
        self.resize(self._first_size())

    def _first_size(self) -> QSize:
        """As large as the screen allows; a picture has no screen."""
        wanted = QSize(*DEFAULT_SIZE_PX)
        return wanted if self._unattended else wanted.boundedTo(self.screen().availableSize() * SCREEN_SHARE)

    def _connect(self) -> None:
        self.strip.workspace_chosen.connect(self.use_workspace)
        self.strip.quarantine_wanted.connect(self._docks["quarantine"].bring_up)
        self.strip.unread.clicked.connect(lambda _checked=False: self.wiring.next_unread())
        self.strip.unread.counted.connect(self._docks["field"].show_count)
        self._docks["field"].show_count(self.strip.unread.count)
        self.strip.mute_toggled.connect(lambda _muted: self.toggle_mute())
        self.strip.menu_wanted.connect(self.open_menu)
        self.bridge.trouble_changed.connect(self._tell_trouble)
        self.bridge.restored.connect(self._wait_for_paint)
        for dock in self._docks.values():
            dock.visibilityChanged.connect(lambda visible, dock=dock: self._seen(dock, visible))
        self._docks["shift"].visibilityChanged.connect(self._mark_workspace)
        bind_keys(self)
        if self._unattended:
            from widgets.posing import Pose

            Pose(self)

    def _tell_trouble(self, text: str) -> None:
        if text:
            self._notice.show_refusal(tr("console.trouble"), tr("console.trouble_what"), text)
        else:
            self._notice.dismiss()
