"""Owns a label of at most so many lines: it wraps, and the last line elides. The whole text is then its tool tip."""

from PySide6.QtCore import QPointF, QSize, Qt
from PySide6.QtGui import QFontMetricsF, QPainter, QPaintEvent, QResizeEvent, QTextLayout, QTextOption
from PySide6.QtWidgets import QSizePolicy, QWidget

from widgets.parts.painting import follow_theme
from widgets.parts.plain_tip import plain_tip
from widgets.style import TypeSize, font, tokens


def wrapped_lines(text: str, face: object, width: float) -> list[str]:
    """The text broken to a width in px, also inside a run without spaces."""
    lines: list[str] = []
    for paragraph in text.splitlines() or [""]:
        units = paragraph.encode("utf-16-le", "surrogatepass")  # Qt counts in these
        layout = QTextLayout(paragraph, face)  # type: ignore[call-overload]
        layout.setTextOption(_wrapping())
        layout.beginLayout()
        while (line := layout.createLine()).isValid():
            line.setLineWidth(max(1.0, width))
            piece = units[2 * line.textStart() : 2 * (line.textStart() + line.textLength())]
            lines.append(piece.decode("utf-16-le", "surrogatepass").rstrip())
        layout.endLayout()
    return lines or [""]


def _wrapping() -> QTextOption:
    option = QTextOption()
    option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
    return option


class ClampedLabel(QWidget):
    """Text at a token size; its height follows its width up to `max_lines`."""

    def __init__(
        self,
        text: str = "",
        size: TypeSize = "title",
        *,
        max_lines: int = 2,
        bold: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._size, self._bold, self._max_lines = size, bold, max_lines
        policy = QSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        follow_theme(self)
        self.set_text(text)

    @property
    def text(self) -> str:
        """The whole text."""
        return self._text

    def set_text(self, text: str) -> None:
        """Show a text; line breaks in it count as spaces."""
        self._text = " ".join(text.split())
        self.setAccessibleName(self._text)
        self._offer_tool_tip()
        self.updateGeometry()
        self.update()

    def is_elided(self) -> bool:
        """Whether some of the text is not shown."""
        return len(self._wrapped(self.width())) > self._max_lines

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        return round(min(self._max_lines, len(self._wrapped(width))) * self._line_px())

    def sizeHint(self) -> QSize:
        return QSize(tokens().px(160), self.heightForWidth(max(self.width(), tokens().px(160))))

    def minimumSizeHint(self) -> QSize:
        return QSize(tokens().space_xl, round(self._line_px()))

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._offer_tool_tip()
        super().resizeEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        face = font(self._size, bold=self._bold)
        painter.setFont(face)
        painter.setPen(tokens().text if self.isEnabled() else tokens().text_disabled)
        metrics = QFontMetricsF(face)
        baseline = metrics.ascent() + (self._line_px() - metrics.height()) / 2
        for row, line in enumerate(self._shown(metrics)):
            painter.drawText(QPointF(0, row * self._line_px() + baseline), line)
        painter.end()

    def _shown(self, metrics: QFontMetricsF) -> list[str]:
        lines = self._wrapped(self.width())
        if len(lines) <= self._max_lines:
            return lines
        kept = lines[: self._max_lines - 1]
        rest = self._text[sum(map(len, kept)) :].lstrip() if " " not in self._text else self._rest(kept)
        return [*kept, metrics.elidedText(rest, Qt.TextElideMode.ElideRight, self.width())]

    def _rest(self, kept: list[str]) -> str:
        """What follows the kept lines; a space that a line break took away stands for itself."""
        rest = self._text
        for line in kept:
            rest = rest[len(line) :].lstrip()
        return rest

    def _wrapped(self, width: float) -> list[str]:
        return wrapped_lines(self._text, font(self._size, bold=self._bold), width)

    def _line_px(self) -> float:
        return QFontMetricsF(font(self._size, bold=self._bold)).height()

    def _offer_tool_tip(self) -> None:
        self.setToolTip(plain_tip(self._text) if self.is_elided() else "")
