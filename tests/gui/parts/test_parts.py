"""The parts behave: what is held, dismissed, chosen and said, by mouse and by keyboard."""

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt, QTimer
from PySide6.QtGui import QColor
from PySide6.QtTest import QSignalSpy
from PySide6.QtWidgets import QLineEdit, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from app.i18n import set_language
from widgets.parts.age_text import format_age, format_distance
from widgets.parts.badge import PriorityBadge, StatusPill
from widgets.parts.camera_tile import CameraTile
from widgets.parts.countdown import Countdown
from widgets.parts.elided_label import ElidedLabel
from widgets.parts.empty_state import EmptyState
from widgets.parts.hold_button import HoldButton
from widgets.parts.lamp import Lamp
from widgets.parts.painting import Light
from widgets.parts.refusal_bar import RefusalBar
from widgets.parts.sparkline import Sparkline
from widgets.parts.step_list import Step, StepList
from widgets.style import light_color, load_tokens, tokens


@pytest.mark.parametrize(
    ("seconds", "english", "chinese"),
    [
        (-5, "00:00", "00:00"),
        (0, "00:00", "00:00"),
        (59.9, "00:59", "00:59"),
        (3599, "59:59", "59:59"),
        (3600, "1:00h", "1时00分"),
        (3900, "1:05h", "1时05分"),
        (90000, "25:00h", "25时00分"),
        (172_799, "47:59h", "47时59分"),
        (172_800, "2d00h", "2天00时"),
        (443_000, "5d03h", "5天03时"),
        (863_999, "9d23h", "9天23时"),
        (864_000, "10d", "10天"),
    ],
)
def test_ages(seconds: float, english: str, chinese: str) -> None:
    set_language("en")
    assert format_age(seconds) == english
    set_language("zh_CN")
    assert format_age(seconds) == chinese


@pytest.mark.parametrize(
    ("distance_m", "english", "chinese"),
    [
        (0, "0 m", "0 米"),
        (849.6, "850 m", "850 米"),
        (999.6, "1.0 km", "1.0 公里"),
        (1234, "1.2 km", "1.2 公里"),
        (12_600, "13 km", "13 公里"),
    ],
)
def test_distances(distance_m: float, english: str, chinese: str) -> None:
    set_language("en")
    assert format_distance(distance_m) == english
    set_language("zh_CN")
    assert format_distance(distance_m) == chinese


