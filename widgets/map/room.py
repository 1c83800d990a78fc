"""Owns the free ground of one map: whoever asks gets a place that no other has. Must not know who asks.

Rectangles are logical pixels of the map.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from PySide6.QtCore import QRect, QSize

Span = tuple[int, int]
"""From, up to and without."""


@dataclass(frozen=True, slots=True)
class Wish:
    """How wide a part wants to be, how narrow it can still be read, and how high it is at a width."""

    width: int
    least: int
    height: Callable[[int], int]

    @classmethod
    def fixed(cls, width: int, height: int) -> "Wish":
        """That size and no other."""
        return cls(width, width, lambda _width: height)


class Room:
    """`gap` is left between any two, and to the edges of `area`."""

    def __init__(self, area: QRect, gap: int, taken: Iterable[QRect] = ()) -> None:
        self._gap = gap
        self._inside = area.adjusted(gap, gap, -gap, -gap)
        self._taken: list[QRect] = []
        self.take(*taken)

    def take(self, *places: QRect) -> None:
        """Nobody else gets these; empty ones are nothing."""
        self._taken += [place for place in places if not place.isEmpty()]

    def besides(self, *places: QRect) -> "Room":
        """As it would be with some more taken."""
        other = Room(QRect(), self._gap, [*self._taken, *places])
        other._inside = self._inside
        return other

    def row(self, wish: Wish, *, from_top: bool, deepest_px: int | None = None) -> QRect:
        """As near to the edge and to the middle as there is room for the whole width, else for the least.

        Empty where there is none, or none that begins within `deepest_px` of the edge.
        """
        for least in dict.fromkeys((wish.width, wish.least)):
            for edge in self._edges(from_top=from_top, deepest_px=deepest_px):
                place = self._in_row(edge, wish, least, from_top=from_top)
                if not place.isEmpty():
                    return place
        return QRect()

    def column(self, right: int, wish: Wish) -> QRect:
        """The highest place that ends before `right`, no higher than wished; the upper of two that are high enough."""
        best = QRect()
        for wanted in dict.fromkeys((wish.width, wish.least)):
            width = min(wanted, right - self._inside.left())
            left, height = right - width, wish.height(width)
            spans = list(self._spans_down(left, right))
            enough = [span for span in spans if span[1] - span[0] >= height]
            top, bottom = (
                enough[0] if enough else max(spans, key=lambda span: span[1] - span[0], default=(0, 0))
            )
            place = QRect(left, top, width, min(height, bottom - top))
            if enough:
                return place
            best = max(best, place, key=QRect.height)
        return best

    def corner(self, right: int, wish: Wish) -> QRect:
        """The top left corner, no further than `right`, as high as wished or as there is room."""
        left, top = self._inside.left(), self._inside.top()
        width = min(wish.width, right - left)
        spans = [span for span in self._spans_down(left, left + width) if span[0] == top]
        return QRect(left, top, width, min(wish.height(width), spans[0][1] - top)) if spans else QRect()

    def lowest_left(self, size: QSize) -> QRect:
        """At the left edge, as low as there is room; empty where there is none."""
        left = self._inside.left()
        spans = self._spans_down(left, left + size.width())
        fits = [span for span in spans if span[1] - span[0] >= size.height()]
        return QRect(left, fits[-1][1] - size.height(), size.width(), size.height()) if fits else QRect()

    # -- what is free ------------------------------------------------------------------------------------------------

    def _edges(self, *, from_top: bool, deepest_px: int | None) -> Iterator[int]:
        """Where a row can begin: at the edge itself, or where somebody else ends."""
        inside, gap = self._inside, self._gap
        if from_top:
            edges = sorted({inside.top(), *(_end(place) + gap for place in self._taken)})
            yield from (e for e in edges if deepest_px is None or e - inside.top() <= deepest_px)
        else:
            edges = sorted({_end(inside), *(place.top() - gap for place in self._taken)}, reverse=True)
            yield from (e for e in edges if deepest_px is None or _end(inside) - e <= deepest_px)

    def _in_row(self, edge: int, wish: Wish, least: int, *, from_top: bool) -> QRect:
        middle = self._inside.center().x()
        places = []
        for left, right in self._spans_across(edge, wish.height(wish.width), from_top=from_top):
            width = min(wish.width, right - left)
            height = wish.height(width)
            place = QRect(
                min(max(left, middle - width // 2), right - width),
                edge if from_top else edge - height,
                width,
                height,
            )
            if width >= least and self._is_free(place):
                places.append(place)
        return min(places, key=lambda place: abs(place.center().x() - middle), default=QRect())

    def _is_free(self, place: QRect) -> bool:
        return self._inside.contains(place) and not any(self._air(t).intersects(place) for t in self._taken)

    def _spans_across(self, edge: int, height: int, *, from_top: bool) -> list[Span]:
        top = edge if from_top else edge - height
        strip = QRect(self._inside.left(), top, self._inside.width(), height)
        blocked = [self._air(place) for place in self._taken if self._air(place).intersects(strip)]
        return _left_over(
            (strip.left(), strip.left() + strip.width()), [(b.left(), _right(b)) for b in blocked]
        )

    def _spans_down(self, left: int, right: int) -> list[Span]:
        strip = QRect(left, self._inside.top(), right - left, self._inside.height())
        blocked = [self._air(place) for place in self._taken if self._air(place).intersects(strip)]
        return _left_over((strip.top(), _end(strip)), [(b.top(), _end(b)) for b in blocked])

    def _air(self, place: QRect) -> QRect:
        return place.adjusted(-self._gap, -self._gap, self._gap, self._gap)


def _left_over(whole: Span, blocked: list[Span]) -> list[Span]:
    """What of a span is not blocked, in order."""
    begin, spans = whole[0], []
    for start, end in sorted(blocked):
        if start > begin:
            spans.append((begin, min(start, whole[1])))
        begin = max(begin, end)
    return [*spans, (begin, whole[1])] if begin < whole[1] else spans


def _end(place: QRect) -> int:
    return place.top() + place.height()


def _right(place: QRect) -> int:
    return place.left() + place.width()
