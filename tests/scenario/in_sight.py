"""What can be read on a window: every text that Qt or a painter of ours puts there, and whether it is whole.

Owns the reading. Must not know what any text means, and must not press anything.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Final

from PySide6.QtCore import QEvent, QObject
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QAbstractButton, QApplication, QComboBox, QLabel, QLineEdit, QTabBar, QWidget

from app.i18n import areas, keys_of

CUT: Final = "\u2026"
_CHINESE: Final = re.compile("[\u3400-\u9fff\uff01-\uff5e\u3001-\u303f]")
_KEY_LIKE: Final = re.compile(r"\b[a-z_]+(?:\.[a-z0-9_]+)+\b")


@dataclass(frozen=True, slots=True)
class Sight:
    """`where` names the widget by its class and those round it; `is_whole` is False for a text that was cut."""

    text: str
    where: str
    is_whole: bool = True


class _Watch(QObject):
    """Notes whose turn it is to paint."""

    def __init__(self) -> None:
        super().__init__()
        self.painting: QWidget | None = None

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Paint and isinstance(watched, QWidget):
            self.painting = watched
        return False


def read(window: QWidget) -> list[Sight]:
    """Every text in sight, those of our painters as they were painted."""
    return [*_painted(window), *(sight for widget in _seen(window) for sight in _of_qt(widget))]


def reads(window: QWidget, words: str) -> bool:
    return any(words in sight.text for sight in read(window))


def in_chinese(sights: list[Sight], data: set[str]) -> list[Sight]:
    """Texts with Chinese in them beside `data`: titles, names and addresses that are as they were given."""
    longest_first = sorted(data, key=len, reverse=True)
    return [sight for sight in sights if _CHINESE.search(_without(sight.text, longest_first))]


def untranslated(sights: list[Sight]) -> list[Sight]:
    """Texts in which the key of a text stands instead of it."""
    keys = {key for area in areas() for key in keys_of(area)}
    return [sight for sight in sights if keys & set(_KEY_LIKE.findall(sight.text))]


def cut(sights: list[Sight]) -> list[Sight]:
    return [sight for sight in sights if not sight.is_whole]


def _without(text: str, data: list[str]) -> str:
    for known in data:
        text = text.replace(known, "")
        if CUT in text:
            text = _without_beginning(text, known)
    return text


def _without_beginning(text: str, known: str) -> str:
    """A name that was cut is a name."""
    head = text.partition(CUT)[0]
    for length in range(min(len(known), len(head)), 0, -1):
        if head.endswith(known[:length]):
            return text.replace(known[:length] + CUT, "")
    return text


# -- what our painters paint -----------------------------------------------------------------------------------------


def _painted(window: QWidget) -> list[Sight]:
    found: list[Sight] = []
    with _watched(found):
        window.grab()
    return found


@contextmanager
def _watched(found: list[Sight]) -> Iterator[None]:
    app, watch, draw_text = QApplication.instance(), _Watch(), QPainter.drawText

    def noted(painter: QPainter, *arguments: Any) -> Any:
        widget, text = watch.painting, str(arguments[-1])
        if widget is not None and text:
            is_cut_button = (
                isinstance(widget, QAbstractButton) and text.endswith(CUT) and text != widget.text()
            )
            found.append(Sight(text, _where(widget), not is_cut_button))
        return draw_text(painter, *arguments)

    assert app is not None
    app.installEventFilter(watch)
    QPainter.drawText = noted  # type: ignore[assignment, method-assign]
    try:
        yield
    finally:
        QPainter.drawText = draw_text  # type: ignore[method-assign]
        app.removeEventFilter(watch)


# -- what Qt paints --------------------------------------------------------------------------------------------------


def _seen(window: QWidget) -> Iterator[QWidget]:
    for widget in window.findChildren(QWidget):
        if widget.isVisible() and not widget.visibleRegion().isEmpty():
            yield widget


def _of_qt(widget: QWidget) -> Iterator[Sight]:
    where = _where(widget)
    for spoken in (widget.accessibleName(), widget.toolTip()):
        if spoken:
            yield Sight(spoken, f"{where} (spoken)")
    match widget:
        case QLabel() if widget.text():
            yield Sight(widget.text(), where, _has_room(widget))
        case QAbstractButton() if widget.text():
            yield Sight(widget.text(), where, widget.sizeHint().width() <= widget.width())
        case QLineEdit():
            yield Sight(widget.text() or widget.placeholderText(), where)
        case QComboBox():
            yield Sight(widget.currentText(), where)
        case QTabBar():
            yield from (Sight(widget.tabText(place), where) for place in range(widget.count()))


def _has_room(label: QLabel) -> bool:
    """A label that wraps is whole where it is high enough."""
    if label.wordWrap():
        return label.heightForWidth(label.width()) <= label.height()
    return label.sizeHint().width() <= label.width()


def _where(widget: QWidget) -> str:
    names: list[str] = []
    step: QWidget | None = widget
    while step is not None and len(names) < 4:
        if type(step) is not QWidget:
            names.append(step.objectName() or type(step).__name__)
        step = step.parentWidget()
    return " < ".join(names)
