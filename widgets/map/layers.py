"""Owns which layers a map has and what the officer has chosen of each: switch, opacity, order, options. Must not paint.

Layers are data. The ground lies below, symbols stand above, and there is what is laid between them; within each of
these bands layers can be put in any order, but the base map lies lowest and names keep clear of each other. A
`LayerStack` is written by the officer's hand and by the file of last time, never by what the map is told: a replay, a
drill or another district finds the choice as it was.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Literal

from PySide6.QtCore import QObject, Signal

from app.centre.types_in_force import incident_types
from app.projections.grid_indicators import ALL_KINDS, INDICATORS

Band = Literal["ground", "overlay", "symbol"]
OptionValue = bool | int | str

LEAST_OPACITY = 0.1


@dataclass(frozen=True, slots=True)
class Option:
    """One more choice that a layer offers: its values, the first of which is in force until another one is chosen.

    `more` are the values that only the centre knows. `in_sheet`: the sheet of layers offers it in a line; else it has a
    place of its own.
    """

    name: str
    values: tuple[OptionValue, ...]
    in_sheet: bool = True
    more: Callable[[], Sequence[OptionValue]] = tuple

    @property
    def is_switch(self) -> bool:
        return all(isinstance(value, bool) for value in self.values)

    def offered(self) -> tuple[OptionValue, ...]:
        return (*self.values, *self.more())


def kinds_of_incident() -> list[str]:
    """The kinds of incident that a count can be narrowed to: the types in force."""
    return [known.id for known in incident_types()]


@dataclass(frozen=True, slots=True)
class LayerSpec:
    """A layer as the map is made: where it belongs, and how it is before anybody has chosen."""

    name: str
    band: Band
    visible: bool = True
    opacity: float = 1.0
    options: tuple[Option, ...] = ()
    movable: bool = True


LAYERS = (
    LayerSpec("base", "ground", movable=False),
    LayerSpec("buildings", "ground"),
    LayerSpec(
        "grids",
        "ground",
        options=(
            Option("indicator", tuple(indicator.id for indicator in INDICATORS), in_sheet=False),
            Option("kind", (ALL_KINDS,), in_sheet=False, more=kinds_of_incident),
        ),
    ),
    LayerSpec("roads", "ground"),
    LayerSpec("cones", "ground"),
    LayerSpec("communities", "ground"),
    LayerSpec(
        "heat", "overlay", visible=False, opacity=0.8, options=(Option("window", ("open", "day", "week")),)
    ),
    LayerSpec(
        "coverage",
        "overlay",
        visible=False,
        options=(Option("near", (True, False)), Option("far", (True, False))),
    ),
    LayerSpec("patrols", "overlay", visible=False),
    LayerSpec(
        "tracks",
        "overlay",
        visible=False,
        options=(Option("minutes", (15, 5, 60)), Option("whose", ("all", "followed"))),
    ),
    LayerSpec("closures", "overlay"),
    LayerSpec("sketch", "overlay"),
    LayerSpec("places", "symbol", movable=False),
    LayerSpec("cameras", "symbol"),
    LayerSpec("units", "symbol"),
    LayerSpec("incidents", "symbol", options=(Option("clusters", (True, False)),)),
)
"""From the ground up."""

SPECS: Mapping[str, LayerSpec] = {spec.name: spec for spec in LAYERS}
ORDER = tuple(spec.name for spec in LAYERS if spec.movable)
BANDS: tuple[Band, ...] = ("ground", "overlay", "symbol")


@dataclass(frozen=True, slots=True)
class LayerChoice:
    """What is in force for one layer; opacity LEAST_OPACITY..1, since what is to be unseen is switched off."""

    visible: bool
    opacity: float


@dataclass(frozen=True, slots=True)
class LayerChoices:
    """Everything that is remembered. `order`: what can be moved, from the ground up; options by (layer, option)."""

    layers: Mapping[str, LayerChoice] = field(
        default_factory=lambda: {spec.name: LayerChoice(spec.visible, spec.opacity) for spec in LAYERS}
    )
    order: tuple[str, ...] = ORDER
    options: Mapping[tuple[str, str], OptionValue] = field(
        default_factory=lambda: {
            (spec.name, option.name): option.values[0] for spec in LAYERS for option in spec.options
        }
    )


class LayerStack(QObject):
    """The choices in force for one map. `changed` names the layer, "" for all of them."""

    changed = Signal(str)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._choices = LayerChoices()

    @property
    def choices(self) -> LayerChoices:
        return self._choices

    @property
    def order(self) -> tuple[str, ...]:
        """What can be moved, from the ground up."""
        return self._choices.order

    def order_of(self, band: Band) -> tuple[str, ...]:
        """What of a band can be moved, from the ground up."""
        return tuple(name for name in self.order if SPECS[name].band == band)

    def visible(self, name: str) -> bool:
        return self._choices.layers[name].visible

    def opacity(self, name: str) -> float:
        return self._choices.layers[name].opacity

    def option(self, name: str, option: str) -> OptionValue:
        return self._choices.options[name, option]

    def rank(self, name: str) -> tuple[int, int]:
        """How many of its band lie under a layer, and how many over it."""
        order = self.order_of(SPECS[name].band)
        at = order.index(name)
        return at, len(order) - 1 - at

    def restore(self, choices: LayerChoices) -> None:
        """Begin with what was remembered."""
        self._choices = choices
        self.changed.emit("")

    def show(self, name: str, visible: bool) -> None:
        """Raises KeyError for what is no layer."""
        self._put(name, replace(self._choices.layers[name], visible=visible))

    def fade(self, name: str, opacity: float) -> None:
        """Raises KeyError for what is no layer; an opacity out of range is brought into it."""
        self._put(name, replace(self._choices.layers[name], opacity=min(1.0, max(LEAST_OPACITY, opacity))))

    def move(self, name: str, steps: int) -> None:
        """Lift a layer over so many others of its band, or lower it; it stops at the ends.

        Raises ValueError for one whose place is fixed.
        """
        if name not in self.order:
            raise ValueError(f"{name}: its place is fixed")
        band = SPECS[name].band
        mates = self.order_of(band)
        rest = [other for other in mates if other != name]
        at = min(len(rest), max(0, mates.index(name) + steps))
        moved = {band: (*rest[:at], name, *rest[at:])}
        order = tuple(known for each in BANDS for known in moved.get(each, self.order_of(each)))
        if order != self.order:
            self._choices = replace(self._choices, order=order)
            self.changed.emit(name)

    def choose(self, name: str, option: str, value: OptionValue) -> None:
        """Raises KeyError for what is no option, ValueError for what is no value of it."""
        offered = next((known for known in SPECS[name].options if known.name == option), None)
        if offered is None:
            raise KeyError(option)
        if value not in offered.offered():
            raise ValueError(f"{name}.{option}: {value!r} is not one of {offered.offered()}")
        if value != self.option(name, option):
            options = {**self._choices.options, (name, option): value}
            self._choices = replace(self._choices, options=options)
            self.changed.emit(name)

    def _put(self, name: str, choice: LayerChoice) -> None:
        if choice != self._choices.layers[name]:
            self._choices = replace(self._choices, layers={**self._choices.layers, name: choice})
            self.changed.emit(name)


def ordered(names: Sequence[str]) -> tuple[str, ...]:
    """Layers in a remembered order, band by band; those it does not know come on top of their band."""
    known = [name for name in dict.fromkeys(names) if name in ORDER]
    known += [name for name in ORDER if name not in known]
    return tuple(sorted(known, key=lambda name: BANDS.index(SPECS[name].band)))
