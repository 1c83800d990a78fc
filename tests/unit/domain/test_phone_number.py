"""One number is one number however it was dictated; what is none is refused, and never repeated in the refusal."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.errors import Refusal
from app.domain.phone_number import MOST_DIGITS, normal_number


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("138 1234-1234", "13812341234"),
        ("+86 138-1234-1234", "13812341234"),
        ("008613812341234", "13812341234"),
        ("\uff11\uff13\uff18\uff11\uff12\uff13\uff14\uff11\uff12\uff13\uff14", "13812341234"),
        ("(021) 5566 7788 ext 12", "02155667788-12"),
        ("021-55667788\u8f6c12", "02155667788-12"),
        ("+44 20 7946 0958", "+442079460958"),
        ("110", "110"),
        ("  ", ""),
    ],
)
def test_a_number_is_kept_as_its_figures(typed: str, kept: str) -> None:
    assert normal_number("i", typed) == kept
    assert figures(normal_number("i", kept)) == figures(kept)


def figures(number: str) -> str:
    """An extension is set off by a hyphen once: read again, it is a gap."""
    return number.replace("-", "")


@pytest.mark.parametrize(
    "typed",
    [
        "abc",
        "12",
        "1" * (MOST_DIGITS + 1),
        "1" * 1_000_000,
        "\u0661\u0662\u0663\u0664",
        "138<b>1",
        "\u202e110",
    ],
)
def test_what_is_no_number_is_refused_without_repeating_it(typed: str) -> None:
    with pytest.raises(Refusal) as refused:
        normal_number("i", typed)
    assert refused.value.rule == "phone_number"
    assert typed not in str(refused.value)


@given(st.text(max_size=80))
def test_whatever_is_typed_is_figures_or_refused(typed: str) -> None:
    try:
        kept = normal_number("i", typed)
    except Refusal:
        return
    assert kept == "" or set(kept) <= set("+-0123456789")
    assert figures(normal_number("i", kept)) == figures(kept)
