"""Owns the proof that every message is an Envelope or Malformed with a reason that helps, and nothing else."""

import json
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from app.domain.instants import parse_iso
from app.feeds.envelope import KINDS, MAX_MESSAGE_BYTES, Envelope, Malformed, decode
from app.geo.coordinates import from_wgs84
from app.i18n import LANGUAGES, language, set_language

LEAST: dict[str, Any] = {
    "id": "110-20261122-000123",
    "kind": "incident.reported",
    "source": "110",
    "occurred_at": "2026-11-22T06:57:00Z",
}


def message(**changed: Any) -> str:
    return json.dumps({**LEAST, **changed})


def refused(raw: str | bytes) -> Malformed:
    with pytest.raises(Malformed) as caught:
        decode(raw)
    return caught.value


def test_only_four_fields_are_needed() -> None:
    envelope = decode(message())
    assert (envelope.id, envelope.source, envelope.kind) == (LEAST["id"], "110", "incident.reported")
    assert envelope.occurred_at == parse_iso("2026-11-22T06:57:00Z")
    assert envelope.title == ""
    assert envelope.lat is None
    assert envelope.attachments == ()


def test_null_is_the_same_as_absent() -> None:
    assert decode(message(title=None, attachments=None, reporter=None, lat=None, lon=None)) == decode(
        message()
    )


def test_every_field_of_the_contract_comes_through() -> None:
    full = {
        **LEAST,
        "type": "crowd",
        "priority": 2,
        "title": "商场门口人群聚集",
        "description": "百余人",
        "crs": "wgs84",
        "lat": 31.2211,
        "lon": 121.4750,
        "address": "望浦大道 1 号",
        "grid": "310198006001001",
        "reporter": {"name": "某某", "phone": "138"},
        "camera": "c1",
        "attachments": ["a.jpg", "b.jpg"],
    }
    envelope = decode(json.dumps(full))
    assert envelope.reporter is not None
    assert (envelope.reporter.name, envelope.reporter.phone) == ("某某", "138")
    assert envelope.attachments == ("a.jpg", "b.jpg")
    names = set(full) - {"reporter", "occurred_at", "attachments"}
    assert {name: getattr(envelope, name) for name in names} == {name: full[name] for name in names}


def test_unknown_fields_are_kept_also_those_of_the_reporter() -> None:
    envelope = decode(message(weather={"wind": 3}, extra=[1], reporter={"name": "a", "badge": 7}))
    assert envelope.extra == {"weather": {"wind": 3}, "extra": [1], "reporter": {"badge": 7}}


def test_bytes_and_a_byte_order_mark_are_taken() -> None:
    assert decode(message().encode()) == decode(message())
    assert decode(b"\xef\xbb\xbf" + message().encode()) == decode(message())
    assert decode("\ufeff" + message()) == decode(message())


@pytest.mark.parametrize("crs", ["gcj02", "bd09", "cgcs2000", "GCJ02"])
def test_positions_become_wgs84(crs: str) -> None:
    lat, lon = from_wgs84(31.2206, 121.4766, crs)
    envelope = decode(message(lat=lat, lon=lon, crs=crs))
    assert envelope.lat == pytest.approx(31.2206, abs=5e-6)
    assert envelope.lon == pytest.approx(121.4766, abs=5e-6)


def test_offsets_of_any_zone_name_the_same_instant() -> None:
    assert decode(message(occurred_at="2026-11-22T14:57:00+08:00")) == decode(message())


def test_control_characters_leave_what_is_shown_but_the_message_stays() -> None:
    envelope = decode(message(title="烟\u0000雾\u202e\u0007", description="一\n二\u0001", address="三\u009f"))
    assert (envelope.title, envelope.description, envelope.address) == ("烟雾", "一\n二", "三")


@pytest.mark.parametrize("field", ["id", "source", "camera", "unit", "incident", "task", "alarm", "grid"])
def test_control_characters_in_an_identifier_are_refused_because_two_could_become_one(field: str) -> None:
    fault = refused(message(**{field: "a\u0000b"}))
    assert (fault.reason, fault.facts) == ("control_characters", {"field": field})


