"""Owns how earlier incidents of a place or a number are said: how many, of which types, and the newest by number.

Must not look them up (service/histories.py) and must not say who reported them.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Final

from app.centre.types_in_force import type_name
from app.i18n import tr
from widgets.actions import tail
from widgets.bridge import Bridge
from widgets.local_time import minute_text

if TYPE_CHECKING:
    from app.service.histories import History

MOST_TYPES: Final = 3
MOST_NAMED: Final = 3


def history_text(bridge: Bridge, history: History, of: str) -> str:
    """Two lines; `of` is "place" or "number". Types are counted among the newest that a history names."""
    incidents = bridge.desk.incidents
    known = [incidents[key] for key in history.incidents if key in incidents]
    join = tr("new_incident.words.separator").join
    types = Counter(incident.incident_type for incident in known).most_common(MOST_TYPES)
    kinds = join(tr("new_incident.history.type", type=type_name(kind), count=count) for kind, count in types)
    head = tr(f"new_incident.history.{of}", count=history.count, open=history.open, types=kinds)
    now, offset_min = bridge.clock.now(), bridge.district.utc_offset_min
    last = join(
        tr("new_incident.history.one", number=tail(i.number), type=type_name(i.incident_type),
           at=minute_text(i.opened_at, now, offset_min))
        for i in known[:MOST_NAMED]
    )  # fmt: skip
    return f"{head}\n{last}"
