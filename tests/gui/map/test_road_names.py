"""Names run along their roads: evenly set, the right way up, words of letters whole."""

from itertools import pairwise

import numpy as np
import pytest
from PySide6.QtGui import QFontMetricsF
from PySide6.QtWidgets import QApplication

from widgets.map.labels import face
from widgets.map.road_names import NamedLine, RoadLabel, stretches


def label_on(name: str, line: list[tuple[float, float]]) -> RoadLabel:
    points = np.array(line)
    run_m = np.concatenate([[0.0], np.cumsum(np.hypot(*np.diff(points, axis=0).T))])
    (label,) = stretches(NamedLine(name, "primary", points, run_m), 1.0)
    return label


@pytest.mark.parametrize("ends", [((0, 0), (400, 0)), ((400, 0), (0, 0))])
def test_words_stand_whole_and_a_space_apart_whichever_way_the_road_runs(
    qapp: QApplication, ends: tuple[tuple[float, float], ...]
) -> None:
    label = label_on("Old North Ring Elevated Road", list(ends))
    assert [glyph.text for glyph in label.glyphs] == ["Old", "North", "Ring", "Elevated", "Road"]
    metrics = QFontMetricsF(face("road"))
    gaps = [
        right.x_px
        - left.x_px
        - (metrics.horizontalAdvance(left.text) + metrics.horizontalAdvance(right.text)) / 2
        for left, right in pairwise(label.glyphs)
    ]
    assert gaps == pytest.approx([metrics.horizontalAdvance(" ")] * 4, abs=0.01)
    assert all(abs(np.sin(glyph.turn_rad)) < 0.01 and np.cos(glyph.turn_rad) > 0 for glyph in label.glyphs)


def test_a_steep_chinese_name_stands_upright_from_the_top_down(qapp: QApplication) -> None:
    label = label_on("北环高架路", [(0, 300), (0, 0)])
    assert [glyph.text for glyph in label.glyphs] == list("北环高架路")
    assert [glyph.y_px for glyph in label.glyphs] == sorted(glyph.y_px for glyph in label.glyphs)
    assert all(abs(np.sin(glyph.turn_rad)) < 0.01 for glyph in label.glyphs)
