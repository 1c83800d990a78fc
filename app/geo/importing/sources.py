"""Owns the bytes of an imported file and the text in them. Must not know what the text means.

Chinese offices send UTF-8 and GBK alike and seldom say which: UTF-8 is tried first, because GBK text is
practically never valid UTF-8 while the opposite does happen.
"""

from __future__ import annotations

import codecs
from pathlib import Path

from app.geo.importing.faults import ImportFault

LARGEST_LIST_BYTES = 256 * 1024 * 1024
_MARKS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))


def check_file(path: Path, largest_bytes: int | None = None) -> None:
    """Raises ImportFault for what is not there, no file, empty or too large."""
    try:
        size = path.stat().st_size
    except OSError as error:
        raise ImportFault(path.name, "unreadable", path=path, reason=error.strerror) from None
    if not path.is_file():
        raise ImportFault(path.name, "no_file", path=path)
    if size == 0:
        raise ImportFault(path.name, "empty_file")
    if largest_bytes is not None and size > largest_bytes:
        raise ImportFault(path.name, "too_large", size_mb=size >> 20, most_mb=largest_bytes >> 20)


def read_list(path: Path) -> bytes:
    """The content of a file that is read whole. Raises ImportFault."""
    check_file(path, LARGEST_LIST_BYTES)
    try:
        return path.read_bytes()
    except OSError as error:
        raise ImportFault(path.name, "unreadable", path=path, reason=error.strerror) from None


def read_text(path: Path) -> str:
    """The text of a file in UTF-8, GBK (GB 18030) or marked UTF-16. Raises ImportFault for any other."""
    content = read_list(path)
    try:
        text = content.decode(encoding_of(content))
    except (UnicodeDecodeError, LookupError):
        raise ImportFault(path.name, "wrong_encoding") from None
    if "\0" in text:
        raise ImportFault(path.name, "no_text")
    return text


def encoding_of(content: bytes) -> str:
    """The encoding that fits the bytes. Raises LookupError where none does."""
    for mark, encoding in _MARKS:
        if content.startswith(mark):
            return encoding
    for encoding in ("utf-8", "gb18030"):
        if _decodes(content, encoding):
            return encoding
    raise LookupError("neither UTF-8 nor GBK")


def _decodes(content: bytes, encoding: str) -> bool:
    try:
        content.decode(encoding)
    except UnicodeDecodeError:
        return False
    return True
