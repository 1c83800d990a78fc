"""A caller's number as it is kept: figures alone, so that one number is one number however it was dictated.

Owns the way to write a number and what is none. Must not mask it (masking.py) and must not know whose it is.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Final

from app.domain.errors import Refusal

FEWEST_DIGITS: Final = 3
MOST_DIGITS: Final = 20
_LONGEST_TYPED: Final = 60
_GAPS: Final = re.compile(r"[\s()./\u00b7\u2010-\u2015-]+")
_EXTENSION: Final = re.compile(r"(?:ext|x|#|,|\u8f6c)+", re.IGNORECASE)
_CHINESE_MOBILE: Final = re.compile(r"(?:\+|00)?86(1[3-9]\d{9})")
_NUMBER: Final = re.compile(r"\+?\d+(?:-\d{1,6})?")


def normal_number(subject: str, typed: str) -> str:
    """Figures without gaps and without China's own prefix; an extension stands behind a hyphen. "" for nothing.

    Raises Refusal naming the field for what is no number.
    """
    if len(typed) > _LONGEST_TYPED:
        raise Refusal("phone_number", subject, fewest=FEWEST_DIGITS, most=MOST_DIGITS)
    text = _GAPS.sub("", unicodedata.normalize("NFKC", typed))
    number = _EXTENSION.sub("-", text)
    if not number:
        return ""
    digits = sum(sign.isdecimal() for sign in number)
    if not number.isascii() or not _NUMBER.fullmatch(number) or not FEWEST_DIGITS <= digits <= MOST_DIGITS:
        raise Refusal("phone_number", subject, fewest=FEWEST_DIGITS, most=MOST_DIGITS)
    mobile = _CHINESE_MOBILE.fullmatch(number)
    return mobile[1] if mobile else number
