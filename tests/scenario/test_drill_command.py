"""`drill SCENARIO` from outside: what it prints and writes, how it answers wrong use, how it ends when told to."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.patience import PATIENCE_S
from tests.servers.simulator import ROOT

SCENARIO = """
title = {zh = "小演练", en = "Small"}
seed = 3
stories_per_s = 0
decline_share = 0.1
duration_s = 900

[[reports]]
from_s = 0
to_s = 600
count = 6
templates = ["noise", "theft", "neighbours", "crash", "manhole"]
"""
DUMPED = {"incidents", "units", "cameras", "quarantine", "metrics"}
MEASURED = {
    "incidents", "arrived", "arrival_s", "arrival_s_by_priority", "orders_sent", "orders_declined", "not_served",
    "not_served_why", "seed", "policy", "scenario",
}  # fmt: skip


@pytest.fixture
def scenario(tmp_path: Path) -> str:
    file = tmp_path / "small.toml"
    file.write_text(SCENARIO, encoding="utf-8")
    return str(file)


def command(*words: str) -> list[str]:
    return [sys.executable, "main.py", "drill", *words]


def called(*words: str, **environ: str) -> subprocess.CompletedProcess[str]:
    env = os.environ | environ
    return subprocess.run(
        command(*words), cwd=ROOT, env=env, capture_output=True, text=True, timeout=PATIENCE_S, check=False
    )


def test_it_plays_prints_and_writes_the_state_with_its_figures(scenario: str, tmp_path: Path) -> None:
    out = tmp_path / "out.json"
    ended = called(scenario, "--report", str(out), "--lang", "en")
    assert (ended.returncode, ended.stderr) == (0, "")
    assert "small.toml, seed 3, policy recommended: 6 incident(s), 6 reached" in ended.stdout
    report: dict[str, Any] = json.loads(out.read_text(encoding="utf-8"))
    assert set(report) >= DUMPED
    assert set(report["metrics"]) >= MEASURED
    assert report["metrics"]["incidents"] == len(report["incidents"]) == 6
    assert all(one["closed_at"].endswith("Z") for one in report["incidents"])
    assert (
        out.read_text(encoding="utf-8")
        == json.dumps(report, ensure_ascii=False, sort_keys=True, indent=1) + "\n"
    )


def test_a_journal_that_is_kept_tells_the_same_state_afterwards(scenario: str, tmp_path: Path) -> None:
    db, out, told = str(tmp_path / "kept.db"), tmp_path / "out.json", tmp_path / "told.json"
    assert called(scenario, "--db", db, "--report", str(out)).returncode == 0
    replay = [sys.executable, "main.py", "replay", db, "--dump", str(told)]
    assert subprocess.run(replay, cwd=ROOT, timeout=PATIENCE_S, check=False).returncode == 0
    ended, later = (json.loads(file.read_text(encoding="utf-8")) for file in (out, told))
    assert [ended[part] for part in ("seq", "incidents", "units")] == [
        later[part] for part in ("seq", "incidents", "units")
    ]
    again = called(scenario, "--db", db, "--lang", "en")
    assert again.returncode == 1
    assert "kept.db holds records already" in again.stderr


def test_the_same_call_writes_the_same_bytes_in_another_process(scenario: str, tmp_path: Path) -> None:
    written = []
    for salt in ("1", "2"):
        out = tmp_path / f"{salt}.json"
        words = (scenario, "--seed", "8", "--policy", "nearest", "--report", str(out), "--lang", "zh_CN")
        ended = called(*words, PYTHONHASHSEED=salt)
        assert "种子 8，策略 nearest：接报 6 件" in ended.stdout
        written.append(out.read_bytes())
    assert written[0] == written[1]


WITH_ALARMS = """
[[reports]]
from_s = 0
to_s = 300
count = 3
templates = ["hit_and_run"]

[[inject]]
at_s = 5.0
template = "alarm_water"
count = 6
every_s = 2.0

[[inject]]
at_s = 9.0
template = "alarm_one_key"

