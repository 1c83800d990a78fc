"""Each detector of tests/leftovers.py (and of the pytest settings) is seen to fail a test that deserves it."""

import os
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree

import pytest

EXAMPLES = Path(__file__).with_name("leaky_examples.py")
ROOT = EXAMPLES.parents[2]

COMPLAINTS = {
    "test_bad_thread": "running thread or process: <Thread",
    "test_bad_qt_thread": "running thread or process: <PySide6.QtCore.QThread",
    "test_bad_process": "running thread or process: <SpawnProcess",
    "test_bad_timer_of_a_kept_widget": "active timer: every 60000 ms",
    "test_bad_timer_without_parent": "active timer: every 60000 ms",
    "test_bad_window": "visible window",
    "test_bad_task": "task still pending",
    "test_bad_task_of_asyncio_run": "task still pending",
    "test_bad_task_on_the_qt_loop": "task still pending",
    "test_bad_log_record": "app.example: WARNING: the disk is full",
    "test_bad_log_record_in_a_thread": "app.example: ERROR: the disk is full",
    "test_bad_other_record_than_allowed": "app.example: WARNING: the network is down",
    "test_bad_qt_message": "Qt messages with level WARNING or above",
    "test_bad_qt_message_in_teardown": "QObject::disconnect: no such signal",
    "test_bad_python_warning": "DeprecationWarning: this will go away",
}


@pytest.fixture(scope="module")
def failures(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """What each example failed with, by test name; empty for one that passed."""
    report = tmp_path_factory.mktemp("examples") / "report.xml"
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", f"--junitxml={report}"]
    impatient = os.environ | {"STREETDESK_TEST_GRACE_S": "2"}
    subprocess.run(
        [*command, str(EXAMPLES)], cwd=ROOT, check=False, capture_output=True, env=impatient, timeout=300
    )
    failed: dict[str, str] = {}
    for case in ElementTree.parse(report).iter("testcase"):
        texts = [f"{node.get('message')} {node.text}" for node in case if node.tag in ("failure", "error")]
        failed[case.attrib["name"]] = failed.get(case.attrib["name"], "") + "\n".join(texts)
    return failed


@pytest.mark.parametrize(("name", "complaint"), COMPLAINTS.items())
def test_a_leaky_test_fails_and_is_told_why(failures: dict[str, str], name: str, complaint: str) -> None:
    assert complaint in failures[name]


def test_a_clean_test_passes(failures: dict[str, str]) -> None:
    clean = {name: text for name, text in failures.items() if name.startswith("test_good_")}
    assert len(clean) == 5
    assert not any(clean.values()), clean


def test_every_example_is_judged(failures: dict[str, str]) -> None:
    assert {name for name in failures if name.startswith("test_bad_")} == set(COMPLAINTS)
