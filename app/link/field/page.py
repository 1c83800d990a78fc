"""The files of the field client's page, read once.

Owns which there are and what the browser may do with them. Must not know who asks.
"""

from __future__ import annotations

import json
import tomllib
from dataclasses import dataclass
from typing import Final

from app.domain.errors import ConfigError
from app.i18n import tr
from app.paths import resource_dir

FOLDER: Final = "field"
FILES: Final = {
    "/": ("index.html", "text/html"),
    "/field.js": ("field.js", "text/javascript"),
    "/field.css": ("field.css", "text/css"),
}
TEXTS: Final = "/texts.json"
CONTENT_SECURITY: Final = (
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' blob: data:; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)


@dataclass(frozen=True, slots=True)
class Page:
    """Path -> bytes and their media type. Nothing else is ever read from the disk for a request."""

    files: dict[str, tuple[bytes, str]]


def load_page() -> Page:
    """Raises ConfigError."""
    folder = resource_dir() / FOLDER
    try:
        files = {path: ((folder / name).read_bytes(), kind) for path, (name, kind) in FILES.items()}
        texts = tomllib.loads((resource_dir() / "i18n" / "field_page.toml").read_text(encoding="utf-8"))
    except OSError as fault:
        raise ConfigError(tr("cli.file_fault", path=fault.filename, reason=fault.strerror)) from None
    files[TEXTS] = (json.dumps(texts, ensure_ascii=False).encode(), "application/json")
    return Page(files)
