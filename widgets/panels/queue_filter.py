"""Owns the filter line of the incident queue. Must not filter: it says what is wanted."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import QPoint, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QAction, QActionGroup, QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import (
    QAbstractButton,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QMenu,
    QPushButton,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from app.domain.incident import LOOP, PRIORITIES
from app.i18n import tr
from widgets.models.incident_queue import QueueFilter
from widgets.panels.list_panel import head_margins
from widgets.parts.painting import follow_theme, paint_focus_ring
from widgets.parts.symbols import symbol_pixmap
from widgets.style import follow_look, icon, tokens

SCOPES = ("open", "all", *LOOP, "handed_over", "merged", "withdrawn")


class PriorityToggle(QAbstractButton):
    """The symbol of a priority: full while it is shown, faint while it is hidden."""

    def __init__(self, priority: int) -> None:
        super().__init__()
        self.priority = priority
        self.setCheckable(True)
        self.setChecked(True)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        follow_theme(self)

    def sizeHint(self) -> QSize:
        return QSize(tokens().px(26), tokens().px(26))

    def paintEvent(self, event: QPaintEvent) -> None:
        look = tokens()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if self.underMouse():
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(look.hover)
            painter.drawRoundedRect(QRectF(self.rect()), look.size_radius, look.size_radius)
        size_px = look.size_symbol
        color = look.priority.of(self.priority)
        pixmap = symbol_pixmap(f"priority/{self.priority}", size_px, self.devicePixelRatioF(), color)
        painter.setOpacity(1.0 if self.isChecked() else 0.28)
        painter.drawPixmap((self.width() - size_px) // 2, (self.height() - size_px) // 2, pixmap)
        painter.setOpacity(1.0)
        if self.hasFocus():
            paint_focus_ring(painter, QRectF(self.rect()))
        painter.end()


class FilterEdit(QLineEdit):
    """Escape empties it and goes back to the list; Down and Enter go to the list. A glass stands in front."""

    left_for_list = Signal()

    def __init__(self) -> None:
        super().__init__()
        follow_theme(self)
        look = tokens()
        self.setTextMargins(look.size_icon + look.space_xs, 0, 0, 0)

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        size_px = tokens().size_icon
        painter = QPainter(self)
        top = (self.height() - size_px) // 2
        icon("search").paint(painter, tokens().space_s, top, size_px, size_px)
        painter.end()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.clear()
        elif event.key() not in (Qt.Key.Key_Down, Qt.Key.Key_Return, Qt.Key.Key_Enter):
            super().keyPressEvent(event)
            return
        self.left_for_list.emit()


class QueueFilterBar(QWidget):
    """Text, priorities, scope and the count of what is shown. `changed` carries a QueueFilter."""

    changed = Signal(object)
    left_for_list = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._wanted = QueueFilter()
        self.edit = FilterEdit()
        self.toggles = [PriorityToggle(priority) for priority in PRIORITIES]
        self.scope = QPushButton()
        self.scope.setProperty("kind", "quiet")
        self.menu = QMenu(self)
        self.count = QLabel()
        self.count.setProperty("tone", "second")
        self._scopes = self._make_scopes()
        self._lay_out()
        self._connect()
        self._dress()

    @property
    def wanted(self) -> QueueFilter:
        return self._wanted

    def _make_scopes(self) -> dict[str, QAction]:
        group = QActionGroup(self)
        actions: dict[str, QAction] = {}
        for scope in SCOPES:
            if scope == LOOP[0]:
                self.menu.addSeparator()
            action = actions[scope] = self.menu.addAction("")
            action.setCheckable(True)
            group.addAction(action)
            action.triggered.connect(lambda _checked, chosen=scope: self._choose_scope(chosen))
        actions["open"].setChecked(True)
        return actions

    def _lay_out(self) -> None:
        look = tokens()
        column = QVBoxLayout(self)
        column.setContentsMargins(*head_margins())
        column.setSpacing(look.space_xs)
        column.addWidget(self.edit)
        row = QHBoxLayout()
        row.setSpacing(0)
        for toggle in self.toggles:
            row.addWidget(toggle)
        row.addSpacing(look.space_xs)
        row.addWidget(self.scope)
        row.addStretch(1)
        row.addWidget(self.count)
        column.addLayout(row)

    def _connect(self) -> None:
        self.edit.textChanged.connect(lambda text: self._want(replace(self._wanted, text=text)))
        self.edit.left_for_list.connect(self.left_for_list)
        for toggle in self.toggles:
            toggle.toggled.connect(self._toggled)
        self.scope.clicked.connect(self.open_menu)
        follow_look(self, self._dress)

    def _dress(self) -> None:
        self.scope.setIcon(icon("chevron-down"))
        self.scope.setLayoutDirection(Qt.LayoutDirection.RightToLeft)

    def open_menu(self) -> None:
        """Which states are shown, with what is shown now under the hand."""
        self.menu.setActiveAction(self._scopes[self._scope()])
        self.menu.popup(self.scope.mapToGlobal(QPoint(0, self.scope.height())))

    def _toggled(self) -> None:
        """With none left on there would be nothing to see: switching the last one off switches all on."""
        chosen = frozenset(toggle.priority for toggle in self.toggles if toggle.isChecked())
        if not chosen:
            chosen = frozenset(PRIORITIES)
            for toggle in self.toggles:
                toggle.blockSignals(True)
                toggle.setChecked(True)
                toggle.blockSignals(False)
                toggle.update()
        self._want(replace(self._wanted, priorities=chosen))

    def _choose_scope(self, scope: str) -> None:
        self._scopes[scope].setChecked(True)
        status = scope if scope not in ("open", "all") else None
        self._want(replace(self._wanted, open_only=scope == "open", status=status))

    def _want(self, wanted: QueueFilter) -> None:
        if wanted == self._wanted:
            return
        self._wanted = wanted
        self._name_scope()
        self.changed.emit(wanted)

    def choose_scope(self, scope: str) -> None:
        """ "open", "all" or an incident's status."""
        self._choose_scope(scope)

    def clear(self) -> None:
        """Back to every open incident."""
        self.edit.clear()
        for toggle in self.toggles:
            toggle.setChecked(True)
        self._choose_scope("open")

    def show_count(self, shown: int, total: int, age: str) -> None:
        self.count.setVisible(total > 0)
        self.count.setText(tr("queue.count", shown=f"{shown:,}", total=f"{total:,}"))
        self.count.setToolTip(tr("queue.count_tip", shown=f"{shown:,}", total=f"{total:,}", age=age))

    def _scope_name(self, scope: str) -> str:
        if scope in ("open", "all"):
            return tr(f"queue.filter.{scope}")
        return tr(f"terms.incident_status.{scope}")

    def _name_scope(self) -> None:
        self.scope.setText(self._scope_name(self._scope()))

    def _scope(self) -> str:
        return self._wanted.status or ("open" if self._wanted.open_only else "all")

    def retranslate(self) -> None:
        """The language has changed."""
        self.edit.setPlaceholderText(tr("queue.filter.placeholder"))
        self.edit.setToolTip(tr("queue.filter.tip"))
        self.edit.setAccessibleName(tr("queue.filter.tip"))
        for toggle in self.toggles:
            tip = tr("queue.filter.priority_tip", priority=tr(f"terms.priority.P{toggle.priority}"))
            toggle.setToolTip(tip)
            toggle.setAccessibleName(tip)
        for scope, action in self._scopes.items():
            action.setText(self._scope_name(scope))
        self.scope.setToolTip(tr("queue.filter.scope_tip"))
        self._name_scope()
