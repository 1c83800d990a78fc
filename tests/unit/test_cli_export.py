"""`export` on a real journal: the suffix decides, wrong use is one line, the journal stays as it is."""

from __future__ import annotations

import csv
import hashlib
import json
import shutil
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.cli import parse, run
from app.config import default_district
from app.domain.events import ExportedUnmasked
from app.domain.instants import format_iso, parse_iso
from app.geo.district import load_district
from app.i18n import set_language
from app.journal.store import open_journal
from tests.unit.exchange.test_situation_map import switches
from widgets.bench.filling import STEP_MS, fill

LAST_AT = parse_iso("2026-11-22T06:57:06Z")
INCIDENTS = 60


@pytest.fixture(autouse=True)
def chinese() -> Iterator[None]:
    yield
    set_language("zh_CN")


@pytest.fixture(scope="module")
def journal(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("journal") / "journal.db"
    store = open_journal(str(path), clock=lambda: LAST_AT, mode="drill")
    fill(store, load_district(default_district()), INCIDENTS, LAST_AT)
    store.close()
    return path


def exported(journal: Path, out: Path, *options: str) -> int:
    return exported_from(str(journal), out, *options)


def exported_from(db: str, out: Path, *options: str) -> int:
    return run(parse(["export", db, "-o", str(out), *options]))


def test_the_suffix_decides_the_form(journal: Path, tmp_path: Path) -> None:
    before = hashlib.sha256(journal.read_bytes()).digest()
    for suffix, begins in (
        (".html", b"<!DOCTYPE html>"),
        (".csv", b"\xef\xbb\xbfrow"),
        (".xlsx", b"PK"),
        (".geojson", b"{"),
    ):
        assert exported(journal, tmp_path / f"out{suffix}") == 0
        assert (tmp_path / f"out{suffix}").read_bytes().startswith(begins)
    assert hashlib.sha256(journal.read_bytes()).digest() == before


def test_a_drill_s_exports_say_so(journal: Path, tmp_path: Path) -> None:
    exported(journal, tmp_path / "out.html")
    exported(journal, tmp_path / "out.geojson")
    assert '<body class="exercise">' in (tmp_path / "out.html").read_text(encoding="utf-8")
    assert json.loads((tmp_path / "out.geojson").read_text(encoding="utf-8"))["mode"] == "drill"


def test_a_period_is_cut_out(journal: Path, tmp_path: Path) -> None:
    since, until = LAST_AT - 9 * STEP_MS, LAST_AT - 4 * STEP_MS
    exported(journal, tmp_path / "out.csv", "--since", format_iso(since), "--until", format_iso(until))
    rows = csv.DictReader((tmp_path / "out.csv").read_text(encoding="utf-8-sig").splitlines())
    assert [row["opened_at"] for row in rows] == [format_iso(LAST_AT - n * STEP_MS) for n in (9, 8, 7, 6, 5)]


def test_it_speaks_the_language_of_the_call(
    journal: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    exported(journal, tmp_path / "out.html", "--lang", "en")
    assert "Situation map" in (tmp_path / "out.html").read_text(encoding="utf-8")
    assert "situation map, 2 open incident(s)" in capsys.readouterr().out


@pytest.mark.parametrize(
    "options",
    [
        ("out.pdf",),
        ("out",),
        ("out.csv", "--since", "yesterday"),
        ("out.csv", "--since", "2026-11-22T07:00:00Z", "--until", "2026-11-22T06:00:00Z"),
        ("out.csv", "--no-mask"),
        ("out.csv", "--no-mask", "--purpose", "  "),
        ("out.csv", "--purpose", "案件复盘"),
    ],
)
def test_wrong_use_is_one_line(capsys: pytest.CaptureFixture[str], options: tuple[str, ...]) -> None:
    with pytest.raises(SystemExit) as ended:
        parse(["export", "journal.db", "-o", *options])
    assert ended.value.code == 2
    assert capsys.readouterr().err.count("\n") == 1


@pytest.mark.parametrize("missing", ["journal", "folder", "district"])
def test_what_is_missing_is_named_and_nothing_is_written(
    journal: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], missing: str
) -> None:
    db = tmp_path / "no.db" if missing == "journal" else journal
    out = tmp_path / ("no/out.csv" if missing == "folder" else "out.csv")
    district = ("--district", str(tmp_path / "no")) if missing == "district" else ()
    assert exported(db, out, *district) == 1
    told = capsys.readouterr().err
    assert told.count("\n") == 1
    assert "no" in told
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("suffix", ["csv", "html"])
def test_personal_data_leaves_on_record_only(journal: Path, tmp_path: Path, suffix: str) -> None:
    copy, out = tmp_path / "copy.db", tmp_path / f"out.{suffix}"
    shutil.copy(journal, copy)
    before = head_of(copy)
    assert exported(copy, out) == 0
    assert head_of(copy) == before
    assert exported(copy, out, "--no-mask", "--purpose", "复盘 13800138000", "--officer", "张三") == 0
    reader = open_journal(str(copy), clock=lambda: LAST_AT, mode="drill", readonly=True)
    (record,) = reader.read(before)
    assert reader.verify().ok
    reader.close()
    event = record.event
    assert isinstance(event, ExportedUnmasked)
    assert (event.form, event.purpose, event.since) == (suffix, "复盘 138****8000", None)
    assert (record.actor, record.desk, record.mode) == ("张三", "export", "drill")


def test_what_cannot_go_on_record_does_not_leave(
    journal: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    copy, out = tmp_path / "copy.db", tmp_path / "out.csv"
    shutil.copy(journal, copy)
    lock = sqlite3.connect(copy, isolation_level=None)
    lock.execute("BEGIN IMMEDIATE")
    try:
        assert exported_from(f"sqlite:///{copy}?timeout=0.1", out, "--no-mask", "--purpose", "复盘") == 1
    finally:
        lock.close()
    assert capsys.readouterr().err.count("\n") == 1
    assert not out.exists()


def head_of(path: Path) -> int:
    reader = open_journal(str(path), clock=lambda: LAST_AT, mode="drill", readonly=True)
    try:
        return reader.head()
    finally:
        reader.close()


def test_a_state_with_such_records_folds_like_any_other(journal: Path, tmp_path: Path) -> None:
    copy = tmp_path / "copy.db"
    shutil.copy(journal, copy)
    assert exported(copy, tmp_path / "one.csv", "--no-mask", "--purpose", "复盘") == 0
    assert exported(copy, tmp_path / "two.csv", "--no-mask", "--purpose", "再复盘") == 0
    assert (tmp_path / "two.csv").read_bytes() == (tmp_path / "one.csv").read_bytes()


def test_the_map_shows_what_the_plan_of_the_district_closes_then(journal: Path, tmp_path: Path) -> None:
    own = tmp_path / "district"
    shutil.copytree(default_district(), own)
    first, second = (road.id for road in load_district(own).roads[:2])
    since = format_iso(LAST_AT)
    (own / "closures.csv").write_text(f"road,from,until\n{first},,{since}\n{second},,\n", encoding="utf-8")
    now, before = tmp_path / "now.html", tmp_path / "before.html"
    assert exported(journal, now, "--district", str(own)) == 0
    earlier = format_iso(LAST_AT - 60_000)
    assert exported(journal, before, "--district", str(own), "--until", earlier) == 0
    assert "封路（1）" in switches(now.read_text(encoding="utf-8"))
    assert "封路（2）" in switches(before.read_text(encoding="utf-8"))


def test_a_wrong_plan_stops_the_map_with_its_line_and_not_the_ledger(
    journal: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    own = tmp_path / "district"
    shutil.copytree(default_district(), own)
    (own / "closures.csv").write_text("road,from,until\nnowhere,,\n", encoding="utf-8")
    assert exported(journal, tmp_path / "out.csv", "--district", str(own)) == 0
    assert exported(journal, tmp_path / "out.html", "--district", str(own)) != 0
    said = capsys.readouterr().err
    assert "closures.csv" in said and "2" in said and "nowhere" in said
    assert not (tmp_path / "out.html").exists()
