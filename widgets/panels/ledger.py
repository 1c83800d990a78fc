"""Owns the ledger (台账): every incident ever, narrowed, grouped, kept as views, exported; and the worker's handbook.

Must not change an incident: what is to be done with one is done on its card.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Any, Final

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import (
    QCloseEvent,
    QKeyEvent,
    QKeySequence,
    QResizeEvent,
    QShortcut,
    QShowEvent,
)
from PySide6.QtWidgets import QWidget

from app.domain.instants import Instant
from app.i18n import language, tr
from widgets.bridge import Bridge
from widgets.models.civil_days import CivilDays
from widgets.models.grouped_table import HEAD
from widgets.models.handbook import Handbook
from widgets.models.keyed_table import KeyedTableModel
from widgets.models.ledger import LedgerModel
from widgets.models.ledger_filter import (
    FACET,
    Facet,
    LedgerFilter,
    LedgerMask,
    value_name,
    values_of,
)
from widgets.models.ledger_rows import LedgerNames, LedgerRow, LedgerRows
from widgets.panels.ledger_cells import LedgerDelegate
from widgets.panels.ledger_export import LedgerExport
from widgets.panels.ledger_facets import FacetSheet
from widgets.panels.ledger_head import Chip, LedgerHead
from widgets.panels.ledger_kept import KeptLedger
from widgets.panels.ledger_keys import LedgerKeys
from widgets.panels.ledger_loading import LedgerLoading
from widgets.panels.ledger_tools import LedgerTools
from widgets.panels.ledger_view import LedgerView
from widgets.panels.list_panel import ListPanel

FLOOD_KEYS: Final = 8
FLOOD_MS: Final = 1000
GROUPED_MS: Final = 3000
"""More changes than FLOOD_KEYS at a time are gathered, and so are all while the rows stand in groups or out of sight:
the ledger is read, and arranging it must not cost those who work on the map."""


class LedgerPanel(ListPanel):
    """`selected` is what the officer looks at, `activated` what he opens, `place_wanted` what he wants on the map."""

    selected = Signal(str)
    activated = Signal(str)
    place_wanted = Signal(str)

    def __init__(self, bridge: Bridge, parent: QWidget | None = None, *, remember: bool = True) -> None:
        self.ledger = LedgerModel()
        super().__init__(bridge, self.ledger, "ledger", parent)
        self.ledger.setParent(self)
        self.wanted, self.page = LedgerFilter(), "all"
        self._changed: set[str] = set()
        self._overdue = 0
        self._names = self._make_names()
        self._rows = LedgerRows(self._names, bridge.projections.handling)
        self._days = self._days_now()
        self._book = Handbook(self._days, {})
        self._loading = LedgerLoading(self, self._take_some, self._loaded)
        self.kept = KeptLedger(bridge, self, remember=remember)
        self.head, self.export = LedgerHead(), LedgerExport(bridge, self)
        self.sheet = FacetSheet(self._counts_of, self._value_name, self)
        self.column.insertWidget(0, self.head)
        self.column.addWidget(self.export.bar)
        self.delegate = LedgerDelegate(self.ledger_view)
        self.view.setItemDelegate(self.delegate)
        self.view.priority_of = lambda row: row.incident.priority if isinstance(row, LedgerRow) else None
        self.tools, self.keys = LedgerTools(self), LedgerKeys(self)
        self._gather = QTimer(self)
        self._gather.setSingleShot(True)
        self._connect()
        self.restore_page()
        self.begin()

    def make_view(self, model: KeyedTableModel[Any, Any]) -> LedgerView:
        self.ledger_view = LedgerView(self.ledger)
        return self.ledger_view

    def _connect(self) -> None:
        self.bridge.incidents_changed.connect(self._incidents_changed)
        self._gather.timeout.connect(self._take_in)
        self.head.edit.textChanged.connect(lambda text: self.want(replace(self.wanted, text=text)))
        self.head.edit.left_for_list.connect(self.go_to_list)
        self.head.page_wanted.connect(self.turn_to)
        self.head.chip_dropped.connect(self._drop_chip)
        self.head.cleared.connect(self.clear)
        self.sheet.changed.connect(self.want)
        self.sheet.closed.connect(self.go_to_list)
        self.ledger.counts_changed.connect(self._show_count)
        self.ledger.rearranged.connect(self._show_count)
        self.view.picked.connect(self._picked)
        self.view.opened.connect(self._opened)
        self.state.action_triggered.connect(self.clear)
        self.export.bar.closed.connect(self.go_to_list)
        for keys, do in self._shortcuts():
            shortcut = QShortcut(QKeySequence(keys), self)
            shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            shortcut.activated.connect(do)

    def _shortcuts(self) -> Iterable[tuple[str, Callable[[], object]]]:
        return (
            ("Ctrl+F", self.focus_search),
            ("Ctrl+E", lambda: self.tools.open("export")),
            ("Ctrl+S", self.tools.ask_view_name),
        )

    # -- rows ----------------------------------------------------------------------------------------------------------

    def _make_names(self) -> LedgerNames:
        english, district = language() == "en", self.bridge.district

        def name(thing: Any) -> str:
            return str(thing.name_en if english and thing.name_en else thing.name_zh)

        return LedgerNames(
            self.bridge.app.limits,
            {grid.code: name(grid) for grid in district.grids},
            {community.code: name(community) for community in district.communities},
            {grid.code: grid.community for grid in district.grids},
            {u.id: u.call_sign_en if english else u.call_sign_zh for u in district.units},
            district.utc_offset_min,
            self.bridge.said,
        )

    def _days_now(self) -> CivilDays:
        return CivilDays(self.bridge.clock.now(), self.bridge.district.utc_offset_min)

    def load(self) -> None:
        """Rows of everything, a few milliseconds at a time."""
        self._changed.clear()
        self._days = self._days_now()
        self._book = Handbook(self._days, {})
        self.ledger.hold()
        self._loading.begin(self.bridge.desk.incidents, self._rows)
        self.show_state()

    def _take_some(self, rows: dict[str, LedgerRow]) -> None:
        """Held, the table only keeps them: they are put in their places once, at the end, and told then."""
        self._book.put(rows)
        self.ledger.hold()
        self.ledger.blockSignals(True)
        self.ledger.put(rows)
        self.ledger.blockSignals(False)

    def _loaded(self) -> None:
        self.ledger.set_now(self.bridge.clock.now())
        self.ledger.release()
        self._take_in()
        if self.wanted != LedgerFilter():
            self._apply()
        self.show_state()
        self._show_count()

    def show_state(self) -> None:
        if self._loading.is_running and self.is_restored:
            self.state.show_loading(tr("ledger.loading.share", share=f"{self._loading.share:.0%}"))
            self._turn_to(self.state)
        else:
            super().show_state()

    def _incidents_changed(self, keys: Iterable[str]) -> None:
        """A few at once; many are gathered."""
        self._changed.update(keys)
        if self._loading.is_running or self._gather.isActive():
            return
        is_flat = self.ledger.grouping is None
        if self.isVisible() and is_flat and len(self._changed) <= FLOOD_KEYS:
            self._take_in()
        else:
            self._gather.start(FLOOD_MS if is_flat else GROUPED_MS)

    def _take_in(self) -> None:
        if not self._changed or self._loading.is_running:
            return
        keys, self._changed = self._changed, set()
        known = self.bridge.desk.incidents
        rows = self._rows.of(known[key] for key in keys)
        self._book.put(rows)
        self.ledger.put(rows)
        self._show_count()

    # -- what is wanted ------------------------------------------------------------------------------------------------

    def want(self, wanted: LedgerFilter) -> None:
        """Shows what is wanted; the head, the sheet and the chips follow."""
        if wanted == self.wanted:
            return
        self.wanted = wanted
        if self.head.edit.text() != wanted.text:
            self.head.edit.setText(wanted.text)
        self._apply()
        self.show_chips()
        if not self.sheet.isHidden():
            self.sheet.follow(wanted)

    def find_words(self, text: str) -> None:
        """Everything in which these words stand, from the command line."""
        self.turn_to("all")
        self.want(LedgerFilter(text=text))

    def clear(self) -> None:
        """The whole page again."""
        self.want(LedgerFilter(tab=self.wanted.tab))

    def turn_to(self, page: str) -> None:
        """One of TABS: the same rows, narrowed by what the page is for, with its own columns."""
        if page == self.page:
            return
        self.kept.put_page(self.page, self.view.layout_state())
        self.page = page
        self.head.show_page(page)
        self.restore_page()
        self.want(replace(self.wanted, tab=page))

    def restore_page(self) -> None:
        self.kept.is_quiet = True
        self.view.restore_layout(self.kept.page(self.page))
        self.kept.is_quiet = False

    def _apply(self) -> None:
        if self._loading.is_running:
            return
        self.ledger.set_now(self.bridge.clock.now())
        self.ledger.apply_filter(self.wanted, self._days)
        self.show_state()
        self._show_count()

    def _counts_of(self, facet: Facet) -> Any:
        """Values among what the rest of the filter lets through."""
        others = replace(self.wanted, chosen=self.wanted.with_values(facet.id, ()))
        now, rows = self.bridge.clock.now(), self.ledger.rows()
        if others != LedgerFilter():
            passed = LedgerMask(others, now, self._days).of(rows)
            rows = [row for row, ok in zip(rows, passed, strict=True) if ok]
        return values_of(facet, rows, now)

    @property
    def days(self) -> CivilDays:
        return self._days

    def _value_name(self, facet: Facet, value: str) -> str:
        return value_name(facet, value, self._names)

    def show_chips(self) -> None:
        wanted = self.wanted
        chips: list[Chip] = []
        if wanted.period:
            chips.append(("period", tr(f"ledger.period.{wanted.period}")))
        elif wanted.since or wanted.until:
            chips.append(("period", tr("ledger.period.days", since=wanted.since, until=wanted.until).strip()))
        for name, values in wanted.chosen.items():
            named = tr("triage.separator").join(
                sorted(self._value_name(FACET[name], value) for value in values)
            )
            chips.append((name, tr("ledger.chip", facet=FACET[name].title, values=named)))
        self.head.show_chips(chips)
        if not self.sheet.isHidden():
            self.column.activate()
            self.tools.place_sheet()

    def _drop_chip(self, what: str) -> None:
        if what == "period":
            self.want(replace(self.wanted, period="", since="", until=""))
        else:
            self.want(replace(self.wanted, chosen=self.wanted.with_values(what, ())))
        self.go_to_list()

    # -- time ----------------------------------------------------------------------------------------------------------

    def on_tick(self) -> None:
        """A deadline that passes moves a row to another page; midnight moves all of them."""
        if self._loading.is_running:
            self.show_state()
            return
        now = self.bridge.clock.now()
        if self._days != self._days_now():
            self._turn_day(now)
        overdue = self._book.counts(now)["overdue"]
        if overdue != self._overdue and self.wanted.follows_the_clock and not self.ledger.held:
            self._apply()
        self._overdue = overdue
        self._show_count()

    def _turn_day(self, now: Instant) -> None:
        self._days = self._days_now()
        rows = {row.incident.id: row for row in self.ledger.rows()}
        self._book = Handbook(self._days, rows)
        self.ledger.set_now(now)
        self._apply()

    def _show_count(self) -> None:
        self.head.show_counts(self._book.counts(self.bridge.clock.now()), self.ledger.total)
        self.head.show_shown(self.ledger.passing_count, self.ledger.total)

    # -- grouping ----------------------------------------------------------------------------------------------------

    def group_by(self, facet: str) -> None:
        """One of GROUPINGS, "" for none."""
        current = self.view.current_key
        self.ledger.group_by(facet, self._names)
        self.head.show_group(FACET[facet].title if facet else "")
        self.keys.stand_on(current)
        self.go_to_list()

    @property
    def group(self) -> str:
        return self.ledger.grouping.id if self.ledger.grouping is not None else ""

    # -- what is looked at ---------------------------------------------------------------------------------------------

    def select(self, incident: str | None) -> None:
        """Another panel has chosen this incident."""
        self.view.show_key(incident or None)

    def _picked(self, key: str) -> None:
        if not key.startswith(HEAD):
            self.selected.emit(key)

    def _opened(self, key: str) -> None:
        """A head opens its group, a row its card."""
        if key.startswith(HEAD):
            self.keys.turn(key)
        else:
            self.activated.emit(key)

    # -- keys ----------------------------------------------------------------------------------------------------------

    def on_key(self, event: QKeyEvent) -> bool:
        return self.keys.take(event)

    def focus_search(self) -> None:
        self.head.edit.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.head.edit.selectAll()

    def go_to_list(self) -> None:
        if self.pages.currentWidget() is not self.view:
            self.state.setFocus(Qt.FocusReason.ShortcutFocusReason)
            return
        self.view.setFocus(Qt.FocusReason.ShortcutFocusReason)
        if self.view.current_key is None and self.ledger.rowCount():
            self.view.selectRow(0)

    # -- states --------------------------------------------------------------------------------------------------------

    def show_empty(self) -> None:
        if self.ledger.total and self.wanted.narrows:
            hint = tr("ledger.filtered.hint", total=f"{self.ledger.total:,}")
            self.state.show_empty(tr("ledger.filtered.title"), hint, tr("ledger.filtered.action"))
        elif self.ledger.total and self.wanted.tab != "all":
            page = f"ledger.page.{self.wanted.tab}"
            self.state.show_empty(tr(f"{page}.empty"), tr(f"{page}.tip"))
        else:
            super().show_empty()

    def showEvent(self, event: QShowEvent) -> None:
        self._take_in()
        super().showEvent(event)

    def closeEvent(self, event: QCloseEvent) -> None:
        self.end()
        super().closeEvent(event)

    def end(self) -> None:
        """Writes what has not been written yet; what is kept while the desk runs is written aside."""
        self.kept.close()
        self.export.cancel()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if not self.sheet.isHidden():
            self.tools.place_sheet()

    def retranslate(self) -> None:
        """The language has changed: names of grids, types and units are other ones now."""
        self._names = self._make_names()
        self._rows = LedgerRows(self._names, self.bridge.projections.handling)
        self.head.retranslate()
        if self.group:
            self.ledger.group_by(self.group, self._names)
            self.head.show_group(FACET[self.group].title)
        else:
            self.head.show_group("")
        if not self.sheet.isHidden():
            self.sheet.retranslate()
        super().retranslate()
        self.show_chips()
        self._show_count()
