"""Owns how a refused action is told where it was tried: who, what, why not, what to do.

Never takes the focus.
"""

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QSizePolicy, QToolButton, QVBoxLayout, QWidget

from widgets.parts.painting import follow_theme
from widgets.style import follow_look, icon, tokens


class RefusalBar(QWidget):
    """Hidden until `show_refusal`.

    Dismissed by its button, by Escape inside it or by the next accepted action.
    """

    dismissed = Signal()
    mend_triggered = Signal()

    def __init__(self, dismiss_text: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._what, self._why = QLabel(), QLabel()
        self._mend, self._dismiss = QPushButton(), QToolButton()
        self._dismiss.setToolTip(dismiss_text)
        self._dismiss.setAccessibleName(dismiss_text)
        self._dismiss.clicked.connect(self.dismiss)
        self._mend.clicked.connect(self.mend_triggered)
        self._lay_out()
        follow_theme(self)
        follow_look(self, self._dress)
        self._dress()
        self.hide()

    @property
    def text(self) -> str:
        """The whole refusal as it is shown."""
        return f"{self._what.text()} {self._why.text()}".strip()

    def show_refusal(self, who: str, what: str, why: str, mend: str = "", mend_action: str = "") -> None:
        """Tell a refusal.

        `mend` says what to do, `mend_action` names the button that does it, if there is one.
        """
        self._what.setText(" · ".join(part for part in (who, what) if part))
        self._why.setText(" ".join(part for part in (why, mend) if part))
        self._mend.setText(mend_action)
        self._mend.setVisible(bool(mend_action))
        self.setAccessibleName(self.text)
        self._keep_whole()
        self.show()

    def dismiss(self) -> None:
        """Take the refusal away."""
        if not self.isHidden():
            self.hide()
            self.dismissed.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.dismiss()
        else:
            super().keyPressEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._keep_whole()

    def _keep_whole(self) -> None:
        """A panel that is short of room takes it from its list: a mend that is cut off mends nothing."""
        self.setMinimumHeight(max(0, self.heightForWidth(self.width())))

    def paintEvent(self, event: QPaintEvent) -> None:
        look = tokens()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(look.raised)
        painter.drawRoundedRect(QRectF(self.rect()), look.size_radius, look.size_radius)
        painter.fillRect(QRectF(0, 0, look.space_xs, self.height()), look.yellow)
        painter.end()

    def _lay_out(self) -> None:
        look = tokens()
        row = QHBoxLayout(self)
        row.setContentsMargins(look.space_m, look.space_s, look.space_xs, look.space_s)
        row.setSpacing(look.space_s)
        words = QVBoxLayout()
        words.setSpacing(look.space_xs // 2)
        for label in (self._what, self._why):
            label.setTextFormat(Qt.TextFormat.PlainText)
            label.setWordWrap(True)
            label.setMinimumWidth(1)
            label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            words.addWidget(label)
        self._what.setProperty("strong", True)
        self._why.setProperty("tone", "second")
        self._mend.setProperty("kind", "outline")
        row.addLayout(words, 1)
        row.addWidget(self._mend)
        row.addWidget(self._dismiss, alignment=Qt.AlignmentFlag.AlignTop)
        self._mend.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._dismiss.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)

    def _dress(self) -> None:
        self._dismiss.setIcon(icon("close"))
        self._dismiss.setIconSize(QSize(tokens().size_icon, tokens().size_icon))
