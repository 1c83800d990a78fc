"""Owns what OpenStreetMap's tags become (data/importing/osm.toml). Must not read extracts or know geometry."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from functools import cache, lru_cache
from typing import Any

from app.paths import bundled_data_dir

Tags = Mapping[str, str]

_NAME_KEYS = ("name", "name:zh", "name:zh-Hans", "name:en")
_LEVEL_KEYS = ("building:levels", "height", "building:height")
_ADDRESS_KEYS = ("addr:street", "addr:housenumber", "addr:full")

MOST_LEVELS = 150
_STOREY_M = 3.2
_LONGEST_NAME_CHARS = 80
_LEFT_OUT = ("no", "proposed", "construction", "razed", "demolished", "ruins")
_CHINESE = re.compile(r"[\u3400-\u9fff]")
_NUMBER = re.compile(r"\d+(\.\d+)?")


@cache
def rules() -> dict[str, Any]:
    """The file as it stands."""
    path = bundled_data_dir() / "importing" / "osm.toml"
    return tomllib.loads(path.read_text(encoding="utf-8"))


def first_fit(table: str, tags: Tags) -> Any:
    """The value of the first rule of a table whose key and value the tags have, "*" for any value; else None."""
    for key, values in rules()[table].items():
        value = tags.get(key)
        if value is None or value in _LEFT_OUT:
            continue
        found = values.get(value, values.get("*"))
        if found is not None:
            return found
    return None


def keys_of(*tables: str) -> set[str]:
    """Every tag key that the tables ask for."""
    return {key for table in tables for key in rules()[table]}


@cache
def keys_read(of: str) -> tuple[str, ...]:
    """What is asked of a "road", "line", "building" or "cover"; of what has a name its "name" or all of a "place".

    Mappers write a dozen more on each.
    """
    own: dict[str, set[str]] = {
        "road": {"highway", "area", "oneway", "junction", "bridge"},
        "line": keys_of("corridor"),
        "building": {"building", *_LEVEL_KEYS, *keys_of("building_by")},
        "cover": {"highway", "area", "tunnel", *keys_of("area", "building_on")},
        "name": set(_NAME_KEYS),
        "place": {*_NAME_KEYS, "station", "subway", *_ADDRESS_KEYS, *keys_of("place")},
    }
    return tuple(sorted(own[of]))


def is_named(tags: Tags) -> bool:
    """Whether there is a name at all; most objects have none."""
    return bool(tags.get("name")) or "name:zh" in tags or "name:en" in tags


def names(tags: Tags) -> tuple[str, str]:
    """(Chinese, English) name, one standing in for the other; both "" where there is none."""
    if not is_named(tags):
        return "", ""
    get = tags.get
    return _names(get("name", ""), get("name:zh", ""), get("name:zh-Hans", ""), get("name:en", ""))


@lru_cache(maxsize=4096)
def _names(plain: str, zh: str, hans: str, en: str) -> tuple[str, str]:
    """A street's name stands on each of its pieces."""
    zh = zh or hans or (plain if _CHINESE.search(plain) else "")
    en = en or (plain if plain and plain.isascii() else "")
    return _clean(zh or plain or en), _clean(en or plain or zh)


def address(tags: Tags) -> str:
    """The address as it is said in its language, "" where there is none."""
    street, number = tags.get("addr:street", ""), tags.get("addr:housenumber", "")
    if not street or not number:
        return _clean(tags.get("addr:full", "") or street)
    form = rules()["address"]["chinese" if _CHINESE.search(street) else "other"]
    return _clean(form.format(street=street, number=number))


def road_class(tags: Tags) -> str | None:
    """The class of a road, None for what is no road."""
    found = rules()["road"].get(tags.get("highway", ""))
    return None if found is None or tags.get("area") == "yes" else str(found)


def oneway(tags: Tags, kind: str) -> int:
    """1 for one-way along the line, -1 against it, 0 for both ways; on foot everybody goes both ways."""
    if kind == "footway":
        return 0
    said = tags.get("oneway", "")
    if said in ("yes", "true", "1"):
        return 1
    if said in ("-1", "reverse"):
        return -1
    implied = tags.get("junction") in ("roundabout", "circular") or tags.get("highway", "").startswith(
        "motorway"
    )
    return int(implied and said not in ("no", "false", "0"))


def is_bridge(tags: Tags) -> bool:
    """Whether the road is carried over something."""
    return tags.get("bridge", "no") != "no"


def building_kind(tags: Tags) -> str | None:
    """A building's kind by its own tags; None where only the ground around it can tell."""
    by_value = rules()["building"].get(tags.get("building", ""))
    kind = by_value or first_fit("building_by", tags)
    return None if kind is None else str(kind)


def levels(tags: Tags, kind: str) -> int:
    """Storeys above ground: as tagged, else by height, else as is usual for the kind."""
    get = tags.get
    height = get("height", "") or get("building:height", "")
    return _levels(get("building", ""), get("building:levels", ""), height, kind)


@lru_cache(maxsize=4096)
def _levels(building: str, said_levels: str, height: str, kind: str) -> int:
    said, height_m = _number(said_levels), _number(height)
    if said is None and height_m is not None:
        said = height_m / _STOREY_M
    if said is None:
        said = rules()["low"].get(building, rules()["levels"][kind])
    return max(1, min(MOST_LEVELS, round(said)))


def _number(text: str) -> float | None:
    found = _NUMBER.match(text.strip())
    return float(found.group()) if found else None


def _clean(text: str) -> str:
    """On one line and of a length that a map can bear, whatever the tag holds."""
    if len(text) <= _LONGEST_NAME_CHARS and text.isprintable():
        return text.strip()
    printable = "".join(char if char.isprintable() else " " for char in text[: 2 * _LONGEST_NAME_CHARS])
    return printable.strip()[:_LONGEST_NAME_CHARS]
