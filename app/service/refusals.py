"""Why not, as a sentence: who, what, why not, what to do.

Owns the wording of refusals and errors for whoever is told. Must not decide what to do about them.
"""

from __future__ import annotations

from app.domain.errors import Refusal, StreetdeskError
from app.i18n import has_text, tr


def refusal_text(refusal: Refusal) -> str:
    """The sentence of resources/i18n/refusal.toml for a rule, filled with its facts."""
    facts = dict(refusal.facts)
    named = f"triage.field.{facts.get('field')}"
    if has_text(named):
        facts["field"] = tr(named)
    return tr(f"refusal.{refusal.rule}", **facts)


def sentence_of(error: StreetdeskError) -> str:
    """The sentence for a refusal or for anything else that this program raises on purpose."""
    return refusal_text(error) if isinstance(error, Refusal) else str(error)
