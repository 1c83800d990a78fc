"""Owns what a PDF says its glyphs mean, so that what stands on a page can be searched and copied.

Qt names the first of all characters that share a glyph: of Chinese ones that is often a radical of a dictionary, which
nobody types. Must not change anything that is painted.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import partial
from typing import Final

from PySide6.QtGui import QFont, QRawFont

_RADICALS: Final = range(0x2E80, 0x2FE0)
_HAN: Final = range(0x4E00, 0xA000)
_FIGURE_DASH, _EN_DASH = 0x2012, 0x2013
_MEANINGS: Final = re.compile(rb"begincmap.*?endcmap", re.DOTALL)
_MEANING: Final = re.compile(rb"<([0-9A-F]{4})>")
_LINE: Final = re.compile(rb"^<([0-9A-F]{4})> <([0-9A-F]{4})> (.*)$", re.MULTILINE)


def readable(pdf: bytes, face: QFont) -> bytes:
    """The same file, of the same length, with characters as they are typed."""
    typed = {_hex(meant): _hex(instead) for meant, instead in _typed(face).items()}
    return _MEANINGS.sub(lambda found: _LINE.sub(partial(_mended, typed), found[0]), pdf)


def _mended(typed: dict[bytes, bytes], line: re.Match[bytes]) -> bytes:
    """A line of several glyphs with one character counts on from it: it stays."""
    first, last, meant = line.groups()
    if first != last and not meant.startswith(b"["):
        return line[0]
    better = _MEANING.sub(lambda found: b"<%s>" % typed.get(found[1], found[1]), meant)
    return b"<%s> <%s> %s" % (first, last, better)


def _typed(face: QFont) -> dict[int, int]:
    """Which character is typed for each that nobody types, where the font shows both with one glyph."""
    raw = QRawFont.fromFont(face)
    of_glyph = dict(_glyphs(raw, _HAN))
    found = {sign: of_glyph[glyph] for glyph, sign in _glyphs(raw, _RADICALS) if glyph in of_glyph}
    return found | {_FIGURE_DASH: _EN_DASH}


def _glyphs(raw: QRawFont, signs: Iterable[int]) -> list[tuple[int, int]]:
    """Glyphs and their characters; a font has no glyph 0."""
    known = list(signs)
    glyphs = raw.glyphIndexesForString("".join(map(chr, known)))
    return [(glyph, sign) for glyph, sign in zip(glyphs, known, strict=True) if glyph]


def _hex(sign: int) -> bytes:
    return b"%04X" % sign
