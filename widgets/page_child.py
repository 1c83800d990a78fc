"""`make-page`: the process in which a printed map becomes a file while its desk goes on.

Owns the Qt application that such a child needs for its fonts. Must not show anything or know a desk.
"""

from __future__ import annotations

import os
import sys

from PySide6.QtGui import QGuiApplication

from app.cli_make import answer
from widgets.map.page_replay import replayed


def make_page() -> int:
    """Pieces in, the file out; returns the exit code."""
    if sys.platform == "linux":
        os.environ["QT_QPA_PLATFORM"] = "offscreen"  # no screen is needed, and none may be asked for
    application = QGuiApplication(sys.argv[:1])
    try:
        return answer(replayed)
    finally:
        application.shutdown()
