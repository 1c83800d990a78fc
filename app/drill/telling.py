"""What a story says, whatever language the call speaks: the same seed tells the same story, byte by byte.

Owns the choice of that language, which is that of the templates. Must not word what is said to whoever called.
"""

from __future__ import annotations

from typing import Final

from app.i18n import LANGUAGES, Language, texts

TOLD_IN: Final[Language] = "zh_CN"
"""data/drills/templates.toml has the callers' words in this language only."""


def told(key: str, **params: object) -> str:
    """The text of `key` in the language of the stories, with `{name}` placeholders filled. Raises KeyError."""
    return texts(key)[LANGUAGES.index(TOLD_IN)].format(**params)
