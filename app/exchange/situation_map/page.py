"""The situation map's page: layers, frame and assets put together.

Owns the order of the layers and what the browser may do (nothing outside the file). Must not decide what is shown.
"""

from __future__ import annotations

import math
from pathlib import Path
from typing import Final, cast

from branca.element import Element, Figure, MacroElement
from folium import LayerControl, Map
from folium.template import Template

from app.domain.errors import ConfigError
from app.domain.instants import Instant
from app.exchange.situation import Situation, name_of
from app.exchange.situation_map import frame
from app.exchange.situation_map.alarms import AlarmLayer
from app.exchange.situation_map.assets import inlined
from app.exchange.situation_map.closures import ClosureLayer
from app.exchange.situation_map.features import render
from app.exchange.situation_map.ground import GroundLayers, add_panes
from app.exchange.situation_map.marks import Marks
from app.exchange.situation_map.palette import Palette, Theme
from app.exchange.situation_map.sketches import SketchLayer
from app.exchange.situation_map.symbols import sprite
from app.exchange.whole_file import whole_file
from app.i18n import language, tr
from app.paths import resource_dir

_MAX_ZOOM: Final = 20
_LEAST_WIDTH_PX, _TILE_PX = 260, 256
_LEAST_SPAN_DEG: Final = 0.001
_POLICY: Final = (
    "default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'; img-src data:; "
    "base-uri 'none'; form-action 'none'"
)


def write_situation_map(
    path: Path,
    situation: Situation,
    *,
    made_at: Instant,
    since: Instant | None = None,
    masked: bool = True,
    theme: Theme = "light",
) -> int:
    """Writes the page whole or not at all; how many bytes it has.

    `since` leaves out what ended and was reported earlier; what is open is always there. Belongs on a worker thread.
    Raises NotSelfContained, ConfigError (a journal of another district) or OSError.
    """
    page = situation_map_html(situation, made_at=made_at, since=since, masked=masked, theme=theme).encode()
    with whole_file(path) as file:
        file.write_bytes(page)
    return len(page)


def situation_map_html(
    situation: Situation,
    *,
    made_at: Instant,
    since: Instant | None = None,
    masked: bool = True,
    theme: Theme = "light",
) -> str:
    """The page's text. The same arguments give the same text."""
    _refuse_other_district(situation)
    palette = Palette(theme)
    page = _map(situation)
    _Page(palette, situation).add_to(page)
    add_panes(page)
    alarms = AlarmLayer(situation, masked)
    alarms.add_to(page)
    marks = Marks(situation, since, masked)
    marks.add_to(page)
    ClosureLayer(situation, palette, masked).add_to(page)
    SketchLayer(situation, palette, masked).add_to(page)
    ground = GroundLayers(situation, palette)
    ground.add_to(page)
    LayerControl(collapsed=False).add_to(page)
    _Start(ground).add_to(page)
    figure = cast(Figure, page.get_root())
    figure.title = frame.page_title(situation)
    figure.header.add_child(_Text(f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">'))
    figure.html.add_child(_Text(frame.heading(situation, made_at, masked=masked)))
    notes = frame.notes(len(marks.without_place), len(alarms.without_place))
    figure.html.add_child(_Text(frame.legend(situation, palette, notes) + sprite()))
    return inlined(_with_attributes(render(figure), situation))


class _Map(Map):
    """Without bootstrap, Font Awesome and their markers: nothing here is drawn with them."""

    default_js = [link for link in Map.default_js if link[0] in ("leaflet", "jquery")]  # noqa: RUF012 - folium's shape
    default_css = [link for link in Map.default_css if link[0] == "leaflet_css"]  # noqa: RUF012


class _Text(Element):
    """HTML as it stands: folium takes every other string for a template, and a title may hold braces."""

    _template = Template("{{ this.text }}")

    def __init__(self, text: str) -> None:
        super().__init__()
        self._name = "Text"
        self.text = text


class _Page(MacroElement):
    """Style and behaviour of the page, and what it shows first."""

    _template = Template("""
        {% macro header(this, kwargs) %}
            <style>{{ this.style }}</style>
            <script>{{ this.behaviour }}
            situation.speak({{ this.words | tojson }});</script>
        {% endmacro %}
        {% macro script(this, kwargs) %}
            situation.fit({map: {{ this._parent.get_name() }}, bounds: {{ this.bounds | tojson }}});
        {% endmacro %}
    """)

    def __init__(self, palette: Palette, situation: Situation) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self._name = "Page"
        self.style = palette.css_variables() + "\n" + _resource("page.css")
        self.behaviour = _resource("page.js")
        self.words = frame.card_words()
        self.bounds = _bounds(situation)


class _Start(MacroElement):
    """The call that sets the page going once every layer is there."""

    _template = Template("""
        {% macro script(this, kwargs) %}
            situation.start({roads: [{{ this.road_names | join(", ") }}]});
        {% endmacro %}
    """)

    def __init__(self, ground: GroundLayers) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self._name = "Start"
        self._roads = ground.roads

    @property
    def road_names(self) -> list[str]:
        return [road.get_name() for road in self._roads]


def _map(situation: Situation) -> _Map:
    return _Map(
        location=(situation.district.centre_lat, situation.district.centre_lon),
        tiles=None,
        prefer_canvas=True,
        attribution_control=False,
        # Clusters ask for both when they are made, and without tiles nobody else says it.
        minZoom=_least_zoom(_bounds(situation)),
        maxZoom=_MAX_ZOOM,
        zoomSnap=0.25,
        wheelPxPerZoomLevel=90,
    )


def _bounds(situation: Situation) -> list[list[float]]:
    """South-west and north-east corner as (lat, lon)."""
    ring = [tuple(point) for point in situation.district.boundary]
    lons, lats = [float(lon) for lon, _ in ring], [float(lat) for _, lat in ring]
    return [[min(lats), min(lons)], [max(lats), max(lons)]]


def _least_zoom(bounds: list[list[float]]) -> int:
    """Where the whole district is as wide as a hand: farther away there is nothing to see."""
    (_, west), (_, east) = bounds
    degrees = max(east - west, _LEAST_SPAN_DEG)
    return max(0, math.floor(math.log2(_LEAST_WIDTH_PX / _TILE_PX * 360 / degrees)))


def _refuse_other_district(situation: Situation) -> None:
    known = {grid.code for grid in situation.district.grids}
    named = {incident.grid for incident in situation.incidents if incident.grid}
    if named and not named & known:
        raise ConfigError(tr("situation_map.other_district", district=name_of(situation.district)))


def _with_attributes(page: str, situation: Situation) -> str:
    page = page.replace("<html>", f'<html lang="{language().replace("_", "-")}">', 1)
    return page.replace("<body>", '<body class="exercise">', 1) if situation.is_exercise else page


def _resource(name: str) -> str:
    return (resource_dir() / "situation_map" / name).read_text(encoding="utf-8")
