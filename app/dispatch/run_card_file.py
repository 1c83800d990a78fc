"""The files of run cards: bundled ones, and a centre's own laid over them.

Owns their form and every check; the first fault ends the reading of a card and names file, line and field. Owns also
what holds instead of a file that is wrong: nobody waits for help because of a slip in one. Must not apply a card:
run_card.py does.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final, get_args

from app.centre.layered_toml import DeclarationFault, FieldPath, LayeredToml, read_layers
from app.dispatch.run_card import LEVELS, Bar, Need, PlaceRule, RunCard, Step, Words
from app.domain.incident import PRIORITIES
from app.domain.incident_types import OTHER, IncidentType, IncidentTypes
from app.geo.district import UnitKind
from app.i18n import has_text, tr
from app.paths import bundled_data_dir, user_config_dir

FOLDER: Final = "runcards"
_NOT_CARDS: Final = frozenset({"kinds.toml"})
_ID: Final = re.compile(r"[a-z][a-z0-9_]{0,39}")
_PRIORITY_KEYS: Final = {f"P{priority}": priority for priority in PRIORITIES}
_MOST_UNITS: Final = 50
_MOST_M: Final = 5_000
_MOST_TEXT: Final = 200


def load_run_cards(
    types: IncidentTypes, district_dir: Path | None = None, folders: Sequence[Path] | None = None
) -> Mapping[str, RunCard]:
    """Cards by id, each file over the one of the same name below it.

    Raises DeclarationFault, also when a type leads to a card that is not there.
    """
    cards, faults = read_run_cards(types, district_dir, folders)
    if faults:
        raise faults[0]
    return cards


def read_run_cards(
    types: IncidentTypes, district_dir: Path | None = None, folders: Sequence[Path] | None = None
) -> tuple[Mapping[str, RunCard], tuple[DeclarationFault, ...]]:
    """Every card that a type leads to, and what is wrong with files: for such a file the one below it holds.

    A type whose card cannot be had at all goes by that of OTHER. Raises DeclarationFault where that one is missing too.
    """
    files: dict[str, list[Path]] = {}
    folders = folders if folders is not None else _folders(district_dir)
    for folder in folders:
        for file in sorted(folder.glob("*.toml")):
            if file.name not in _NOT_CARDS:
                files.setdefault(file.stem, []).append(file)
    faults: list[DeclarationFault] = []
    read = {name: _card_in_force(name, layers, faults) for name, layers in files.items()}
    cards = {name: card for name, card in read.items() if card is not None}
    faults += [_no_card(known, folders[0]) for known in types if known.run_card not in read]
    without = [known.run_card for known in types if known.run_card not in cards]
    if without:
        cards |= dict.fromkeys(without, _card_of_others(types, cards, faults))
    return cards, tuple(faults)


def _folders(district_dir: Path | None) -> list[Path]:
    own = [user_config_dir() / FOLDER, *([district_dir / FOLDER] if district_dir else [])]
    return [bundled_data_dir() / FOLDER, *own]


def _card_in_force(name: str, layers: Sequence[Path], faults: list[DeclarationFault]) -> RunCard | None:
    """Of all files, or of those below the first that is wrong; None where none is right."""
    for most in range(len(layers), 0, -1):
        try:
            return _CardReader(name, read_layers(layers[:most])).card()
        except DeclarationFault as fault:
            faults.append(fault)
    return None


def _no_card(known: IncidentType, folder: Path) -> DeclarationFault:
    return DeclarationFault(folder / f"{known.run_card}.toml", 1, "", tr("types.no_card", type=known.id))


def _card_of_others(
    types: IncidentTypes, cards: Mapping[str, RunCard], faults: Sequence[DeclarationFault]
) -> RunCard:
    other = types.get(OTHER)
    if other is None or other.run_card not in cards:
        raise faults[0]
    return cards[other.run_card]


class _CardReader:
    """Reads one card from the top down."""

    def __init__(self, name: str, toml: LayeredToml) -> None:
        self._name, self._toml = name, toml

    def card(self) -> RunCard:
        known = ("name", "start", "need", "place", "bar", "task", "check")
        self._toml.known_keys((), self._toml.table, known)
        needs = self._needs(("need",), needed=True)
        if not any(need.level == 1 for need in needs):
            self._toml.refuse(("need",), "no_first_need")
        return RunCard(
            self._name,
            self._words(("name",)),
            self._start(),
            needs,
            tuple(self._place(("place", key)) for key in self._optional(("place",))),
            tuple(self._bar(("bar", key)) for key in self._optional(("bar",))),
            self._steps(("task",)),
            self._steps(("check",)),
        )

    # -- parts of a card ---------------------------------------------------------------------------------------------

    def _start(self) -> dict[int, int]:
        given = self._optional(("start",))
        self._toml.known_keys(("start",), given, tuple(_PRIORITY_KEYS))
        return {_PRIORITY_KEYS[key]: self._level(("start", key), value) for key, value in given.items()}

    def _needs(self, path: FieldPath, *, needed: bool) -> tuple[Need, ...]:
        table = self._table(path) if needed else self._optional(path)
        return tuple(self._need((*path, key)) for key in table)

    def _need(self, path: FieldPath) -> Need:
        given = self._table(path)
        self._toml.known_keys(path, given, ("kinds", "count", "skills", "equipment", "level"))
        kinds = self._list((*path, "kinds"))
        for kind in kinds:
            self._kind((*path, "kinds"), kind)
        skills = self._list((*path, "skills")) if "skills" in given else ()
        equipment = self._list((*path, "equipment")) if "equipment" in given else ()
        count = self._whole((*path, "count"), _MOST_UNITS) if "count" in given else 1
        return Need(self._id(path), kinds, count, skills, self._level_of(path, given), equipment)

    def _place(self, path: FieldPath) -> PlaceRule:
        given = self._table(path)
        self._toml.known_keys(path, given, ("kinds", "within_m", "level", "need"))
        kinds = frozenset(self._list((*path, "kinds")))
        within_m = self._whole((*path, "within_m"), _MOST_M)
        needs = self._needs((*path, "need"), needed=False)
        return PlaceRule(self._id(path), kinds, within_m, self._level_of(path, given), needs)

    def _bar(self, path: FieldPath) -> Bar:
        self._toml.known_keys(path, self._table(path), ("why",))
        return Bar(self._kind(path, path[-1]), self._words((*path, "why")))

    def _steps(self, path: FieldPath) -> tuple[Step, ...]:
        return tuple(self._step((*path, key)) for key in self._optional(path))

    def _step(self, path: FieldPath) -> Step:
        given = self._table(path)
        self._toml.known_keys(path, given, ("text", "level"))
        return Step(self._id(path), self._words((*path, "text")), self._level_of(path, given))

    # -- values ------------------------------------------------------------------------------------------------------

    def _value(self, path: FieldPath) -> Any:
        inner: Any = self._toml.table
        for key in path:
            if not isinstance(inner, dict) or key not in inner:
                self._toml.refuse(path, "missing")
            inner = inner[key]
        return inner

    def _table(self, path: FieldPath) -> dict[str, Any]:
        value = self._value(path)
        if not isinstance(value, dict) or not value:
            self._toml.refuse(path, "no_table", value=value)
        return value

    def _optional(self, path: FieldPath) -> dict[str, Any]:
        inner: Any = self._toml.table
        for key in path:
            if not isinstance(inner, dict) or key not in inner:
                return {}
            inner = inner[key]
        return self._table(path)

    def _list(self, path: FieldPath) -> tuple[str, ...]:
        value = self._value(path)
        if not isinstance(value, list) or not value or not all(isinstance(v, str) and v for v in value):
            self._toml.refuse(path, "no_list", value=value)
        return tuple(dict.fromkeys(value))

    def _words(self, path: FieldPath) -> Words:
        self._toml.known_keys(path, self._table(path), ("zh", "en"))
        return Words(self._text((*path, "zh")), self._text((*path, "en")))

    def _text(self, path: FieldPath) -> str:
        value = self._value(path)
        if not isinstance(value, str) or not 0 < len(value.strip()) <= _MOST_TEXT or not value.isprintable():
            self._toml.refuse(path, "no_text", value=value, most=_MOST_TEXT)
        return value

    def _id(self, path: FieldPath) -> str:
        if not _ID.fullmatch(path[-1]):
            self._toml.refuse(path, "no_id", value=path[-1])
        return path[-1]

    def _kind(self, path: FieldPath, value: str) -> str:
        if not has_text(f"terms.unit_kind.{value}"):
            self._toml.refuse(path, "unknown_kind", value=value, known=", ".join(get_args(UnitKind)))
        return value

    def _level_of(self, path: FieldPath, given: Mapping[str, object]) -> int:
        return self._level((*path, "level"), given["level"]) if "level" in given else 1

    def _level(self, path: FieldPath, value: object) -> int:
        if value not in LEVELS or isinstance(value, bool | float):
            self._toml.refuse(path, "no_level", value=value)
        return int(str(value))

    def _whole(self, path: FieldPath, most: int) -> int:
        value = self._value(path)
        if not isinstance(value, int) or isinstance(value, bool) or not 1 <= value <= most:
            self._toml.refuse(path, "no_whole", value=value, most=most)
        return value
