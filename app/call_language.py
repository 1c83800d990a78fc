"""Owns which language a call speaks, before any of it is parsed: what is wrong with it is said in that language too.

Must not parse anything else, and must not set the language.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from app.i18n import LANGUAGES, Language

_OPTION: Final = "--lang"
_LOCALE: Final = ("LC_ALL", "LC_MESSAGES", "LANG")
_OF_LOCALE: Final[Mapping[str, Language]] = {"zh": "zh_CN", "en": "en"}


def language_of_call(argv: Sequence[str], environ: Mapping[str, str]) -> Language:
    """What `--lang` says wherever it stands, the last one; else the locale's language; else the first one there is."""
    spoken = next(
        (code for language in reversed(_asked(argv)) for code in LANGUAGES if code == language), None
    )
    if spoken is not None:
        return spoken
    locale = next((environ[name] for name in _LOCALE if environ.get(name)), "")
    return _OF_LOCALE.get(locale.replace("-", "_").partition("_")[0].partition(".")[0].lower(), LANGUAGES[0])


def _asked(argv: Sequence[str]) -> list[str]:
    """The values of the option, in order."""
    found = []
    for place, word in enumerate(argv):
        if word.startswith(f"{_OPTION}="):
            found.append(word.partition("=")[2])
        elif word == _OPTION:
            found += argv[place + 1 : place + 2]
    return found
