"""A raster base map on the plane: in its place, without seams, from another zoom meanwhile, and hard to break."""

import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QRectF
from PySide6.QtGui import QColor, QImage, QPainter, QTransform
from pytestqt.qtbot import QtBot

from app.geo.tilesets import BasemapEntry, TileAddress
from app.geo.tilesets.tile_source import TileCrs
from app.geo.tilesets.url_template import UrlTemplate
from app.i18n import set_language
from tests.gui.map.raster_files import addresses, around, dotted, drawn, entry, picture, plain
from tests.gui.map.town import LAT, LON, lat_lon
from tests.servers.tile_server import tile_colour, tile_server
from tests.unit.geo.tilesets.tile_files import cut, make_mbtiles
from widgets.map import raster_loader
from widgets.map.projection import Projection
from widgets.map.raster import RasterGround
from widgets.map.raster_loader import MOST_SIDE_PX, decoded
from widgets.map.view import Bounds

PLANE = Projection.at(LAT, LON)
VIEW: Bounds = (-300.0, -300.0, 300.0, 300.0)
NOW = 1_780_000_000_000
HOUR_MS = 3_600_000
_ROOM_BYTES = 64 * 1024 * 1024


class Shown:
    """A raster base map under test, what it told, and pictures of it."""

    def __init__(self, ground: RasterGround, qtbot: QtBot) -> None:
        self.ground = ground
        self.told: list[str] = []
        self.changed: list[Bounds] = []
        self._qtbot = qtbot
        ground.told.connect(self.told.append)
        ground.changed.connect(self.changed.append)

    def choose(self, basemap: BasemapEntry) -> None:
        with self._qtbot.waitSignal(self.ground.shown):
            self.ground.choose(basemap)

    def look(self, bounds: Bounds = VIEW, px_per_m: float = 1.0) -> None:
        """Ask for a view and wait until everything of it has been looked for."""
        self.ground.want(bounds, px_per_m)
        self.until(lambda: self.ground.complete)

    def until(self, condition: Callable[[], bool]) -> None:
        self._qtbot.waitUntil(condition)

    def picture(self, bounds: Bounds = VIEW, px_per_m: float = 1.0) -> QImage:
        """What is painted of these metres over pure green."""
        width, height = (round((bounds[i + 2] - bounds[i]) * px_per_m) for i in (0, 1))
        image = QImage(width, height, QImage.Format.Format_RGB32)
        image.fill(QColor("#00ff00"))
        painter = QPainter(image)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setTransform(QTransform().scale(px_per_m, px_per_m).translate(-bounds[0], -bounds[1]))
        self.ground.paint(painter, bounds, px_per_m)
        painter.end()
        return image


@pytest.fixture
def now() -> list[int]:
    return [NOW]


@pytest.fixture
def shown(qtbot: QtBot, tmp_path: Path, now: list[int]) -> Iterator[Shown]:
    set_language("en")
    ground = RasterGround(PLANE, cache_dir=tmp_path / "cache", now=lambda: now[0], cache_bytes=_ROOM_BYTES)
    yield Shown(ground, qtbot)
    ground.close()
    set_language("zh_CN")


def near(image: QImage, x: int, y: int, colour: str) -> bool:
    seen, meant = image.pixelColor(x, y), QColor(colour)
    return max(abs(a - b) for a, b in zip(seen.getRgb()[:3], meant.getRgb()[:3], strict=True)) < 12


def all_near(image: QImage, colour: str) -> bool:
    """Every third pixel, and the whole rim."""
    return all(
        near(image, x, y, colour) for x in range(0, image.width(), 3) for y in range(0, image.height(), 3)
    )


def town(
    path: Path, colour: str, zooms: tuple[int, ...] = (14, 15, 16, 17, 18), half_deg: float = 0.012
) -> Path:
    body = plain(colour)
    tiles = {tuple(a): body for a in addresses(zooms, around(LAT, LON, half_deg))}
    return make_mbtiles(path, tiles, {"name": "Town"})  # type: ignore[arg-type]


