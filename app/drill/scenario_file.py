"""The file of a scenario: data/drills/NAME.toml, read and checked to the field.

Owns its form. Must not know the district or the network: it is read before anything else of an exercise is.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import msgspec

from app.domain.errors import ConfigError
from app.drill.options import TEMPLATES
from app.geo.district import Travel
from app.i18n import tr
from app.paths import bundled_data_dir

MOST_REPEATS: Final = 20_000
MOST_SLOWER: Final = 20.0
_NUMBERS: Final = ("at_s", "every_s", "clear_after_s")


class Injection(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One thing that is made to happen: a template, a camera's failure, or an envelope given in full by `fields`.

    `place` is the name of a place, `where` a kind of it; `camera` counts the district's cameras from 1. `count` times
    it happens, `every_s` apart, each time elsewhere, or always at the first spot (`same_spot`): a flood, a device that
    chatters. An alarm is cleared by its source after `clear_after_s`, 0 is never.
    """

    at_s: float
    template: str = ""
    place: str = ""
    where: str = ""
    source: str = ""
    priority: int = 0
    camera: int = 0
    online: bool = True
    reason: str = ""
    count: int = 1
    every_s: float = 0.0
    clear_after_s: float = 0.0
    same_spot: bool = False
    fields: dict[str, Any] = {}


class Reports(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`count` incidents reported at any instants between two seconds; of these templates, of all where none is named.

    Which of them, and how often each, is a matter of the templates' weights and of chance, the same for the same seed.
    """

    from_s: float
    to_s: float
    count: int
    templates: tuple[str, ...] = ()


class Congestion(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Between two seconds these modes of travel take `slower` times as long: everywhere, or round a place by name."""

    from_s: float
    to_s: float
    slower: float
    travel: tuple[Travel, ...] = ("car", "ebike")
    place: str = ""
    radius_m: float = 0.0


class Scenario(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`stories_per_s` is the calm background beside the injections; `decline_share` of their tasks units turn down.

    A drill without a window tells of `duration_s`; with one it goes on for as long as people like.
    """

    title: dict[str, str]
    seed: int = 1
    stories_per_s: float = 0.05
    decline_share: float = 0.06
    duration_s: float = 3_600.0
    inject: tuple[Injection, ...] = ()
    reports: tuple[Reports, ...] = ()
    congestion: tuple[Congestion, ...] = ()


class _Named(msgspec.Struct, frozen=True):
    name: str


class _Templates(msgspec.Struct, frozen=True):
    """Of the templates only what they are called."""

    template: tuple[_Named, ...]


def load_scenario(path: Path) -> Scenario:
    """Reads a scenario. Raises ConfigError that names file and field for a missing or a wrong one."""
    scenario = _read(path)
    for reason in _faults(scenario):
        raise ConfigError(tr("feed.simulate.broken", path=path, reason=reason))
    return scenario


def _read(path: Path) -> Scenario:
    try:
        return msgspec.toml.decode(path.read_bytes(), type=Scenario)
    except OSError as error:
        raise ConfigError(tr("feed.simulate.unreadable", path=path, reason=error.strerror)) from None
    except (msgspec.DecodeError, ValueError) as error:
        raise ConfigError(tr("feed.simulate.broken", path=path, reason=error)) from None


def _faults(scenario: Scenario) -> Iterator[str]:
    if not 0 <= scenario.decline_share <= 1:
        yield tr("feed.simulate.no_share", field="decline_share", value=scenario.decline_share)
    if not 0 <= scenario.stories_per_s < math.inf:
        yield tr("feed.simulate.no_pace", field="stories_per_s", value=scenario.stories_per_s)
    if not 0 < scenario.duration_s < math.inf:
        yield tr("feed.simulate.no_length", field="duration_s", value=scenario.duration_s)
    names = _template_names() if scenario.inject or scenario.reports else frozenset()
    for number, injection in enumerate(scenario.inject, start=1):
        for field, reason in _faults_of(injection, names):
            yield tr("feed.simulate.at_field", number=number, field=field, reason=reason)
    for number, reports in enumerate(scenario.reports, start=1):
        for field, reason in _faults_of_reports(reports, names):
            yield tr("feed.simulate.at_reports", number=number, field=field, reason=reason)
    for number, congestion in enumerate(scenario.congestion, start=1):
        for field, reason in _faults_of_congestion(congestion):
            yield tr("feed.simulate.at_congestion", number=number, field=field, reason=reason)


def _faults_of(injection: Injection, names: frozenset[str]) -> Iterator[tuple[str, str]]:
    """(field, what is wrong with it)."""
    for field in _NUMBERS:
        value = getattr(injection, field)
        if not 0 <= value < math.inf:
            yield field, tr("feed.simulate.no_seconds", value=value)
    yield from _faults_of_count(injection.count)
    if injection.template:
        yield from _faults_of_template("template", injection.template, names)
    if not (injection.template or injection.camera or injection.fields.get("kind")):
        yield "template", tr("feed.simulate.nothing_happens")


def _faults_of_reports(reports: Reports, names: frozenset[str]) -> Iterator[tuple[str, str]]:
    yield from _faults_of_span(reports.from_s, reports.to_s)
    yield from _faults_of_count(reports.count)
    for name in reports.templates:
        yield from _faults_of_template("templates", name, names)


def _faults_of_congestion(congestion: Congestion) -> Iterator[tuple[str, str]]:
    yield from _faults_of_span(congestion.from_s, congestion.to_s)
    if not 1 <= congestion.slower <= MOST_SLOWER:
        yield "slower", tr("feed.simulate.no_repeats", value=congestion.slower, most=MOST_SLOWER)
    if not 0 <= congestion.radius_m < math.inf:
        yield "radius_m", tr("feed.simulate.no_metres", value=congestion.radius_m)
    if bool(congestion.place) != bool(congestion.radius_m):
        yield "place", tr("feed.simulate.place_and_radius")


def _faults_of_span(from_s: float, to_s: float) -> Iterator[tuple[str, str]]:
    if not 0 <= from_s < math.inf:
        yield "from_s", tr("feed.simulate.no_seconds", value=from_s)
    if not from_s < to_s < math.inf:
        yield "to_s", tr("feed.simulate.no_span", value=to_s, after=from_s)


def _faults_of_count(count: int) -> Iterator[tuple[str, str]]:
    if not 1 <= count <= MOST_REPEATS:
        yield "count", tr("feed.simulate.no_repeats", value=count, most=MOST_REPEATS)


def _faults_of_template(field: str, name: str, names: frozenset[str]) -> Iterator[tuple[str, str]]:
    if name not in names:
        yield field, tr("feed.simulate.no_template", name=name, known=", ".join(sorted(names)))


def _template_names() -> frozenset[str]:
    file = (bundled_data_dir() / "drills" / TEMPLATES).read_bytes()
    return frozenset(one.name for one in msgspec.toml.decode(file, type=_Templates).template)
