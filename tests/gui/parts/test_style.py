"""The tokens hold what the interface promises: complete in both themes, readable, scaled, told when changed."""

import re
from pathlib import Path

import pytest
import shiboken6
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QApplication, QTableView
from pytestqt.qtbot import QtBot

from app.paths import resource_dir
from widgets.parts.empty_state import EmptyState
from widgets.style import (
    THEMES,
    ThemeName,
    apply_theme,
    font,
    load_tokens,
    set_up_table,
    theme_notifier,
    tokens,
)

COLOR = re.compile(r"#[0-9A-Fa-f]{6}")


def luminance(color: QColor) -> float:
    """Relative luminance after WCAG 2."""
    parts = [
        c / 12.92 if c <= 0.03928 else ((c + 0.055) / 1.055) ** 2.4
        for c in (color.redF(), color.greenF(), color.blueF())
    ]
    return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2]


def contrast(one: QColor, other: QColor) -> float:
    """Contrast ratio after WCAG 2, 1 to 21."""
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("theme", THEMES)
def test_text_is_readable_on_every_ground(theme: ThemeName) -> None:
    look = load_tokens(theme)
    for ground in (look.window, look.panel, look.raised, look.hover, look.selection):
        assert contrast(look.text, ground) >= 7
    for color in (look.text_second, look.accent, look.green, look.yellow, look.red, look.danger):
        assert contrast(color, look.panel) >= 4.0, color.name()
    assert contrast(look.text_second, look.panel) >= 4.5
    assert contrast(look.on_accent, look.accent) >= 4.5
    assert contrast(look.on_danger, look.danger) >= 4.5
    assert contrast(look.on_accent, look.exercise) >= 4.5


@pytest.mark.parametrize("theme", THEMES)
def test_what_says_something_is_readable_after_wcag_aa(theme: ThemeName) -> None:
    """Warnings and what recedes too: only a control that cannot be used may be fainter. 3 for the edges of controls."""
    look = load_tokens(theme)
    for ground in (look.window, look.panel, look.raised):
        for color in (look.text_second, look.text_muted, look.accent, look.green, look.yellow, look.danger):
            assert contrast(color, ground) >= 4.5, (color.name(), ground.name())
        assert contrast(look.control_line, ground) >= 3, ground.name()


@pytest.mark.parametrize("theme", THEMES)
def test_the_letter_is_readable_on_every_priority(theme: ThemeName) -> None:
    colors = load_tokens(theme).priority
    for priority in (1, 2, 3, 4):
        assert contrast(colors.of(priority), colors.ink) >= 4.5


@pytest.mark.parametrize("theme", THEMES)
def test_grid_load_grows_away_from_the_ground(theme: ThemeName) -> None:
    look = load_tokens(theme).map
    distances = [contrast(step, look.ground) for step in look.grid_load]
    assert len(distances) == 5
    assert distances == sorted(distances)
    for step in look.grid_load:
        assert contrast(look.label, look.label_halo) >= 7
        assert contrast(step, look.label_halo) < contrast(look.label, look.label_halo)


def test_sizes_follow_the_text_scale() -> None:
    plain, large = load_tokens("dark"), load_tokens("dark", 1.5)
    assert (plain.size_row, large.size_row) == (28, 42)
    assert (plain.type_body, large.type_body) == (12, 18)
    assert large.motion_duration_ms == plain.motion_duration_ms <= 150


def test_applying_a_theme_dresses_the_program_and_tells_painted_widgets(
    qapp: QApplication, qtbot: QtBot
) -> None:
    with qtbot.waitSignal(theme_notifier.changed):
        apply_theme(qapp, "light", 1.25)
    assert tokens() is load_tokens("light", 1.25)
    assert qapp.palette().window().color() == tokens().window
    assert qapp.font().pixelSize() == tokens().type_body


def test_the_style_sheet_takes_every_name_from_the_tokens(qapp: QApplication) -> None:
    assert "$" not in qapp.styleSheet()
    template = (resource_dir() / "style" / "console.qss").read_text(encoding="utf-8")
    assert not COLOR.search(template)


def test_every_length_of_the_style_sheet_follows_the_text_scale_but_hairlines() -> None:
    template = (resource_dir() / "style" / "console.qss").read_text(encoding="utf-8")
    assert not re.findall(r"(?<![\w$])(?:[3-9]|\d{2,})px", template)


def test_every_icon_of_the_style_sheet_exists_in_both_themes() -> None:
    template = (resource_dir() / "style" / "console.qss").read_text(encoding="utf-8")
    named = set(re.findall(r"\$icons/([\w-]+\.svg)", template))
    folders = {
        theme: {path.name for path in (resource_dir() / "icons" / theme).iterdir()} for theme in THEMES
    }
    assert named
    assert all(named <= names for names in folders.values())
    assert folders["dark"] == folders["light"]


@pytest.mark.parametrize("theme", THEMES)
def test_icons_have_only_colours_of_the_tokens(theme: ThemeName) -> None:
    look = load_tokens(theme)
    allowed = {look.text_second.name(), look.on_accent.name()}
    for path in (resource_dir() / "icons" / theme).glob("*.svg"):
        used = {color.lower() for color in COLOR.findall(path.read_text(encoding="utf-8"))}
        assert used <= allowed, path.name


def test_no_colour_stands_in_code() -> None:
    widgets = Path(__file__).resolve().parents[3] / "widgets"
    found = [
        f"{p.name}: {COLOR.findall(p.read_text('utf-8'))}"
        for p in widgets.rglob("*.py")
        if COLOR.search(p.read_text("utf-8"))
    ]
    assert not found


def test_figures_are_tabular(qapp: QApplication) -> None:
    face = font("clock")
    features = {tag.toString().data(): face.featureValue(tag) for tag in face.featureTags()}
    assert features == {b"tnum": 1, b"liga": 0, b"locl": 0}, "and each figure is one that a PDF can name"
    assert font("clock").pixelSize() == 20


def test_tables_get_rows_of_the_token_height(qtbot: QtBot) -> None:
    view = QTableView()
    qtbot.addWidget(view)
    set_up_table(view)
    assert view.verticalHeader().defaultSectionSize() == tokens().size_row
    assert view.horizontalHeader().textElideMode() is Qt.TextElideMode.ElideRight


def test_a_theme_change_reaches_living_parts_and_spares_dead_ones(qapp: QApplication, qtbot: QtBot) -> None:
    dead, living = EmptyState(), EmptyState()
    qtbot.addWidget(living)
    living.show()
    shiboken6.delete(dead)
    before = living._glyph.pixmap().toImage()
    apply_theme(qapp, "light")
    assert living._glyph.pixmap().toImage() != before
