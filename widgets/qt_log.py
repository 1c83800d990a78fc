"""Qt's own messages in the program's log.

Owns the one message handler. Must not swallow a message but the one that the offscreen platform says of every window.
"""

from __future__ import annotations

import logging

from PySide6.QtCore import QMessageLogContext, QtMsgType, qInstallMessageHandler

log = logging.getLogger("qt")

OFFSCREEN_CHATTER = "This plugin does not support propagateSizeHints"

_LEVELS = {
    QtMsgType.QtDebugMsg: logging.DEBUG,
    QtMsgType.QtInfoMsg: logging.INFO,
    QtMsgType.QtWarningMsg: logging.WARNING,
    QtMsgType.QtCriticalMsg: logging.ERROR,
    QtMsgType.QtFatalMsg: logging.CRITICAL,
}


def follow_qt_messages() -> None:
    """From now on what Qt says goes where the program's own records go."""
    qInstallMessageHandler(_take)


def _take(kind: QtMsgType, _where: QMessageLogContext, text: str) -> None:
    if not text.startswith(OFFSCREEN_CHATTER):
        log.log(_LEVELS[kind], "%s", text)
