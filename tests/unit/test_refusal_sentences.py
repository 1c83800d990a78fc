"""What a refusal calls things by: the field as the screen calls it, a feed as people do."""

from __future__ import annotations

from dataclasses import replace
from typing import cast

import pytest

from app.domain import commands as cmd
from app.domain.decide import decide
from app.domain.desk import Desk
from app.domain.errors import Hand, Refusal
from app.domain.events import IncidentReported
from app.domain.ids import incident_stream
from app.i18n import set_language
from app.projections.case_timeline import TimelineLine
from app.service.refusals import call_units_by, feed_name, refusal_text
from widgets.panels.case_words import Names, actor_text

AT = 1_795_330_626_000
NAMES = cast(Names, None)
"""A feed is named without knowing anybody."""


@pytest.fixture(autouse=True)
def chinese() -> None:
    set_language("zh_CN")


def test_a_note_that_is_too_long_is_called_a_note_and_no_cut_number_is_told() -> None:
    desk = Desk()
    desk.apply(incident_stream("i"), IncidentReported("i", "110", "i", "crowd", 2, "聚集"), AT, AT)
    with pytest.raises(Refusal) as refused:
        decide(desk, cmd.NoteIncident("i", "长" * 32_767))
    sentence = refusal_text(refused.value)
    assert "备注" in sentence and "提示" not in sentence
    assert "20000" in sentence and "32767" not in sentence


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("ws://127.0.0.1:56533/feed", "本机数据源"),
        ("ws://feeds.example.org:9000/110", "数据源 feeds.example.org"),
        ("carrier", "派单通道"),
        ("simulate", "数据源 simulate"),
    ],
)
def test_a_feed_is_named_without_its_port(name: str, said: str) -> None:
    assert feed_name(name) == said
    refusal = Refusal("title_length", "i", length=1, limit=1)
    refusal.by = Hand("desk-2", f"feed:{name}", AT, "incident.noted")
    assert said in refusal_text(refusal)


def test_what_is_told_of_a_unit_comes_from_the_unit() -> None:

    line = TimelineLine(
        1, AT, "feed:ws://127.0.0.1:56533", "desk", "timeline.unit.progressed", {"unit": "p3"}, 0
    )
    assert actor_text(line, NAMES) == "力量终端"
    assert actor_text(replace(line, actor="feed:carrier"), NAMES) == "派单通道"
    assert actor_text(replace(line, facts={}), NAMES) == "本机数据源"
    assert actor_text(replace(line, facts={"unit": "p3", "source": "110"}), NAMES) == "110"


def test_a_unit_is_called_by_its_call_sign_where_one_is_known() -> None:
    refusal = Refusal("unit_busy", "f2", unit="f2", number="20261122-001")
    assert refusal_text(refusal).startswith("f2 ")
    call_units_by(lambda unit: {"f2": "消防02"}[unit])
    try:
        assert refusal_text(refusal).startswith("消防02 正在办")
    finally:
        call_units_by(str)
