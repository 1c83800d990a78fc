"""Owns the look: tokens read from resources/style, fonts, and the one style sheet and palette of the program.

No other module holds a colour, a size or a font. Must not import app's services or any panel. Widgets that
paint themselves ask `tokens()` in their paintEvent and repaint when `follow_look` tells them.
"""

import tomllib
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, fields
from functools import cache
from string import Template
from types import MappingProxyType
from typing import Any, Literal
from weakref import WeakMethod

from PySide6.QtCore import QObject, Qt, Signal, Slot
from PySide6.QtGui import QColor, QFont, QIcon, QPalette
from PySide6.QtWidgets import QApplication, QHeaderView, QTableView, QWidget

from app.paths import resource_dir

ThemeName = Literal["dark", "light"]
TypeSize = Literal["small", "body", "row", "title", "clock", "wall"]

THEMES: tuple[ThemeName, ...] = ("dark", "light")


class ThemeNotifier(QObject):
    """Says that colours or sizes have changed; painted widgets drop their caches and repaint."""

    changed = Signal()


@dataclass(frozen=True, slots=True)
class PriorityColors:
    """Fill by priority, and the ink of the letter that stands on it."""

    p1: QColor
    p2: QColor
    p3: QColor
    p4: QColor
    ink: QColor

    def of(self, priority: int) -> QColor:
        """The colour of priority 1 (critical) to 4 (can wait); anything else is drawn as 4."""
        return {1: self.p1, 2: self.p2, 3: self.p3}.get(priority, self.p4)


@dataclass(frozen=True, slots=True)
class MapColors:
    """What the map is painted with.

    `building`, `road_fill`, `road_casing` and `road_width_m` fall back to "default".
    """

    ground: QColor
    district: QColor
    district_line: QColor
    water: QColor
    water_line: QColor
    park: QColor
    plaza: QColor
    rail: QColor
    building_line: QColor
    grid_line: QColor
    grid_selected: QColor
    label: QColor
    label_second: QColor
    label_halo: QColor
    heat_ramp: tuple[QColor, ...]
    coverage_near: QColor
    coverage_far: QColor
    post: QColor
    patrol: QColor
    track: QColor
    sketch: QColor
    route: QColor
    view_cone: QColor
    grid_load: tuple[QColor, ...]
    building: Mapping[str, QColor]
    road_fill: Mapping[str, QColor]
    road_casing: Mapping[str, QColor]
    road_width_m: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Tokens:
    """Every colour and size of one theme at one text scale; sizes are logical pixels, already scaled."""

    theme: ThemeName
    scale: float
    window: QColor
    panel: QColor
    raised: QColor
    hover: QColor
    line: QColor
    control_line: QColor
    text: QColor
    text_second: QColor
    text_disabled: QColor
    text_muted: QColor
    accent: QColor
    on_accent: QColor
    selection: QColor
    danger: QColor
    on_danger: QColor
    green: QColor
    yellow: QColor
    red: QColor
    off: QColor
    exercise: QColor
    past: QColor
    scroll_handle: QColor
    unit: QColor
    unit_busy: QColor
    stale: QColor
    camera: QColor
    symbol_ground: QColor
    scrim: QColor
    video_ground: QColor
    video_scrim: QColor
    video_text: QColor
    video_warn: QColor
    video_text_second: QColor
    priority: PriorityColors
    map: MapColors
    families: tuple[str, ...]
    type_small: int
    type_body: int
    type_row: int
    type_title: int
    type_clock: int
    type_wall: int
    space_xs: int
    space_s: int
    space_m: int
    space_l: int
    space_xl: int
    size_row: int
    size_touch_row: int
    size_button: int
    size_small_button: int
    size_dock_title: int
    size_radius: int
    size_focus_ring: int
    size_scroll_bar: int
    size_icon: int
    size_symbol: int
    motion_duration_ms: int
    motion_pulse_count: int
    motion_pulse_ms: int
    motion_hold_ms: int

    def px(self, logical_px: float) -> int:
        """A length that is not a token of its own, at the text scale, at least one pixel."""
        return max(1, round(logical_px * self.scale))


