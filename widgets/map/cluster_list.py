"""Owns what a click on a cluster does, what its card says, and the list of incidents that share one spot.

Must not group or paint. The list is a menu: arrow keys, Enter and Esc work in it as in any other.
"""

from collections.abc import Callable, Sequence
from functools import partial

from PySide6.QtCore import QPoint
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QMenu, QWidget

from app.i18n import tr
from widgets.map.cards import Text
from widgets.map.clusters import Clusters
from widgets.map.marks import IncidentMark
from widgets.map.steering import Steering
from widgets.map.view import Viewport
from widgets.parts.symbols import symbol_pixmap
from widgets.style import tokens

MOST_LISTED = 30
_TITLE_LENGTH = 40


class ClusterOpener:
    """`choose` is told the key of the incident that the officer took from a list."""

    def __init__(
        self,
        clusters: Clusters,
        view: Viewport,
        steering: Steering,
        parent: QWidget,
        choose: Callable[[str], None],
    ) -> None:
        self._clusters = clusters
        self._view = view
        self._steering = steering
        self._parent = parent
        self._choose = choose
        self.menu: QMenu | None = None
        """The list that is open, or was opened last."""

    def open(self, key: str, at: QPoint) -> None:
        """Zoom in until the cluster opens; where its members share one spot list them at a place of the screen.

        One alone, who stands beside another that would cover him, is chosen at once.
        """
        bounds = self._clusters.bounds(key)
        if bounds is None:
            return
        if sum(self._clusters.counts(key)) == 1:
            self._choose(self._clusters.members(key)[0].key)
            return
        zoom = self._clusters.opening_zoom(key, self._view.target.zoom)
        if zoom is None:
            self.list_members(self._clusters.members(key), at)
            return
        fitting = self._view.fitted(bounds, 0.0).zoom
        middle = (bounds[0] + bounds[2]) / 2, (bounds[1] + bounds[3]) / 2
        self._steering.fly_to(*middle, max(zoom, min(fitting, zoom + 1.0)))

    def list_members(self, marks: Sequence[IncidentMark], at: QPoint) -> None:
        """A menu of incidents, the most urgent first."""
        menu = self.menu = QMenu(self._parent)
        menu.setObjectName("map_cluster")
        side, dpr = tokens().size_icon, self._parent.devicePixelRatioF()
        for mark in marks[:MOST_LISTED]:
            item = menu.addAction(_line(mark))
            item.setObjectName(mark.key)
            item.triggered.connect(partial(self._choose_one, mark.key))
            color = tokens().priority.of(mark.priority)
            item.setIcon(QIcon(symbol_pixmap(f"priority/{mark.priority}", side, dpr, color)))
        if len(marks) > MOST_LISTED:
            menu.addAction(tr("cluster.more", count=len(marks) - MOST_LISTED)).setEnabled(False)
        if menu.actions():
            menu.setActiveAction(menu.actions()[0])
        menu.popup(at)

    def _choose_one(self, key: str, _checked: bool = False) -> None:
        self._choose(key)

    def card(self, key: str) -> Text | None:
        """How many of each priority, and what a click does."""
        counts = self._clusters.counts(key)
        if not counts:
            return None
        if sum(counts) == 1:
            return _line(self._clusters.members(key)[0]), (tr("cluster.chooses"),)
        shares = "   ".join(f"P{p}×{count}" for p, count in enumerate(counts, 1) if count)
        opens = self._clusters.opening_zoom(key, self._view.target.zoom) is not None
        hint = tr("cluster.opens" if opens else "cluster.lists")
        return tr("cluster.title", count=sum(counts)), (shares, hint)


def _line(mark: IncidentMark) -> str:
    title = mark.label if len(mark.label) <= _TITLE_LENGTH else f"{mark.label[: _TITLE_LENGTH - 1]}…"
    return f"{mark.number}  P{mark.priority}  {title}".strip().replace("&", "&&")
