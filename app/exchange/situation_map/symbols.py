"""The console's symbols as SVG.

Owns their composition from outlines (resources/style/symbols.toml) and how status becomes fill. Must not place them.
"""

from __future__ import annotations

import tomllib
from functools import cache
from typing import Any, Final, Literal

from app.domain.incident import PRIORITIES
from app.domain.unit import DISPATCHED, EN_ROUTE, OFF_DUTY, ON_SCENE, OUT_OF_SERVICE
from app.paths import resource_dir

Fill = Literal["hollow", "half", "full"]

_BOX: Final = "-115 -115 230 230"
"""The outlines' box of -100..100 with room for the halo."""
_FILL_OF: Final[dict[str, Fill]] = {DISPATCHED: "half", EN_ROUTE: "half", ON_SCENE: "full"}
_LOWER_HALF: Final = '<clipPath id="lower-half"><rect x="-115" y="0" width="230" height="115"/></clipPath>'


def sprite() -> str:
    """All symbols, unseen, for `<use href="#…">`: priority-1, unit-police-half, camera-on, alarm, heading."""
    symbols = [_symbol(f"priority-{p}", f"priority/{p}", "full") for p in PRIORITIES]
    symbols += [_symbol(f"ended-{p}", f"priority/{p}", "hollow") for p in PRIORITIES]
    symbols += [
        _symbol(f"unit-{kind}-{fill}", f"unit/{kind}", fill)
        for kind in unit_kinds()
        for fill in ("hollow", "half", "full")
    ]
    symbols += [_symbol("camera-on", "camera", "full"), _symbol("camera-off", "camera_offline", "full")]
    symbols.append(_symbol("alarm", "alarm", "full"))
    symbols.append(_symbol("heading", "heading", "full"))
    return f'<svg class="sprite" aria-hidden="true">{_LOWER_HALF}{"".join(symbols)}</svg>'


def unit_kinds() -> tuple[str, ...]:
    return tuple(name.partition("/")[2] for name in _outlines() if name.startswith("unit/"))


def unit_fill(status: str) -> Fill:
    """Hollow at the post, half on the way, full on scene."""
    return _FILL_OF.get(status, "hollow")


def unit_tone(status: str) -> str:
    """The token that colours a unit: calm while it waits, busy on a task, grey when it cannot be sent."""
    if status in (OFF_DUTY, OUT_OF_SERVICE):
        return "stale"
    return "unit-busy" if status in _FILL_OF else "unit"


def symbol_html(key: str, tone: str, kind: str = "") -> str:
    """A symbol in the colour of a token."""
    return f'<svg class="symbol {kind}" style="color: var(--{tone})"><use href="#{key}"/></svg>'


def _symbol(key: str, name: str, fill: Fill) -> str:
    """Halo, ground, filled part, outline, detail: the painter's order of the console."""
    outline = _outlines()[name]
    body, line, detail = (outline.get(layer, "") for layer in ("body", "line", "detail"))
    opacity = outline.get("body_opacity", 1)
    parts = [f'<path class="halo" d="{body}{line}"/>']
    if opacity == 1:
        parts.append(f'<path class="ground" d="{body}"/>')
    if fill != "hollow":
        clip = ' clip-path="url(#lower-half)"' if fill == "half" else ""
        parts.append(f'<path class="fill" d="{body}" opacity="{opacity}"{clip}/>')
    parts.append(f'<path class="outline" d="{body}"/><path class="fill" d="{line}"/>')
    parts.append(_detail(detail, fill))
    return f'<symbol id="{key}" viewBox="{_BOX}">{"".join(parts)}</symbol>'


def _detail(detail: str, fill: Fill) -> str:
    if not detail:
        return ""
    on_ground, on_fill = f'<path class="fill" d="{detail}"/>', f'<path class="ink" d="{detail}"/>'
    if fill == "half":
        return on_ground + on_fill.replace("/>", ' clip-path="url(#lower-half)"/>')
    return on_ground if fill == "hollow" else on_fill


@cache
def _outlines() -> dict[str, Any]:
    return tomllib.loads((resource_dir() / "style" / "symbols.toml").read_text(encoding="utf-8"))
