"""The wall: nothing is shown before it is recorded why, and nothing is open that is not shown."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from app.config import default_district
from app.domain import commands as cmd
from app.domain.events import CameraWatched
from app.geo.district import load_district
from app.i18n import set_language, tr
from app.media.frames import Frame, FrameState
from tests.gui.conftest import DeskUnderTest
from widgets.models.camera_wall import CameraPages, TileGrid, tile_grid
from widgets.panels.camera_purpose import SHIFT_MS, purpose_text, purposes
from widgets.panels.camera_wall import CameraWallPanel
from widgets.style import tokens


class RecordingSource:
    """A FrameSource that gives one grey picture per call of `give` and remembers what was opened."""

    notice_key = "wall.test_pattern"

    def __init__(self, now: int) -> None:
        self.sizes: dict[str, tuple[int, int]] = {}
        self.frames: dict[str, Frame] = {}
        self.now = now
        self.closed_all = False

    def open(self, camera_id: str, width_px: int, height_px: int, fps: float) -> None:
        self.sizes[camera_id] = (width_px, height_px)
        self.give(camera_id)

    def close(self, camera_id: str) -> None:
        self.sizes.pop(camera_id, None)
        self.frames.pop(camera_id, None)

    def latest(self, camera_id: str) -> Frame | None:
        return self.frames.get(camera_id)

    def close_all(self) -> None:
        self.closed_all = True

    def give(self, camera_id: str, state: FrameState = "live", captured_at: int | None = None) -> None:
        width, height = self.sizes[camera_id]
        last = self.frames.get(camera_id)
        picture = np.full((height, width, 4), 128, dtype=np.uint8)
        seq = last.seq + 1 if last else 1
        self.frames[camera_id] = Frame(seq, picture, captured_at or self.now, state)


@pytest.fixture
def source(desk: DeskUnderTest) -> RecordingSource:
    return RecordingSource(desk.app.clock.now() + 3_600_000)


@pytest.fixture
def wall(desk: DeskUnderTest, source: RecordingSource) -> Iterator[CameraWallPanel]:
    panel = CameraWallPanel(desk.bridge, source)
    desk.qtbot.addWidget(panel)
    panel.resize(900, 520)
    panel.show()
    desk.settle()
    yield panel
    panel.hide()


def cameras_of(wall: CameraWallPanel) -> list[str]:
    return [tile.camera for tile in wall._tiles if tile.camera]


def confirm_purpose(desk: DeskUnderTest, wall: CameraWallPanel, source: RecordingSource) -> None:
    """Enter in the form, then until every tile is open."""
    wall._form.take_focus()
    QTest.keyClick(wall._form._confirm, Qt.Key.Key_Space)
    desk.wait_until(lambda: set(source.sizes) == set(cameras_of(wall)) != set())


def watched(desk: DeskUnderTest) -> list[tuple[str, str]]:
    """(camera, purpose) of every recorded watching, in the journal's order."""
    records = desk.run(desk.app.journal.call(lambda journal: journal.read(0)))
    return [(r.event.camera, r.event.purpose) for r in records if isinstance(r.event, CameraWatched)]


# -- purpose -----------------------------------------------------------------------------------------------------------


def test_without_a_purpose_nothing_is_open_and_the_form_says_why(
    desk: DeskUnderTest, wall: CameraWallPanel, source: RecordingSource
) -> None:
    assert wall._stack.currentWidget() is wall._form
    assert wall._form._title.text() == tr("wall.purpose_title")
    wall.turn(+1)
    assert source.sizes == {}
    assert watched(desk) == []


def test_one_key_confirms_the_preselected_patrol_and_every_shown_camera_is_recorded_once(
    desk: DeskUnderTest, wall: CameraWallPanel, source: RecordingSource
) -> None:
    confirm_purpose(desk, wall, source)
    assert sorted(watched(desk)) == sorted((camera, "routine_patrol") for camera in cameras_of(wall))
    assert wall.header.purpose.text() == tr("wall.purpose_shown", purpose=purpose_text("routine_patrol"))
    wall.turn(+1)
    desk.wait_until(lambda: set(source.sizes) == set(cameras_of(wall)))
    wall.turn(-1)
    desk.wait_until(lambda: set(source.sizes) == set(cameras_of(wall)))
    recorded = watched(desk)
    assert len(recorded) == len(set(recorded)) == 18


