"""Owns how the brief of a hand-over is worded: as rows of a list, and as lines on paper.

Must not read a clock: a brief says when it was made. What is signed or printed stands still, so it names the instants
themselves; what is made now says how long there is left.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, Final

from PySide6.QtGui import QColor

from app.domain.clocks import RED, YELLOW
from app.domain.masking import mask_text
from app.i18n import language, tr
from app.projections.shift_brief import SECTIONS, Brief, BriefLine, Change
from widgets.actions import tail
from widgets.panels.shift_page import SheetRow, SheetSection
from widgets.panels.shift_words import ShiftWords
from widgets.parts.age_text import format_age
from widgets.parts.section_list import SectionRow
from widgets.parts.symbols import unit_color, unit_fill
from widgets.style import tokens

MOST_CHANGES: Final = 60
MOST_LINES: Final = 100
"""Of one section: what is worded is worded on the Qt thread. All of them are signed."""
_ALWAYS: Final = ("incidents", "notes")
"""Sections that say so when there is nothing in them."""
_WEIGHTS: Final = {"incidents": 4, "notes": 2, "units": 2}
"""How much of a paper that is too short belongs to a section, against one of the others."""


def brief_rows(words: ShiftWords, brief: Brief) -> list[SectionRow]:
    """What changed since the first signature, then section by section."""
    told = _Telling(words, brief, is_still=bool(brief.signed_at))
    rows = list(told.change_rows(brief.changes)) if brief.changes is not None else []
    for section in SECTIONS:
        lines = brief.of(section)
        if lines or section in _ALWAYS:
            rows.append(SectionRow("head", tr(f"shift.section.{section}"), aside=str(len(lines))))
            rows += [told.row(line) for line in lines[:MOST_LINES]]
        if len(lines) > MOST_LINES:
            rows.append(SectionRow("note", tr("shift.section.more", count=len(lines) - MOST_LINES)))
        if not lines and section in _ALWAYS:
            rows.append(SectionRow("note", tr("shift.section.empty")))
    return rows


def paper_sections(words: ShiftWords, brief: Brief) -> list[SheetSection]:
    """The same for paper, one line each. Masked, whatever the officer may see on his screen: paper lies about."""
    told = _Telling(words, brief, is_still=True)
    found = []
    if brief.changes is not None:
        rows = tuple(map(_on_paper, [r for r in told.change_rows(brief.changes) if r.kind == "row"]))
        found.append(SheetSection(tr("shift.section.changes"), len(brief.changes), rows))
    for section in SECTIONS:
        lines = brief.of(section)
        if lines or section in _ALWAYS:
            rows = tuple(_on_paper(told.row(line)) for line in lines[:MOST_LINES])
            title, weight = tr(f"shift.section.{section}"), _WEIGHTS.get(section, 1)
            found.append(SheetSection(title, len(lines), rows, weight))
    return found


def _on_paper(row: SectionRow) -> SheetRow:
    """The priority as a letter and a figure: paper shows no shapes. Only what wraps takes more than one line."""
    shape, _, level = row.glyph.partition("/")
    mark = f"P{level}" if shape == "priority" else ""
    return SheetRow(mark, mask_text(row.title), mask_text(row.second), row.aside, wraps=row.wraps)


class _Telling:
    """One brief. `is_still` names instants instead of what is left until them."""

    def __init__(self, words: ShiftWords, brief: Brief, *, is_still: bool) -> None:
        self._words, self._names = words, words.names
        self._at, self._is_still = brief.made_at, is_still

    def change_rows(self, changes: Sequence[Change]) -> Iterator[SectionRow]:
        yield SectionRow("head", tr("shift.section.changes"), aside=str(len(changes)))
        if not changes:
            yield SectionRow("note", tr("shift.change.none"))
        for change in changes[:MOST_CHANGES]:
            aside = tr(f"shift.change.{change.what}")
            second = tr(f"shift.section.{change.section}")
            yield SectionRow(
                "row", self._thing(change), (change.kind, change.key), second, aside,
                aside_color=tokens().yellow,
            )  # fmt: skip

    def _thing(self, thing: BriefLine | Change) -> str:
        """As it was called when it was signed; as it is called now where that was not kept."""
        kind, key, facts = thing.kind, thing.key, thing.facts
        match kind:
            case "incident":
                number, title = self._names.number(key), facts.get("title", "")
                said = self._names.said_title(key, title) or self._names.title(key)
                return tr("shift.line.incident", tail=tail(facts.get("number", number)), title=said)
            case "unit":
                return self._names.unit(key)
            case "camera":
                return self._names.camera(key)
            case "planned_road":
                return str(facts["title_en" if language() == "en" else "title"])
            case "patrol":
                return self._words.point(key.rpartition(":")[2])
        words = str(facts.get("text", facts.get("title", "")))
        return words.partition("\n")[0] or tr(f"shift.section.{thing.section}")

    def row(self, line: BriefLine) -> SectionRow:
        """A line that was signed before facts were signed too names its thing and its state."""
        if not line.facts:
            return SectionRow("row", self._thing(line), (line.kind, line.key), line.state)
        return _ROWS[line.kind](self, line)

    def _time(self, at: int) -> str:
        return self._words.time(at, self._at)

    def _incident(self, line: BriefLine) -> SectionRow:
        facts = line.facts
        count = len(facts["units"])
        said = [
            tr(f"terms.incident_status.{facts['status']}"),
            *(tr(f"shift.flag.{flag}") for flag in facts["flags"]),
            *([tr("shift.line.incident.units", count=count)] if count else ()),
        ]
        return SectionRow(
            "row",
            self._thing(line),
            ("incident", line.key),
            " · ".join(said),
            self._clock(facts),
            glyph=f"priority/{facts['priority']}",
            color=tokens().priority.of(facts["priority"]),
            aside_color=_color(line.light),
        )

    def _clock(self, facts: Mapping[str, Any]) -> str:
        if not facts["step"]:
            return ""
        step = tr(f"case.clock.{facts['step']}")
        if self._is_still:
            return tr("shift.line.due_at", step=step, time=self._time(facts["due_at"]))
        left_ms = facts["due_at"] - self._at
        key = "shift.line.due" if left_ms >= 0 else "shift.line.late"
        return tr(key, step=step, time=format_age(abs(left_ms) / 1000))

    def _unit(self, line: BriefLine) -> SectionRow:
        facts, known = line.facts, self._words.unit(line.key)
        number = tail(self._names.number(facts["incident"])) if facts["incident"] else ""
        status = tr(f"terms.unit_status.{facts['status']}")
        return SectionRow(
            "row",
            tr("shift.line.unit", unit=self._names.unit(line.key), status=status),
            ("unit", line.key),
            tr("shift.line.unit.for", number=number) if number else "",
            self._lasting(line),
            glyph=f"unit/{known.kind if known else 'external'}",
            color=unit_color(facts["status"]),
            fill=unit_fill(facts["status"]),
            aside_color=_color(line.light),
        )

    def _lasting(self, line: BriefLine) -> str:
        since_at = line.facts["since_at"]
        if not since_at:
            return ""
        key = {RED: "late", YELLOW: "notice"}.get(line.light, "time")
        if self._is_still:
            return tr(f"shift.line.unit.since.{key}", time=self._time(since_at))
        return tr(f"shift.line.unit.{key}", time=format_age((self._at - since_at) / 1000))

    def _note(self, line: BriefLine) -> SectionRow:
        key = "second" if line.facts["shift"] else "earlier"
        second = tr(f"shift.line.note.{key}", time=self._time(line.facts["at"]))
        return SectionRow("row", line.facts["text"], ("note", line.key), second, wraps=True)

    def _shelf(self, line: BriefLine) -> SectionRow:
        aside = tr("shift.line.until", time=self._time(line.facts["until"]))
        return SectionRow("row", line.facts["title"], ("shelf", line.key), line.facts["reason"], aside)

    def _camera(self, line: BriefLine) -> SectionRow:
        aside = tr("shift.line.since", time=self._time(line.facts["since_at"]))
        name, reason = self._names.camera(line.key), line.facts["reason"]
        return SectionRow("row", name, ("camera", line.key), reason, aside, glyph="camera")

    def _patrol(self, line: BriefLine) -> SectionRow:
        facts, words = line.facts, self._words
        round_of = tr(
            "shift.line.patrol.second",
            unit=self._names.unit(facts["unit"]),
            time=self._time(facts["begins_at"]),
        )
        return SectionRow(
            "row",
            tr("shift.line.patrol", route=words.route(facts["route"]), point=words.point(facts["point"])),
            ("patrol", line.key),
            round_of,
            tr("shift.line.patrol.missed" if facts["watched"] else "shift.line.patrol.unwatched"),
            aside_color=tokens().yellow,
        )

    def _sketch(self, line: BriefLine) -> SectionRow:
        shape = tr(f"map.sketch.{line.facts['shape']}")
        return SectionRow(
            "row",
            tr("shift.line.sketch", shape=shape, text=line.facts["text"]).strip(),
            ("sketch", line.key),
            tr("shift.line.sketch.desk", desk=line.facts["desk"]),
            tr("shift.line.until", time=self._time(line.facts["until"])),
        )

    def _road(self, line: BriefLine) -> SectionRow:
        facts = line.facts
        said = [
            facts["reason"],
            *([tr("roads.passing")] if facts["passes"] else ()),
            *(
                [tr("shift.line.from", time=self._time(facts["from_at"]))]
                if facts["from_at"] > self._at
                else ()
            ),
            tr("shift.line.sketch.desk", desk=facts["desk"]),
        ]
        return SectionRow(
            "row",
            tr("shift.line.road", road=facts["title"], count=facts["pieces"]),
            ("road", line.key),
            " · ".join(said),
            tr("shift.line.until", time=self._time(facts["until"])),
        )

    def _planned_road(self, line: BriefLine) -> SectionRow:
        """Closed by the plan of the district, which has no reason and may have no end."""
        facts = line.facts
        begins = tr("shift.line.from", time=self._time(facts["from_at"]))
        said = [
            tr("shift.line.plan"),
            *([tr("roads.passing")] if facts["passes"] else ()),
            *([begins] if facts["from_at"] > self._at else ()),
        ]
        until = tr("shift.line.until", time=self._time(facts["until"]))
        return SectionRow(
            "row",
            tr("shift.line.road", road=self._thing(line), count=facts["pieces"]),
            ("planned_road", line.key),
            " · ".join(said),
            until if facts["until"] else tr("shift.line.endless"),
        )

    def _premise(self, line: BriefLine) -> SectionRow:
        aside = tr("shift.line.until", time=self._time(line.facts["until"]))
        return SectionRow(
            "row", line.facts["text"], ("premise", line.key), line.facts["address"], aside,
            aside_color=_color(line.light), wraps=True,
        )  # fmt: skip


def _color(light: str) -> QColor | None:
    return {RED: tokens().red, YELLOW: tokens().yellow}.get(light)


_ROWS: Final[dict[str, Callable[[_Telling, BriefLine], SectionRow]]] = {
    "incident": _Telling._incident,
    "unit": _Telling._unit,
    "note": _Telling._note,
    "shelf": _Telling._shelf,
    "camera": _Telling._camera,
    "patrol": _Telling._patrol,
    "sketch": _Telling._sketch,
    "road": _Telling._road,
    "planned_road": _Telling._planned_road,
    "premise": _Telling._premise,
}
