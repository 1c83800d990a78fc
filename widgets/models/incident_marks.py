"""What is not usual about an incident, in a word: supervised, by order, sent back, linked.

Owns which marks there are, their order and their tone. Must not paint.
"""

from __future__ import annotations

from app.domain.incident import Incident
from app.i18n import tr
from widgets.parts.badge import Tone

Mark = tuple[str, Tone]
"""(words, tone)"""


def marks(incident: Incident) -> list[Mark]:
    """A sign or two each, the most pressing first; [] for nearly every row."""
    found: list[Mark] = []
    if incident.supervised_at is not None:
        found.append((tr("triage.mark.supervised"), "alarm"))
    if incident.returned:
        found.append((tr("triage.mark.returned", count=incident.returned), "warn"))
    if incident.ordered:
        found.append((tr("triage.mark.ordered"), "warn"))
    if incident.links:
        found.append((tr("triage.mark.links", count=len(incident.links)), "calm"))
    return found


def marks_words(incident: Incident) -> list[str]:
    """The same said in full, for a tip and for the filter."""
    found = []
    if incident.supervised_at is not None:
        found.append(tr("triage.mark.supervised.long", at="", who=incident.supervised_by).strip())
    if incident.returned:
        found.append(tr("triage.mark.returned.long", count=incident.returned))
    if incident.ordered:
        found.append(tr("action.order"))
    if incident.links:
        found.append(tr("triage.mark.links.long", count=len(incident.links)))
    return found
