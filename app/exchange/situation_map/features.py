"""GeoJSON layers whose data no template ever reads.

folium compiles what it has rendered as a template once more: braces in an incident's title would be run as code, and
megabytes of coordinates be parsed. Owns the detour: folium renders slots, which are filled when it is done. Must not
know what the data are.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

import msgspec
from branca.element import Element
from folium import GeoJson

from app.exchange.situation_map.geometry import Feature, collection

_SLOT = re.compile(r'\{"features": \[\], "slot": "(\d+)", "type": "FeatureCollection"\}')


class Features(GeoJson):
    """A GeoJSON layer; options are folium's."""

    def __init__(self, features: Iterable[Feature], **options: Any) -> None:
        super().__init__({"type": "FeatureCollection", "features": []}, **options)
        self.document = script_json(collection(features))


def script_json(value: object) -> str:
    """JSON that cannot end the script it stands in."""
    return msgspec.json.encode(value).decode().replace("<", "\\u003c").replace(">", "\\u003e")


def render(root: Element) -> str:
    """The page with its data. Elements are numbered, by chance otherwise: the same layers give the same page."""
    documents: dict[str, str] = {}
    for number, element in enumerate(_elements(root)):
        element._id = str(number)
        if isinstance(element, Features):
            element.data["slot"] = str(number)
            documents[str(number)] = element.document
    page = _SLOT.sub(lambda found: documents.pop(found[1]), root.render())
    assert not documents, "folium writes data in another way than it did"
    return page


def _elements(root: Element) -> Iterable[Element]:
    waiting = [root]
    while waiting:
        element = waiting.pop()
        yield element
        waiting += element._children.values()
