"""Other desks on row and card: who is there, who has claimed it, the warning and taking over; who was first."""

from __future__ import annotations

import time
from collections.abc import Iterator

import msgspec
import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from app.domain import commands as cmd
from app.domain.roles import DUTY_OFFICER
from app.i18n import set_language, tr
from app.journal.errors import JournalUnavailable
from app.service.presence import Present
from tests.gui.conftest import DeskUnderTest
from widgets.actions import CLAIM, RELEASE_CLAIM, TAKE_OVER
from widgets.models.desk_marks import initials, short_desk
from widgets.panels.case import CasePanel
from widgets.panels.incident_queue import IncidentQueuePanel
from widgets.panels.queue_cells import tags_kept
from widgets.panels.status_strip import StatusStrip


@pytest.fixture
def card(desk: DeskUnderTest, qtbot: QtBot) -> CasePanel:
    desk.report("i1")
    card = CasePanel(desk.bridge)
    qtbot.addWidget(card)
    card.resize(420, 900)
    card.show()
    qtbot.waitExposed(card)
    card.show_incident("i1")
    return card


@pytest.fixture
def queue(desk: DeskUnderTest, card: CasePanel, qtbot: QtBot) -> Iterator[IncidentQueuePanel]:
    queue = IncidentQueuePanel(desk.bridge)
    qtbot.addWidget(queue)
    queue.resize(520, 400)
    queue.show()
    qtbot.waitExposed(queue)
    queue.load()
    yield queue
    queue.delegate.pulse.stop()


def says(
    desk: DeskUnderTest, incident: str, field: str = "", session: str = "s2", actor: str = "李伟"
) -> None:
    """What another desk's presence says comes in."""
    assert desk.app.presence is not None
    present = Present("2", actor, session, incident, field, 1)
    desk.app.presence.hear(msgspec.json.encode(present).decode())


class Deaf:
    """A way to other desks on which nothing comes."""

    def say(self, text: str) -> None:
        """To nobody."""

    def close(self) -> None:
        """There is nothing to close."""


def at_another_desk(desk: DeskUnderTest, command: cmd.Command) -> None:
    context = cmd.Context("李伟", DUTY_OFFICER, "2", desk.app.clock.now())
    desk.run(desk.app.bus.submit(command, context))
    desk.settle()


def row_marks(queue: IncidentQueuePanel) -> list[str]:
    row = queue.queue.get("i1")
    assert row is not None
    return [words for words, _ in row.at_desks.marks]


def test_who_looks_and_who_edits_stands_on_row_and_card(
    desk: DeskUnderTest, card: CasePanel, queue: IncidentQueuePanel
) -> None:
    says(desk, "i1")
    assert row_marks(queue) == ["看·李"]
    assert any("李伟" in words and "看" in words for words in card.marks.words)
    says(desk, "i1", field="address")
    assert row_marks(queue) == ["改·李"]
    assert any("李伟" in words and "编辑" in words for words in card.marks.words)
    says(desk, "")
    assert row_marks(queue) == []
    assert not any("李伟" in words for words in card.marks.words)


def test_many_at_one_incident_leave_room_for_its_title(
    desk: DeskUnderTest, queue: IncidentQueuePanel
) -> None:
    for number in range(4):
        says(desk, "i1", session=f"s{number}")
    assert row_marks(queue) == ["看·李", "看·李", "+2"]
    row = queue.queue.get("i1")
    assert row is not None
    assert len(row.at_desks.words) == 4, "the tip names everybody"


def test_who_looks_from_the_desk_that_claimed_it_takes_no_room_of_the_title(
    desk: DeskUnderTest, queue: IncidentQueuePanel
) -> None:
    at_another_desk(desk, cmd.ClaimIncident("i1"))
    says(desk, "i1")
    desk.settle()
    assert row_marks(queue) == ["办·2"]
    says(desk, "i1", field="title")
    desk.settle()
    assert row_marks(queue) == ["办·2", "改·李"]


def test_a_claim_of_a_desk_that_is_not_heard_any_more_says_so(
    desk: DeskUnderTest, card: CasePanel, monkeypatch: pytest.MonkeyPatch
) -> None:
    presence = desk.app.presence
    assert presence is not None
    at_another_desk(desk, cmd.ClaimIncident("i1"))
    assert not presence.is_silent("2"), "this desk has only begun to listen"
    monkeypatch.setattr(presence, "_channel", Deaf())
    monkeypatch.setattr(presence, "_listens_since_s", time.monotonic() - 60)
    assert presence.is_silent("2")
    says(desk, "")
    assert not presence.is_silent("2")
    card._ticked(desk.app.clock.now())
    assert not any("没有应答" in words for words in card.marks.words)
    presence._heard.clear()
    card._ticked(desk.app.clock.now())
    (claim,) = (words for words in card.marks.words if "在办" in words)
    assert claim.endswith("，该席位没有应答")


