"""Layers are data: what the officer chose is in force, remembered, and nobody else's to change."""

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import QPointF
from pytestqt.qtbot import QtBot

from app.i18n import set_language
from tests.gui.map.test_map_view import incident, on_screen, unit
from tests.gui.map.town import small_town
from widgets.map import MapView
from widgets.map.layer_file import LayerFile, LayerFileError, read_layer_file, write_layer_file
from widgets.map.layers import BANDS, LAYERS, ORDER, SPECS, Band, LayerChoices, LayerStack
from widgets.map.sketch import SketchItem

Settle = Callable[[MapView], None]


@pytest.fixture
def stack(qtbot: QtBot) -> LayerStack:
    return LayerStack()


# -- the stack ------------------------------------------------------------------------------------------------------


def test_every_layer_has_a_switch_and_an_opacity(stack: LayerStack) -> None:
    for spec in LAYERS:
        stack.show(spec.name, not spec.visible)
        stack.fade(spec.name, 0.4)
        assert (stack.visible(spec.name), stack.opacity(spec.name)) == (not spec.visible, 0.4)
    with pytest.raises(KeyError):
        stack.show("weather", True)


def test_an_opacity_out_of_range_is_brought_into_it(stack: LayerStack) -> None:
    stack.fade("heat", 0.0)
    assert stack.opacity("heat") == 0.1
    stack.fade("heat", 7.0)
    assert stack.opacity("heat") == 1.0


@pytest.mark.parametrize("band", BANDS)
def test_layers_can_be_put_in_any_order_within_their_band(stack: LayerStack, band: Band) -> None:
    before = stack.order_of(band)
    lowest = before[0]
    stack.move(lowest, 1)
    assert stack.order_of(band)[1] == lowest
    stack.move(lowest, 99)
    assert stack.order_of(band)[-1] == lowest
    assert stack.rank(lowest) == (len(before) - 1, 0)
    assert {name for each in BANDS if each != band for name in stack.order_of(each)} == set(ORDER) - set(
        before
    )
    stack.move(lowest, -99)
    assert stack.order == ORDER


@pytest.mark.parametrize("fixed", ["base", "places"])
def test_the_base_lies_lowest_and_names_keep_clear_of_all(stack: LayerStack, fixed: str) -> None:
    with pytest.raises(ValueError, match=fixed):
        stack.move(fixed, 1)


def test_an_option_takes_only_its_values(stack: LayerStack) -> None:
    stack.choose("tracks", "minutes", 60)
    assert stack.option("tracks", "minutes") == 60
    with pytest.raises(ValueError, match="7"):
        stack.choose("tracks", "minutes", 7)
    with pytest.raises(KeyError):
        stack.choose("tracks", "colour", 1)


def test_a_change_is_told_once_and_no_change_not_at_all(stack: LayerStack) -> None:
    told: list[str] = []
    stack.changed.connect(told.append)
    for _ in range(2):
        stack.show("heat", True)
        stack.move("heat", 1)
        stack.choose("heat", "window", "week")
    stack.move("heat", 99)
    stack.move("heat", 99)
    assert told == ["heat"] * 5


# -- the file -------------------------------------------------------------------------------------------------------


def test_what_is_written_is_read_again(stack: LayerStack, tmp_path: Path) -> None:
    stack.show("tracks", True)
    stack.fade("grids", 0.35)
    stack.move("sketch", -2)
    stack.choose("coverage", "far", False)
    sketch = SketchItem("s1", "line", ((31.2, 121.4), (31.3, 121.5)), "到此", (), 17)
    path = tmp_path / "deep" / "map_layers.json"
    write_layer_file(path, LayerFile(stack.choices, (sketch,)))
    found = read_layer_file(path)
    assert found.choices == stack.choices
    assert found.sketches == (sketch,)
    assert not path.with_suffix(".new").exists()


def test_without_a_file_everything_is_as_it_was_made(tmp_path: Path) -> None:
    assert read_layer_file(tmp_path / "none.json") == LayerFile(LayerChoices())


def test_layers_of_another_version_are_left_out_and_the_rest_stays(tmp_path: Path) -> None:
    path = tmp_path / "layers.json"
    write_layer_file(path, LayerFile())
    content = json.loads(path.read_text(encoding="utf-8"))
    content["layers"]["weather"] = {"visible": True, "opacity": 1}
    content["layers"]["units"] = {"visible": False, "opacity": 0.5}
    del content["layers"]["cones"]
    content["order"] = ["weather", "tracks", "heat"]
    content["options"]["tracks.minutes"] = 999
    path.write_text(json.dumps(content), encoding="utf-8")
    found = read_layer_file(path).choices
    assert not found.layers["units"].visible
    assert found.layers["cones"].visible
    overlays = [name for name in found.order if SPECS[name].band == "overlay"]
    assert overlays[:2] == ["tracks", "heat"]
    assert sorted(found.order) == sorted(ORDER)
    assert [SPECS[name].band for name in found.order] == sorted(
        (SPECS[name].band for name in ORDER), key=BANDS.index
    )
    assert found.options["tracks", "minutes"] == 15


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{",
        "[]",
        '{"version": 9}',
        '{"version": 1, "layers": {"units": {"visible": true, "opacity": 7}}, "order": [], "options": {}}',
        '{"version": 1, "layers": {}, "order": [], "options": {}, "sketches": [{"kind": "spiral"}]}',
    ],
)
def test_a_broken_file_says_so(tmp_path: Path, text: str) -> None:
    path = tmp_path / "layers.json"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(LayerFileError, match=r"layers\.json"):
        read_layer_file(path)


