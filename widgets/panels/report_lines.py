"""Owns the small pieces that every field of the form is made of. Must not know a field.

Every label shows plain text: what was typed, or came from outside, is never taken for HTML.
"""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QLabel, QLineEdit, QSizePolicy, QWidget

from widgets.style import tokens


def plain_label(tone: str = "", *, wraps: bool = False) -> QLabel:
    """A label that never reads its text as HTML; `tone` is one of the style sheet's."""
    label = QLabel()
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setWordWrap(wraps)
    if tone:
        label.setProperty("tone", tone)
    if not wraps:
        label.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
    return label


def second_label() -> QLabel:
    """Wrapping words in second ink, hidden until there is something to say."""
    label = plain_label("second", wraps=True)
    label.setMinimumWidth(1)
    label.hide()
    return label


def say(label: QLabel, text: str, tone: str = "second") -> None:
    """Shows a text in a tone; "" hides the label."""
    label.setText(text)
    label.setVisible(bool(text))
    if label.property("tone") != tone:
        label.setProperty("tone", tone)
        _polish(label)


def set_invalid(line: QLineEdit, is_invalid: bool) -> None:
    """The rim of a line whose text would be refused."""
    if bool(line.property("invalid")) != is_invalid:
        line.setProperty("invalid", is_invalid)
        _polish(line)


def row(*parts: QWidget) -> QWidget:
    """Parts beside each other; lines, or else the first one, take what is left."""
    whole = QWidget()
    line = QHBoxLayout(whole)
    line.setContentsMargins(0, 0, 0, 0)
    line.setSpacing(tokens().space_s)
    for part in parts:
        line.addWidget(part, 1 if isinstance(part, QLineEdit) or part is parts[0] else 0)
    return whole


def _polish(widget: QWidget) -> None:
    widget.style().unpolish(widget)
    widget.style().polish(widget)
