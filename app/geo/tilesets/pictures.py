"""Owns what the first bytes of a picture tell: its format and its size. Must not decode pixels."""

import struct
from typing import Literal

PictureFormat = Literal["png", "jpeg", "webp"]

_GZIP = b"\x1f\x8b"
_JPEG_FRAMES = frozenset({0xC0, 0xC1, 0xC2, 0xC3, 0xC5, 0xC6, 0xC7, 0xC9, 0xCA, 0xCB, 0xCD, 0xCE, 0xCF})


def picture_format(body: bytes) -> PictureFormat | None:
    """What a body claims to be, None for anything that is no picture of a raster tile."""
    if body.startswith(b"\x89PNG\r\n\x1a\n"):
        return "png"
    if body.startswith(b"\xff\xd8\xff"):
        return "jpeg"
    if body[:4] == b"RIFF" and body[8:12] == b"WEBP":
        return "webp"
    return None


def is_vector_tile(body: bytes) -> bool:
    """Whether a body looks like a vector tile: zipped, or a protobuf that begins with a layer."""
    return body.startswith(_GZIP) or (body[:1] == b"\x1a" and picture_format(body) is None)


def picture_size_px(body: bytes) -> tuple[int, int] | None:
    """(width, height) as the header says, None where it does not."""
    readers = {"png": _png_size, "jpeg": _jpeg_size, "webp": _webp_size}
    kind = picture_format(body)
    try:
        return readers[kind](body) if kind is not None else None
    except (struct.error, IndexError):
        return None


def _png_size(body: bytes) -> tuple[int, int] | None:
    width, height = struct.unpack_from(">II", body, 16)
    return width, height


def _jpeg_size(body: bytes) -> tuple[int, int] | None:
    at = 2
    while body[at] == 0xFF:
        marker, length = body[at + 1], struct.unpack_from(">H", body, at + 2)[0]
        if marker in _JPEG_FRAMES:
            height, width = struct.unpack_from(">HH", body, at + 5)
            return width, height
        at += 2 + length
    return None


def _webp_size(body: bytes) -> tuple[int, int] | None:
    kind = body[12:16]
    if kind == b"VP8X":
        return _uint24(body, 24) + 1, _uint24(body, 27) + 1
    if kind == b"VP8L":
        bits = struct.unpack_from("<I", body, 21)[0]
        return (bits & 0x3FFF) + 1, ((bits >> 14) & 0x3FFF) + 1
    if kind == b"VP8 ":
        width, height = struct.unpack_from("<HH", body, 26)
        return width & 0x3FFF, height & 0x3FFF
    return None


def _uint24(body: bytes, at: int) -> int:
    return body[at] | body[at + 1] << 8 | body[at + 2] << 16