def test_more_than_one_mark_leaves_the_title_most_of_its_column() -> None:
    assert tags_kept([60, 90], 150, 72) == 1
    assert tags_kept([60, 90], 300, 72) == 2
    assert tags_kept([90, 120], 150, 72) == 0, "not one, where nothing would be left of the title"
    assert tags_kept([60, 90], 150, 72, title_px=50) == 2, "what a short title does not want is theirs"
    assert tags_kept([60, 110], 150, 72, title_px=50) == 1


def test_claiming_by_key_stands_on_row_and_card_and_is_given_back(
    desk: DeskUnderTest, card: CasePanel, queue: IncidentQueuePanel, qtbot: QtBot
) -> None:
    qtbot.keyClick(card, Qt.Key.Key_O, Qt.KeyboardModifier.ShiftModifier)
    desk.wait_until(lambda: row_marks(queue) == ["本席"])
    assert any(words.startswith("本席在办") for words in card.marks.words)
    assert RELEASE_CLAIM in [a for a in (CLAIM, TAKE_OVER, RELEASE_CLAIM) if a.enabled(card._target("i1"))]
    qtbot.keyClick(card, Qt.Key.Key_R, Qt.KeyboardModifier.ShiftModifier)
    desk.wait_until(lambda: row_marks(queue) == [])


@pytest.mark.parametrize(("language", "word"), [("zh_CN", "仍要操作请再做一次"), ("en", "do it again")])
def test_another_desks_claim_warns_once_and_the_same_key_goes_on(
    desk: DeskUnderTest, card: CasePanel, queue: IncidentQueuePanel, qtbot: QtBot, language: str, word: str
) -> None:
    at_another_desk(desk, cmd.ClaimIncident("i1"))
    assert row_marks(queue) == ["办·2"]
    set_language(language)
    qtbot.keyClick(card, Qt.Key.Key_A)
    desk.wait_until(card.refusal.isVisible)
    assert desk.bridge.desk.incidents["i1"].status == "reported"
    said = " ".join(label.text() for label in card.refusal.findChildren(QLabel))
    assert word in said
    assert "李伟" in said
    qtbot.keyClick(card, Qt.Key.Key_A)
    desk.wait_until(lambda: desk.bridge.desk.incidents["i1"].status == "accepted")
    desk.wait_until(lambda: not card.refusal.isVisible())


def test_another_command_is_warned_anew(desk: DeskUnderTest, card: CasePanel, qtbot: QtBot) -> None:
    at_another_desk(desk, cmd.ClaimIncident("i1"))
    told: list[str | None] = []
    desk.bridge.submit(cmd.AcceptIncident("i1"), told.append)
    desk.wait_until(lambda: len(told) == 1)
    desk.bridge.submit(cmd.EscalateIncident("i1", "city", "large"), told.append)
    desk.wait_until(lambda: len(told) == 2)
    assert told[0] is not None
    assert told[1] is not None


def test_taking_over_asks_why_and_then_it_is_ours(
    desk: DeskUnderTest, card: CasePanel, queue: IncidentQueuePanel, qtbot: QtBot
) -> None:
    at_another_desk(desk, cmd.ClaimIncident("i1"))
    assert not CLAIM.enabled(card._target("i1"))
    qtbot.keyClick(card, Qt.Key.Key_X, Qt.KeyboardModifier.ShiftModifier)
    assert card.sheet.action is TAKE_OVER
    assert desk.refusal(cmd.TakeOverIncident("i1", "")).rule == "reason_missing"
    desk.do(cmd.TakeOverIncident("i1", "他去现场了"))
    assert row_marks(queue) == ["本席"]
    lines = desk.run(desk.app.timeline("i1"))
    assert lines[-1].facts["from_desk"] == "2"


