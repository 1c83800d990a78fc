"""Base maps on the live map: chosen in the sheet of layers, under everything else, never a reason to lose the map."""

import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QColor, QImage
from pytestqt.qtbot import QtBot

from app.geo.tilesets import TileAddress
from app.i18n import set_language
from tests.gui.map.raster_files import addresses, around, plain
from tests.gui.map.town import LAT, LON, lat_lon, small_town
from tests.unit.geo.tilesets.tile_files import make_mbtiles
from widgets.map import MapView
from widgets.map.basemap_choice import VECTOR
from widgets.map.projection import Projection
from widgets.panels.map_basemaps import MEMORY_FILE, MapBasemaps

Wait = Callable[[Callable[[QColor], bool]], None]
RED = "#d02020"
DECLARED = """
[[basemap]]
id = "aerial"
name_zh = "航空影像"
name_en = "Aerial"
kind = "mbtiles"
path = "aerial.mbtiles"
attribution = "&copy; <a href='http://example.org'>Survey</a>"

[[basemap]]
id = "broken"
name_zh = "坏文件"
name_en = "Broken"
kind = "mbtiles"
path = "broken.mbtiles"

[[basemap]]
id = "street"
name_zh = "街道图"
name_en = "Streets"
kind = "xyz"
url = "http://127.0.0.1:9/{z}/{x}/{y}.png"
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A district's base maps: a red one of the middle of the town, a broken one, one of a server that is not there."""
    body = plain(RED)
    tiles = dict.fromkeys([tuple(a) for a in addresses((17, 18), around(LAT, LON, 0.0012))], body)
    make_mbtiles(tmp_path / "aerial.mbtiles", tiles, {"name": "Aerial"})  # type: ignore[arg-type]
    (tmp_path / "broken.mbtiles").write_bytes(b"")
    (tmp_path / "basemaps.toml").write_text(DECLARED, encoding="utf-8")
    return tmp_path


@pytest.fixture
def basemaps(town_map: MapView, folder: Path) -> Iterator[MapBasemaps]:
    set_language("en")
    made = MapBasemaps(town_map, folder)
    yield made
    made.close()
    set_language("zh_CN")


@pytest.fixture
def choose(basemaps: MapBasemaps, town_map: MapView, qtbot: QtBot) -> Callable[[str], None]:
    """Choose a base map and wait until the map stands still with it."""

    def choose(basemap_id: str) -> None:
        with qtbot.waitSignal(basemaps.choice.chosen):
            basemaps.choose(basemap_id)
        qtbot.waitUntil(lambda: town_map.idle)

    return choose


def pixel(view: MapView, east_m: float, north_m: float) -> QColor:
    x, y = view.view.to_screen(east_m, -north_m)
    image: QImage = view.grab().toImage()
    return image.pixelColor(round(x * image.devicePixelRatio()), round(y * image.devicePixelRatio()))


def is_red(colour: QColor) -> bool:
    return colour.red() > 150 and colour.green() < 80 and colour.blue() < 80


@pytest.fixture
def wait_for_ground(town_map: MapView, qtbot: QtBot) -> Wait:
    """Wait until the ground beside the middle is as wanted.

    Looked at only while the map stands still: a look paints it, and for a multiple of what painting took it rests.
    """
    return lambda wanted: qtbot.waitUntil(lambda: town_map.idle and wanted(pixel(town_map, -60, 120)))


def test_the_list_names_every_base_map_and_marks_the_one_shown(basemaps: MapBasemaps) -> None:
    assert [(item.id, item.name, item.online) for item in basemaps.basemaps()] == [
        (VECTOR, "The district's own map", False),
        ("aerial", "Aerial", False),
        ("broken", "Broken", False),
        ("street", "Streets", True),
    ]
    assert basemaps.list.button(VECTOR).isChecked()
    basemaps.choice._view.retranslate()
    set_language("zh_CN")
    basemaps.retranslate()
    assert basemaps.list.button("street").text() == "街道图（在线）"


def test_without_declared_base_maps_there_is_nothing_to_choose(town_map: MapView, tmp_path: Path) -> None:
    made = MapBasemaps(town_map, tmp_path)
    assert made.list.isHidden() and made.notice.isHidden()
    with pytest.raises(KeyError):
        made.choose("aerial")


