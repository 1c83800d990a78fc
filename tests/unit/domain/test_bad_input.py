"""Whatever a field is filled with, it is refused in a short sentence or stands there as signs that can be seen."""

from __future__ import annotations

from dataclasses import fields, replace
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from app.domain import commands as cmd
from app.domain.errors import Refusal
from app.i18n import set_language
from app.journal import codec
from app.service.refusals import refusal_text
from tests.unit.domain.desk_driver import START_AT, DeskDriver

MEGABYTE = "x" * 1_000_000
NASTY = (
    MEGABYTE,
    "\u6f22" * 300_000,
    "\x00\x07\x1b[31m",
    "photo\u202egpj.exe",
    "<script>alert(1)</script>",
    "'; DROP TABLE event; --",
    "\ud800 half a sign",
    "\U0001f469\u200d\U0001f692 \U0001f525",
    "{number} {0} %s",
    "",
    " \u3000\t\n",
)
SANE: tuple[Any, ...] = (
    cmd.ReportIncident("new", "110", "9", "crowd", 2, "crowd", "many", "gate 3", 31.2, 121.4, "g1", "110:9", "c1"),
    cmd.UpdateIncident("i1", "fight", 1, "fight", "two men", "gate 3", 31.2, 121.4, "g1", "c1"),
    cmd.NoteIncident("i1", "seen"),
    cmd.ReportBack("i2", "cleared"),
    cmd.CloseIncident("i2", "false_alarm", "cleared"),
    cmd.WithdrawIncident("i1", "wrong number"),
    cmd.HandOverIncident("i1", "parks", "their tree"),
    cmd.EscalateIncident("i1", "county", "too large"),
    cmd.RecallUnit("i2", "p1", "needed elsewhere"),
    cmd.MergeIncident("i1", "i2"),
    cmd.UnmergeIncident("i3", "another corner"),
    cmd.LinkIncidents("i1", "i2", "cause"),
    cmd.UnlinkIncidents("i1", "i2"),
    cmd.ReturnIncident("i2", "p1", "too far"),
    cmd.AssignByOrder("i1", (), "parks", "no other"),
    cmd.SuperviseIncident("i1", "the mayor asks"),
    cmd.EndSupervision("i1", "over"),
    cmd.ContactReporter("i1", "reached"),
    cmd.AttachFile("i1", "ab" * 32, "gate.jpg", "image/jpeg", 1_000),
    cmd.DetachAttachment("i1", "ab" * 32, "shows a face"),
    cmd.PutPremiseNote("n1", "dog", True, START_AT + 1, "gate 3", 31.2, 121.4, "g1"),
    cmd.WithdrawPremiseNote("n1", "gone"),
    cmd.RevealReporter("i4", "call back"),
    cmd.AnswerTask("p1", "i2", True, "on my way"),
    cmd.AnswerTask("p1", "i2", False, "too far"),
    cmd.SetUnitStatus("p2", "off_duty", None, "end of shift"),
    cmd.ObserveUnitStatus("p1", "en_route", "i2"),
    cmd.EnrolUnit("x1", "external", "visitor"),
    cmd.SetCameraStatus("c1", False, "no picture"),
    cmd.WatchCamera("c1", "crowd"),
    cmd.RevealContact("g1", "g1-head", "call him"),
    cmd.RaiseAlarm("a1", "camera", "7", "smoke", 2, "smoke", 31.2, 121.4, "g1", "c1"),
)  # fmt: skip
FIELDS = [
    (command, field.name)
    for command in SANE
    for field in fields(command)
    if isinstance(getattr(command, field.name), str)
]


@pytest.fixture(autouse=True, params=["zh_CN", "en"])
def language(request: pytest.FixtureRequest) -> None:
    set_language(request.param)


def lived_in() -> DeskDriver:
    driver = DeskDriver()
    for key in ("i1", "i2", "i3", "i5"):
        driver.report(key)
    driver.report("i4", person_ref="110:i4")
    driver.do(cmd.DispatchUnits("i2", ("p1",)))
    driver.do(cmd.MergeIncident("i3", "i5"))
    return driver


def try_it(driver: DeskDriver, command: cmd.Command) -> None:
    """Refused: nothing changed and a sentence that fits a bar. Taken: everything of it can be stored and seen."""
    before = {key: dict(getattr(driver.desk, key)) for key in ("incidents", "units", "premises", "versions")}
    sentence, events = "", []
    try:
        events = driver.do(command)
    except Refusal as refusal:
        sentence = refusal_text(refusal)
    assert len(sentence) < 600, sentence[:100]
    assert events or {key: dict(getattr(driver.desk, key)) for key in before} == before
    for event in events:
        payload = codec.encode(event)
        assert len(payload) < 100_000
        for field in fields(event):  # type: ignore[arg-type]
            value = getattr(event, field.name)
            for text in value if isinstance(value, tuple) else (value,):
                assert not isinstance(text, str) or text.replace("\n", "").isprintable(), field.name


@pytest.mark.parametrize("nasty", NASTY, ids=lambda text: ascii(text[:12]))
def test_what_is_known_to_hurt_is_refused_or_shown_plain_in_every_field(nasty: str) -> None:
    for command, field in FIELDS:
        try_it(lived_in(), replace(command, **{field: nasty}))
    try_it(lived_in(), replace(SANE[0], attachments=(nasty,)))
    try_it(lived_in(), cmd.AssignByOrder("i1", (nasty,), "", "no other"))


@given(st.sampled_from(FIELDS), st.text(st.characters(), max_size=60))
@example(FIELDS[0], "\r\n")
def test_any_text_in_any_field_is_refused_or_shown_plain(at: tuple[cmd.Command, str], text: str) -> None:
    command, field = at
    try_it(lived_in(), replace(command, **{field: text}))  # type: ignore[type-var]


@pytest.mark.parametrize("place", [(91.0, 0.0), (0.0, float("nan")), (float("inf"), 0.0), (31.0, None)])
def test_a_position_off_the_globe_is_refused(place: tuple[float, float | None]) -> None:
    lat, lon = place
    for command in (SANE[0], SANE[1], SANE[20]):
        with pytest.raises(Refusal, match="position_impossible"):
            lived_in().do(replace(command, lat=lat, lon=lon))


@pytest.mark.parametrize("field", ["description", "address", "incident_type", "source"])
def test_the_sentence_names_the_field(field: str) -> None:
    with pytest.raises(Refusal) as refusal:
        lived_in().do(replace(SANE[0], **{field: MEGABYTE}))
    assert refusal.value.facts.get("field", "description") == field
    assert f"'{field}'" not in refusal_text(refusal.value)
