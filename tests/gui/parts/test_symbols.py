"""Symbols stay as they were drawn, tell themselves apart without colour, and stay inside their box."""

import itertools
import os
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QRectF
from PySide6.QtGui import QColor, QImage, QPixmap
from PySide6.QtWidgets import QApplication

from tests.gui.parts.contact_sheet import contact_sheet
from widgets.parts import symbols
from widgets.parts.symbols import silhouette, symbol, symbol_pixmap, unit_fill
from widgets.style import THEMES, ThemeName, apply_theme

GOLDEN_DIR = Path(__file__).parent / "golden"
INK = QColor("white")


def pixels(picture: QPixmap | QImage) -> np.ndarray:
    """Height x width x 4 as integers that may be subtracted."""
    image = picture.toImage() if isinstance(picture, QPixmap) else picture
    image = image.convertToFormat(QImage.Format.Format_RGBA8888)
    flat = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), image.bytesPerLine() // 4, 4)
    return flat[:, : image.width()].astype(int)


def difference(one: np.ndarray, other: np.ndarray) -> float:
    """Mean difference of all channels, 0 to 255."""
    return float(np.abs(one - other).mean())


@pytest.mark.parametrize(("theme", "dpr"), list(itertools.product(THEMES, (1, 2))))
def test_the_contact_sheet_is_as_it_was_judged(qapp: QApplication, theme: ThemeName, dpr: int) -> None:
    """Set STREETDESK_GOLDEN=write to take new pictures, then look at them."""
    apply_theme(qapp, theme)
    sheet = contact_sheet(dpr, (20,))
    path = GOLDEN_DIR / f"symbols_{theme}_{dpr}x.png"
    if os.environ.get("STREETDESK_GOLDEN") == "write":
        path.parent.mkdir(exist_ok=True)
        assert sheet.save(str(path))
    golden = QImage(str(path))
    assert not golden.isNull(), f"{path} is missing"
    assert golden.size() == sheet.size()
    assert difference(pixels(sheet), pixels(golden)) < 0.15


@pytest.mark.parametrize("name", symbols.names())
def test_every_symbol_fills_its_box_and_stays_inside(name: str) -> None:
    bounds = silhouette(name).boundingRect()
    assert QRectF(-1, -1, 2, 2).contains(bounds)
    assert bounds.width() > 0.4


def test_kinds_differ_without_colour() -> None:
    family = [f"unit/{kind}" for kind in symbols.UNIT_KINDS]
    shots = {name: pixels(symbol_pixmap(name, 20, 1, INK)) for name in family}
    for one, other in itertools.combinations(family, 2):
        assert difference(shots[one], shots[other]) > 8, (one, other)


def test_incident_types_differ_without_colour() -> None:
    family = [f"incident/{kind}" for kind in symbols.INCIDENT_TYPES]
    shots = {name: pixels(symbol_pixmap(name, 20, 1, INK)) for name in family}
    for one, other in itertools.combinations(family, 2):
        assert difference(shots[one], shots[other]) > 8, (one, other)


@pytest.mark.parametrize("kind", symbols.UNIT_KINDS)
def test_the_fill_says_the_status(kind: str) -> None:
    def ink(status: str) -> float:
        shot = pixels(symbol_pixmap(f"unit/{kind}", 40, 1, INK, unit_fill(status)))
        return float((shot[..., :3].min(axis=2) > 200).mean())

    assert ink("available") < ink("en_route") < ink("on_scene")


def test_stale_is_drawn_stale() -> None:
    def brightest(stale: bool) -> int:
        shot = pixels(symbol_pixmap("unit/police", 20, 1, INK, "full", stale))
        return int(shot[shot[..., 3] > 200][:, :3].max())

    assert brightest(stale=True) < 200 < brightest(stale=False)


def test_a_camera_turns_with_its_bearing() -> None:
    north = pixels(symbol_pixmap("camera", 32, 1, INK))[..., 3]
    east = pixels(symbol_pixmap("camera", 32, 1, INK, rotation_deg=90))[..., 3]
    assert north[:16].sum() > 2 * north[16:].sum()
    assert east[:, 16:].sum() > 2 * east[:, :16].sum()


def test_two_device_pixels_are_two_pixels() -> None:
    pixmap = symbol_pixmap("priority/1", 18, 2, INK)
    assert (pixmap.width(), pixmap.deviceIndependentSize().width()) == (36, 18)


def test_an_unknown_kind_is_still_drawn() -> None:
    assert symbol("unit/hovercraft") == symbol("unit/external")
    assert symbol("incident/never_heard_of") == symbol("incident/other")
    with pytest.raises(KeyError):
        symbol("nonsense")
