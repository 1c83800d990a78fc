"""What of a person's data may be seen without a recorded purpose.

Owns the masks of names, phone, identity and account numbers. Must not decide who may see more: roles and purposes do.
A mask shows enough to tell two people apart on one screen and too little to reach either.
"""

from __future__ import annotations

import re
from typing import Final

HIDDEN: Final = "**"
"""Two stars whatever stands behind them: the length of a name is a hint too."""

_SHORT_NUMBER_DIGITS: Final = 6
"""Numbers up to this length are services (110, 12345, 96110), not people."""

_MOBILE: Final = re.compile(
    r"(?<!\d)(?P<country>(?:\+|00)?86[- ]?)?(?P<head>1[3-9]\d)[-. ]?\d{4}[-. ]?(?P<tail>\d{4})(?!\d)"
)
_LANDLINE: Final = re.compile(
    r"(?<![\d-])(?P<area>0(?:10|2\d|[3-9]\d{2}))(?P<gap>[- ]?)\d{3,4}[- ]?(?P<tail>\d{4})(?!\d)"
)
_IDENTITY: Final = re.compile(
    r"(?<!\d)[1-9]\d{5}(?P<gap>[- ]?)(?:18|19|20)\d{6}(?P=gap)\d{3}[\dXx](?![\dXx])"
)
_ACCOUNT: Final = re.compile(
    r"(?<![\d-])(?P<head>\d{4})(?:[ -]?\d{4}){2}[ -]?\d{0,3}[ -]?(?P<tail>\d{4})(?!\d)"
)
_TYPED_WIDE: Final = {0xFF10 + digit: str(digit) for digit in range(10)} | {
    0xFF0D: "-",
    0x3000: " ",
    0xFF38: "X",
}
_WIDE_FIGURE: Final = re.compile(f"[{chr(0xFF10)}-{chr(0xFF19)}{chr(0xFF0D)}]")
"""Chinese input methods give full-width figures: they are read, and shown, as the plain ones."""


def mask_name(name: str) -> str:
    """The first character of every word, then stars: a Chinese name keeps its surname's first character."""
    return " ".join(word[0] + HIDDEN for word in name.split())


def mask_phone(phone: str) -> str:
    """Head and last four figures of a mobile, area and last four of a landline; services' short numbers stay."""
    text = phone.strip()
    for pattern, mask in ((_MOBILE, _mobile), (_LANDLINE, _landline)):
        found = pattern.fullmatch(text)
        if found:
            return mask(found)
    digits = sum(sign.isdigit() for sign in text)
    return text if digits <= _SHORT_NUMBER_DIGITS else _all_but_last(text)


def mask_identity(number: str) -> str:
    """The first three and the last three signs of an identity number; birth date and sex are hidden."""
    text = number.strip()
    return _keep(text, 3, 3)


def mask_account(number: str) -> str:
    """The bank's first four and the last four figures of an account or card number, without its gaps."""
    return _keep(re.sub(r"[ -]", "", number.strip()), 4, 4)


def mask_text(text: str) -> str:
    """Free text with every phone, identity and account number in it masked; other figures stay as they are."""
    if not text.isascii():
        text = _with_plain_figures(text)
    text = _IDENTITY.sub(lambda found: mask_identity(re.sub(r"[- ]", "", found[0])), text)
    text = _ACCOUNT.sub(lambda found: mask_account(found[0]), text)
    return _LANDLINE.sub(_landline, _MOBILE.sub(_mobile, text))


def _with_plain_figures(text: str) -> str:
    """Only where there are wide figures: a wide space between words is no matter of numbers."""
    return text.translate(_TYPED_WIDE) if _WIDE_FIGURE.search(text) else text


def _mobile(found: re.Match[str]) -> str:
    return f"{found['country'] or ''}{found['head']}****{found['tail']}"


def _landline(found: re.Match[str]) -> str:
    return f"{found['area']}{found['gap']}****{found['tail']}"


def _keep(text: str, first: int, last: int) -> str:
    """Too short a text would show itself through the mask: then nothing of it is kept."""
    if len(text) <= first + last:
        return "*" * len(text)
    return text[:first] + "*" * (len(text) - first - last) + text[-last:]


def _all_but_last(text: str) -> str:
    """Hides the figures of a number of no known form but for the last two."""
    digits = [place for place, sign in enumerate(text) if sign.isdigit()]
    hidden = set(digits[:-2])
    return "".join("*" if place in hidden else sign for place, sign in enumerate(text))
