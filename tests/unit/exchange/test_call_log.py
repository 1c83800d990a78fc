"""Owns the proof that a declared mapping turns every row of a call log into messages, and no row disappears."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.domain.errors import ConfigError
from app.domain.instants import parse_iso
from app.exchange.call_log import LogMessage, load_mapping, read_call_log
from app.feeds.envelope import Envelope, Malformed, decode
from app.paths import bundled_data_dir

HEAD = "No,Unit,Kind,Level,Received,Sent,There,Lat,Lon,Street"
MAPPING = """
source = "town"
encoding = "latin-1"
time_format = "%d.%m.%Y %H:%M:%S"
zone = "Europe/Berlin"
keep = ["Level"]
[incident]
id = "{No}"
occurred_at = "Received"
title = "{Kind}: {Street}"
address = "{Street} (row {#})"
[incident.type]
column = "Kind"
default = "other"
values = {Feuer = "fire"}
[incident.priority]
column = "Level"
default = 3
values = {A = 1}
[incident.position]
lat = "Lat"
lon = "Lon"
[unit]
unit = "{Unit}"
id = "{No}-{Unit}"
steps = [{column = "Sent", status = "dispatched"}, {column = "There", status = "on_scene"}]
"""


def log_of(folder: Path, *rows: str, mapping: str = MAPPING, head: str = HEAD) -> list[LogMessage]:
    (folder / "map.toml").write_text(mapping, encoding="utf-8")
    (folder / "log.csv").write_bytes("\r\n".join([head, *rows]).encode("latin-1"))
    return read_call_log(folder / "log.csv", load_mapping(folder / "map.toml"))


GOOD = "7,E1,Feuer,A,24.12.2026 20:00:00,24.12.2026 20:01:00,24.12.2026 20:05:30,52.5,13.4,Gro\xdfe Stra\xdfe"


def envelopes(log: list[LogMessage]) -> list[Envelope]:
    return [decode(message.body) for message in log]


def test_a_row_is_an_incident_and_the_history_of_its_unit(tmp_path: Path) -> None:
    incident, sent, there = envelopes(log_of(tmp_path, GOOD))
    assert (incident.source, incident.id, incident.kind) == ("town", "7", "incident.reported")
    assert incident.occurred_at == parse_iso("2026-12-24T19:00:00Z")
    assert (incident.type, incident.priority, incident.title) == ("fire", 1, "Feuer: Große Straße")
    assert (incident.lat, incident.lon, incident.address) == (52.5, 13.4, "Große Straße (row 000001)")
    assert incident.extra == {"record": {"Level": "A"}}
    assert [(e.kind, e.unit, e.status, e.incident) for e in (sent, there)] == [
        ("unit.status", "E1", "dispatched", "town:7"),
        ("unit.status", "E1", "on_scene", "town:7"),
    ]
    assert there.occurred_at - sent.occurred_at == 270_000


def test_two_units_of_one_call_tell_the_same_incident(tmp_path: Path) -> None:
    log = log_of(tmp_path, GOOD, GOOD.replace("E1", "E2"))
    assert [message.id for message in log if message.row == 2] == ["7", "7-E2-dispatched", "7-E2-on_scene"]
    assert sum(message.id == "7" for message in log) == 2


def test_a_step_that_was_not_reached_is_not_told(tmp_path: Path) -> None:
    row = GOOD.replace("24.12.2026 20:05:30", "")
    assert [e.status for e in envelopes(log_of(tmp_path, row))][1:] == ["dispatched"]


def test_summer_time_is_the_zones_business(tmp_path: Path) -> None:
    row = GOOD.replace("24.12.2026", "01.07.2026")
    assert envelopes(log_of(tmp_path, row))[0].occurred_at == parse_iso("2026-07-01T18:00:00Z")


def test_values_outside_the_tables_become_the_default(tmp_path: Path) -> None:
    incident = envelopes(log_of(tmp_path, GOOD.replace("Feuer", "Wasser").replace(",A,", ",Z,")))[0]
    assert (incident.type, incident.priority) == ("other", 3)


def test_messages_stand_in_order_of_time(tmp_path: Path) -> None:
    later = GOOD.replace("7,E1", "8,E9").replace("20:0", "19:0")
    assert [message.id for message in log_of(tmp_path, GOOD, later)][:3] == [
        "8",
        "8-E9-dispatched",
        "8-E9-on_scene",
    ]


@pytest.mark.parametrize(
    ("wrong", "reason"),
    [
        (GOOD.replace("24.12.2026 20:00:00", "Christmas"), "no_instant"),
        (GOOD.replace("24.12.2026 20:00:00", ""), "no_instant"),
        (GOOD.replace("52.5", "north"), "wrong_type.number"),
        (GOOD.replace("52.5", "152.5"), "out_of_range"),
        (GOOD.replace("52.5", ""), "wrong_type.number"),
        (GOOD.replace("7,E1", ",E1"), "missing"),
        ("7", "no_instant"),
    ],
)
def test_a_row_that_cannot_be_mapped_is_told_as_it_stands(tmp_path: Path, wrong: str, reason: str) -> None:
    log = log_of(tmp_path, wrong)
    incident = next(message for message in log if b"incident.reported" in message.body)
    with pytest.raises(Malformed) as caught:
        decode(incident.body)
    assert (caught.value.reason, caught.value.source) == (reason, "town")


def test_a_cell_may_hold_line_breaks_and_odd_characters(tmp_path: Path) -> None:
    row = GOOD.replace("Gro\xdfe Stra\xdfe", '"line one\r\nline two\x85end"')
    log = log_of(tmp_path, row, GOOD)
    assert {message.row for message in log} == {1, 2}


def test_a_file_of_another_kind_names_the_columns_that_it_lacks(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="Received"):
        log_of(tmp_path, "1,2", head="No,Unit")


@pytest.mark.parametrize(
    "mapping",
    [
        MAPPING.replace("Europe/Berlin", "Europe/Atlantis"),
        MAPPING.replace("latin-1", "klingon"),
        MAPPING.replace('source = "town"', ""),
        MAPPING.replace("[unit]", "[vehicle]"),
        "source = ",
    ],
)
def test_a_wrong_mapping_is_one_clear_error(tmp_path: Path, mapping: str) -> None:
    with pytest.raises(ConfigError, match=r"map\.toml"):
        log_of(tmp_path, GOOD, mapping=mapping)


@pytest.mark.parametrize("name", ["sf_fire", "seattle_911"])
def test_bundled_mappings_load(name: str) -> None:
    assert load_mapping(bundled_data_dir() / "mappings" / f"{name}.toml").source == name
