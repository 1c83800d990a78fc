"""Draws every part in its states on one board, for both themes and languages.

To look at it: `python -m tests.gui.parts.gallery DIR`.
"""

import sys
from pathlib import Path

import numpy as np
from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QImage
from PySide6.QtWidgets import (
    QApplication,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from app.i18n import LANGUAGES, Language, set_language, tr
from widgets.parts.age_text import format_age, format_distance
from widgets.parts.badge import PriorityBadge, StatusPill, Tone
from widgets.parts.camera_tile import CameraTile, Frame
from widgets.parts.countdown import Countdown
from widgets.parts.elided_label import ElidedLabel
from widgets.parts.empty_state import EmptyState
from widgets.parts.hold_button import HoldButton
from widgets.parts.lamp import Lamp, LampState
from widgets.parts.refusal_bar import RefusalBar
from widgets.parts.sparkline import Sparkline
from widgets.parts.step_list import Step, StepList, StepState
from widgets.style import THEMES, apply_theme, tokens

WORDS: dict[str, tuple[str, str]] = {
    "recall": ("撤回 3 队", "Recall 3 units"),
    "send": ("派 3 队到场", "Send 3 units"),
    "arrive": ("到场时限", "Arrive by"),
    "close": ("结案时限", "Close by"),
    "camera": ("人民广场 2 号口", "People's Square exit 2"),
    "offline": ("离线 1时05分", "offline 1:05h"),
    "stalled": ("画面停在 00:07 前", "picture stands, 00:07 old"),
    "no_camera": ("未指定摄像头", "no camera"),
    "empty": ("没有待处理事件", "No open incidents"),
    "empty_hint": ("新事件会出现在这里，按 N 手工接报", "New ones appear here; N takes one in by hand"),
    "broken": ("数据源断开", "The feed is down"),
    "broken_hint": ("每 5 秒自动重连一次", "It is tried again every 5 s"),
    "who": ("巡逻 07 队", "Patrol 07"),
    "what": ("派往 0412 未成", "not sent to 0412"),
    "why": ("该队已在 0409 到场。", "It is on scene at 0409."),
    "mend": ("先撤回，或改派巡逻 03 队。", "Recall it first, or send Patrol 03."),
    "mend_action": ("改派 03 队", "Send 03"),
    "long": (
        "商场门口人群聚集约一百二十人，阻塞人行道",
        "About 120 people gather before the mall and block the way",
    ),
}
STATES: tuple[StepState, ...] = ("done", "done", "current", "next", "next", "next", "next")
TONES: tuple[tuple[str, Tone], ...] = (
    ("unit_status.available", "calm"), ("unit_status.en_route", "busy"), ("incident_status.closed", "ok"),
    ("noun.overdue", "warn"), ("noun.alarm", "alarm"), ("unit_status.out_of_service", "off"),
)  # fmt: skip
LAMPS: tuple[tuple[str, LampState, float | None], ...] = (
    ("110", "ok", 2), ("12345", "late", 95), ("6995", "down", 4210), ("CCTV", "off", None),
)  # fmt: skip


def word(key: str, language: Language) -> str:
    """A sample text, as a panel would hand it to a part."""
    return WORDS[key][LANGUAGES.index(language)]


def test_frame(width: int, height: int) -> Frame:
    """A street at dusk made of gradients: a frame of the right size and kind."""
    y, x = np.mgrid[0:height, 0:width]
    frame = np.zeros((height, width, 4), np.uint8)
    frame[..., 0] = 70 + 70 * (1 - y / height)
    frame[..., 1] = 60 + 40 * (1 - y / height) + 20 * (np.abs(x - width / 2) < y / 2)
    frame[..., 2] = 60 + 60 * (y < height / 3) + 20 * (np.abs(x - width / 2) < y / 2)
    frame[..., 3] = 255
    return frame


class Gallery(QWidget):
    """Every part in its states."""

    def __init__(self, language: Language) -> None:
        super().__init__()
        self.setProperty("panel", True)
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._language: Language = language
        self.tiles: list[CameraTile] = []
        column = QVBoxLayout(self)
        column.setSpacing(tokens().space_m)
        for row in (
            self._badges(), self._lamps(), self._clocks(), self._steps(), self._buttons(),
            self._refusal(), self._tiles(), self._empties(),
        ):  # fmt: skip
            column.addWidget(row)
        column.addStretch()

    def _word(self, key: str) -> str:
        return word(key, self._language)

    def _row(self, *widgets: QWidget, stretch: bool = False) -> QWidget:
        row = QWidget()
        layout = QHBoxLayout(row)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(tokens().space_m)
        row.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        for widget in widgets:
            layout.addWidget(widget)
        if not stretch:
            layout.addStretch()
        return row

    def _badges(self) -> QWidget:
        badges = [PriorityBadge(p, tr(f"terms.priority.P{p}")) for p in (1, 2, 3, 4)]
        pills = [StatusPill(tr(f"terms.{key}"), tone) for key, tone in TONES]
        return self._row(*badges, *pills)

    def _lamps(self) -> QWidget:
        lamps = []
        for name, state, age_s in LAMPS:
            lamp = Lamp(name)
            lamp.set_state(state, age_s, "")
            lamps.append(lamp)
        calm, hot = Sparkline(), Sparkline()
        calm.set_values([2, 3, 2, 4, 3, 2, 3, 4, 3], 10, "")
        hot.set_values([2, 4, 3, 6, 9, 12, 11, 14, 13], 10, "")
        figures = QLabel(
            " · ".join((format_age(42), format_age(3900), format_distance(850), format_distance(1234)))
        )
        figures.setProperty("tone", "second")
        return self._row(*lamps, calm, hot, figures)

    def _clocks(self) -> QWidget:
        clocks = []
        for now_ms in (10_000, 250_000, 400_000):
            clock = Countdown(self._word("arrive"))
            clock.set_limits(200_000, 300_000)
            clock.set_now(now_ms)
            clocks.append(clock)
        met, none, wall = (
            Countdown(self._word("close")),
            Countdown(self._word("close")),
            Countdown("", "wall"),
        )
        met.set_limits(200_000, 300_000)
        met.stop(130_000)
        wall.set_limits(200_000, 300_000)
        wall.set_now(280_000)
        label = ElidedLabel(self._word("long"), "title", bold=True)
        label.setFixedWidth(tokens().px(240))
        return self._row(*clocks, met, none, wall, label)

    def _steps(self) -> QWidget:
        keys = ("reported", "accepted", "dispatched", "handling", "reported_back", "verified", "closed")
        times = ("14:57", "14:58", "03:10", "", "", "", "")
        steps = [Step(tr(f"terms.step.{k}"), s, t) for k, s, t in zip(keys, STATES, times, strict=True)]
        across, down = StepList(), StepList(Qt.Orientation.Vertical)
        across.set_steps(steps)
        late = [
            Step(step.label, "overdue" if step.state == "current" else step.state, step.time_text)
            for step in steps
        ]
        down.set_steps([*late[:4], Step(steps[4].label, "skipped")])
        down.setFixedWidth(tokens().px(220))
        return self._row(across, down, stretch=True)

    def _buttons(self) -> QWidget:
        hint = tr("common.hold_to_confirm")
        idle, half = HoldButton(self._word("recall"), hint), HoldButton(self._word("recall"), hint)
        half._show(0.55)
        primary, off = HoldButton(self._word("send"), "D", "primary"), HoldButton(self._word("recall"), hint)
        primary._show(0.3)
        off.setEnabled(False)
        return self._row(idle, half, primary, off)

    def _refusal(self) -> QWidget:
        bar = RefusalBar(tr("common.dismiss"))
        texts = (self._word(key) for key in ("who", "what", "why", "mend", "mend_action"))
        bar.show_refusal(*texts)
        return bar

    def _tiles(self) -> QWidget:
        board = QWidget()
        grid = QGridLayout(board)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setSpacing(tokens().space_xs)
        for i, state in enumerate(("live", "stalled", "offline", "empty")):
            tile = CameraTile()
            tile.setFixedSize(tokens().px(216), tokens().px(122))
            tile.set_camera(self._word("camera") if state != "empty" else "", str(i + 1))
            tile.setProperty("shown_state", state)
            grid.addWidget(tile, 0, i)
            self.tiles.append(tile)
        self.tiles[0].set_selected(True)
        return board

    def fill_tiles(self) -> None:
        """Give each tile a frame of its size and its state, once sizes stand."""
        notes = {
            "stalled": self._word("stalled"),
            "offline": self._word("offline"),
            "empty": self._word("no_camera"),
        }
        for tile in self.tiles:
            state = tile.property("shown_state")
            if state in ("live", "stalled"):
                tile.set_frame(test_frame(tile.frame_size().width(), tile.frame_size().height()), "14:57:06")
            if state != "live":
                tile.set_state(state, notes[state])

    def _empties(self) -> QWidget:
        empty, loading, error = EmptyState(), EmptyState(), EmptyState()
        empty.show_empty(self._word("empty"), self._word("empty_hint"))
        loading.show_loading(tr("common.loading"))
        error.show_error(self._word("broken"), self._word("broken_hint"), tr("common.retry"))
        for state in (empty, loading, error):
            state.setFixedHeight(tokens().px(150))
        return self._row(empty, loading, error, stretch=True)


def render(gallery: Gallery, dpr: float) -> QImage:
    """The gallery as a picture at a device pixel ratio."""
    gallery.resize(QSize(tokens().px(920), gallery.sizeHint().height()))
    gallery.ensurePolished()
    gallery.fill_tiles()
    image = QImage(gallery.size() * dpr, QImage.Format.Format_ARGB32_Premultiplied)
    image.setDevicePixelRatio(dpr)
    image.fill(tokens().panel)
    gallery.render(image)
    return image


def main(out_dir: Path) -> None:
    """Write one picture per theme, language and pixel ratio."""
    app = QApplication([])
    out_dir.mkdir(parents=True, exist_ok=True)
    for theme in THEMES:
        for language in LANGUAGES:
            apply_theme(app, theme)
            set_language(language)
            gallery = Gallery(language)
            gallery.show()
            app.processEvents()
            for dpr in (1, 2):
                render(gallery, dpr).save(str(out_dir / f"parts_{theme}_{language}_{dpr}x.png"))
            gallery.close()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
