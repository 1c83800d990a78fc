"""Owns the file in which a desk keeps its choice of layers and its sketches. Must not know a map that shows them.

What the file says of a layer or an option that this version does not have is left out, what it lacks is as it is by
default: layers come and go, the rest of the choice stays.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from app.paths import user_config_dir
from widgets.map.layers import LAYERS, LEAST_OPACITY, LayerChoice, LayerChoices, OptionValue, ordered
from widgets.map.sketch import SketchError, SketchItem, from_json, to_json

VERSION = 1
FILE_NAME = "map_layers.json"


class LayerFileError(Exception):
    """The file cannot be used; `str()` says why."""


@dataclass(frozen=True, slots=True)
class LayerFile:
    """What the file holds."""

    choices: LayerChoices = field(default_factory=LayerChoices)
    sketches: tuple[SketchItem, ...] = ()


def layer_file_path() -> Path:
    return user_config_dir() / FILE_NAME


def read_layer_file(path: Path) -> LayerFile:
    """What was written last; the defaults when there is no file. Raises LayerFileError."""
    if not path.exists():
        return LayerFile()
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
        if content["version"] != VERSION:
            raise LayerFileError(f"{path}: version {content['version']!r} is not {VERSION}")
        choices = LayerChoices(
            _layers(content["layers"]), ordered(content["order"]), _options(content["options"])
        )
        return LayerFile(choices, tuple(from_json(value) for value in content["sketches"]))
    except (OSError, ValueError, KeyError, TypeError, AttributeError, SketchError) as fault:
        raise LayerFileError(f"{path}: {fault}") from fault


def write_layer_file(path: Path, content: LayerFile) -> None:
    """Replaces the file in one step. Raises OSError."""
    choices = content.choices
    plain = {
        "version": VERSION,
        "layers": {
            name: {"visible": choice.visible, "opacity": round(choice.opacity, 2)}
            for name, choice in choices.layers.items()
        },
        "order": list(choices.order),
        "options": {f"{layer}.{option}": value for (layer, option), value in choices.options.items()},
        "sketches": [to_json(item) for item in content.sketches],
    }
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_suffix(".new")
    fresh.write_text(json.dumps(plain, ensure_ascii=False, indent=1), encoding="utf-8")
    fresh.replace(path)


def _layers(value: Mapping[str, Any]) -> dict[str, LayerChoice]:
    chosen = dict(LayerChoices().layers)
    for name, choice in value.items():
        if name in chosen:
            opacity = float(choice["opacity"])
            if not LEAST_OPACITY <= opacity <= 1:
                raise ValueError(f"opacity {opacity} of {name}")
            chosen[name] = LayerChoice(bool(choice["visible"]), opacity)
    return chosen


def _options(value: Mapping[str, Any]) -> dict[tuple[str, str], OptionValue]:
    chosen = dict(LayerChoices().options)
    offered = {(spec.name, option.name): option.offered() for spec in LAYERS for option in spec.options}
    for key, wanted in value.items():
        layer, _, option = key.partition(".")
        if wanted in offered.get((layer, option), ()):
            chosen[layer, option] = wanted
    return chosen
