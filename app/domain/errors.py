"""Errors of the domain.

Owns the one shape of a refusal: rule, subject and facts, never ready-made text (that is resources/i18n/refusal.toml).

    StreetdeskError
    ├── Refusal            a rule says no to a command; nothing was changed
    ├── ConfigError        an input file or option is wrong; names it and the mend
    └── JournalError       see app/journal/errors.py
"""

from __future__ import annotations

from app.domain.plain import Plain, plain

LONGEST_FACT = 200
"""Characters of what came from outside that a sentence repeats."""


class StreetdeskError(Exception):
    """Everything that this program raises on purpose."""


class ConfigError(StreetdeskError):
    """One clear line: which input, what is wrong, how to mend it."""


@plain
class Hand(Plain):
    """Whoever changed a thing last: which desk, who, when (ms since the epoch) and by an event of which type."""

    desk: str
    actor: str
    at: int
    did: str


class Refusal(StreetdeskError):
    """A rule refused a command.

    `rule` is the key of the sentence in resources/i18n/refusal.toml, `facts` fill its placeholders; `subject` is the
    id of the thing that the rule protected, so that the panel can point at it. `by` is who at another desk was first,
    where that is why.
    """

    def __init__(self, rule: str, subject: str, **facts: object) -> None:
        facts = {name: _shown(fact) for name, fact in facts.items()}
        super().__init__(f"{rule}: {subject} {facts}" if facts else f"{rule}: {subject}")
        self.rule = rule
        self.subject = subject
        self.facts = facts
        self.by: Hand | None = None


def _shown(fact: object) -> object:
    """A sentence with a megabyte in it, or one that a hidden sign turns round, tells nobody anything."""
    if not isinstance(fact, str):
        return fact
    short = fact if len(fact) <= LONGEST_FACT else f"{fact[:LONGEST_FACT]}…"
    return short if short.isprintable() else "".join(filter(str.isprintable, short))