# -- where it is painted ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("crs", ["epsg3857", "gcj02", "epsg4490"])
@pytest.mark.parametrize("px_per_m", [0.5, 0.7071, 1.0, 1.6818])
def test_a_dot_on_the_earth_is_where_the_map_puts_that_place(
    shown: Shown, tmp_path: Path, crs: TileCrs, px_per_m: float
) -> None:
    lat, lon = lat_lon(120, 80)
    tiles = addresses((16, 17, 18), around(LAT, LON, 0.004), crs)
    shown.choose(entry(drawn(tmp_path / "a.mbtiles", tiles, dotted(lat, lon, crs)), crs))
    shown.look(px_per_m=px_per_m)
    image = shown.picture(px_per_m=px_per_m)
    dark = [
        (x, y)
        for x in range(image.width())
        for y in range(image.height())
        if image.pixelColor(x, y).value() < 128
    ]
    x_m, y_m = PLANE.to_metres(lat, lon)
    middle = sum(x for x, _ in dark) / len(dark) + 0.5, sum(y for _, y in dark) / len(dark) + 0.5
    assert middle == pytest.approx(((x_m + 300) * px_per_m, (y_m + 300) * px_per_m), abs=1.5)


@pytest.mark.parametrize("crs", ["epsg3857", "gcj02"])
@pytest.mark.parametrize("px_per_m", [0.3, 0.8409, 1.0, 1.1892, 2.3784])
def test_no_seam_opens_between_tiles(shown: Shown, tmp_path: Path, crs: TileCrs, px_per_m: float) -> None:
    body = plain("#aa3366")
    tiles = {tuple(a): body for a in addresses((14, 15, 16, 17, 18), around(LAT, LON), crs)}
    shown.choose(entry(make_mbtiles(tmp_path / "a.mbtiles", tiles, {}), crs))  # type: ignore[arg-type]
    shown.look(px_per_m=px_per_m)
    assert all_near(shown.picture(px_per_m=px_per_m), "#aa3366")


def test_it_is_painted_at_the_opacity_of_its_entry_times_the_painters(shown: Shown, tmp_path: Path) -> None:
    shown.choose(entry(town(tmp_path / "a.mbtiles", "#ff0000"), opacity=0.5))
    shown.look()
    assert all_near(shown.picture(), "#808000")


def test_the_painters_state_is_left_as_it_was(shown: Shown, tmp_path: Path) -> None:
    shown.choose(entry(town(tmp_path / "a.mbtiles", "#ff0000"), opacity=0.5))
    shown.look()
    image = QImage(64, 64, QImage.Format.Format_RGB32)
    painter = QPainter(image)
    painter.setOpacity(0.25)
    painter.scale(2, 2)
    for _ in shown.ground.painting(painter, VIEW, 17.0, 1.0):
        assert painter.opacity() == 0.25
        assert painter.worldTransform() == QTransform.fromScale(2, 2)
    painter.end()


@pytest.mark.parametrize("kind", ["PNG", "JPG", "WEBP"])
@pytest.mark.parametrize("side_px", [256, 512])
def test_every_kind_of_picture_and_both_sizes(shown: Shown, tmp_path: Path, kind: str, side_px: int) -> None:
    body = plain("#3366aa", side_px, kind)
    tiles = {tuple(a): body for a in addresses((15, 16, 17), around(LAT, LON))}
    shown.choose(entry(make_mbtiles(tmp_path / "a.mbtiles", tiles, {})))  # type: ignore[arg-type]
    shown.look()
    assert all_near(shown.picture(), "#3366aa")


# -- what is not there ------------------------------------------------------------------------------------------------


def test_before_anything_is_chosen_nothing_is_painted(shown: Shown) -> None:
    shown.ground.want(VIEW, 1.0)
    assert all_near(shown.picture(), "#00ff00")
    assert shown.ground.entry is None and shown.ground.caption == ""


def test_a_coarser_zoom_stands_in_for_one_that_is_not_there(shown: Shown, tmp_path: Path) -> None:
    path = town(tmp_path / "a.mbtiles", "#112288", (14,))
    add(path, {TileAddress(18, 0, 0): plain("#ffffff")})
    shown.choose(entry(path))
    shown.look()
    shown.until(lambda: all_near(shown.picture(), "#112288"))


def test_another_zoom_is_shown_until_the_new_one_has_come(shown: Shown, tmp_path: Path) -> None:
    bodies = {14: "#111111", 15: "#222222", 16: "#333333", 17: "#994400", 18: "#009944"}
    tiles = {tuple(a): plain(bodies[a.z]) for a in addresses(bodies, around(LAT, LON, 0.006))}
    shown.choose(entry(make_mbtiles(tmp_path / "a.mbtiles", tiles, {})))  # type: ignore[arg-type]
    shown.look()
    assert all_near(shown.picture(), "#994400")
    assert all_near(shown.picture(px_per_m=2.0), "#994400")
    shown.look(px_per_m=2.0)
    assert all_near(shown.picture(px_per_m=2.0), "#009944")
    coarser = (-400.0, -400.0, 400.0, 400.0)
    assert near(shown.picture(coarser, 0.5), 200, 200, "#994400")