def test_another_purpose_is_recorded_anew_and_a_free_one_as_it_was_written(
    desk: DeskUnderTest, wall: CameraWallPanel, source: RecordingSource
) -> None:
    confirm_purpose(desk, wall, source)
    wall.header.purpose.click()
    assert source.sizes == {}
    wall._form._line.setText("查看路面积水")
    QTest.keyClick(wall._form._line, Qt.Key.Key_Return)
    desk.wait_until(lambda: set(source.sizes) == set(cameras_of(wall)) != set())
    again = [camera for camera, purpose in watched(desk) if purpose == "查看路面积水"]
    assert sorted(again) == sorted(cameras_of(wall))


def test_a_purpose_of_one_character_is_not_taken(
    desk: DeskUnderTest, wall: CameraWallPanel, source: RecordingSource
) -> None:
    wall._form._line.setText("看")
    QTest.keyClick(wall._form._line, Qt.Key.Key_Return)
    assert wall.watch.purpose == ""
    assert wall._form._hint.text() == tr("wall.purpose_too_short")


def test_the_purpose_ends_with_the_shift(
    desk: DeskUnderTest, wall: CameraWallPanel, source: RecordingSource
) -> None:
    confirm_purpose(desk, wall, source)
    desk.bridge.ticked.emit(desk.app.clock.now() + SHIFT_MS + 1_000)
    assert source.sizes == {}
    assert wall._stack.currentWidget() is wall._form


def test_a_refused_camera_stays_dark_and_the_sentence_stands_on_the_wall(
    desk: DeskUnderTest, wall: CameraWallPanel, source: RecordingSource
) -> None:
    desk.app.config = replace(desk.app.config, role="trainer")
    wall._form.take_focus()
    QTest.keyClick(wall._form._confirm, Qt.Key.Key_Space)
    desk.wait_until(wall._refusals.isVisible)
    assert source.sizes == {}
    assert {tile._note for tile in wall._tiles} == {tr("wall.refused")}


def test_every_listed_purpose_has_both_languages(wall: CameraWallPanel) -> None:
    chinese = [purpose_text(purpose) for purpose in purposes()]
    set_language("en")
    english = [purpose_text(purpose) for purpose in purposes()]
    set_language("zh_CN")
    assert len(chinese) >= 5
    assert not set(chinese) & set(english)


# -- tiles -------------------------------------------------------------------------------------------------------------


def test_counts_by_key_and_pages_close_what_they_leave(
    desk: DeskUnderTest, wall: CameraWallPanel, source: RecordingSource
) -> None:
    confirm_purpose(desk, wall, source)
    for key, count in ((Qt.Key.Key_1, 4), (Qt.Key.Key_3, 16), (Qt.Key.Key_2, 9)):
        QTest.keyClick(wall._tiles[0], key, Qt.KeyboardModifier.ControlModifier)
        desk.wait_until(lambda count=count: len(source.sizes) == count == len(wall._tiles))
    before = set(source.sizes)
    QTest.keyClick(wall._tiles[0], Qt.Key.Key_PageDown)
    desk.wait_until(lambda: set(source.sizes) == set(cameras_of(wall)))
    assert not before & set(source.sizes)


def test_sources_are_opened_at_the_size_of_their_tile_and_anew_after_a_resize(
    desk: DeskUnderTest, wall: CameraWallPanel, source: RecordingSource
) -> None:
    confirm_purpose(desk, wall, source)

    def fits() -> bool:
        return all(source.sizes.get(t.camera) == t.frame_size().toTuple() for t in wall._tiles)

    desk.wait_until(fits)
    before = dict(source.sizes)
    wall.resize(1200, 700)
    desk.wait_until(lambda: fits() and source.sizes != before)


