"""Payloads: golden files of every event ever written, upcasters, damage."""

import json
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.events import EVENT_TYPES, Event, IncidentNoted
from app.journal import chain, codec
from app.journal.errors import JournalDamaged, JournalError
from tests.unit.journal.golden_files import GOLDEN, fields_of, golden_path

MAKE = "python -m tests.unit.journal.golden_files"


@pytest.fixture
def no_trace_in_event_types() -> Any:
    known = dict(EVENT_TYPES)
    yield
    EVENT_TYPES.clear()
    EVENT_TYPES.update(known)


def _read(path: Path) -> dict[str, Any]:
    golden: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return golden


@pytest.mark.parametrize("type_name", sorted(EVENT_TYPES))
def test_every_event_type_has_a_golden_file_of_its_schema(type_name: str) -> None:
    path = golden_path(type_name, EVENT_TYPES[type_name].SCHEMA)
    assert path.exists(), f"a new event type or schema: {MAKE}"
    assert _read(path)["fields"] == fields_of(EVENT_TYPES[type_name]), (
        f"fields of {type_name} changed: raise its schema, add an upcaster to app/journal/codec.py, then {MAKE}"
    )


@pytest.mark.parametrize("path", sorted(GOLDEN.glob("*.json")), ids=lambda path: path.stem)
def test_a_golden_file_gives_the_same_event_for_ever(path: Path) -> None:
    type_name, _, schema = path.stem.rpartition(".")
    golden = _read(path)
    event = codec.decode(1, type_name, int(schema), golden["payload"])
    assert type(event) is EVENT_TYPES[type_name]
    assert json.loads(codec.encode(event)) == golden["becomes"]
    assert {field.name for field in fields(event)} == set(golden["becomes"])  # type: ignore[arg-type]
    if int(schema) == event.SCHEMA:
        assert codec.encode(event) == golden["payload"]


def test_every_schema_up_to_the_newest_has_its_golden_file() -> None:
    for type_name, event_type in EVENT_TYPES.items():
        for schema in range(1, event_type.SCHEMA + 1):
            assert golden_path(type_name, schema).exists(), f"{type_name} schema {schema}"


def test_old_fields_go_through_every_upcaster_in_turn(no_trace_in_event_types: None) -> None:
    @dataclass(frozen=True, slots=True)
    class Moved(Event, type_name="test.moved", schema=3):
        place: str
        by: str

    upcasters = {
        ("test.moved", 1): lambda fields: {"where": fields["at"]},
        ("test.moved", 2): lambda fields: {"place": fields["where"], "by": "?"},
    }
    assert codec.decoder_of(Moved, 1, upcasters)('{"at":"gate"}') == Moved("gate", "?")
    assert codec.decoder_of(Moved, 2, upcasters)('{"where":"gate"}') == Moved("gate", "?")
    assert codec.decoder_of(Moved, 3, upcasters)('{"by":"x","place":"gate"}') == Moved("gate", "x")


def test_a_missing_upcaster_is_told(no_trace_in_event_types: None) -> None:
    @dataclass(frozen=True, slots=True)
    class Moved(Event, type_name="test.moved", schema=2):
        place: str

    with pytest.raises(KeyError):
        codec.decoder_of(Moved, 1, {})


@pytest.mark.parametrize(
    ("type_name", "schema", "payload", "key"),
    [
        ("incident.teleported", 1, "{}", "unknown_event"),
        ("incident.noted", 99, "{}", "newer_event"),
        ("incident.noted", 1, "{", "unreadable_event"),
        ("incident.noted", 1, '{"incident":"a"}', "unreadable_event"),
        ("incident.noted", 1, '{"incident":"a","text":5}', "unreadable_event"),
    ],
)
def test_what_cannot_be_decoded_is_told_with_type_and_seq(
    type_name: str, schema: int, payload: str, key: str
) -> None:
    for _ in ("first use", "decoder known"):
        with pytest.raises(JournalDamaged) as damaged:
            codec.decode(42, type_name, schema, payload)
        assert damaged.value.key == key
        assert (damaged.value.facts["type"], damaged.value.facts["seq"]) == (type_name, 42)
        assert "42" in str(damaged.value)
        codec.decode(1, "incident.noted", 1, '{"incident":"a","text":"b"}')


def test_half_a_character_is_refused_when_encoding() -> None:
    with pytest.raises(JournalError):
        codec.encode(IncidentNoted("2026-1", "\ud800"))


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_any_text_comes_back_and_is_hashed_as_the_standard_library_writes_it(text: str) -> None:
    payload = codec.encode(IncidentNoted(text, text))
    assert codec.decode(1, "incident.noted", 1, payload) == IncidentNoted(text, text)
    columns = (1, text, 1, text, 1, 0, 0, text, text, text, text, "live", payload)
    assert (
        msgspec.json.encode(columns)
        == json.dumps(columns, ensure_ascii=False, separators=(",", ":")).encode()
    )
    assert len(chain.link(chain.GENESIS, columns)) == 32
