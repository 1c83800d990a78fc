"""Why not, as a sentence: who, what, why not, what to do.

Owns the wording of refusals and errors for whoever is told. Must not decide what to do about them.
"""

from __future__ import annotations

from app.domain.errors import Refusal, StreetdeskError
from app.i18n import tr


def refusal_text(refusal: Refusal) -> str:
    """The sentence of resources/i18n/refusal.toml for a rule, filled with its facts."""
    return tr(f"refusal.{refusal.rule}", **refusal.facts)


def sentence_of(error: StreetdeskError) -> str:
    """The sentence for a refusal or for anything else that this program raises on purpose."""
    return refusal_text(error) if isinstance(error, Refusal) else str(error)