[[inject]]
at_s = 12.0
template = "alarm_occlusion"
"""


def test_the_report_is_the_same_in_whatever_language_and_counts_the_alarms(tmp_path: Path) -> None:
    """Junctions, house numbers and what the officer writes are told in the language of the story."""
    file = tmp_path / "alarms.toml"
    file.write_text(SCENARIO + WITH_ALARMS, encoding="utf-8")
    written, said = [], []
    for salt, language in (("1", "zh_CN"), ("2", "en")):
        out = tmp_path / f"{language}.json"
        ended = called(str(file), "--report", str(out), "--lang", language, PYTHONHASHSEED=salt)
        said.append(ended.stdout)
        written.append(out.read_bytes())
    assert written[0] == written[1]
    report = json.loads(written[0])
    alarms = report["metrics"]["alarms"]
    assert alarms["raised"] == 8 and alarms["left"] == 1
    assert f"告警 8 条：受理 {alarms['accepted']} 条" in said[0]
    assert f"8 alarm(s): {alarms['accepted']} accepted as {alarms['incidents']} incident(s)" in said[1]
    assert any("与" in one["title"] and one["title"].count("路口") for one in report["incidents"]), (
        "a junction"
    )


@pytest.mark.parametrize(
    ("language", "said"), [("en", "there is no drill scenario 'nosuch'"), ("zh_CN", "没有演练脚本“nosuch”")]
)
def test_an_unknown_scenario_is_one_line_that_names_those_there_are(language: str, said: str) -> None:
    ended = called("nosuch", "--lang", language)
    assert ended.returncode == 2
    assert ended.stderr.count("\n") == 1
    assert said in ended.stderr
    assert all(name in ended.stderr for name in ("demo", "quiet", "alarm_storm", "rush"))


@pytest.mark.parametrize(
    ("words", "named"),
    [
        ((), "SCENARIO"),
        (("quiet", "--policy", "random"), "nearest"),
        (("quiet", "--speed", "-1"), "--speed"),
        (("quiet", "--seed", "x"), "--seed"),
        (("quiet", "--reprot", "x"), "--reprot"),
    ],
)
def test_wrong_use_ends_with_2(words: tuple[str, ...], named: str) -> None:
    ended = called(*words, "--lang", "en")
    assert (ended.returncode, ended.stdout) == (2, "")
    assert named in ended.stderr
    assert ended.stderr.count("\n") == 1


@pytest.mark.parametrize("language", ["en", "zh_CN"])
def test_what_cannot_be_read_or_written_is_one_line_and_1(
    scenario: str, tmp_path: Path, language: str
) -> None:
    broken = tmp_path / "broken.toml"
    broken.write_text("title = 3", encoding="utf-8")
    for words in ((str(broken),), (scenario, "--report", str(tmp_path / "none" / "out.json"))):
        ended = called(*words, "--lang", language)
        assert ended.returncode == 1
        assert ended.stderr.count("\n") == 1
        assert str(tmp_path) in ended.stderr


def started(scenario: str, *words: str, **environ: str) -> subprocess.Popen[str]:
    """A drill in real time, at work: its journal has records."""
    env = os.environ | environ
    return subprocess.Popen(
        command(scenario, "--speed", "1", "--lang", "en", *words),
        cwd=ROOT,
        env=env,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def has_begun(folder: Path) -> bool:
    """Its journal is there."""
    return any(folder.glob("*/drill.db"))


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
async def test_told_to_stop_it_leaves_nothing_behind(
    scenario: str, tmp_path: Path, until: Any, number: signal.Signals
) -> None:
    passing, out = tmp_path / "passing", tmp_path / "out.json"
    passing.mkdir()
    with started(scenario, "--report", str(out), TMPDIR=str(passing)) as drill:
        await until(lambda: has_begun(passing))
        drill.send_signal(number)
        _, said = drill.communicate(timeout=PATIENCE_S)
    assert drill.returncode == 1
    assert said.count("\n") == 1
    assert "stopped" in said
    assert list(passing.iterdir()) == []
    assert not out.exists()


async def test_killed_it_leaves_no_half_of_a_report(scenario: str, tmp_path: Path, until: Any) -> None:
    passing, folder = tmp_path / "passing", tmp_path / "reports"
    passing.mkdir()
    folder.mkdir()
    out = folder / "out.json"
    out.write_text("before", encoding="utf-8")
    with started(scenario, "--report", str(out), TMPDIR=str(passing)) as drill:
        await until(lambda: has_begun(passing))
        drill.kill()
        drill.communicate(timeout=PATIENCE_S)
    assert [file.name for file in folder.iterdir()] == ["out.json"]
    assert out.read_text(encoding="utf-8") == "before"
