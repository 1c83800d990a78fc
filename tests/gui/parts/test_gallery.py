"""Every part can be drawn in both themes and languages at two text scales, and something is there to see."""

import itertools

import numpy as np
import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.i18n import LANGUAGES, Language, set_language
from tests.gui.parts.gallery import Gallery, render
from tests.gui.parts.test_symbols import pixels
from widgets.style import THEMES, ThemeName, apply_theme, tokens


@pytest.mark.parametrize(("theme", "language"), list(itertools.product(THEMES, LANGUAGES)))
def test_the_gallery_is_drawn(qapp: QApplication, qtbot: QtBot, theme: ThemeName, language: Language) -> None:
    apply_theme(qapp, theme)
    set_language(language)
    gallery = Gallery(language)
    qtbot.addWidget(gallery)
    shot = pixels(render(gallery, 1))
    ground = np.array([tokens().panel.red(), tokens().panel.green(), tokens().panel.blue()])
    drawn = (np.abs(shot[..., :3] - ground).max(axis=2) > 8).mean()
    assert 0.1 < drawn < 0.7


def test_a_larger_text_scale_makes_a_larger_gallery(qapp: QApplication, qtbot: QtBot) -> None:
    gallery = Gallery("en")
    qtbot.addWidget(gallery)
    before = gallery.sizeHint()
    apply_theme(qapp, "dark", 1.5)
    gallery.ensurePolished()
    assert gallery.sizeHint().width() > before.width()
