"""What floats over the map: at every size of the window nothing lies over anything else, and nothing is cut."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator

import pytest
from PySide6.QtCore import QRect
from PySide6.QtWidgets import QWidget

from app.i18n import set_language
from tests.gui.conftest import DeskUnderTest
from widgets.map.canvas import SEEN_THROUGH
from widgets.panels.map import MapPanel

SIZES = {"800x600": (396, 533), "1366x768": (679, 701), "1920x1080": (956, 1013), "3840x2160": (1916, 2093)}
"""Of the map in a window of that size."""
LAYERS = ("heat", "coverage", "patrols", "tracks")


@pytest.fixture(params=["zh_CN", "en"])
def panel(desk: DeskUnderTest, request: pytest.FixtureRequest) -> Iterator[MapPanel]:
    """With a legend of everything, in both languages."""
    set_language(request.param)
    for number, camera in enumerate(desk.app.district.cameras[:4]):
        desk.report(f"i{number}", lat=camera.lat, lon=camera.lon)
    panel = MapPanel(desk.bridge, remember=False)
    desk.qtbot.addWidget(panel)
    panel.show()
    for layer in LAYERS:
        panel.view.stack.show(layer, True)
    panel.search.open()
    desk.wait_until(lambda: panel.search._source.is_ready)
    panel.search.shut()
    yield panel
    set_language("zh_CN")


def parts(panel: MapPanel) -> dict[str, QRect]:
    """What floats, and what is written on the glass, by name."""
    view = panel.view
    floats = [part for part in (*view.children(), panel.search) if part is not panel.grids.legend]
    seen = [part for part in floats if isinstance(part, QWidget) and part.isVisible()]
    named = {type(part).__name__: part.geometry() for part in seen if not part.property(SEEN_THROUGH)}
    written = enumerate(view._overlay.standing_rects())
    return named | {f"glass {number}": rect for number, rect in written}


def faults(panel: MapPanel) -> list[str]:
    places, whole = parts(panel), panel.view.rect()
    cut = [f"{name} is cut: {place}" for name, place in places.items() if not whole.contains(place)]
    pairs = itertools.combinations(places.items(), 2)
    return cut + [f"{one} lies over {other}" for (one, a), (other, b) in pairs if a.intersects(b)]


def clear(panel: MapPanel) -> None:
    view = panel.view
    for sheet in view.sheets.values():
        sheet.hide()
    panel.search.shut()
    panel.tools.told.hide()
    panel.tools.chosen.clear()
    view.set_locked(False)
    view.follow("")
    panel.basemaps.notice.tell("")


def tell_everything(panel: MapPanel) -> None:
    """Note, chip, both plates, and a notice of the base map."""
    view, district = panel.view, panel.bridge.district
    view.follow(district.units[0].id)
    view.set_locked(True)
    panel.tools.told.tell("/home/officer/Documents/310198006_20261122_101112.pdf", action="…")
    panel.basemaps.notice.tell(
        "Streets online: cannot reach tiles.example.org; what this machine keeps is shown"
    )
    panel.tools.chosen.choose([("unit", unit.id) for unit in district.units[:5]] + [("incident", "i1")])


def search(panel: MapPanel, query: str) -> None:
    panel.search.open()
    panel.search.edit.setText(query)


@pytest.mark.parametrize("size", SIZES.values(), ids=SIZES)
def test_nothing_lies_over_anything_and_nothing_is_cut(panel: MapPanel, size: tuple[int, int]) -> None:
    view = panel.view
    openings: dict[str, Callable[[], None]] = {
        "nothing": lambda: None,
        "answers": lambda: search(panel, "1"),
        "no answers": lambda: search(panel, "qqqq"),
    }
    openings |= {f"sheet {name}": lambda name=name: view.open_sheet(name) for name in view.sheets}  # type: ignore[misc]
    panel.resize(*size)
    found = {}
    for all_told, (name, open_it) in itertools.product((False, True), openings.items()):
        clear(panel)
        if all_told:
            tell_everything(panel)
        view.select("grid", panel.bridge.district.grids[0].code)
        open_it()
        found[f"{name}, {'all' if all_told else 'nothing'} told"] = faults(panel)
        assert panel.tools.told.isVisible() is all_told
        if "answers" not in name:  # they lie where the chip would
            assert view._follow_chip.chip.isVisible() is all_told
    assert not {name: lines for name, lines in found.items() if lines}


def test_a_sheet_leaves_the_search_button_free_in_a_small_window(panel: MapPanel) -> None:
    panel.resize(*SIZES["800x600"])
    for name, sheet in panel.view.sheets.items():
        panel.view.open_sheet(name)
        assert sheet.isVisible() and not sheet.geometry().intersects(panel.search.geometry())
        assert sheet.height() >= 120
        sheet.hide()


def test_the_legend_gives_way_to_a_sheet_that_needs_its_room_and_comes_back(panel: MapPanel) -> None:
    panel.resize(*SIZES["800x600"])
    legend = panel.view.load_legend_rect()
    assert not legend.isEmpty() and panel.grids.legend.geometry() == legend
    panel.view.open_sheet("layers")
    assert panel.view.load_legend_rect().isEmpty() and not panel.grids.legend.isVisible()
    panel.view.sheets["layers"].close_by_hand()
    assert panel.view.load_legend_rect() == legend == panel.grids.legend.geometry()


def test_a_sheet_without_room_beside_the_answers_is_put_away(panel: MapPanel) -> None:
    panel.resize(*SIZES["800x600"])
    panel.view.open_sheet("layers")
    search(panel, "1")
    assert not panel.view.sheets["layers"].isVisible()
    panel.search.shut()
    panel.resize(*SIZES["1920x1080"])
    panel.view.open_sheet("layers")
    panel.search.open()
    assert panel.view.sheets["layers"].isVisible()


def test_the_card_under_the_pointer_stays_beside_what_floats(panel: MapPanel) -> None:
    from widgets.map.overlay import Card

    panel.resize(*SIZES["1366x768"])
    panel.view.open_sheet("layers")
    sheet, overlay = panel.view.sheets["layers"].geometry(), panel.view._overlay
    overlay.card = Card("商场门口人群聚集", ("110", "2 min"), sheet.left() - 30, sheet.center().y())
    assert not overlay.card_rect().intersects(sheet)
    overlay.card = None


@pytest.mark.parametrize("size", SIZES.values(), ids=SIZES)
def test_plates_stand_one_above_the_other_in_the_middle(panel: MapPanel, size: tuple[int, int]) -> None:
    panel.resize(*size)
    tell_everything(panel)
    low, high = panel.tools.chosen.bar.geometry(), panel.tools.told.geometry()
    assert high.bottom() < low.top()
    for place in (low, high):
        assert place.center().x() == pytest.approx(size[0] / 2, abs=2)


def test_a_name_that_a_sheet_kept_away_comes_back_when_it_closes(
    desk: DeskUnderTest, panel: MapPanel
) -> None:
    """Nothing else happens meanwhile: no incident comes, no hand moves the map."""
    panel.resize(*SIZES["1366x768"])
    view, sheet = panel.view, panel.view.sheets["layers"]
    view.set_locked(True)
    view.open_sheet("layers")
    lat, lon = view.lat_lon_at(sheet.geometry().center().toPointF())
    sheet.close_by_hand()

    def is_named() -> bool:
        return any(label.key == "under" for label in view.frame.labels.drawn())

    desk.report("under", lat=lat, lon=lon)
    desk.wait_until(is_named)
    view.open_sheet("layers")
    desk.wait_until(lambda: not is_named())
    sheet.close_by_hand()
    desk.wait_until(is_named)