@pytest.mark.parametrize(
    ("raw", "reason"),
    [
        ("", "not_json"),
        ("{", "not_json"),
        ('{"id": "1",}', "not_json"),
        ("烟雾", "not_json"),
        (b"\xff\xfe{}", "not_utf8"),
        ('{"title": "caf\u00e9"}'.encode("latin-1"), "not_utf8"),
        ('{"lat": NaN}', "not_a_number"),
        ('{"lat": -Infinity}', "not_a_number"),
        ('{"lat": 1e999}', "not_json"),
        ('{"title": "\\ud800"}', "not_json"),
        ("[1]", "not_an_object"),
        ("null", "not_an_object"),
        ("7", "not_an_object"),
        ("[" * 100_000, "too_deep"),
        (" " * (MAX_MESSAGE_BYTES + 1), "too_large"),
        ("{}", "missing"),
        (message(id=None), "missing"),
        (message(id=""), "missing"),
        (message(source=None), "missing"),
        (message(kind=None), "missing"),
        (message(occurred_at=None), "missing"),
        (message(id="x" * 201), "too_long"),
        (message(id=7), "wrong_type.text"),
        (message(kind="incident.exploded"), "unknown_kind"),
        (message(kind=7), "wrong_type.text"),
        (message(occurred_at="2026-11-22T06:57:00"), "no_instant"),
        (message(occurred_at="yesterday"), "no_instant"),
        (message(occurred_at="0001-01-01T00:00:00+23:59"), "instant_out_of_range"),
        (message(occurred_at="9999-12-31T23:59:59Z"), "instant_out_of_range"),
        (message(occurred_at=1795330620), "wrong_type.text"),
        (message(lat="31.2", lon=121.4), "wrong_type.number"),
        (message(lat=True, lon=121.4), "wrong_type.number"),
        (message(lat=91, lon=121.4), "out_of_range"),
        (message(lat=31.2, lon=-180.1), "out_of_range"),
        (message(lat=31.2), "half_a_position"),
        (message(lat=31.2, lon=121.4, crs="mars"), "unknown_crs"),
        (message(crs="mars"), "unknown_crs"),
        (message(priority=0), "priority_out_of_range"),
        (message(priority=5), "priority_out_of_range"),
        (message(priority=10**30), "priority_out_of_range"),
        (message(priority="2"), "wrong_type.whole"),
        (message(priority=2.0), "wrong_type.whole"),
        (message(priority=True), "wrong_type.whole"),
        (message(title=["x"]), "wrong_type.text"),
        (message(title="长" * 201), "too_long"),
        (message(description="长" * 20_001), "too_long"),
        (message(attachments="a.jpg"), "wrong_type.list"),
        (message(attachments=[1]), "wrong_type.text"),
        (message(attachments=["a"] * 65), "too_long"),
        (message(reporter="某某"), "wrong_type.object"),
        (message(reporter={"phone": 138}), "wrong_type.text"),
        (message(camera=""), "empty"),
        (message(kind="unit.position", unit="p1"), "missing_for_kind"),
        (message(kind="unit.position", lat=31.0, lon=121.0), "missing_for_kind"),
        (message(kind="unit.position", unit="p1", lat=31.0, lon=121.0, speed_mps=-1), "out_of_range"),
        (message(kind="unit.status", unit="p1"), "missing_for_kind"),
        (message(kind="unit.status", unit="p1", status="asleep"), "unknown_status"),
        (message(kind="camera.status", camera="c1"), "missing_for_kind"),
        (message(kind="camera.status", camera="c1", online="no"), "wrong_type.truth"),
        (message(kind="task.ack"), "missing_for_kind"),
    ],
)
def test_what_is_no_envelope_says_why_in_both_languages(raw: str | bytes, reason: str) -> None:
    fault = refused(raw)
    assert fault.reason == reason
    before = language()
    try:
        for each in LANGUAGES:
            set_language(each)
            assert fault.sentence
    finally:
        set_language(before)


def test_a_broken_message_still_says_where_it_came_from() -> None:
    fault = refused(message(priority=9))
    assert (fault.source, fault.message_id) == ("110", LEAST["id"])


def test_a_reason_never_holds_what_a_person_said() -> None:
    secret = "13812345678"
    for changed in (
        {"reporter": {"phone": int(secret)}},
        {"reporter": secret},
        {"title": {"said": secret}},
        {"description": [secret]},
        {"address": int(secret)},
        {"attachments": secret},
    ):
        fault = refused(message(**changed))
        assert secret not in fault.sentence
        assert secret not in str(fault)


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=40),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=12), inner, max_size=4),
    max_leaves=12,
)
field_names = st.sampled_from(Envelope.__struct_fields__)


def decoded(raw: str | bytes) -> Envelope | Malformed:
    try:
        return decode(raw)
    except Malformed as fault:
        return fault


def only_envelope_or_malformed(raw: str | bytes) -> None:
    found = decoded(raw)
    if isinstance(found, Malformed):
        assert found.sentence
        return
    assert found.id
    assert found.source
    assert found.kind in KINDS
    assert (found.lat is None) == (found.lon is None)


@given(st.binary(max_size=300) | st.text(max_size=300))
@example("\ud800")
@example(b"\x00")
def test_any_bytes_are_an_envelope_or_malformed(raw: str | bytes) -> None:
    only_envelope_or_malformed(raw)


@given(st.dictionaries(field_names, json_values, max_size=6), st.sampled_from(KINDS))
def test_any_value_in_any_field_is_an_envelope_or_malformed(changed: dict[str, Any], kind: str) -> None:
    only_envelope_or_malformed(json.dumps({**LEAST, "kind": kind, **changed}))


@given(st.text(max_size=60), st.text(max_size=60))
def test_text_that_is_shown_never_holds_a_control_character(title: str, description: str) -> None:
    found = decoded(message(title=title, description=description))
    if isinstance(found, Malformed):
        assert found.reason == "not_json"  # half a surrogate pair
        return
    shown = found.title + found.description
    assert not any((ord(c) < 0x20 and c not in "\n\t") or 0x7F <= ord(c) < 0xA0 for c in shown)
