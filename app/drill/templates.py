"""What happens, as data: data/drills/templates.toml.

Owns loading of templates and the filling of their texts. Must not choose when anything happens.
"""

from __future__ import annotations

import random
import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec

from app.domain.errors import ConfigError
from app.drill.gazetteer import Spot
from app.geo.coordinates import from_wgs84
from app.i18n import tr


class Template(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One thing that can happen; texts hold placeholders."""

    name: str
    kind: str
    sources: tuple[str, ...]
    type: str
    priorities: tuple[int, ...]
    weight: float
    where: tuple[str, ...]
    titles: tuple[str, ...]
    descriptions: tuple[str, ...]
    updates: tuple[str, ...] = ()
    withdrawals: tuple[str, ...] = ()


class Range(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    least: int
    most: int
    step: int


class FieldWords(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What units say on the air and why cameras fail."""

    declined: tuple[str, ...]
    out_of_service: tuple[str, ...]
    camera_failures: tuple[str, ...]


class _File(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    words: dict[str, tuple[str, ...]]
    numbers: dict[str, Range]
    sources: dict[str, str]
    field: FieldWords
    template: tuple[Template, ...]


@dataclass(frozen=True, slots=True)
class Story:
    """A filled-in template: `fields` of an envelope without id and time, and what may be said about it later."""

    template: Template
    fields: dict[str, Any]
    values: dict[str, str]


class TemplateBook:
    """The templates, filled with words, numbers and spots that a given `random.Random` draws."""

    def __init__(self, file: _File) -> None:
        self._file = file
        self.field = file.field
        self._by_name = {template.name: template for template in file.template}
        by_kind: dict[str, list[Template]] = defaultdict(list)
        for template in file.template:
            by_kind[template.kind].append(template)
        self._by_kind = by_kind
        self._weights = {kind: [t.weight for t in templates] for kind, templates in by_kind.items()}

    def named(self, name: str) -> Template:
        """Raises ConfigError that lists the names there are."""
        try:
            return self._by_name[name]
        except KeyError:
            known = ", ".join(sorted(self._by_name))
            raise ConfigError(tr("feed.simulate.no_template", name=name, known=known)) from None

    def drawn(self, kind: str, dice: random.Random) -> Template:
        """One template of a kind, by weight."""
        return dice.choices(self._by_kind[kind], self._weights[kind])[0]

    def drawn_of(self, names: Sequence[str], kind: str, dice: random.Random) -> Template:
        """One of these templates by weight, of all of a kind where none is named; raises ConfigError as `named`."""
        if not names:
            return self.drawn(kind, dice)
        among = [self.named(name) for name in names]
        return dice.choices(among, [template.weight for template in among])[0]

    def story(
        self, template: Template, spot: Spot, dice: random.Random, source: str = "", priority: int = 0
    ) -> Story:
        """The template at a spot. The position is given in the coordinate system of its source."""
        source = source or dice.choice(template.sources)
        values = {"place": spot.name, "road": spot.name}
        crs = self._file.sources.get(source, "wgs84")
        north, east = (dice.uniform(-spot.scatter_deg, spot.scatter_deg) for _ in "ne")
        lat, lon = from_wgs84(spot.lat + north, spot.lon + east, crs)
        fields: dict[str, Any] = {
            "kind": template.kind,
            "source": source,
            "type": template.type,
            "priority": priority or dice.choice(template.priorities),
            "title": self.filled(dice.choice(template.titles), values, dice),
            "description": self.filled(dice.choice(template.descriptions), values, dice),
            "lat": round(lat, 6),
            "lon": round(lon, 6),
            "crs": crs,
            "address": spot.address,
            "camera": spot.camera,
            "reporter": None if source == "camera" else self._reporter(dice),
        }
        return Story(template, fields, values)

    def filled(self, text: str, values: dict[str, str], dice: random.Random) -> str:
        """The text with every placeholder filled; one that the story has no value for is drawn now and kept."""

        def fill(found: re.Match[str]) -> str:
            name = found.group(1)
            if name not in values:
                values[name] = self._drawn_value(name, dice)
            return values[name]

        return _PLACEHOLDER.sub(fill, text)

    def _drawn_value(self, name: str, dice: random.Random) -> str:
        if name in self._file.words:
            return dice.choice(self._file.words[name])
        numbers = self._file.numbers[name]
        return str(dice.randrange(numbers.least, numbers.most + 1, numbers.step))

    def _reporter(self, dice: random.Random) -> dict[str, str]:
        words = self._file.words
        name = dice.choice(words["surname"]) + dice.choice(words["calling"])
        return {"name": name, "phone": f"12{dice.randrange(10**9):09d}"}


_PLACEHOLDER = re.compile(r"\{(\w+)\}")


def load_templates(path: Path) -> TemplateBook:
    """Reads a template file. Raises ConfigError for a missing file, a wrong field or an unknown placeholder."""
    try:
        file = msgspec.toml.decode(path.read_bytes(), type=_File)
    except OSError as error:
        raise ConfigError(tr("feed.simulate.unreadable", path=path, reason=error.strerror)) from None
    except (msgspec.DecodeError, ValueError) as error:
        raise ConfigError(tr("feed.simulate.broken", path=path, reason=error)) from None
    known = {"place", "road", *file.words, *file.numbers}
    for template in file.template:
        texts = (*template.titles, *template.descriptions, *template.updates, *template.withdrawals)
        for name in _PLACEHOLDER.findall("".join(texts)):
            if name not in known:
                reason = tr("feed.simulate.no_placeholder", template=template.name, name=name)
                raise ConfigError(tr("feed.simulate.broken", path=path, reason=reason))
    return TemplateBook(file)
