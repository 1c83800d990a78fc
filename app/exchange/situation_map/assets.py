"""Everything that the page would fetch, put into the page itself.

Owns which address has which local copy and the proof that none is left. Must not touch the network: an address without
a copy is an error.
"""

from __future__ import annotations

import re
from base64 import b64encode
from functools import cache
from html.parser import HTMLParser
from pathlib import Path
from typing import Final

from xstatic.pkg import jquery, leaflet, leaflet_markercluster

from app.domain.errors import StreetdeskError
from app.i18n import tr

_LEAFLET, _JQUERY, _CLUSTER = (Path(package.BASE_DIR) for package in (leaflet, jquery, leaflet_markercluster))
_CLUSTER_AT: Final = "https://cdnjs.cloudflare.com/ajax/libs/leaflet.markercluster/1.1.0"
LOCAL_COPIES: Final = {
    "https://cdn.jsdelivr.net/npm/leaflet@1.9.3/dist/leaflet.js": _LEAFLET / "leaflet.js",
    "https://cdn.jsdelivr.net/npm/leaflet@1.9.3/dist/leaflet.css": _LEAFLET / "leaflet.css",
    "https://code.jquery.com/jquery-3.7.1.min.js": _JQUERY / "jquery.min.js",
    f"{_CLUSTER_AT}/leaflet.markercluster.js": _CLUSTER / "leaflet.markercluster.js",
    f"{_CLUSTER_AT}/MarkerCluster.css": _CLUSTER / "MarkerCluster.css",
    f"{_CLUSTER_AT}/MarkerCluster.Default.css": _CLUSTER / "MarkerCluster.Default.css",
}
"""What folium 0.20 links to, by address."""

_SCRIPT = re.compile(r'<script src="([^"]*)"></script>')
_SHEET = re.compile(r'<link rel="stylesheet" href="([^"]*)"\s*/>')
_CSS_URL = re.compile(r"""url\(\s*['"]?([^'")]*)['"]?\s*\)""")
_SOURCE_MAP = re.compile(r"^//# sourceMappingURL=.*$", re.MULTILINE)
_NO_FILE = ("data:", "#")
_FETCHING = {"src", "srcset", "poster", "background", "action", "formaction", "ping", "manifest"}
_LINKING = {"link", "image", "use", "base", "iframe", "object", "embed"}


class NotSelfContained(StreetdeskError):
    """The page would fetch something that there is no copy of."""

    def __init__(self, address: str) -> None:
        super().__init__(tr("situation_map.not_self_contained", address=address))
        self.address = address


def inlined(page: str) -> str:
    """The page with every linked script and style sheet in its place. Raises NotSelfContained."""
    page = _SCRIPT.sub(lambda found: f"<script>{_script(found[1])}</script>", page)
    page = _SHEET.sub(lambda found: f"<style>{_sheet(found[1])}</style>", page)
    refuse_links(page)
    return page


def refuse_links(page: str) -> None:
    """Raises NotSelfContained for the first thing that a browser would fetch."""
    _LinkFinder().feed(page)


@cache
def _script(address: str) -> str:
    """A closing tag within a script would end it; a source map would be asked for by whoever debugs."""
    text = _SOURCE_MAP.sub("", _copy_of(address).read_text(encoding="utf-8"))
    return text.replace("</script", r"<\/script") + "\n" + (_DEFAULT_ICON if "/leaflet.js" in address else "")


@cache
def _sheet(address: str) -> str:
    copy = _copy_of(address)

    def embedded(found: re.Match[str]) -> str:
        name = found[1]
        return found[0] if name.startswith(_NO_FILE) else f"url({_data_uri(copy.parent / name)})"

    return _CSS_URL.sub(embedded, copy.read_text(encoding="utf-8"))


def _copy_of(address: str) -> Path:
    if address not in LOCAL_COPIES:
        raise NotSelfContained(address)
    return LOCAL_COPIES[address]


def _data_uri(image: Path) -> str:
    if image.suffix != ".png" or not image.is_file():
        raise NotSelfContained(image.name)
    return f"data:image/png;base64,{b64encode(image.read_bytes()).decode('ascii')}"


def _default_icon() -> str:
    """Leaflet looks for its marker beside its style sheet, which is nowhere: the marker comes along."""
    images = {
        option: _data_uri(_LEAFLET / "images" / f"{name}.png")
        for option, name in (
            ("iconUrl", "marker-icon"),
            ("iconRetinaUrl", "marker-icon-2x"),
            ("shadowUrl", "marker-shadow"),
        )
    }
    options = ", ".join(f'{option}: "{uri}"' for option, uri in images.items())
    return f"delete L.Icon.Default.prototype._getIconUrl;\nL.Icon.Default.mergeOptions({{{options}}});\n"


_DEFAULT_ICON: Final = _default_icon()


class _LinkFinder(HTMLParser):
    """Looks at tags, style attributes and style sheets as a browser does; what scripts say is held back by the
    page's Content-Security-Policy."""

    def __init__(self) -> None:
        super().__init__()
        self._tag = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._tag = tag
        for name, value in attrs:
            fetches = name in _FETCHING or (name in ("href", "xlink:href", "data") and tag in _LINKING)
            if fetches and not (value or "").startswith(_NO_FILE):
                raise NotSelfContained(value or "")
            if name == "style":
                self._refuse_css(value or "")

    def handle_endtag(self, tag: str) -> None:
        self._tag = ""

    def handle_data(self, data: str) -> None:
        if self._tag == "style":
            self._refuse_css(data)

    def _refuse_css(self, text: str) -> None:
        addresses = [*_CSS_URL.findall(text), *(["@import"] if "@import" in text else [])]
        for address in addresses:
            if not address.startswith(_NO_FILE):
                raise NotSelfContained(address)