theme_notifier = ThemeNotifier()


class _Follower(QObject):
    """A child of who follows: found through him, and gone with him."""

    def __init__(self, owner: QObject, renew: Callable[[], object]) -> None:
        super().__init__(owner)
        self._renew = WeakMethod(renew)
        theme_notifier.changed.connect(self.renew)

    @Slot()
    def renew(self) -> None:
        renew = self._renew()
        if renew is not None:
            renew()


def follow_look(owner: QObject, renew: Callable[[], object]) -> None:
    """Calls `renew`, a method, whenever colours or sizes have changed for `owner`, as long as he lives."""
    _Follower(owner, renew)


_current: Tokens | None = None


def tokens() -> Tokens:
    """The tokens in force; dark at scale 1 until `apply_theme` was called."""
    return _current if _current is not None else load_tokens("dark")


@cache
def load_tokens(theme: ThemeName, scale: float = 1.0) -> Tokens:
    """Read one theme from resources/style/tokens.toml.

    Raises KeyError or TypeError when the file lacks a token.
    """
    source = _source()
    colors = source[theme]
    plain = {name: _colors(value) for name, value in colors.items() if isinstance(value, str)}
    return Tokens(
        theme=theme,
        scale=scale,
        **plain,
        priority=PriorityColors(**_colors(colors["priority"])),
        map=MapColors(
            **_colors(colors["map"]), road_width_m=MappingProxyType(source["map_size"]["road_width_m"])
        ),
        families=tuple(source["type"]["families"]),
        **_sizes(source, scale),
    )


def apply_theme(app: QApplication, theme: ThemeName, scale: float = 1.0) -> None:
    """Dress the whole program: style, palette, font and style sheet; then tell painted widgets."""
    global _current
    _current = load_tokens(theme, scale)
    app.setStyle("Fusion")
    app.setPalette(_palette(_current))
    app.setFont(font("body"))
    app.setStyleSheet(_style_sheet(_current))
    theme_notifier.changed.emit()


def enlarge(root: QWidget, scale: float) -> None:
    """Give what `root` holds another text scale; everything else keeps what it wears. `tell` goes with it.

    `tokens()` are of this scale until `end_enlarging`, so nothing else may be in sight meanwhile.
    """
    global _current
    _current = load_tokens(tokens().theme, scale)
    # Under a style sheet fonts are not inherited: those who have none of their own would keep the program's.
    root.setStyleSheet(f"QWidget {{ font-size: {_current.type_body}px; }}\n{_style_sheet(_current)}")


def end_enlarging(root: QWidget, scale: float) -> None:
    """Back to the text scale of the program; `tell` goes with it too."""
    global _current
    _current = load_tokens(tokens().theme, scale)
    root.setStyleSheet("")


def tell(root: QWidget) -> None:
    """Says to who follows the look below `root` that it has changed there."""
    for follower in root.findChildren(_Follower):
        follower.renew()


@contextmanager
def dressed(theme: ThemeName, scale: float = 1.0) -> Iterator[None]:
    """Paint in another theme for a moment, such as on paper. Whoever waited inside would show it to all."""
    global _current
    before, _current = _current, load_tokens(theme, scale)
    try:
        yield
    finally:
        _current = before


def font(size: TypeSize, *, bold: bool = False) -> QFont:
    """The interface font at a token size with tabular figures."""
    face = QFont(list(tokens().families))
    face.setPixelSize(getattr(tokens(), f"type_{size}"))
    face.setWeight(QFont.Weight.DemiBold if bold else QFont.Weight.Normal)
    face.setFeature(QFont.Tag("tnum"), 1)
    # Other shapes of figures, under some locales, and of letters in pairs: a PDF could not say what they are.
    for substitution in ("locl", "liga"):
        face.setFeature(QFont.Tag(substitution), 0)
    return face


def icon(name: str) -> QIcon:
    """An icon of resources/icons in the colour of the theme in force."""
    return QIcon(str(resource_dir() / "icons" / tokens().theme / f"{name}.svg"))


def css(color: QColor) -> str:
    """A colour as style sheets write it, with its alpha."""
    return f"rgba({color.red()},{color.green()},{color.blue()},{color.alpha()})"