def test_a_click_in_the_sheet_lays_the_base_map_under_everything(
    basemaps: MapBasemaps, town_map: MapView, qtbot: QtBot, wait_for_ground: Wait
) -> None:
    before = pixel(town_map, -60, 120)
    town_map.open_sheet("layers")
    with qtbot.waitSignal(basemaps.choice.chosen):
        button = basemaps.list.button("aerial")
        qtbot.mouseClick(button, Qt.MouseButton.LeftButton, pos=QPoint(30, button.height() // 2))
    town_map.open_sheet("layers")
    wait_for_ground(is_red)
    assert basemaps.choice.current == "aerial" and basemaps.list.button("aerial").isChecked()
    assert not is_red(before)
    assert basemaps.notice.text == "© Survey"
    assert basemaps.notice.isVisible()


def test_beyond_the_pictures_the_districts_own_ground_is_drawn(
    choose: Callable[[str], None], town_map: MapView, wait_for_ground: Wait
) -> None:
    house = pixel(town_map, -430, -390)
    choose("aerial")
    wait_for_ground(is_red)
    assert pixel(town_map, -430, -390) == house


def test_the_vector_ground_comes_back_as_it_was(
    choose: Callable[[str], None], basemaps: MapBasemaps, town_map: MapView, wait_for_ground: Wait
) -> None:
    before = pixel(town_map, -60, 120)
    choose("aerial")
    wait_for_ground(is_red)
    choose(VECTOR)
    wait_for_ground(before.__eq__)
    assert basemaps.notice.isHidden()


def test_the_layer_of_the_base_map_fades_the_pictures_too(
    choose: Callable[[str], None], town_map: MapView, wait_for_ground: Wait
) -> None:
    choose("aerial")
    wait_for_ground(is_red)
    town_map.stack.show("base", False)
    wait_for_ground(lambda colour: not is_red(colour))


def test_a_broken_one_leaves_what_was_shown_and_says_why_on_the_map(
    choose: Callable[[str], None],
    basemaps: MapBasemaps,
    town_map: MapView,
    qtbot: QtBot,
    wait_for_ground: Wait,
) -> None:
    choose("aerial")
    wait_for_ground(is_red)
    with qtbot.waitSignal(basemaps.choice.told):
        basemaps.choose("broken")
    assert basemaps.notice.text.startswith("broken.mbtiles: is empty; copy it again")
    assert basemaps.choice.current == "aerial" and basemaps.list.button("aerial").isChecked()
    assert is_red(pixel(town_map, -60, 120))


def test_a_server_that_cannot_be_reached_leaves_the_districts_ground(
    choose: Callable[[str], None], basemaps: MapBasemaps, town_map: MapView, qtbot: QtBot
) -> None:
    before = pixel(town_map, -430, -390)
    choose("street")
    qtbot.waitUntil(lambda: town_map.idle and "cannot reach 127.0.0.1" in basemaps.notice.text)
    assert pixel(town_map, -430, -390) == before


def test_a_faulty_declaration_is_told_and_hinders_nothing(town_map: MapView, tmp_path: Path) -> None:
    (tmp_path / "basemaps.toml").write_text("[[basemap]]\nid = 1\n", encoding="utf-8")
    made = MapBasemaps(town_map, tmp_path)
    assert made.notice.text.startswith("basemaps.toml · basemap[1]")
    assert [item.id for item in made.basemaps()] == [VECTOR]


def test_the_pictures_follow_the_plane_of_another_district(
    choose: Callable[[str], None], basemaps: MapBasemaps, town_map: MapView, wait_for_ground: Wait
) -> None:
    choose("aerial")
    town_map.set_district(small_town())
    raster = basemaps.choice._raster
    assert raster is not None and raster.projection == town_map.scene.projection
    raster.project(Projection.at(*lat_lon(5_000, 5_000)))
    town_map.set_district(small_town())
    assert raster.projection == town_map.scene.projection
    wait_for_ground(is_red)


def test_the_pictures_follow_the_view(
    choose: Callable[[str], None], town_map: MapView, basemaps: MapBasemaps, wait_for_ground: Wait
) -> None:
    choose("aerial")
    town_map.fly_to(*lat_lon(-60, 120), 18.0)
    wait_for_ground(is_red)
    raster = basemaps.choice._raster
    assert raster is not None and any(isinstance(a, TileAddress) and a.z == 18 for a in raster._tiles)


def test_a_map_that_goes_takes_the_thread_with_it(qtbot: QtBot, folder: Path) -> None:
    view = MapView()
    view.set_district(small_town())
    made = MapBasemaps(view, folder)
    with qtbot.waitSignal(made.choice.chosen):
        made.choose("aerial")
    with qtbot.waitSignal(view.destroyed):
        view.deleteLater()
    assert not [thread for thread in threading.enumerate() if thread.name == "raster tiles"]


def test_the_choice_is_there_the_next_time(town_map: MapView, folder: Path, qtbot: QtBot) -> None:
    settings = folder / "settings"
    first = MapBasemaps(town_map, folder, settings)
    with qtbot.waitSignal(first.choice.chosen):
        first.choose("aerial")
    first.close()
    again = MapBasemaps(town_map, folder, settings)
    qtbot.waitUntil(lambda: again.choice.current == "aerial")
    again.choose(VECTOR)
    again.close()
    assert MapBasemaps(town_map, folder, settings).choice.current == VECTOR


@pytest.mark.parametrize("content", [b"", b"\xff\xfe", b"of another district", b"vector"])
def test_a_memory_that_means_nothing_here_leaves_the_districts_ground(
    town_map: MapView, folder: Path, content: bytes
) -> None:
    memory = folder / MEMORY_FILE
    memory.write_bytes(content)
    made = MapBasemaps(town_map, folder, folder)
    assert made.choice.current == VECTOR and made.notice.text == ""
    assert memory.read_bytes() == content


def test_a_choice_that_cannot_be_remembered_is_said(town_map: MapView, folder: Path, qtbot: QtBot) -> None:
    (folder / "in_the_way").write_text("")
    made = MapBasemaps(town_map, folder, folder / "in_the_way")
    with qtbot.waitSignal(made.choice.chosen):
        made.choose("aerial")
    assert "map_basemap" not in made.notice.text and made.notice.text
    made.close()