def test_a_hidden_wall_has_nothing_open(
    desk: DeskUnderTest, wall: CameraWallPanel, source: RecordingSource
) -> None:
    confirm_purpose(desk, wall, source)
    shown = set(source.sizes)
    wall.hide()
    assert source.sizes == {}
    assert not wall._tick.isActive()
    wall.show()
    desk.wait_until(lambda: set(source.sizes) == shown)


def test_only_tiles_with_another_seq_are_given_a_frame(
    desk: DeskUnderTest, wall: CameraWallPanel, source: RecordingSource, monkeypatch: pytest.MonkeyPatch
) -> None:
    confirm_purpose(desk, wall, source)
    wall._pull()
    given: list[str] = []
    for tile in wall._tiles:
        monkeypatch.setattr(tile, "set_frame", lambda *_args, camera=tile.camera: given.append(camera))
    source.give(wall._tiles[2].camera)
    wall._pull()
    wall._pull()
    assert given == [wall._tiles[2].camera]


def test_stalled_and_offline_are_said_with_their_age(
    desk: DeskUnderTest, wall: CameraWallPanel, source: RecordingSource, monkeypatch: pytest.MonkeyPatch
) -> None:
    confirm_purpose(desk, wall, source)
    now = desk.app.clock.now()
    monkeypatch.setattr(desk.app.clock, "now", lambda: now)
    first, second = wall._tiles[0], wall._tiles[1]
    source.give(first.camera, captured_at=desk.app.clock.now() - 65_000)
    desk.do_as_feed(cmd.SetCameraStatus(second.camera, False, "no power"))
    source.give(second.camera, "offline")
    wall._pull()
    assert (first.state, first._note) == ("stalled", tr("wall.stalled", age="01:05"))
    assert second.state == "offline"
    assert second._note.startswith(tr("wall.offline", age="00:"))
    assert wall.header._online.text == tr("wall.online", online=119, total=120)


def test_a_double_click_enlarges_and_escape_goes_back(
    desk: DeskUnderTest, wall: CameraWallPanel, source: RecordingSource
) -> None:
    confirm_purpose(desk, wall, source)
    camera = wall._tiles[3].camera
    QTest.mouseDClick(wall._tiles[3], Qt.MouseButton.LeftButton)
    desk.wait_until(lambda: set(source.sizes) == {camera})
    assert [tile.camera for tile in wall._tiles] == [camera]
    QTest.keyClick(wall._tiles[0], Qt.Key.Key_Escape)
    desk.wait_until(lambda: len(source.sizes) == 9)


def test_enter_flies_there_and_a_number_chooses(
    desk: DeskUnderTest, wall: CameraWallPanel, source: RecordingSource
) -> None:
    confirm_purpose(desk, wall, source)
    fifth = wall._tiles[4]
    chosen: list[str] = []
    flown: list[str] = []
    wall.camera_selected.connect(chosen.append)
    wall.camera_activated.connect(flown.append)
    QTest.keyClick(wall._tiles[0], Qt.Key.Key_5)
    assert chosen == [fifth.camera]
    assert fifth._selected
    QTest.keyClick(fifth, Qt.Key.Key_Return)
    assert flown == [fifth.camera]


def test_two_clicks_make_an_incident_of_what_a_tile_shows(
    desk: DeskUnderTest, wall: CameraWallPanel, source: RecordingSource
) -> None:
    confirm_purpose(desk, wall, source)
    tile = wall._tiles[1]
    asked: list[str] = []
    wall.incident_from_camera.connect(asked.append)
    wall.menu_for(tile.camera).actions()[0].trigger()
    assert asked == [tile.camera]


def test_near_the_incident_is_offered_and_not_forced(
    desk: DeskUnderTest, wall: CameraWallPanel, source: RecordingSource
) -> None:
    confirm_purpose(desk, wall, source)
    order = cameras_of(wall)
    far = desk.app.district.cameras[-1]
    desk.report("i1", lat=far.lat, lon=far.lon)
    assert not wall.header.near.isEnabled()
    wall.set_incident("i1")
    assert wall.header.near.isEnabled()
    assert cameras_of(wall) == order
    wall.header.near.click()
    assert cameras_of(wall)[0] == far.id
    desk.wait_until(lambda: set(source.sizes) == set(cameras_of(wall)))
    wall.header.near.click()
    assert cameras_of(wall) == order
    desk.wait_until(lambda: set(source.sizes) == set(order))


