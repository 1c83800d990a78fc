"""The first bytes of pictures, against files of the three formats."""

import base64

import pytest

from app.geo.tilesets.pictures import is_vector_tile, picture_format, picture_size_px
from tests.servers.tile_server import png
from tests.unit.geo.tilesets.tile_files import VECTOR_TILE

# 16x12 pixels of one colour, written by Qt: a lossy WebP whole, and a JPEG up to its frame header.
WEBP = base64.b64decode("UklGRiwAAABXRUJQVlA4ICAAAABwAQCdASoQAAwAB0CWJZACdAFAAAD+rhSm3L1wfFfAAA==")
JPEG = (
    b"\xff\xd8\xff\xe0\x00\x10JFIF\x00\x01\x01\x01\x00d\x00d\x00\x00\xff\xdb\x00\x43" + b"\x10" * 65
) + b"\xff\xc0\x00\x11\x08\x00\x0c\x00\x10\x03\x01\x22\x00"


@pytest.mark.parametrize(
    ("body", "kind", "size_px"),
    [(png(256, 1, 2, 3), "png", (256, 256)), (JPEG, "jpeg", (16, 12)), (WEBP, "webp", (16, 12))],
)
def test_format_and_size(body: bytes, kind: str, size_px: tuple[int, int]) -> None:
    assert picture_format(body) == kind
    assert picture_size_px(body) == size_px


@pytest.mark.parametrize("body", [JPEG, WEBP, png(16, 0, 0, 0)])
def test_a_body_cut_anywhere_has_a_size_or_none_but_never_an_error(body: bytes) -> None:
    sizes = {picture_size_px(body[:length]) for length in range(len(body))}
    assert None in sizes and len(sizes) <= 2


@pytest.mark.parametrize("body", [b"", b"<html>", b"GIF89a", VECTOR_TILE])
def test_what_is_no_picture_has_neither(body: bytes) -> None:
    assert picture_format(body) is None
    assert picture_size_px(body) is None


def test_vector_tiles_are_known_zipped_and_plain() -> None:
    assert is_vector_tile(VECTOR_TILE) and is_vector_tile(b"\x1a\x05\x0a\x03abc")
    assert not is_vector_tile(WEBP)