class TestHoldButton:
    """Held to the end confirms once; anything less does nothing."""

    def button(self, qtbot: QtBot, hold_ms: int) -> HoldButton:
        button = HoldButton("Recall 3 units", "hold to confirm", hold_ms=hold_ms)
        qtbot.addWidget(button)
        button.show()
        qtbot.waitExposed(button)
        button.activateWindow()
        button.setFocus()
        qtbot.waitUntil(button.hasFocus)
        return button

    def test_holding_the_mouse_confirms_once(self, qtbot: QtBot) -> None:
        button = self.button(qtbot, hold_ms=40)
        confirmed: list[None] = []
        button.confirmed.connect(lambda: confirmed.append(None))
        with qtbot.waitSignal(button.confirmed):
            qtbot.mousePress(button, Qt.MouseButton.LeftButton)
        assert button.progress == 1.0
        qtbot.mouseRelease(button, Qt.MouseButton.LeftButton)
        assert len(confirmed) == 1
        assert button.progress == 0.0

    @pytest.mark.parametrize("key", [Qt.Key.Key_Space, Qt.Key.Key_Return])
    def test_holding_a_key_confirms(self, qtbot: QtBot, key: Qt.Key) -> None:
        button = self.button(qtbot, hold_ms=40)
        with qtbot.waitSignal(button.confirmed):
            qtbot.keyPress(button, key)
        qtbot.keyRelease(button, key)

    @pytest.mark.parametrize("key", [Qt.Key.Key_Space, Qt.Key.Key_Return])
    def test_a_key_that_repeats_as_release_and_press_is_held(self, qtbot: QtBot, key: Qt.Key) -> None:
        """As an X server without detectable auto-repeat sends it: no press carries the mark of a repeat."""
        button = self.button(qtbot, hold_ms=150)
        confirmed, cancelled = QSignalSpy(button.confirmed), QSignalSpy(button.hold_cancelled)
        repeat = QTimer(button)
        repeat.timeout.connect(lambda: (qtbot.keyRelease(button, key), qtbot.keyPress(button, key)))
        qtbot.keyPress(button, key)
        repeat.start(20)
        qtbot.waitUntil(lambda: confirmed.count() == 1)
        with qtbot.assertNotEmitted(button.confirmed, wait=250):
            pass
        repeat.stop()
        qtbot.keyRelease(button, key)
        qtbot.waitUntil(lambda: button.progress == 0.0)
        assert (confirmed.count(), cancelled.count()) == (1, 0), "what is still down begins no second hold"

    def test_the_chord_that_leads_here_holds_nothing(self, qtbot: QtBot) -> None:
        button = self.button(qtbot, hold_ms=0)
        with qtbot.assertNotEmitted(button.confirmed, wait=80):
            qtbot.keyPress(button, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
        qtbot.keyRelease(button, Qt.Key.Key_Return)

    def test_a_short_press_confirms_nothing(self, qtbot: QtBot) -> None:
        button = self.button(qtbot, hold_ms=60_000)
        with qtbot.assertNotEmitted(button.confirmed), qtbot.assertNotEmitted(button.clicked):
            with qtbot.waitSignal(button.hold_cancelled):
                qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
            with qtbot.waitSignal(button.hold_cancelled):
                qtbot.keyClick(button, Qt.Key.Key_Space)

    def test_leaving_with_the_pointer_cancels(self, qtbot: QtBot) -> None:
        button = self.button(qtbot, hold_ms=60_000)
        qtbot.mousePress(button, Qt.MouseButton.LeftButton)
        with qtbot.waitSignal(button.hold_cancelled):
            qtbot.mouseMove(button, QPoint(button.width() + 40, button.height() + 40))
        assert button.progress == 0.0

    def test_losing_the_keyboard_cancels(self, qtbot: QtBot) -> None:
        button = self.button(qtbot, hold_ms=60_000)
        qtbot.keyPress(button, Qt.Key.Key_Space)
        with qtbot.waitSignal(button.hold_cancelled):
            button.clearFocus()

    def test_disabling_cancels_and_holds_nothing(self, qtbot: QtBot) -> None:
        button = self.button(qtbot, hold_ms=60_000)
        qtbot.mousePress(button, Qt.MouseButton.LeftButton)
        with qtbot.waitSignal(button.hold_cancelled):
            button.setEnabled(False)
        with qtbot.assertNotEmitted(button.hold_cancelled):
            qtbot.mouseClick(button, Qt.MouseButton.LeftButton)

    def test_it_says_its_consequence(self, qtbot: QtBot) -> None:
        button = self.button(qtbot, hold_ms=40)
        button.set_consequence("Recall 2 units")
        assert (button.accessibleName(), button.accessibleDescription()) == (
            "Recall 2 units",
            "hold to confirm",
        )


class TestCountdown:
    """Driven from outside; green, yellow and red at its limits."""

    @pytest.mark.parametrize(
        ("now_ms", "light", "text"),
        [
            (0, "green", "05:00"),
            (199_999, "green", "01:41"),
            (200_000, "yellow", "01:40"),
            (299_999, "yellow", "00:01"),
            (300_000, "red", "+00:00"),
            (400_000, "red", "+01:40"),
        ],
    )
    def test_lights(self, qtbot: QtBot, now_ms: int, light: Light, text: str) -> None:
        clock = Countdown("Arrive by")
        qtbot.addWidget(clock)
        clock.set_limits(200_000, 300_000)
        clock.set_now(now_ms)
        assert (clock.light, clock.text) == (light, text)
        assert clock.accessibleName() == f"Arrive by {text}"

    @pytest.mark.parametrize(("now_ms", "color"), [(250_000, "yellow"), (350_000, "red")])
    def test_the_colour_is_on_the_screen(self, qtbot: QtBot, now_ms: int, color: str) -> None:
        clock = Countdown("", "wall")
        qtbot.addWidget(clock)
        clock.set_limits(200_000, 300_000)
        clock.set_now(now_ms)
        image = clock.grab().toImage()
        shown = {image.pixel(x, y) for x in range(image.width()) for y in range(image.height())}
        assert light_color(color).rgb() in shown

    def test_a_turn_of_the_light_is_told_once(self, qtbot: QtBot) -> None:
        clock = Countdown()
        qtbot.addWidget(clock)
        turns: list[str] = []
        clock.light_changed.connect(turns.append)
        clock.set_limits(200_000, 300_000)
        for now_ms in (1_000, 2_000, 210_000, 220_000, 310_000):
            clock.set_now(now_ms)
        assert turns == ["green", "yellow", "red"]

    def test_a_stopped_clock_stands(self, qtbot: QtBot) -> None:
        clock = Countdown()
        qtbot.addWidget(clock)
        clock.set_limits(200_000, 300_000)
        clock.stop(100_000)
        clock.set_now(900_000)
        assert (clock.light, clock.text) == ("green", "03:20")

    @pytest.mark.parametrize(("at_ms", "light"), [(100_000, "off"), (310_000, "red")])
    def test_what_was_done_says_so_and_only_what_was_late_keeps_a_light(
        self, qtbot: QtBot, at_ms: int, light: str
    ) -> None:
        clock = Countdown()
        qtbot.addWidget(clock)
        clock.set_limits(200_000, 300_000)
        clock.stop(at_ms, "done")
        clock.set_now(900_000)
        assert (clock.light, clock.text) == (light, "done")
        clock.set_limits(200_000, 300_000)
        assert clock.text == "+10:00"


class TestRefusalBar:
    """Told where the hand is, without taking the keyboard from it."""

    @pytest.fixture
    def window(self, qtbot: QtBot) -> QWidget:
        window = QWidget()
        qtbot.addWidget(window)
        return window

    def test_it_does_not_take_the_focus(self, qtbot: QtBot, window: QWidget) -> None:
        entry, bar = QLineEdit(), RefusalBar("Dismiss")
        column = QVBoxLayout(window)
        column.addWidget(entry)
        column.addWidget(bar)
        window.show()
        qtbot.waitExposed(window)
        window.activateWindow()
        entry.setFocus()
        qtbot.waitUntil(entry.hasFocus)
        bar.show_refusal(
            "Patrol 07", "not sent to 0412", "It is on scene at 0409.", "Recall it first.", "Recall"
        )
        qtbot.waitUntil(bar.isVisible)
        qtbot.keyClicks(window.focusWidget(), "d 12")
        assert entry.text() == "d 12"
        assert bar.text == "Patrol 07 · not sent to 0412 It is on scene at 0409. Recall it first."

    def test_it_is_never_cut_where_room_is_short(self, qtbot: QtBot, window: QWidget) -> None:
        column, bar, rest = QVBoxLayout(window), RefusalBar("Dismiss"), QWidget()
        rest.setMinimumHeight(150)
        column.addWidget(bar)
        column.addWidget(rest)
        window.resize(300, 200)
        window.show()
        bar.show_refusal("0412", "nobody was sent", "It is claimed by another desk. " * 6, "Ask there first.")
        qtbot.waitUntil(lambda: bar.height() >= bar.heightForWidth(bar.width()) > 100)

    def test_it_goes_by_button_and_by_escape(self, qtbot: QtBot, window: QWidget) -> None:
        bar = RefusalBar("Dismiss")
        QVBoxLayout(window).addWidget(bar)
        window.show()
        for leave in (bar._dismiss.click, lambda: qtbot.keyClick(bar._dismiss, Qt.Key.Key_Escape)):
            bar.show_refusal("a", "b", "c")
            with qtbot.waitSignal(bar.dismissed):
                leave()
            assert bar.isHidden()

    def test_the_mend_is_offered_only_when_there_is_one(self, qtbot: QtBot, window: QWidget) -> None:
        bar = RefusalBar("Dismiss")
        QVBoxLayout(window).addWidget(bar)
        window.show()
        bar.show_refusal("a", "b", "c")
        assert bar._mend.isHidden()
        bar.show_refusal("a", "b", "c", "d", "Send 03")
        with qtbot.waitSignal(bar.mend_triggered):
            qtbot.mouseClick(bar._mend, Qt.MouseButton.LeftButton)


class TestCameraTile:
    """Draws what it is given, pixel for pixel, and says what it lacks."""

    @pytest.fixture
    def tile(self, qtbot: QtBot) -> CameraTile:
        tile = CameraTile()
        qtbot.addWidget(tile)
        tile.resize(240, 136)
        tile.set_camera("Gate 2", "1")
        return tile

    def noise(self, tile: CameraTile) -> np.ndarray:
        size = tile.frame_size()
        frame = np.random.default_rng(7).integers(0, 255, (size.height(), size.width(), 4), np.uint8)
        frame[..., 3] = 255
        return frame

    def test_a_frame_is_drawn_pixel_for_pixel(self, tile: CameraTile) -> None:
        frame = self.noise(tile)
        tile.set_frame(frame, "14:57:06")
        image = tile.grab().toImage()
        above_caption = tile.frame_size().height() - 24
        for x, y in [(0, 0), (17, 3), (120, 60), (239, above_caption)]:
            blue, green, red, _ = (int(value) for value in frame[y, x])
            assert image.pixelColor(x, y) == QColor(red, green, blue)

    def test_a_smaller_frame_stands_in_the_middle_unscaled(self, tile: CameraTile) -> None:
        frame = np.full((36, 40, 4), 200, np.uint8)
        tile.set_frame(frame, "")
        image = tile.grab().toImage()
        inside, outside = QColor(200, 200, 200), tokens().video_ground
        assert [image.pixelColor(x, 68) for x in (99, 100, 139, 140)] == [outside, inside, inside, outside]

    def test_a_stalled_picture_is_greyed(self, tile: CameraTile) -> None:
        tile.set_frame(np.full((136, 240, 4), 200, np.uint8), "")
        tile.set_state("stalled", "picture stands, 00:07 old")
        assert tile.grab().toImage().pixelColor(2, 2).lightness() < 100
        assert tile.accessibleName() == "1 Gate 2 picture stands, 00:07 old"

    def test_an_offline_camera_shows_no_old_picture(self, tile: CameraTile) -> None:
        tile.set_frame(np.full((136, 240, 4), 200, np.uint8), "")
        tile.set_state("offline", "offline 1:05h")
        assert tile.grab().toImage().pixelColor(2, 2) == tokens().video_ground

    def test_a_frame_brings_it_back_to_life(self, tile: CameraTile) -> None:
        tile.set_state("offline", "offline")
        tile.set_frame(self.noise(tile), "14:57:06")
        assert tile.state == "live"

    def test_another_camera_never_shows_the_last_ones_picture(self, tile: CameraTile) -> None:
        tile.set_frame(np.full((136, 240, 4), 200, np.uint8), "")
        tile.set_camera("Gate 3", "1")
        assert tile.grab().toImage().pixelColor(2, 2) == tokens().video_ground

    def test_a_frame_of_another_kind_is_refused(self, tile: CameraTile) -> None:
        with pytest.raises(ValueError, match="a frame is uint8"):
            tile.set_frame(np.zeros((10, 10, 3), np.uint8), "")
        with pytest.raises(ValueError, match="contiguous"):
            tile.set_frame(np.zeros((10, 20, 4), np.uint8)[:, ::2], "")

    def test_it_is_chosen_and_opened_by_mouse_and_keys(self, qtbot: QtBot, tile: CameraTile) -> None:
        with qtbot.waitSignal(tile.chosen):
            qtbot.mouseClick(tile, Qt.MouseButton.LeftButton)
        with qtbot.waitSignal(tile.chosen):
            qtbot.keyClick(tile, Qt.Key.Key_Space)
        with qtbot.waitSignal(tile.opened):
            qtbot.mouseDClick(tile, Qt.MouseButton.LeftButton)
        with qtbot.waitSignal(tile.opened):
            qtbot.keyClick(tile, Qt.Key.Key_Return)

    def test_the_decoder_learns_the_size(self, qtbot: QtBot, tile: CameraTile) -> None:
        tile.show()
        with qtbot.waitSignal(tile.frame_size_changed) as told:
            tile.resize(320, 180)
        assert told.args == [tile.frame_size()]


def test_steps_are_walked_and_activated_by_keys(qtbot: QtBot) -> None:
    steps = StepList()
    qtbot.addWidget(steps)
    steps.set_steps([Step("Report", "done", "14:57"), Step("Accept", "current"), Step("Close", "next")])
    assert steps.accessibleName() == "2/3 Accept"
    qtbot.keyClick(steps, Qt.Key.Key_Left)
    with qtbot.waitSignal(steps.step_activated) as activated:
        qtbot.keyClick(steps, Qt.Key.Key_Return)
    assert activated.args == [0]


def test_a_step_is_activated_by_mouse(qtbot: QtBot) -> None:
    steps = StepList()
    qtbot.addWidget(steps)
    steps.resize(300, 52)
    steps.set_steps([Step("Report", "done"), Step("Accept", "current"), Step("Close", "next")])
    with qtbot.waitSignal(steps.step_activated) as activated:
        qtbot.mouseClick(steps, Qt.MouseButton.LeftButton, pos=QPoint(250, 20))
    assert activated.args == [2]


def test_a_lamp_says_its_state_and_age(qtbot: QtBot) -> None:
    lamp = Lamp("110")
    qtbot.addWidget(lamp)
    lamp.set_state("late", 95, "no message")
    assert (lamp.state, lamp.age, lamp.accessibleName()) == ("late", "01:35", "110 no message 01:35")
    with qtbot.waitSignal(lamp.clicked):
        qtbot.keyClick(lamp, Qt.Key.Key_Space)


def test_an_empty_state_names_the_mend_and_fires_it(qtbot: QtBot) -> None:
    state = EmptyState()
    qtbot.addWidget(state)
    state.show_error("The feed is down", "It is tried again every 5 s", "Try again")
    assert (state.variant, state.accessibleName()) == ("error", "The feed is down")
    with qtbot.waitSignal(state.action_triggered):
        qtbot.mouseClick(state._action, Qt.MouseButton.LeftButton)
    state.show_loading("Loading")
    assert state._action.isHidden()


def test_an_elided_label_offers_the_whole_text_only_when_it_must(qtbot: QtBot) -> None:
    label = ElidedLabel("About 120 people gather before the mall")
    qtbot.addWidget(label)
    label.show()
    label.resize(label.sizeHint())
    assert not label.is_elided()
    assert label.toolTip() == ""
    label.resize(60, label.height())
    assert label.is_elided()
    assert label.toolTip() == label.text


def test_a_trend_over_its_threshold_takes_the_warning_colour(qtbot: QtBot) -> None:
    trend = Sparkline()
    qtbot.addWidget(trend)
    warning = load_tokens("dark").yellow.rgb()

    def shown() -> set[int]:
        image = trend.grab().toImage()
        return {image.pixel(x, y) for x in range(image.width()) for y in range(image.height())}

    trend.set_values([1, 2, None, 3, 2], 10, "quiet")
    assert warning not in shown()
    trend.set_values([1, 2, None, 12, 14], 10, "flood")
    assert warning in shown()
    assert trend.accessibleName() == "flood"


def test_badges_say_what_they_show(qtbot: QtBot) -> None:
    badge, pill = PriorityBadge(1), StatusPill("En route", "busy")
    qtbot.addWidget(badge)
    qtbot.addWidget(pill)
    assert (badge.accessibleName(), pill.accessibleName()) == ("P1", "En route")
    assert pill.sizeHint().width() > StatusPill("", "calm").sizeHint().width()
