"""The console's colours and sizes for a page that is drawn without Qt.

Owns the reading of resources/style/tokens.toml. Must not know what is drawn with it.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from typing import Any, Literal

from app.paths import resource_dir

Theme = Literal["dark", "light"]

_TOKEN_OF = {"trunk": "motorway", "alley": "lane", "public": "government", "old": "old_lane"}
"""Districts and tokens call some kinds by different names."""


class Palette:
    """One theme of the tokens."""

    def __init__(self, theme: Theme) -> None:
        self._tokens = _tokens()
        self.theme = theme
        self._colors: Mapping[str, Any] = self._tokens[theme]

    @property
    def danger(self) -> str:
        return str(self._colors["danger"])

    def map_color(self, name: str) -> str:
        """Raises KeyError for a colour that the map does not have."""
        return str(self._colors["map"][name])

    def of_kind(self, table: str, kind: str) -> str:
        """A colour of the map's tables (building, road_fill, road_casing); unknown kinds get the default."""
        return str(_of_kind(self._colors["map"][table], kind))

    @property
    def grid_load(self) -> tuple[str, ...]:
        """From nothing open to much."""
        return tuple(self._colors["map"]["grid_load"])

    def road_width_m(self, road_class: str) -> float:
        return float(_of_kind(self._tokens["map_size"]["road_width_m"], road_class))

    def css_variables(self) -> str:
        """Every token as a custom property: --text, --p1, --map-label, --type-body, --space-s, --families."""
        sizes = {
            f"{table}-{name}": f"{value}px"
            for table in ("type", "space", "size")
            for name, value in self._tokens[table].items()
            if isinstance(value, int)
        }
        families = ", ".join(
            f'"{name}"' if " " in name else name for name in self._tokens["type"]["families"]
        )
        colors = {
            **_texts(self._colors),
            **_texts(self._colors["priority"]),
            **{f"map-{name}": value for name, value in _texts(self._colors["map"]).items()},
        }
        lines = {**colors, **sizes, "families": families, "color-scheme": self.theme}
        return ":root {" + " ".join(f"--{k.replace('_', '-')}: {v};" for k, v in lines.items()) + "}"


@cache
def _tokens() -> dict[str, Any]:
    return tomllib.loads((resource_dir() / "style" / "tokens.toml").read_text(encoding="utf-8"))


def _of_kind(table: Mapping[str, Any], kind: str) -> Any:
    return table.get(kind) or table.get(_TOKEN_OF.get(kind, "")) or table["default"]


def _texts(table: Mapping[str, Any]) -> dict[str, str]:
    return {name: value for name, value in table.items() if isinstance(value, str)}