def test_what_came_is_told_by_its_bounds(shown: Shown, tmp_path: Path) -> None:
    shown.choose(entry(town(tmp_path / "a.mbtiles", "#ff0000")))
    shown.look()
    covered = QRectF()
    for left, top, right, bottom in shown.changed:
        covered = covered.united(QRectF(left, top, right - left, bottom - top))
    assert covered.contains(QRectF(-300, -300, 600, 600))


# -- hostile files ----------------------------------------------------------------------------------------------------


def hostile(folder: Path) -> dict[str, tuple[Path, str]]:
    for name in ("empty", "text"):
        (folder / f"{name}.mbtiles").write_bytes(b"" if name == "empty" else b"nothing of the kind" * 100)
    return {
        "missing": (folder / "missing.mbtiles", "cannot be read"),
        "empty": (folder / "empty.mbtiles", "is empty"),
        "text": (folder / "text.mbtiles", "is no MBTiles"),
        "half": (cut(town(folder / "half.mbtiles", "#ffffff"), 0.5), "is cut off"),
        "bare": (make_mbtiles(folder / "bare.mbtiles", metadata=None), "lacks its metadata"),
        "vector": (make_mbtiles(folder / "vector.mbtiles", metadata={"format": "pbf"}), "vector tiles"),
    }


@pytest.mark.parametrize("case", ["missing", "empty", "text", "half", "bare", "vector"])
def test_a_file_that_cannot_be_used_leaves_what_was_shown(shown: Shown, tmp_path: Path, case: str) -> None:
    shown.choose(entry(town(tmp_path / "good.mbtiles", "#336699")))
    shown.look()
    path, expected = hostile(tmp_path)[case]
    shown.ground.choose(entry(path, name="bad"))
    shown.until(lambda: bool(shown.told))
    assert len(shown.told) == 1 and expected in shown.told[0] and "\n" not in shown.told[0]
    assert shown.ground.entry is not None and shown.ground.entry.id == "aerial"
    shown.look((-200.0, -200.0, 500.0, 500.0))
    assert all_near(shown.picture(), "#336699")


@pytest.mark.qt_log_ignore("libpng|qt.gui.imageio")
@pytest.mark.parametrize("body", ["cut", "noise", "huge", "html"])
def test_a_broken_picture_is_told_once_and_its_place_is_filled_from_above(
    shown: Shown, tmp_path: Path, body: str
) -> None:
    whole = picture(lambda painter: painter.fillRect(0, 0, 128, 128, QColor("red")))
    bodies = {
        "cut": whole[:60],
        "noise": whole[:33] + bytes(range(256)) * 4,
        "huge": plain("#000000", MOST_SIDE_PX + 1),
        "html": b"<html>not found</html>",
    }
    path = town(tmp_path / "a.mbtiles", "#336699", (14, 15, 16))
    add(path, dict.fromkeys(addresses((17,), around(LAT, LON, 0.004)), bodies[body]))
    shown.choose(entry(path))
    shown.look()
    shown.until(lambda: all_near(shown.picture(), "#336699"))
    assert len(shown.told) == 1 and "cannot be decoded" in shown.told[0]


def test_no_more_is_kept_than_the_cap_and_the_view(qtbot: QtBot, tmp_path: Path) -> None:
    tile_bytes = 256 * 256 * 4
    ground = RasterGround(PLANE, cache_dir=tmp_path, now=lambda: NOW, cache_bytes=4 * tile_bytes)
    shown = Shown(ground, qtbot)
    try:
        shown.choose(entry(town(tmp_path / "a.mbtiles", "#336699", (16, 17), half_deg=0.03)))
        for east_m in range(-2_400, 2_500, 400):
            view = (east_m - 200.0, -200.0, east_m + 200.0, 200.0)
            shown.look(view)
            assert all_near(shown.picture(view), "#336699")
            # A view of 400 m with its margin is five tiles wide and high; the whole way is more than a hundred.
            shown.until(lambda: ground.bytes <= 40 * tile_bytes)
    finally:
        ground.close()


# -- threads ----------------------------------------------------------------------------------------------------------


