"""Whatever is typed into whichever field: it is refused naming the field, or stored and shown as plain text.

What was stored before is as it was, and nothing on the window is read as HTML.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PySide6.QtGui import Qt
from PySide6.QtWidgets import QAbstractButton, QLabel, QLineEdit, QMainWindow, QWidget
from pytestqt.qtbot import QtBot

from app.domain.guards import MAX_ADDRESS, MAX_NAME, MAX_TITLE
from app.domain.incident import Incident
from tests.gui.conftest import DeskUnderTest
from widgets.panels.case import CasePanel
from widgets.panels.incident_queue import IncidentQueuePanel
from widgets.panels.new_incident import NewIncidentSheet

PLAZA = "望浦广场"
MEGABYTE = 1_000_000
HOSTILE = {
    "html": "<b>bold</b><img src=x onerror=alert(1)>&lt;",
    "sql": "'; DROP TABLE events; --",
    "controls": "a\x00b\x07c\x1b[31md\r\ne\tf",
    "emoji": "\U0001f525\U0001f468\u200d\U0001f469\u200d\U0001f467 \U0001f1e8\U0001f1f3",
    "right to left": "\u202eabc\u202c \u0645\u0631\u062d\u0628\u0627 \u2066x\u2069",
    "joined": "e" + "\u0301" * 40,
    "format": "{number} %s %(x)s {0}",
    "formula": '=HYPERLINK("http://x")',
    "figures": "NaN",
    "half a sign": "a\ud800b",
}
FIELDS = ("what", "where", "name", "phone", "when")


@dataclass
class Form:
    desk: DeskUnderTest
    sheet: NewIncidentSheet
    window: QMainWindow

    def line(self, field: str) -> QLineEdit:
        lines = {name: getattr(self.sheet, name) for name in ("what", "where", "name", "phone")}
        return lines.get(field, self.sheet.when.line)

    def fill(self, **typed: str) -> None:
        self.sheet.clear()
        self.sheet.type.pick("other")
        for field, text in ({"what": "plain", "where": PLAZA} | typed).items():
            self.line(field).setText(text)

    def take(self) -> Incident | str:
        """The incident, or the sentence that says why not."""
        before = set(self.desk.bridge.desk.incidents)
        self.sheet.open()
        self.sheet.take()
        self.desk.wait_until(lambda: not self.sheet.taker.is_busy)
        self.desk.settle()
        new = set(self.desk.bridge.desk.incidents) - before
        if new:
            assert self.sheet.isHidden()
            return self.desk.bridge.desk.incidents[new.pop()]
        assert not self.sheet.refusal.isHidden()
        return self.sheet.refusal.text


@pytest.fixture
def form(desk: DeskUnderTest, qtbot: QtBot) -> Iterator[Form]:
    window = QMainWindow()
    qtbot.addWidget(window)
    window.resize(1366, 768)
    queue, card = IncidentQueuePanel(desk.bridge), CasePanel(desk.bridge)
    halves = QWidget(window)
    window.setCentralWidget(halves)
    for place, panel in enumerate((queue, card)):
        panel.setParent(halves)
        panel.setGeometry(place * 450, 0, 450, 700)
    window.show()
    qtbot.waitExposed(window)
    sheet = NewIncidentSheet(desk.bridge, window)
    sheet.open()
    desk.wait_until(lambda: sheet.place._search.is_ready)
    sheet.reported.connect(card.show_incident)
    yield Form(desk, sheet, window)
    queue.delegate.pulse.stop()


def is_seen(text: str) -> bool:
    return text.isprintable() or text == ""


def assert_plain(window: QWidget) -> None:
    """No label that may hold typed text, and no tip, is read as HTML."""
    for label in window.findChildren(QLabel):
        if "<" in label.text() or "&" in label.text():
            assert label.textFormat() == Qt.TextFormat.PlainText, label.text()[:80]
    for widget in window.findChildren(QWidget):
        tip = widget.toolTip()
        assert not (Qt.mightBeRichText(tip) and ("<img" in tip or "<b>" in tip)), tip[:80]
    for button in window.findChildren(QAbstractButton):
        assert "\x00" not in button.text()


NAMED = {"what": "标题", "where": "地点|地址", "name": "姓名", "phone": "电话", "when": "发生时间"}


def names(sentence: str, field: str) -> bool:
    return any(word in sentence for word in NAMED[field].split("|"))


@pytest.mark.parametrize("field", FIELDS)
def test_hostile_text_in_a_field_is_refused_by_name_or_plain(form: Form, field: str) -> None:
    for text in HOSTILE.values():
        form.fill(**{field: text})
        result = form.take()
        if isinstance(result, str):
            assert field in ("phone", "when"), result
            assert names(result, field), result
            assert form.line(field).text() != "", "what was typed stays to be mended"
            assert form.line(field).hasFocus()
        else:
            assert is_seen(result.title) and is_seen(result.address)
            assert len(result.title) <= MAX_TITLE
        assert_plain(form.window)


def test_a_megabyte_in_a_field_is_refused_by_name(form: Form) -> None:
    for field in FIELDS:
        form.fill(**{field: "火" * MEGABYTE})
        result = form.take()
        assert isinstance(result, str)
        assert names(result, field), result
        assert len(result) < 400
        assert not form.desk.bridge.desk.incidents


def test_a_position_far_away_is_refused_by_name(form: Form) -> None:
    for where in ("0, 0", "89.9, 179.9", "121.4766, 31.2206 s", "40.7, -74.0"):
        form.fill(where=where)
        result = form.take()
        assert isinstance(result, str)
        assert names(result, "where")


def test_a_type_that_nobody_declared_cannot_be_taken(form: Form) -> None:
    """Not from a draft of another district, and not by way of what is added to."""
    from app.service.drafts import Draft

    form.fill()
    form.sheet.type.pick("")
    form.sheet.recall.restore(Draft(1, "plain", PLAZA, "", "no-such-type", True, 9, True))
    result = form.take()
    assert isinstance(result, str)
    assert "类型" in result


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)  # fmt: skip
@given(
    typed=st.fixed_dictionaries(
        {},
        optional={
            field: st.one_of(
                st.text(max_size=300),
                st.sampled_from(sorted(HOSTILE.values())),
                st.text("0123456789-: +", max_size=24),
            )
            for field in FIELDS
        },
    )
)
def test_any_words_in_any_fields_change_nothing_that_is_stored(form: Form, typed: dict[str, str]) -> None:
    desk = form.desk
    before: dict[str, Any] = dict(desk.bridge.desk.incidents)
    form.fill(**typed)
    result = form.take()
    after = desk.bridge.desk.incidents
    assert {key: after[key] for key in before} == before
    if isinstance(result, str):
        assert result
        assert set(after) == set(before)
    else:
        assert is_seen(result.title) and is_seen(result.address) and result.title
        assert len(result.title) <= MAX_TITLE and len(result.address) <= MAX_ADDRESS
        if result.person_ref is not None:
            person = desk.run(desk.app.journal.call(lambda journal: journal.person(result.person_ref or "")))
            assert person is not None
            assert is_seen(person.name) and len(person.name) <= MAX_NAME
            assert set(person.phone) <= set("+-0123456789")
    assert_plain(form.window)


def test_a_note_about_the_place_is_kept_plain_or_refused_by_name(form: Form) -> None:
    known, desk = form.sheet.known, form.desk
    form.fill()
    for count, text in enumerate(HOSTILE.values(), 1):
        known.ask()
        known.text.setText(text)
        known.keep.click()
        desk.wait_until(lambda count=count: len(desk.bridge.desk.premises) == count)  # type: ignore[misc]
        desk.settle()
    assert all(is_seen(note.text) and note.text for note in desk.bridge.desk.premises.values())
    desk.wait_until(lambda: not known.notes.isHidden())
    assert_plain(form.window)
    known.ask()
    known.text.setText("火" * MEGABYTE)
    known.keep.click()
    desk.wait_until(lambda: not form.sheet.refusal.isHidden())
    assert "提示内容" in form.sheet.refusal.text
    assert len(desk.bridge.desk.premises) == len(HOSTILE)
