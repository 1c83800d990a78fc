"""Owns where everything stands that floats over one map: nothing lies over anything else, nothing is cut.

Must not know what a part says. A part is asked how large it wants to be; the places are worked out together whenever
one of them comes, goes or changes its size. Where a small map has no room for all, the legend goes first, then the
notes at the top: the sheet and the answers that the officer has asked for stand.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Protocol

from PySide6.QtCore import QEvent, QObject, QRect, Signal
from PySide6.QtGui import QRegion
from PySide6.QtWidgets import QWidget

from widgets.map.overlay import Overlay
from widgets.map.room import Room, Wish
from widgets.style import tokens

_NOTES_DEEPEST_PX = 96
"""A note that would stand lower is left out: in the middle of the map it would be in the way."""
_LEAST_SHEET_PX = 160


class Part(Protocol):
    """A widget that says how large it wants to be."""

    def wish(self) -> Wish: ...
    def setGeometry(self, place: QRect, /) -> None: ...
    def isHidden(self) -> bool: ...
    def hide(self) -> None: ...


class Corner(Protocol):
    """What stands in the top left corner; it says how high it can be, and what it does with less."""

    def wish(self) -> Wish: ...
    def stand(self, place: QRect) -> None: ...


class Buttons(Protocol):
    """The column of buttons in the top right corner."""

    def fold(self, height_px: int) -> None: ...
    def move(self, x: int, y: int, /) -> None: ...
    def geometry(self) -> QRect: ...
    def width(self) -> int: ...


class Note(Part, Protocol):
    """A part at the top that is left out where there is no room for it."""

    @property
    def text(self) -> str: ...
    def setVisible(self, visible: bool, /) -> None: ...


@dataclass(slots=True)
class Places:
    """Where everything stands; an empty rectangle has no place."""

    corner: QRect = field(default_factory=QRect)
    sheet: QRect = field(default_factory=QRect)
    legend: QRect = field(default_factory=QRect)
    lock: QRect = field(default_factory=QRect)
    note: QRect = field(default_factory=QRect)
    strips: list[QRect] = field(default_factory=list)
    notice: QRect = field(default_factory=QRect)

    @property
    def asked_for_px(self) -> int:
        """How high what the officer has asked for stands."""
        return self.corner.height() + self.sheet.height()


class Floating(QObject):
    """The parts of one map. `arranged` follows every change of a place; `rewritten` those of the glass itself."""

    arranged = Signal()
    rewritten = Signal()

    def __init__(self, view: QWidget, overlay: Overlay, buttons: Buttons, note: Note) -> None:
        super().__init__(view)
        self._view = view
        self._overlay = overlay
        self._buttons = buttons
        self._note = note
        self._sheets: Callable[[], Mapping[str, Part]] = dict
        self._corner: Corner | None = None
        self._strips: dict[int, Part] = {}
        self._notice: Part | None = None
        self._at_work = False
        self._places = Places()

    # -- who floats --------------------------------------------------------------------------------------------------

    def follow_sheets(self, sheets: Callable[[], Mapping[str, Part]]) -> None:
        """Where the sheets are kept; one is open at a time."""
        self._sheets = sheets

    def put_corner(self, corner: Corner) -> None:
        self._corner = corner

    def put_strip(self, strip: Part, row: int) -> None:
        """A plate at the lower edge, on its row from the bottom while those below it are shown too."""
        self._strips[row] = strip
        self._strips = dict(sorted(self._strips.items()))
        self.watch(strip)

    def put_notice(self, notice: Part) -> None:
        self._notice = notice
        self.watch(notice)

    def watch(self, part: object) -> None:
        """Whatever comes, goes or changes its size makes places change."""
        if isinstance(part, QWidget):
            part.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() in _CHANGES:
            self.arrange()
        return False

    def written(self) -> QRegion:
        """Where something is written on the glass itself, below what floats."""
        region = QRegion()
        for place in self._overlay.standing_rects():
            region += place
        return region

    def prefer_corner(self) -> None:
        """The officer searches: a sheet that has no room beside the answers is put away."""
        sheet = self._sheet()
        if sheet is None or self._corner is None:
            return
        gaps = 4 * tokens().space_s + self._buttons.width()
        if self._corner.wish().width + sheet.wish().least + gaps > self._view.width():
            sheet.hide()

    # -- where -------------------------------------------------------------------------------------------------------

    def arrange(self) -> None:
        """Bring everything to its place."""
        if self._at_work or self._view.width() < 1:
            return
        self._at_work = True
        try:
            self._stand(self._chosen_places())
        finally:
            self._at_work = False

    def _chosen_places(self) -> Places:
        """With legend and notes, where they cost the officer nothing of what he has asked for."""
        margin = tokens().space_s
        self._buttons.fold(self._bottom_band().top() - 2 * margin)
        self._buttons.move(self._view.width() - self._buttons.width() - margin, margin)
        whole = self._worked_out(legend=True, notes=True)
        bare = self._worked_out(legend=False, notes=True)
        best = bare if bare.asked_for_px > whole.asked_for_px else whole
        if self._sheet() is not None and best.sheet.height() < tokens().px(_LEAST_SHEET_PX):
            least = self._worked_out(legend=False, notes=False)
            best = least if least.asked_for_px > best.asked_for_px else best
            if best.sheet.height() < tokens().px(_LEAST_SHEET_PX) // 2:
                best.sheet = self._over_all()
        return best

    def _over_all(self) -> QRect:
        """The last resort of a sheet on a tiny map: it is shut again soon."""
        sheet, buttons = self._sheet(), self._buttons.geometry()
        assert sheet is not None
        return Room(self._view.rect(), tokens().space_s, [buttons]).column(
            buttons.left() - tokens().space_s, sheet.wish()
        )

    def _worked_out(self, *, legend: bool, notes: bool) -> Places:
        """From the edges inwards: what stands for long first, what the officer asks for in what is left."""
        overlay, places = self._overlay, Places()
        room = Room(self._view.rect(), tokens().space_s, [self._buttons.geometry(), *overlay.bottom_line()])
        above = room.besides(self._bottom_band())
        for strip in self._strips.values():
            place = QRect() if strip.isHidden() else self._strip_place(above, strip.wish())
            places.strips.append(place)
            room.take(place)
            # Plates stand one above the other, however wide the map is.
            above.take(QRect(0, place.top(), self._view.width(), place.height()))
        if self._notice is not None and not self._notice.isHidden():
            places.notice = room.row(self._notice.wish(), from_top=False)
            room.take(places.notice)
        if legend:
            places.legend = self._legend_place(room)
            room.take(places.legend)
        self._place_top(places, room, notes=notes)
        return places

    def _strip_place(self, room: Room, wish: Wish) -> QRect:
        """On a map that is narrower than its buttons it is cut, but seen."""
        place = room.row(wish, from_top=False)
        if place.isEmpty():
            narrow = Wish(self._view.width() - 2 * tokens().space_s, tokens().space_xl, wish.height)
            place = room.row(narrow, from_top=False)
        return place

    def _legend_place(self, room: Room) -> QRect:
        """At the left edge, as low as it can; nowhere when only the upper half is left."""
        size = self._overlay.legend_size()
        if size.isEmpty():
            return QRect()
        place = room.lowest_left(size)
        return place if place.top() > self._view.height() // 3 else QRect()

    def _place_top(self, places: Places, room: Room, *, notes: bool) -> None:
        right = self._buttons.geometry().left() - tokens().space_s
        if self._corner is not None:
            places.corner = room.corner(right, self._corner.wish())
            room.take(places.corner)
        sheet = self._sheet()
        beside = room.column(right, sheet.wish()) if sheet is not None else QRect()
        if notes:
            places.lock = self._note_place(room, beside, self._overlay.lock_wish())
            room.take(places.lock)
            under = self._band(places.lock)
            note = self._note.wish() if self._note.text else None
            places.note = self._note_place(room, beside, note, under)
            room.take(places.note)
        if sheet is not None:
            places.sheet = room.column(right, sheet.wish())

    def _note_place(self, room: Room, beside: QRect, wish: Wish | None, under: QRect | None = None) -> QRect:
        """Below the note before it and beside an open sheet where that can be, else wherever it can."""
        if wish is None:
            return QRect()
        deepest_px = tokens().px(_NOTES_DEEPEST_PX)
        for tried in (room.besides(beside, under or QRect()), room.besides(beside), room):
            place = tried.row(wish, from_top=True, deepest_px=deepest_px)
            if not place.isEmpty():
                break
        return place

    def _bottom_band(self) -> QRect:
        """The lower edge as high as what stands in its corners: strips stand above all of it."""
        top = min(plate.top() for plate in self._overlay.bottom_line())
        return QRect(0, top, self._view.width(), self._view.height() - top)

    def _band(self, place: QRect) -> QRect:
        """A place from edge to edge, but for the corners."""
        side = self._buttons.width() + 2 * tokens().space_s
        return (
            QRect()
            if place.isEmpty()
            else QRect(side, place.top(), self._view.width() - 2 * side, place.height())
        )

    def _sheet(self) -> Part | None:
        return next((sheet for sheet in self._sheets().values() if not sheet.isHidden()), None)

    def _stand(self, places: Places) -> None:
        if self._corner is not None:
            self._corner.stand(places.corner)
        for strip, place in zip(self._strips.values(), places.strips, strict=True):
            if not strip.isHidden():
                strip.setGeometry(place)
        if self._notice is not None and not self._notice.isHidden():
            self._notice.setGeometry(places.notice)
        sheet = self._sheet()
        if sheet is not None:
            sheet.setGeometry(places.sheet)
        self._note.setGeometry(places.note)
        self._note.setVisible(not places.note.isEmpty())
        covered = [self._buttons.geometry(), places.corner, places.sheet, places.note, *places.strips]
        self._overlay.stand(places.legend, places.lock, [place for place in covered if not place.isEmpty()])
        before, self._places = self._places, places
        if places != before:
            self.arranged.emit()
        if (places.legend, places.lock) != (before.legend, before.lock):
            self.rewritten.emit()


_CHANGES = (QEvent.Type.Show, QEvent.Type.Hide, QEvent.Type.LayoutRequest)
