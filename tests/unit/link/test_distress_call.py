"""Where help is sent when a unit presses the emergency button: what is known best first, and said as such."""

from __future__ import annotations

from dataclasses import replace

import pytest

from app.domain.alarm import Alarm
from app.domain.desk import Desk
from app.domain.distress import DEVICE
from app.domain.incident import Incident
from app.domain.unit import Unit
from app.i18n import set_language, tr
from app.journal.store import TrackPoint
from app.link.field.acts import FieldAct
from app.link.field.distress_call import FRESH_MS, Whereabouts, distress_call
from app.service.field_alarm_words import own_title

NOW = 1_795_330_626_000
UNIT = Unit("p1", "police", "P1")
TASK = Incident("i", ("110:1",), "fire", 1, "", NOW, number="20261122-007", lat=31.3, lon=121.3)
NOWHERE = Incident("i", ("110:1",), "fire", 1, "", NOW, number="20261122-007")
FRESH, OLD = TrackPoint("p1", NOW - 1, 31.2, 121.2), TrackPoint("p1", NOW - FRESH_MS - 1, 31.1, 121.1)
POST = (31.4, 121.4)
PRESSED = FieldAct(id="act-00001", act="emergency")
SAYS_WHERE = FieldAct(id="act-00001", act="emergency", lat=31.5, lon=121.5)


@pytest.mark.parametrize(
    ("act", "where", "lat", "said"),
    [
        (SAYS_WHERE, Whereabouts(NOW, FRESH, TASK, POST), 31.5, ""),
        (PRESSED, Whereabouts(NOW, FRESH, TASK, POST), 31.2, "fix"),
        (PRESSED, Whereabouts(NOW, OLD, TASK, POST), 31.3, "task"),
        (PRESSED, Whereabouts(NOW, OLD, NOWHERE, POST), 31.1, "old_fix"),
        (PRESSED, Whereabouts(NOW, None, None, POST), 31.4, "post"),
        (PRESSED, Whereabouts(NOW), None, "none"),
    ],
)
def test_the_call_has_the_best_place_that_is_known(
    act: FieldAct, where: Whereabouts, lat: float | None, said: str
) -> None:
    call = distress_call(act, UNIT, where, lambda _lat, _lon: "G1")
    assert (call.lat, call.grid) == (lat, "G1" if lat is not None else None)
    assert call.device == f"{DEVICE}p1"
    how = tr(f"field.alarm.place.{said}") if said else ""
    assert call.title.endswith(how)
    assert how or "，" not in call.title
    assert ("007" in call.title) == (where.incident is not None)


@pytest.mark.parametrize("task", [TASK, None])
@pytest.mark.parametrize("how", ["phone", "fix", "post", "none"])
def test_a_desk_in_another_language_calls_it_in_its_own_words(task: Incident | None, how: str) -> None:
    act = SAYS_WHERE if how == "phone" else PRESSED
    where = Whereabouts(NOW, FRESH if how == "fix" else None, None, POST if how == "post" else None)
    where = replace(where, incident=replace(TASK, lat=None, lon=None) if task else None)
    call = distress_call(act, UNIT, where, lambda _lat, _lon: "G1")
    desk = Desk(incidents={TASK.id: TASK}, units={UNIT.id: UNIT})
    alarm = Alarm(call.alarm, call.source, call.alarm_type, 1, call.title, NOW, device=call.device)
    assert own_title(alarm, desk, {}.get) == call.title
    set_language("en")
    try:
        words = own_title(alarm, desk, {"p1": "Police 01"}.get)
        assert words == distress_call(act, replace(UNIT, call_sign="Police 01"), where, lambda *_: None).title
        assert words != call.title and words.startswith("Police 01: emergency")
    finally:
        set_language("zh_CN")


def test_an_emergency_of_an_older_journal_keeps_its_words() -> None:
    alarm = Alarm(
        "field-p1-act-00001", "field", "officer_down", 1, "警01 紧急求助", NOW, device=f"{DEVICE}p1"
    )
    assert own_title(alarm, Desk(units={"p1": UNIT}), {}.get) == "警01 紧急求助"
