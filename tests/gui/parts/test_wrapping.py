"""Texts broken into lines: Qt counts in UTF-16, and a sign of two units must not shift what stands behind it."""

from __future__ import annotations

import pytest
from PySide6.QtGui import QFontMetricsF
from PySide6.QtWidgets import QApplication

from widgets.parts.clamped_label import wrapped_lines
from widgets.style import font

WIDTH_PX = 240.0


@pytest.mark.parametrize(
    "text", ["😀 DROP TABLE incident; " * 9, "老人😀走失，" * 20, "plain words only " * 9]
)
def test_signs_of_two_units_run_over_no_edge_and_lose_nothing(qapp: QApplication, text: str) -> None:
    lines = wrapped_lines(text, font("row"), WIDTH_PX)
    assert "".join(lines).replace(" ", "") == text.replace(" ", "")
    metrics = QFontMetricsF(font("row"))
    assert all(metrics.horizontalAdvance(line) <= WIDTH_PX + 1 for line in lines)


def test_they_part_no_word(qapp: QApplication) -> None:
    words = "😀 DROP TABLE incident; " * 9
    assert {word for line in wrapped_lines(words, font("row"), WIDTH_PX) for word in line.split()} == set(
        words.split()
    )
