"""The levels of the grids can be told apart over the district's ground, in both themes, by every kind of sight."""

import itertools

import numpy as np
import numpy.typing as npt
import pytest
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QApplication

from widgets.map.basemap import load_color
from widgets.style import apply_theme, tokens

Rgb = npt.NDArray[np.float64]

SIGHTS = {
    "full": np.eye(3),
    "deutan": np.array([[0.3673, 0.8606, -0.2280], [0.2801, 0.6725, 0.0474], [-0.0118, 0.0429, 0.9689]]),
    "protan": np.array([[0.1523, 1.0526, -0.2049], [0.1145, 0.7863, 0.0992], [-0.0039, -0.0481, 1.0520]]),
    "tritan": np.array([[1.2555, -0.0767, -0.1788], [-0.0784, 0.9308, 0.1476], [0.0047, 0.6914, 0.3039]]),
}
"""Machado, Oliveira and Fernandes 2009, severity 1, on linear RGB."""
TO_XYZ = np.array([[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]])
WHITE = np.array([0.95047, 1.0, 1.08883])
TOLD_APART = 5.0
"""CIE76: what is told apart without looking for it."""


def shown(level: int) -> Rgb:
    """sRGB of a grid at a level, as it lies on the ground."""
    color = load_color(level) if level else QColor(0, 0, 0, 0)
    alpha = color.alphaF()
    return _channels(tokens().map.district) * (1 - alpha) + _channels(color) * alpha


def _channels(color: QColor) -> Rgb:
    return np.array([color.redF(), color.greenF(), color.blueF()])


def lab(srgb: Rgb, sight: Rgb) -> Rgb:
    linear = np.where(srgb <= 0.04045, srgb / 12.92, ((srgb + 0.055) / 1.055) ** 2.4)
    xyz = TO_XYZ @ np.clip(sight @ linear, 0, 1) / WHITE
    f = np.where(xyz > 0.008856, np.cbrt(xyz), 7.787 * xyz + 16 / 116)
    return np.array([116 * f[1] - 16, 500 * (f[0] - f[1]), 200 * (f[1] - f[2])])


@pytest.mark.parametrize("sight", SIGHTS)
@pytest.mark.parametrize("theme", ["dark", "light"])
def test_levels_differ_and_go_one_way_in_lightness(qapp: QApplication, theme: str, sight: str) -> None:
    apply_theme(qapp, theme)  # type: ignore[arg-type]
    levels = [lab(shown(level), SIGHTS[sight]) for level in range(len(tokens().map.grid_load))]
    steps = [float(np.linalg.norm(a - b)) for a, b in itertools.pairwise(levels)]
    assert min(steps) >= TOLD_APART, steps
    lightness = [float(level[0]) for level in levels]
    assert lightness in (sorted(lightness), sorted(lightness, reverse=True))
