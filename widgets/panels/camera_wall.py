"""The camera wall: tiles over the district's cameras, pulled on one tick, each watched for a recorded purpose.

Owns which camera is open at which size. Must not decode, scale or draw a picture; hidden, it has nothing open.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QPoint, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QHideEvent, QKeyEvent, QKeySequence, QResizeEvent, QShortcut, QShowEvent
from PySide6.QtWidgets import QGridLayout, QMenu, QStackedWidget, QVBoxLayout, QWidget

from app.domain.instants import Instant
from app.i18n import language, tr
from app.media.frames import Frame, FrameSource
from widgets.bridge import Bridge
from widgets.local_time import clock_text
from widgets.models.camera_wall import TILE_COUNTS, CameraPages, TileGrid, tile_grid
from widgets.panels.camera_purpose import ROUTINE_PATROL, CameraWatch, PurposeForm, purpose_text
from widgets.panels.wall_header import NEAR_KEY, WallHeader
from widgets.panels.wall_tile import WallTile
from widgets.parts.age_text import format_age
from widgets.parts.empty_state import EmptyState
from widgets.parts.refusal_bar import RefusalBar
from widgets.style import tokens

TICK_MS = 1000 // 12
FPS = 12.0
SETTLE_MS = 150
"""A resize is over when it has rested this long; only then are cameras opened at the new size."""
STALLED_AFTER_MS = 2_000
NUMBERED_TILES = 9


class CameraWallPanel(QWidget):
    """`purpose` is taken without asking (a picture of an exercise); "" asks, with video patrol preselected."""

    camera_activated = Signal(str)
    incident_from_camera = Signal(str)
    camera_selected = Signal(str)
    enlarged_changed = Signal(bool)

    def __init__(
        self, bridge: Bridge, source: FrameSource, purpose: str = "", parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.bridge = bridge
        self._source = source
        self._cameras = {camera.id: camera for camera in bridge.district.cameras}
        self._pages = CameraPages(bridge.district.cameras)
        self._count = TILE_COUNTS[1]
        self._grid = TileGrid(0, 0)
        self._tiles: list[WallTile] = []
        self._opened: dict[str, QSize] = {}
        self._enlarged = self._selected = self._incident = ""
        self._near = False
        self.watch = CameraWatch(bridge, self)
        self.header, self._form = WallHeader(), PurposeForm(ROUTINE_PATROL)
        self._refusals = RefusalBar(tr("common.dismiss"))
        self._stack, self._wall, self._none = QStackedWidget(), QWidget(), EmptyState()
        self._tick, self._settle = QTimer(self), QTimer(self)
        self._first_purpose = purpose
        self._lay_out()
        self._connect()
        self._set_shortcuts()
        self.retranslate()
        if bridge.app.is_restored:
            self._begin()
        else:
            bridge.restored.connect(self._begin)

    # -- what others say ---------------------------------------------------------------------------------------------

    def select_camera(self, camera: str) -> None:
        """Rings a camera's tile and turns to its page."""
        self._selected = camera
        if camera and camera not in self._pages.on_page():
            self._pages.show(camera)
            self._show_page()
        for tile in self._tiles:
            tile.set_selected(bool(camera) and tile.camera == camera)

    def set_incident(self, incident: str) -> None:
        """The selected incident, "" for none: what "near" is about.

        Once the officer has asked for what is near, the order follows his choice; else it stays as it is.
        """
        is_another = incident != self._incident
        self._incident = incident
        known = self.bridge.desk.incidents.get(incident)
        if self._near and is_another and known is not None and known.lat is not None:
            self.set_near(True)
        else:
            self._show_near()

    def show_near(self, lat: float, lon: float) -> None:
        """Nearest to a place first, until the officer asks for another order."""
        self._near = False
        self._enlarge("")
        self._pages.sort_near(lat, lon)
        self._show_near()
        self._show_page()

    def retranslate(self) -> None:
        self.header.retranslate()
        self._form.retranslate()
        self._none.show_empty(tr("wall.no_cameras"), tr("wall.no_cameras_hint"))
        self._show_header()
        self._show_page()

    @property
    def is_live(self) -> bool:
        """Whether every tile that has a camera shows what there is to show of it."""
        given = [tile for tile in self._tiles if tile.camera]
        return bool(given) and all(tile.state in ("live", "offline") for tile in given)

    # -- tiles -------------------------------------------------------------------------------------------------------

    def set_count(self, count: int) -> None:
        """4, 9 or 16 tiles; in a strip, as many of them as fit in one row."""
        self._count = count
        self._enlarge("")
        self._arrange()
        self._show_header()

    def turn(self, by: int) -> None:
        self._pages.turn(by)
        self._enlarge("")
        self._show_page()

    def set_near(self, near: bool) -> None:
        """Nearest to the selected incident first, or the district's order again."""
        incident = self.bridge.desk.incidents.get(self._incident)
        self._near = near and incident is not None and incident.lat is not None
        if self._near and incident is not None and incident.lat is not None and incident.lon is not None:
            self._pages.sort_near(incident.lat, incident.lon)
        else:
            self._pages.sort_by_district()
        self._show_near()
        self._show_page()

    def _arrange(self) -> None:
        grid = self._fitting_grid()
        if grid != self._grid:
            self._grid = grid
            self._make_tiles(grid)
        if not self._enlarged:
            self._pages.set_size(grid.count)
        self._show_page()

    def _fitting_grid(self) -> TileGrid:
        if self._enlarged:
            return TileGrid(1, 1)
        return tile_grid(self._stack.width(), self._stack.height(), self._count)

    def _make_tiles(self, grid: TileGrid) -> None:
        layout = self._wall.layout()
        assert isinstance(layout, QGridLayout)
        while len(self._tiles) > grid.count:
            tile = self._tiles.pop()
            layout.removeWidget(tile)
            tile.deleteLater()
        while len(self._tiles) < grid.count:
            self._tiles.append(self._new_tile())
        for number, tile in enumerate(self._tiles):
            layout.addWidget(tile, number // grid.columns, number % grid.columns)

    def _new_tile(self) -> WallTile:
        tile = WallTile(self._wall)
        tile.chosen.connect(lambda: self._choose(tile.camera))
        tile.activated.connect(lambda: self.camera_activated.emit(tile.camera))
        tile.enlarged.connect(lambda: self._enlarge("" if self._enlarged else tile.camera))
        tile.menu_requested.connect(lambda at: self._open_menu(tile.camera, at))
        tile.frame_size_changed.connect(lambda _size: self._settle.start())
        return tile

    def _show_page(self) -> None:
        """Gives each tile its camera; what is no longer shown is closed at once."""
        shown = [self._enlarged] if self._enlarged else self._pages.on_page()
        wanted = shown + [""] * (len(self._tiles) - len(shown))
        notice = tr(self._source.notice_key) if self._source.notice_key else ""
        for number, (tile, camera) in enumerate(zip(self._tiles, wanted, strict=False)):
            key = str(number + 1) if number < NUMBERED_TILES and camera and not self._enlarged else ""
            tile.give_to(camera, self._name_of(camera), key, notice)
            tile.set_selected(bool(camera) and camera == self._selected)
            if camera:
                tile.set_state("stalled", tr("wall.connecting"))
        for camera in set(self._opened) - set(shown):
            self._close(camera)
        self.header.show_page(self._pages.page, self._pages.pages)
        self._open_shown()

    def _open_shown(self) -> None:
        """Opens what is shown and granted, at the size of its tile; asks for the rest."""
        if not (self._tick.isActive() and self.watch.purpose):
            return
        for tile in self._tiles:
            if not tile.camera:
                continue
            if not self.watch.may_show(tile.camera):
                tile.set_state("stalled", tr("wall.recording"))
                self.watch.ask(tile.camera)
            elif self._opened.get(tile.camera) != tile.frame_size():
                self._opened[tile.camera] = size = tile.frame_size()
                self._source.open(tile.camera, size.width(), size.height(), FPS)

    def _close(self, camera: str) -> None:
        self._opened.pop(camera, None)
        self._source.close(camera)

    def _name_of(self, camera: str) -> str:
        known = self._cameras.get(camera)
        if known is None:
            return camera
        return known.name_en if language() == "en" else known.name_zh

    # -- frames ------------------------------------------------------------------------------------------------------

    def _pull(self) -> None:
        now = self.bridge.clock.now()
        for tile in self._tiles:
            frame = self._source.latest(tile.camera) if tile.camera in self._opened else None
            if frame is not None:
                self._show_frame(tile, frame, now)

    def _show_frame(self, tile: WallTile, frame: Frame, now: Instant) -> None:
        age_ms = now - frame.captured_at
        if frame.state == "offline":
            tile.set_state("offline", self._offline_text(tile.camera, now))
        elif frame.state == "stalled" or age_ms > STALLED_AFTER_MS:
            tile.set_state("stalled", tr("wall.stalled", age=format_age(age_ms / 1000)))
        elif frame.seq != tile.seq:
            tile.seq = frame.seq
            tile.set_frame(frame.bgra, clock_text(frame.captured_at, self.bridge.district.utc_offset_min))

    def _offline_text(self, camera: str, now: Instant) -> str:
        state = self.bridge.desk.cameras.get(camera)
        if state is None:
            return tr("wall.offline_unknown")
        return tr("wall.offline", age=format_age((now - state.since_at) / 1000))

    # -- what the officer does ---------------------------------------------------------------------------------------

    def _choose(self, camera: str) -> None:
        if camera:
            self.select_camera(camera)
            self.camera_selected.emit(camera)

    def _enlarge(self, camera: str) -> None:
        if camera == self._enlarged:
            return
        self._enlarged = camera
        self._arrange()
        self.enlarged_changed.emit(bool(camera))

    def _open_menu(self, camera: str, at: QPoint) -> None:
        if camera:
            menu = self.menu_for(camera)
            menu.aboutToHide.connect(menu.deleteLater)
            menu.popup(at)

    def menu_for(self, camera: str) -> QMenu:
        """What can be done with a camera from its tile."""
        menu = QMenu(self)
        menu.addAction(tr("wall.menu_incident"), lambda: self.incident_from_camera.emit(camera))
        menu.addAction(tr("wall.menu_map"), lambda: self.camera_activated.emit(camera))
        menu.addSeparator()
        if self._enlarged:
            menu.addAction(tr("wall.menu_reduce"), lambda: self._enlarge(""))
        else:
            menu.addAction(tr("wall.menu_enlarge"), lambda: self._enlarge(camera))
        return menu

    def _set_purpose(self, purpose: str) -> None:
        self._refusals.dismiss()
        self.watch.set_purpose(purpose)

    def _purpose_changed(self, purpose: str) -> None:
        for camera in list(self._opened):
            self._close(camera)
        self._stack.setCurrentWidget(self._wall if purpose else self._form)
        self._show_header()
        self._arrange()

    def _ask_purpose_again(self) -> None:
        before = self.watch.purpose
        self.watch.set_purpose("")
        self._form.offer(before)
        self._form.take_focus()

    def _refused(self, camera: str, sentence: str) -> None:
        for tile in self._tiles:
            if tile.camera == camera:
                tile.set_state("stalled", tr("wall.refused"))
        what = tr("wall.refusal_what", camera=self._name_of(camera))
        self._refusals.show_refusal(tr("wall.refusal_who"), what, sentence)

    # -- life --------------------------------------------------------------------------------------------------------

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._tick.start()
        self._settle.start()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._tick.stop()
        for camera in list(self._opened):
            self._close(camera)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._settle.start()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        number = event.key() - Qt.Key.Key_1
        if event.key() == Qt.Key.Key_Escape and self._enlarged:
            self._enlarge("")
        elif 0 <= number < min(NUMBERED_TILES, len(self._tiles)) and not event.modifiers():
            self._tiles[number].setFocus(Qt.FocusReason.ShortcutFocusReason)
            self._choose(self._tiles[number].camera)
        else:
            super().keyPressEvent(event)

    def _begin(self) -> None:
        self._show_online(set())
        if self._first_purpose:
            self.watch.set_purpose(self._first_purpose)

    def _show_header(self) -> None:
        self.header.show_count(self._count)
        self.header.show_page(self._pages.page, self._pages.pages)
        self.header.show_purpose(purpose_text(self.watch.purpose) if self.watch.purpose else "")
        self._show_near()
        self._show_online(set())

    def _show_near(self) -> None:
        incident = self.bridge.desk.incidents.get(self._incident)
        self.header.show_near(incident is not None and incident.lat is not None, self._near)

    def _show_online(self, _cameras: object) -> None:
        offline = sum(not state.online for state in self.bridge.desk.cameras.values())
        self.header.show_online(self._pages.total - offline, self._pages.total)

    def _connect(self) -> None:
        self.header.count_chosen.connect(self.set_count)
        self.header.page_turned.connect(self.turn)
        self.header.near_toggled.connect(self.set_near)
        self.header.purpose_change_wanted.connect(self._ask_purpose_again)
        self._form.confirmed.connect(self._set_purpose)
        self.watch.granted.connect(lambda _camera: self._open_shown())
        self.watch.refused.connect(self._refused)
        self.watch.purpose_changed.connect(self._purpose_changed)
        self.bridge.cameras_changed.connect(self._show_online)
        self._tick.setInterval(TICK_MS)
        self._tick.timeout.connect(self._pull)
        self._settle.setSingleShot(True)
        self._settle.setInterval(SETTLE_MS)
        self._settle.timeout.connect(self._settled)

    def _settled(self) -> None:
        if self._fitting_grid() != self._grid:
            self._arrange()
        else:
            self._open_shown()

    def _set_shortcuts(self) -> None:
        keys: dict[str, Callable[[], None]] = {
            f"Ctrl+{number}": partial(self.set_count, count) for number, count in enumerate(TILE_COUNTS, 1)
        }
        keys["PgDown"], keys["PgUp"] = partial(self.turn, +1), partial(self.turn, -1)
        keys[NEAR_KEY] = lambda: self.set_near(not self._near)
        for key, action in keys.items():
            shortcut = QShortcut(
                QKeySequence(key), self, context=Qt.ShortcutContext.WidgetWithChildrenShortcut
            )
            shortcut.activated.connect(action)

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        tiles = QGridLayout(self._wall)
        tiles.setContentsMargins(0, 0, 0, 0)
        tiles.setSpacing(tokens().space_xs // 2)
        for page in (self._form, self._wall, self._none):
            self._stack.addWidget(page)
        self._stack.setCurrentWidget(self._form if self._cameras else self._none)
        column.addWidget(self.header)
        column.addWidget(self._refusals)
        column.addWidget(self._stack, 1)
