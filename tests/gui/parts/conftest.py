"""Owns the look under which the parts are tested: dark, scale 1, Chinese."""

from collections.abc import Iterator

import pytest
from PySide6.QtWidgets import QApplication

from app.i18n import set_language
from widgets.style import apply_theme


@pytest.fixture(autouse=True)
def _dark_and_chinese(qapp: QApplication) -> Iterator[None]:
    apply_theme(qapp, "dark")
    set_language("zh_CN")
    yield
    apply_theme(qapp, "dark")
    set_language("zh_CN")
