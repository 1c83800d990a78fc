"""What stands round the map: heading, exercise mark, legend and the words of the cards.

Owns the page's HTML outside the map. Must escape every text that it is handed.
"""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from typing import Final

from app.domain.incident import PRIORITIES
from app.domain.instants import Instant
from app.exchange.situation import MINUTE_MS, Situation, name_of
from app.exchange.situation_map.ground import OPEN
from app.exchange.situation_map.marks import open_by_priority
from app.exchange.situation_map.palette import Palette
from app.exchange.situation_map.symbols import symbol_html
from app.i18n import tr

_FACTS: Final = {
    "incident": (
        "number", "type", "priority", "status", "address", "grid", "opened", "closed", "units", "description",
    ),
    "unit": ("kind", "status", "incident", "fix", "age"),
    "camera": ("code", "status", "group", "grid"),
    "place": ("address", "grid"),
    "alarm": ("type", "priority", "status", "raised", "grid", "camera", "source"),
    "closure": ("reason", "passing", "desk", "from", "until"),
    "sketch": ("kind", "extent", "desk", "shared", "until"),
    "grid": ("code", "community", "load"),
}  # fmt: skip
"""What the facts of each kind of mark are called, in the order in which marks.py and ground.py give them."""


def card_words() -> dict[str, object]:
    """For `situation.speak`."""
    facts = {kind: [tr(f"situation_map.fact.{name}") for name in names] for kind, names in _FACTS.items()}
    here = tr("situation_map.here", count="{count}")  # the page knows how many, clusters are its own matter
    return {**facts, "home": tr("situation_map.home"), "here": here}


def page_title(situation: Situation) -> str:
    title = tr(
        "situation_map.page_title",
        centre=name_of(situation.district),
        at=situation.local_time(situation.at)[:16],
    )
    return escape(f"{tr('situation_map.exercise')} · {title}" if situation.is_exercise else title)


def heading(situation: Situation, made_at: Instant, *, masked: bool) -> str:
    """The bar above the map."""
    exercise = _tag("div", "exercise-mark", tr("situation_map.exercise")) if situation.is_exercise else ""
    name = escape(name_of(situation.district))
    return (
        f'<header class="heading-bar"><h1>{name}<small>{escape(tr("situation_map.title"))}</small></h1>'
        f"{exercise}{_counts(situation)}{_made(situation, made_at, masked=masked)}</header>"
        f"<noscript>{escape(tr('situation_map.needs_scripts'))}</noscript>"
    )


def notes(incidents_without_place: int, alarms_without_place: int) -> list[str]:
    """What is not on the map, and that it is not."""
    counted = {"without_place": incidents_without_place, "alarms_without_place": alarms_without_place}
    return [tr(f"situation_map.{name}", count=count) for name, count in counted.items() if count]


def legend(situation: Situation, palette: Palette, notes: Sequence[str]) -> str:
    """What the symbols and colours mean; folds away."""
    parts = [
        _section(
            "priority", _items([(f"priority-{p}", f"p{p}", tr(f"terms.priority.P{p}")) for p in PRIORITIES])
        ),
        _section("units", _items(_unit_states())),
        _section("load", _ramp(palette)),
        *(_tag("p", "note", note) for note in notes),
    ]
    return (
        f'<details class="legend" open><summary>{escape(tr("situation_map.legend"))}</summary>'
        f"{''.join(parts)}</details>"
    )


def _counts(situation: Situation) -> str:
    counts = open_by_priority(situation.incidents)
    total = tr("situation_map.open_total", count=sum(counts.values()))
    items = [
        f"<li{'' if count else ' class=none'}>{symbol_html(f'priority-{p}', f'p{p}', 'swatch')}{count}</li>"
        for p, count in counts.items()
    ]
    return f'<ul class="counts"><li>{escape(total)}</li>{"".join(items)}</ul>'


def _made(situation: Situation, made_at: Instant, *, masked: bool) -> str:
    as_of = tr("situation_map.as_of", at=situation.local_time(situation.at))
    zone = _zone(situation.district.utc_offset_min)
    made = tr("situation_map.made", at=situation.local_time(made_at), zone=zone)
    privacy = tr("situation_map.masked" if masked else "situation_map.unmasked")
    return f'<div class="made"><b>{escape(as_of)}</b><br>{escape(made)} · {escape(privacy)}</div>'


def _zone(offset_min: int) -> str:
    hours, minutes = divmod(abs(offset_min), MINUTE_MS // 1000)
    return f"UTC{'-' if offset_min < 0 else '+'}{hours:02d}:{minutes:02d}"


def _unit_states() -> list[tuple[str, str, str]]:
    return [
        ("unit-police-hollow", "unit", tr("situation_map.legend.unit_waiting")),
        ("unit-police-half", "unit-busy", tr("situation_map.legend.unit_under_way")),
        ("unit-police-full", "unit-busy", tr("situation_map.legend.unit_on_scene")),
        ("unit-police-hollow", "stale", tr("situation_map.legend.unit_stale")),
    ]


def _items(items: list[tuple[str, str, str]]) -> str:
    drawn = (
        f"<li>{symbol_html(key, tone, _legend_kind(key, tone))}{escape(text)}</li>"
        for key, tone, text in items
    )
    return f"<ul>{''.join(drawn)}</ul>"


def _legend_kind(key: str, tone: str) -> str:
    if key.startswith("priority"):
        return "swatch priority"
    return "swatch stale" if tone == "stale" else "swatch"


def _ramp(palette: Palette) -> str:
    """The same classes as the map's: from nothing open to the last colour and beyond."""
    parts = (
        f'<span style="border-color: {color}">{_load_range(*bounds)}</span>'
        for color, bounds in zip(palette.grid_load, OPEN.classes(), strict=True)
    )
    return f'<div class="ramp">{"".join(parts)}</div>'


def _load_range(least: int, most: int | None) -> str:
    if most is None:
        return f"{least}+"
    return str(least) if least == most else f"{least}–{most}"


def _section(name: str, content: str) -> str:
    return f"{_tag('h2', '', tr(f'situation_map.legend.{name}'))}{content}"


def _tag(tag: str, kind: str, text: str) -> str:
    return f'<{tag} class="{kind}">{escape(text)}</{tag}>'
