"""What is not usual about an incident, in a word: supervised, by order, sent back, linked, maybe the same as another.

Owns which marks there are, their order and their tone. Must not paint.
"""

from __future__ import annotations

from app.domain.incident import Incident
from app.i18n import tr
from widgets.parts.badge import Tone

Mark = tuple[str, Tone]
"""(words, tone)"""


def marks(incident: Incident, same_as: str = "") -> list[Mark]:
    """A sign or two each, the most pressing first; [] for nearly every row.

    `same_as` is the end of the number of what it may be a further report of.
    """
    found: list[Mark] = []
    if incident.supervised_at is not None:
        found.append((tr("triage.mark.supervised"), "alarm"))
    if incident.returned:
        found.append((tr("triage.mark.returned", count=incident.returned), "warn"))
    if incident.ordered:
        found.append((tr("triage.mark.ordered"), "warn"))
    if same_as:
        found.append((tr("duplicates.mark", number=same_as), "warn"))
    if incident.related:
        found.append((tr("triage.mark.links", count=len(incident.related)), "calm"))
    return found


def marks_words(incident: Incident, same_as: str = "") -> list[str]:
    """The same said in full, for a tip and for the filter."""
    found = []
    if incident.supervised_at is not None:
        found.append(tr("triage.mark.supervised.long", at="", who=incident.supervised_by).strip())
    if incident.returned:
        found.append(tr("triage.mark.returned.long", count=incident.returned))
    if incident.ordered:
        found.append(tr("action.order"))
    if same_as:
        found.append(tr("duplicates.maybe", number=same_as))
    if incident.related:
        found.append(tr("triage.mark.links.long", count=len(incident.related)))
    return found