def test_nothing_is_read_or_decoded_on_the_qt_thread(
    shown: Shown, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    on: set[str] = set()

    def watched(body: bytes) -> QImage | None:
        on.add(threading.current_thread().name)
        return decoded(body)

    monkeypatch.setattr(raster_loader, "decoded", watched)
    shown.choose(entry(town(tmp_path / "a.mbtiles", "#336699")))
    shown.look()
    assert on == {"raster tiles"}


def test_the_newest_view_goes_first(shown: Shown, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    may_go_on = threading.Semaphore(0)
    order: list[TileAddress] = []
    load = raster_loader.RasterLoader._load

    def held_back(loader: raster_loader.RasterLoader, address: TileAddress) -> None:
        may_go_on.acquire()
        order.append(address)
        load(loader, address)

    monkeypatch.setattr(raster_loader.RasterLoader, "_load", held_back)
    shown.choose(entry(town(tmp_path / "a.mbtiles", "#336699")))
    shown.ground.want(VIEW, 1.0)
    shown.ground.want((700.0, -300.0, 1_300.0, 300.0), 1.0)
    for _ in range(200):
        may_go_on.release()
    shown.until(lambda: shown.ground.complete)
    columns = [address.x for address in order[1:] if address.z == 17]
    assert len(columns) > 4
    assert min(columns) >= addresses((17,), (LON + 0.0046, LAT, LON + 0.005, LAT + 0.0001))[0].x


def test_choosing_twice_quickly_shows_the_last(shown: Shown, tmp_path: Path) -> None:
    first = entry(town(tmp_path / "a.mbtiles", "#ff0000"), name="first")
    second = entry(town(tmp_path / "b.mbtiles", "#0000ff"), name="second")
    shown.ground.choose(first)
    shown.ground.choose(second)
    shown.until(lambda: shown.ground.entry is second)
    shown.look()
    assert all_near(shown.picture(), "#0000ff")


def test_none_chosen_right_after_one_stays_none(shown: Shown, tmp_path: Path, qtbot: QtBot) -> None:
    shown.ground.choose(entry(town(tmp_path / "a.mbtiles", "#ff0000")))
    shown.ground.choose(None)
    second = entry(town(tmp_path / "b.mbtiles", "#0000ff"), name="second")
    seen: list[str] = []
    shown.ground.shown.connect(seen.append)
    shown.choose(second)
    assert seen == ["second"]


def test_closing_ends_the_thread_at_once(qtbot: QtBot, tmp_path: Path) -> None:
    ground = RasterGround(PLANE, cache_dir=tmp_path, now=lambda: NOW)
    ground.choose(entry(town(tmp_path / "a.mbtiles", "#ff0000")))
    ground.close()
    assert not [thread for thread in threading.enumerate() if thread.name == "raster tiles"]


# -- online -----------------------------------------------------------------------------------------------------------


def online(url: str) -> BasemapEntry:
    return BasemapEntry(
        "street", "街道", "Streets", "xyz", "epsg3857", 1.0, url=UrlTemplate(url), max_zoom=18
    )


def test_when_the_line_drops_the_map_goes_on_from_the_cache_and_says_so(
    qtbot: QtBot, tmp_path: Path, now: list[int], shown: Shown
) -> None:
    with tile_server() as server:
        basemap = online(server.url)
        shown.choose(basemap)
        shown.ground.want(VIEW, 1.0)
        z, x, y = next(a for a in addresses((17,), (LON, LAT, LON + 1e-6, LAT + 1e-6)))
        colour = QColor(*tile_colour(z, x, y)).name()
        shown.until(lambda: near(shown.picture(), 300, 300, colour))
        assert shown.ground.caption == ""
        server.kill()
        now[0] += 2 * HOUR_MS
        again = RasterGround(PLANE, cache_dir=tmp_path / "cache", now=lambda: now[0])
        later = Shown(again, qtbot)
        try:
            later.choose(basemap)
            again.want(VIEW, 1.0)
            later.until(lambda: near(later.picture(), 300, 300, colour))
            later.until(lambda: "out of date" in again.caption)
            later.until(lambda: any("cannot reach 127.0.0.1" in line for line in later.told))
        finally:
            again.close()
        server.restart()


def add(path: Path, tiles: dict[TileAddress, bytes]) -> None:
    """More tiles into a file there is."""
    import sqlite3

    db = sqlite3.connect(path)
    rows = [(a.z, a.x, 2**a.z - 1 - a.y, body) for a, body in tiles.items()]
    db.executemany("INSERT INTO tiles VALUES (?, ?, ?, ?)", rows)
    db.commit()
    db.close()