def light_color(light: str) -> QColor:
    """The colour of a light: "green", "yellow", "red", anything else is off."""
    return getattr(tokens(), light) if light in ("green", "yellow", "red") else tokens().off


def set_up_table(view: QTableView) -> None:
    """The table manners of every list.

    Rows of the token height, whole rows selected, no grid, no row numbers; a heading that is cut says so.
    """
    view.verticalHeader().hide()
    view.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
    view.verticalHeader().setDefaultSectionSize(tokens().size_row)
    view.horizontalHeader().setHighlightSections(False)
    view.horizontalHeader().setSectionsMovable(True)
    view.horizontalHeader().setTextElideMode(Qt.TextElideMode.ElideRight)
    view.setSelectionBehavior(QTableView.SelectionBehavior.SelectRows)
    view.setHorizontalScrollMode(QTableView.ScrollMode.ScrollPerPixel)
    view.setVerticalScrollMode(QTableView.ScrollMode.ScrollPerPixel)
    view.setShowGrid(False)
    view.setWordWrap(False)
    view.setTabKeyNavigation(False)


@cache
def _source() -> dict[str, Any]:
    return tomllib.loads((resource_dir() / "style" / "tokens.toml").read_text(encoding="utf-8"))


def _color(text: str) -> QColor:
    """#RRGGBB or #RRGGBBAA; Qt itself would read the alpha first."""
    color = QColor(text[:7])
    if not color.isValid():
        raise ValueError(f"tokens.toml: {text!r} is not a colour")
    color.setAlpha(int(text[7:9] or "FF", 16))
    return color


def _colors(value: Any) -> Any:
    if isinstance(value, str):
        return _color(value)
    if isinstance(value, list):
        return tuple(_colors(item) for item in value)
    return MappingProxyType({name: _colors(item) for name, item in value.items()})


def _sizes(source: Mapping[str, Any], scale: float) -> dict[str, Any]:
    sizes = {f"motion_{name}": value for name, value in source["motion"].items()}
    for group in ("type", "space", "size"):
        numbers = {name: value for name, value in source[group].items() if isinstance(value, int)}
        sizes |= {f"{group}_{name}": max(1, round(value * scale)) for name, value in numbers.items()}
    return sizes


def _palette(look: Tokens) -> QPalette:
    role = QPalette.ColorRole
    palette = QPalette(look.window)
    for name, color in {
        role.Window: look.window, role.WindowText: look.text, role.Base: look.panel, role.Text: look.text,
        role.AlternateBase: look.raised, role.Button: look.raised, role.ButtonText: look.text,
        role.ToolTipBase: look.raised, role.ToolTipText: look.text, role.PlaceholderText: look.text_second,
        role.Highlight: look.selection, role.HighlightedText: look.text, role.BrightText: look.danger,
        role.Link: look.accent, role.LinkVisited: look.accent, role.Accent: look.accent,
        role.Light: look.hover, role.Midlight: look.raised, role.Mid: look.line, role.Dark: look.line,
        role.Shadow: look.window,
    }.items():  # fmt: skip
        palette.setColor(name, color)
    for name in (role.WindowText, role.Text, role.ButtonText, role.HighlightedText):
        palette.setColor(QPalette.ColorGroup.Disabled, name, look.text_disabled)
    return palette


def _style_sheet(look: Tokens) -> str:
    template = (resource_dir() / "style" / "console.qss").read_text(encoding="utf-8")
    return Template(template).substitute(_style_values(look))


def _style_values(look: Tokens) -> dict[str, str]:
    values = {"icons": (resource_dir() / "icons" / look.theme).as_posix()}
    # Lengths of parts of controls, which are no tokens of their own.
    values |= {f"px_{length}": f"{look.px(length)}px" for length in range(3, 17)}
    values["in_small_button"] = f"{look.size_small_button - 2 * look.size_focus_ring}px"
    for field in fields(look):
        value = getattr(look, field.name)
        if isinstance(value, QColor):
            values[field.name] = css(value)
        elif isinstance(value, int):
            values[field.name] = f"{value}px"
    return values
