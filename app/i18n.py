"""Owns every text that a user sees, in both languages.

Must not import Qt or read anything but resources/i18n.

A key is "AREA.rest.of.key"; AREA is the stem of a file in resources/i18n, read on its first use and kept:

    "rest.of.key" = {zh = "...", en = "Send {count} units"}
"""

import tomllib
from typing import Literal

from app.paths import resource_dir

Language = Literal["zh_CN", "en"]

LANGUAGES: tuple[Language, ...] = ("zh_CN", "en")

_COLUMN: dict[Language, str] = {"zh_CN": "zh", "en": "en"}
_areas: dict[str, dict[str, dict[str, str]]] = {}
_language: Language = "zh_CN"


def language() -> Language:
    """The language in which `tr` answers now."""
    return _language


def set_language(language: Language) -> None:
    """Answer in this language from now on; texts that are already shown are the caller's to renew.

    Raises ValueError for a language that there is none of.
    """
    global _language
    if language not in _COLUMN:
        raise ValueError(f"unknown language {language!r}: one of {', '.join(LANGUAGES)}")
    _language = language


def tr(key: str, **params: object) -> str:
    """The text of `key` in the current language with `{name}` placeholders filled from `params`.

    Raises KeyError that names the key and its file when the text or a placeholder's value is missing.
    """
    area, _, rest = key.partition(".")
    try:
        text = _texts_of(area)[rest][_COLUMN[_language]]
    except KeyError:
        raise KeyError(f"no text {key!r} ({_language}) in resources/i18n/{area}.toml") from None
    if not params:
        return text
    try:
        return text.format(**params)
    except KeyError as missing:
        raise KeyError(f"text {key!r} in resources/i18n/{area}.toml wants a value for {missing}") from None


def texts(key: str) -> tuple[str, ...]:
    """The text of `key` in every language, for words that people may type in any of them. Raises KeyError."""
    area, _, rest = key.partition(".")
    found = _texts_of(area)[rest]
    return tuple(found[_COLUMN[language]] for language in LANGUAGES)


def has_text(key: str) -> bool:
    """Whether `tr(key)` would find a text, for keys made from values that come from outside."""
    area, _, rest = key.partition(".")
    return rest in _texts_of(area)


def keys_of(area: str) -> tuple[str, ...]:
    """Every full key of an area, in the order of its file."""
    return tuple(f"{area}.{rest}" for rest in _texts_of(area))


def areas() -> tuple[str, ...]:
    """Every area that has a file, sorted."""
    return tuple(sorted(path.stem for path in (resource_dir() / "i18n").glob("*.toml")))


def _texts_of(area: str) -> dict[str, dict[str, str]]:
    if area not in _areas:
        path = resource_dir() / "i18n" / f"{area}.toml"
        if not path.is_file():
            raise KeyError(f"no text area {area!r}: resources/i18n/{area}.toml is missing")
        _areas[area] = tomllib.loads(path.read_text(encoding="utf-8"))
    return _areas[area]