def test_another_language_renames_the_tiles(
    desk: DeskUnderTest, wall: CameraWallPanel, source: RecordingSource
) -> None:
    confirm_purpose(desk, wall, source)
    camera = desk.app.district.cameras[0]
    assert wall._tiles[0]._name == camera.name_zh
    set_language("en")
    wall.retranslate()
    assert wall._tiles[0]._name == camera.name_en
    set_language("zh_CN")


# -- order and shape ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("size", "wanted", "grid"),
    [
        ((1100, 130), 9, TileGrid(1, 5)),
        ((1100, 130), 4, TileGrid(1, 4)),
        ((1900, 130), 16, TileGrid(1, 8)),
        ((3000, 130), 16, TileGrid(1, 8)),
        ((1600, 900), 9, TileGrid(3, 3)),
        ((1600, 900), 16, TileGrid(4, 4)),
        ((400, 800), 4, TileGrid(4, 1)),
        ((0, 0), 9, TileGrid(3, 3)),
    ],
)
def test_the_wall_takes_the_shape_that_shows_most(size: tuple[int, int], wanted: int, grid: TileGrid) -> None:
    assert tile_grid(*size, wanted) == grid


CAMERAS = load_district(default_district()).cameras


def test_every_camera_is_on_exactly_one_page() -> None:
    pages = CameraPages(CAMERAS)
    pages.set_size(9)
    seen: list[str] = []
    for _ in range(pages.pages):
        seen += pages.on_page()
        pages.turn(+1)
    assert sorted(seen) == sorted(camera.id for camera in CAMERAS)
    assert pages.page == 0


def test_another_size_keeps_the_first_camera_in_view() -> None:
    pages = CameraPages(CAMERAS)
    pages.set_size(9)
    pages.turn(+3)
    first = pages.on_page()[0]
    pages.set_size(4)
    assert first in pages.on_page()


@pytest.mark.parametrize("language", ["zh_CN", "en"])
@pytest.mark.parametrize("width_px", [377, 480, 900])
def test_what_stands_above_the_wall_can_be_read_at_every_width(
    wall: CameraWallPanel, desk: DeskUnderTest, source: RecordingSource, width_px: int, language: str
) -> None:
    """What matters least is left out; nothing is cut, and why one watches always stands there."""
    confirm_purpose(desk, wall, source)
    set_language("en" if language == "en" else "zh_CN")
    wall.retranslate()
    wall.resize(width_px, 660)
    header = wall.header
    steps = (header._back, header._next)
    named = (*header._counts.values(), header.near, header.purpose)

    def is_whole() -> bool:
        return (
            header.width() <= width_px
            and all(child.width() >= child.sizeHint().width() for child in named)
            and all(step.width() >= tokens().size_small_button for step in steps)
            and all(header.rect().contains(child.geometry()) for child in (*named, *steps))
        )

    desk.wait_until(is_whole)
    assert purpose_text(wall.watch.purpose) in header.purpose.text()
    for label in (header._page, header._online):
        assert label.isHidden() or label.width() >= label.sizeHint().width()
    assert header._online.isVisible() == (width_px == 900)


@pytest.mark.parametrize("language", ["zh_CN", "en"])
@pytest.mark.parametrize("width_px", [377, 900])
def test_the_purpose_that_is_offered_can_be_read_whole(
    wall: CameraWallPanel, desk: DeskUnderTest, width_px: int, language: str
) -> None:
    set_language("en" if language == "en" else "zh_CN")
    wall.retranslate()
    wall.resize(width_px, 500)
    line, confirm = wall._form._line, wall._form._confirm
    desk.wait_until(lambda: line.fontMetrics().horizontalAdvance(line.text()) < line.width())
    assert line.cursorPosition() == 0
    assert wall._form.rect().contains(confirm.geometry())
    assert not confirm.geometry().intersects(wall._form._choice.geometry())