def test_who_was_first_is_told_where_the_hand_is(desk: DeskUnderTest, card: CasePanel, qtbot: QtBot) -> None:
    """The other desk's change has come in a moment ago; the officer's hand was already on its way."""
    desk.report("i2", title="另一件")
    at_another_desk(desk, cmd.DispatchUnits("i2", ("p1",)))
    told: list[str | None] = []
    desk.bridge.submit(cmd.DispatchUnits("i1", ("p1",)), told.append)
    desk.wait_until(lambda: bool(told))
    assert told[0] is not None
    assert "席位 2 的 李伟 在" in told[0]
    assert "先派出" in told[0]


@pytest.mark.parametrize("language", ["zh_CN", "en"])
def test_a_desk_whose_journal_is_away_says_so_in_words_refuses_and_comes_back(
    desk: DeskUnderTest, card: CasePanel, qtbot: QtBot, language: str
) -> None:
    set_language(language)
    strip = StatusStrip(desk.bridge)
    qtbot.addWidget(strip)
    strip.resize(1366, 40)
    strip.show()
    named = strip.database.text()
    lost = JournalUnavailable("no_connection", where="postgresql://street", reason="it is gone")
    desk.app.bus.out_of_reach(lost)
    assert strip.database.text() == tr("strip.database_read_only")
    told: list[str | None] = []
    desk.bridge.submit(cmd.AcceptIncident("i1"), told.append)
    desk.wait_until(lambda: bool(told))
    assert told == [str(lost)]
    assert card.incident is not None, "what it has it shows"
    desk.app.bus.out_of_reach(None)
    assert strip.database.text() == named
    desk.do(cmd.AcceptIncident("i1"))


@pytest.mark.parametrize(
    ("name", "short"), [("李伟", "李"), ("Li Wei", "LW"), ("officer", "O"), ("", "?"), ("Ann B C", "AB")]
)
def test_initials(name: str, short: str) -> None:
    assert initials(name) == short


def test_the_strip_says_which_file_differs_and_at_which_desk(desk: DeskUnderTest, qtbot: QtBot) -> None:
    presence = desk.app.presence
    assert presence is not None
    desk.wait_until(lambda: bool(presence.me.declared))
    strip = StatusStrip(desk.bridge)
    qtbot.addWidget(strip)
    strip.resize(1920, 40)
    strip.show()
    other = Present("desk-2", "李伟", "s2", declared=presence.me.declared | {"field_link.toml": "x"})
    presence.hear(msgspec.json.encode(other).decode())
    strip.unlike.refresh()
    assert strip.unlike.isVisible() and strip.unlike.text() == "field_link.toml 与 desk-2 不同"
    more = msgspec.structs.replace(other, declared=other.declared | {"types.toml": "x"})
    presence.hear(msgspec.json.encode(more).decode())
    strip.unlike.refresh()
    assert strip.unlike.text() == "field_link.toml 等与 desk-2 不同，另 1 份"
    assert "types.toml" in strip.unlike.toolTip()
    set_language("en")
    strip.retranslate()
    assert strip.unlike.text() == "field_link.toml and 1 more differ at desk-2"
    set_language("zh_CN")
    presence.hear(msgspec.json.encode(msgspec.structs.replace(other, declared=presence.me.declared)).decode())
    strip.unlike.refresh()
    assert strip.unlike.isHidden()


@pytest.mark.parametrize(
    ("name", "short"),
    [("2", "2"), ("desk-2", "2"), ("desk-012", "12"), ("综治一席", "综治一席"), ("Front desk", "Fron")],
)
def test_a_row_names_a_desk_in_a_sign_or_two(name: str, short: str) -> None:
    assert short_desk(name) == short


def test_whose_incident_is_taken_over_is_told_by_whom(desk: DeskUnderTest, queue: IncidentQueuePanel) -> None:
    desk.do(cmd.ClaimIncident("i1"))
    assert queue.refusal.isHidden()
    at_another_desk(desk, cmd.TakeOverIncident("i1", "he is on the scene"))
    assert queue.refusal.isVisible()
    assert all(words in queue.refusal.text for words in ("001", "已被接手", "席位 2 的 李伟"))
    queue.refusal.dismiss()
    at_another_desk(desk, cmd.ReleaseClaim("i1"))
    assert queue.refusal.isHidden(), "it is none of this desk's any more"


def test_what_this_desk_gives_back_is_no_news_to_it(desk: DeskUnderTest, queue: IncidentQueuePanel) -> None:
    desk.do(cmd.ClaimIncident("i1"), cmd.ReleaseClaim("i1"))
    at_another_desk(desk, cmd.ClaimIncident("i1"))
    assert queue.refusal.isHidden()