# -- the map --------------------------------------------------------------------------------------------------------


def test_nothing_that_the_map_is_told_changes_the_choice(town_map: MapView, settle: Settle) -> None:
    town_map.stack.show("incidents", False)
    town_map.stack.show("buildings", False)
    town_map.stack.show("coverage", True)
    town_map.stack.fade("units", 0.5)
    chosen = town_map.stack.choices
    town_map.set_district(small_town())
    town_map.put_incidents([incident("i1", 0, 0, 1, is_new=True)])
    town_map.drop_incidents(["i1"])
    town_map.put_units([unit("u1", 50, 50)])
    town_map.set_grid_load({small_town().grids[0].code: 3})
    town_map.set_heat([(31.22, 121.47)])
    town_map.put_tracks([("u1", 5, 31.22, 121.47)], 10)
    set_language("en")
    town_map.retranslate()
    set_language("zh_CN")
    town_map.retranslate()
    town_map.select("incident", "i1")
    settle(town_map)
    assert town_map.stack.choices == chosen


def test_what_is_switched_off_is_neither_seen_nor_clicked(town_map: MapView, settle: Settle) -> None:
    town_map.put_incidents([incident("i1", 100, 100)])
    settle(town_map)
    at = on_screen(town_map, 100, 100)
    before = town_map.grab().toImage().pixelColor(at.toPoint())
    assert town_map.hit_at(at) == ("incident", "i1")
    town_map.stack.show("incidents", False)
    settle(town_map)
    assert town_map.grab().toImage().pixelColor(at.toPoint()) != before
    assert town_map.hit_at(at)[0] == "grid"
    town_map.stack.show("incidents", True)
    settle(town_map)
    assert town_map.grab().toImage().pixelColor(at.toPoint()) == before


def test_a_faded_symbol_lets_the_ground_through(town_map: MapView, settle: Settle) -> None:
    at = on_screen(town_map, 90, 120)
    ground = town_map.grab().toImage().pixelColor(at.toPoint())
    town_map.put_incidents([incident("i1", 90, 120, 3)])
    settle(town_map)
    firm = corner_of_symbol(town_map, at)
    town_map.stack.fade("incidents", 0.5)
    settle(town_map)
    half = corner_of_symbol(town_map, at)
    assert min(firm.red(), ground.red()) < half.red() < max(firm.red(), ground.red())


def corner_of_symbol(view: MapView, at: QPointF):  # type: ignore[no-untyped-def]
    """A pixel of the square of a P3, away from its pictogram."""
    return view.grab().toImage().pixelColor(round(at.x()) - 8, round(at.y()) - 8)


def test_a_ground_layer_that_is_switched_off_is_painted_away(town_map: MapView, settle: Settle) -> None:
    house = on_screen(town_map, -430, -390)
    town_map.fly_to(*town_map.lat_lon_at(house), 18.0)
    settle(town_map)
    middle = town_map.rect().center()
    with_house = town_map.grab().toImage().pixelColor(middle)
    town_map.stack.show("buildings", False)
    settle(town_map)
    assert town_map.grab().toImage().pixelColor(middle) != with_house


def test_the_upper_symbol_covers_the_lower_one_and_is_hit_first(
    town_map: MapView, settle: Callable[[MapView], None]
) -> None:
    at = (10.0, 10.0)
    town_map.put_incidents([incident("i", *at, 1)])
    town_map.put_units([unit("u", *at)])
    settle(town_map)
    point = on_screen(town_map, *at)
    assert town_map.hit_at(point) == ("incident", "i")
    above = town_map.grab().toImage()
    for _ in range(2):
        town_map.stack.move("units", 1)
    settle(town_map)
    assert town_map.hit_at(point) == ("unit", "u")
    assert town_map.grab().toImage() != above


def test_the_ground_is_painted_in_its_order(town_map: MapView, settle: Callable[[MapView], None]) -> None:
    town_map.set_grid_load({grid.code: 3 for grid in small_town().grids})
    settle(town_map)
    house = on_screen(town_map, -430 + 5, -390).toPoint()
    under = town_map.grab().toImage().pixelColor(house)
    town_map.stack.move("buildings", 1)  # now over the colour of its grid
    settle(town_map)
    assert town_map.grab().toImage().pixelColor(house) != under


def test_a_grid_that_is_all_of_the_district_is_outlined_and_does_not_flood_it(
    town_map: MapView, settle: Settle
) -> None:
    town = small_town()
    whole = replace(town.grids[0], ring=town.boundary)
    for grids, dyed in (((whole,), (False, True)), (town.grids, (True, True))):
        town_map.set_district(replace(town, grids=grids))
        town_map.view.jump(town_map.view.fitted((-520, -520, 520, 520), 0))
        seen = []
        for level in (0, 4):
            town_map.set_grid_load({grid.code: level for grid in grids})
            settle(town_map)
            image = town_map.grab().toImage()
            spots = [on_screen(town_map, *place).toPoint() for place in ((80, -120), (-497, -120))]
            seen.append([image.pixelColor(spot) for spot in spots])
        assert tuple(a != b for a, b in zip(*seen, strict=True)) == dyed
