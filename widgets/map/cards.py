"""Owns what the hover card says of each kind of thing. Must not place or paint it."""

from collections.abc import Callable
from dataclasses import dataclass

from app.centre.types_in_force import type_name
from app.i18n import has_text, language, tr
from widgets.map.ages import age_text
from widgets.map.ground import Ground
from widgets.map.hit import Hit
from widgets.map.marks import CameraMark, IncidentMark, UnitMark
from widgets.map.scene import Scene
from widgets.parts.symbols import DISTRESS

Text = tuple[str, tuple[str, ...]]

_KMH_PER_MPS = 3.6
_STANDING_MPS = 0.5


@dataclass(frozen=True, slots=True)
class Facts:
    """What cards are made from."""

    scene: Scene
    ground: Ground | None
    now_ms: int | None
    grid_lines: Callable[[str], tuple[str, ...]] | None = None
    """What is said of a grid under its name and code."""


def card_text(hit: Hit, facts: Facts) -> Text | None:
    """Title and lines for what is under the pointer, None where there is nothing to say."""
    kind, key = hit
    layer = facts.scene.layer(kind)
    mark = layer.mark(key) if layer is not None else None
    if isinstance(mark, UnitMark):
        return unit_card(mark, facts.now_ms)
    if isinstance(mark, IncidentMark):
        return incident_card(mark, facts.now_ms)
    if isinstance(mark, CameraMark):
        return camera_card(mark)
    return _ground_card(hit, facts)


def _ground_card(hit: Hit, facts: Facts) -> Text | None:
    kind, key = hit
    if facts.ground is None:
        return None
    chinese, district = language() == "zh_CN", facts.ground.district
    if kind == "grid":
        grid = next((grid for grid in district.grids if grid.code == key), None)
        name = "" if grid is None else grid.name_zh if chinese else grid.name_en
        lines = facts.grid_lines(key) if facts.grid_lines is not None else ()
        return None if grid is None else (name, (key, *lines))
    place = next((place for place in district.places if place.id == key), None) if kind == "place" else None
    if place is None:
        return None
    return place.name_zh if chinese else place.name_en, (place.address_zh,) if place.address_zh else ()


def unit_card(mark: UnitMark, now_ms: int | None) -> Text:
    """Title and lines: kind and status, and the age of the fix."""
    age = age_text(mark.fix_at, now_ms)
    fix = tr("map.card.fix", age=age) if age else tr("map.card.no_fix")
    lines = [_joined(_term("unit_kind", mark.kind), _unit_status(mark.status)), fix]
    if mark.stale:
        lines.append(tr("map.card.stale"))
    elif mark.speed_mps is not None:
        lines.append(_speed(mark.speed_mps, mark.heading_deg))
    lines += [tr(f"motion.card.outside.{area}", age=age_text(at, now_ms)) for area, at in mark.outside]
    return mark.call_sign, tuple(lines)


def _speed(speed_mps: float, heading_deg: float | None) -> str:
    speed = round(speed_mps * _KMH_PER_MPS)
    if speed_mps < _STANDING_MPS:
        return tr("motion.card.standing")
    if heading_deg is None:
        return tr("motion.card.speed_only", speed=speed)
    return tr("motion.card.speed", speed=speed, heading=f"{round(heading_deg) % 360:03d}")


def incident_card(mark: IncidentMark, now_ms: int | None) -> Text:
    """Title and lines: priority, type and status, and how long ago it was reported."""
    age = age_text(mark.opened_at, now_ms)
    kinds = _joined(_term("priority", f"P{mark.priority}"), type_name(mark.incident_type))
    lines = [kinds, _term("incident_status", mark.status)]
    if age:
        lines.append(tr("map.card.opened", age=age))
    return mark.label or mark.key, tuple(lines)


def camera_card(mark: CameraMark) -> Text:
    return mark.name, (tr("map.card.online") if mark.online else tr("map.card.offline"),)


def _unit_status(status: str) -> str:
    return tr("field.calling") if status == DISTRESS else _term("unit_status", status)


def _term(family: str, name: str) -> str:
    key = f"terms.{family}.{name}"
    return tr(key) if has_text(key) else name


def _joined(*parts: str) -> str:
    return " · ".join(part for part in parts if part)
