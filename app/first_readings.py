"""What a desk reads once: its district at the start, and after the queue is painted what feeds and the map need.

Owns in which order and by which libraries. Must not wire anything: bootstrap.py does.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.centre.work_calendar import chinese_calendar_of_work
from app.config import Config
from app.domain.errors import ConfigError
from app.domain.unit import Unit
from app.geo.district import District, DistrictError, load_district

if TYPE_CHECKING:
    from app.centre.phrases_file import Phrases
    from app.domain.incident_types import IncidentTypes
    from app.domain.type_words import WordRules
    from app.geo.grid_index import GridIndex


def read_district(config: Config) -> District:
    """The small part of it. Raises ConfigError."""
    try:
        return load_district(config.district_dir)
    except DistrictError as fault:
        raise ConfigError(str(fault)) from fault


def read_ground(district: District) -> GridIndex:
    """Reads what feeds and the map need: half a second that must not stand in an officer's way. Raises ConfigError."""
    import aiohttp  # noqa: F401 - read here so that nobody has to wait for it later

    import app.geo.outside
    import app.service.eta
    import app.service.geofence
    import app.service.intake
    import app.service.judging  # noqa: F401
    from app.geo.grid_index import GridIndex

    chinese_calendar_of_work.read()
    try:
        district.surface()
    except DistrictError as fault:
        raise ConfigError(str(fault)) from fault
    return GridIndex(district)


def read_type_words(types: IncidentTypes, config: Config) -> WordRules:
    """Raises ConfigError."""
    from app.centre.words_file import load_word_rules

    return load_word_rules(types, config.district_dir)


def read_phrases(types: IncidentTypes, config: Config) -> Phrases:
    """Raises ConfigError."""
    from app.centre.phrases_file import load_phrases

    return load_phrases(types, config.district_dir)


def units_of(district: District) -> tuple[Unit, ...]:
    """As they stand before the first event."""
    return tuple(Unit(spec.id, spec.kind, spec.call_sign_zh) for spec in district.units)
