"""A document made by another process: it is the same one, and whatever goes wrong leaves no file and no process."""

from __future__ import annotations

import asyncio
import resource
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from app.cli_make import MAP, MapOrder
from app.config import default_district
from app.exchange.child import DocumentChild, NotMade, Stopped
from app.exchange.situation import Situation
from app.exchange.situation_map import situation_map_html
from app.exchange.situation_wire import packing, unpacked
from app.i18n import set_language
from tests.unit.exchange.situations import AT, HOSTILE, Fix, alarm, closure, incident, situation, sketch


@pytest.fixture(autouse=True)
def chinese() -> Iterator[None]:
    set_language("zh_CN")
    yield
    set_language("zh_CN")


def full_situation() -> Situation:
    return situation(
        incident(0, HOSTILE),
        *(incident(n) for n in range(1, 1200)),
        mode="drill",
        fixes={"p1": Fix(AT - 1000, 31.2206, 121.4766, 45.0), "p2": Fix(AT - 1000, 31.22, 121.47)},
        alarms=[alarm("a1")],
        sketches=[sketch("s1", "rings")],
        closures=[closure("R0001", emergency_passes=True)],
    )


def pieces_of(state: Situation) -> list[bytes]:
    return [MapOrder(AT, masked=True, theme="light").packed(), *packing(state, default_district())]


def left_in(folder: Path) -> list[str]:
    return [path.name for path in folder.iterdir()]


def test_a_situation_is_the_same_at_the_other_end() -> None:
    state = full_situation()
    there = unpacked(iter(list(packing(state, default_district()))))
    assert there.incidents == state.incidents
    assert there.units == state.units
    assert (there.alarms, there.sketches, there.offline) == (state.alarms, state.sketches, state.offline)
    assert there.closures == state.closures
    assert (there.fixes["p1"].lat, there.fixes["p1"].heading_deg) == (31.2206, 45.0)
    assert (there.mode, there.at, dict(there.open_by_grid)) == (state.mode, state.at, state.open_by_grid)


@pytest.mark.parametrize("language", ["zh_CN", "en"])
async def test_the_child_s_map_is_the_one_that_would_be_made_here(tmp_path: Path, language: str) -> None:
    set_language(language)  # type: ignore[arg-type]
    path, state = tmp_path / "map.html", full_situation()
    await DocumentChild(MAP).write(path, pieces_of(state))
    assert path.read_text(encoding="utf-8") == situation_map_html(state, made_at=AT)
    assert left_in(tmp_path) == ["map.html"]


async def test_a_child_that_is_told_nonsense_says_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(NotMade) as fault:
        await DocumentChild(MAP).write(tmp_path / "map.html", [b"nonsense"] * 3)
    assert str(fault.value)
    assert "Traceback" not in str(fault.value)
    assert left_in(tmp_path) == []


async def test_a_fault_of_the_document_is_told_in_its_own_words(tmp_path: Path) -> None:
    """Of another district: the sentence of the page, not of the process."""
    with pytest.raises(NotMade, match="--district"):
        await DocumentChild(MAP).write(
            tmp_path / "map.html", pieces_of(situation(incident(0, grid="9" * 15)))
        )
    assert left_in(tmp_path) == []


async def test_where_nothing_can_be_written_no_child_is_started(tmp_path: Path) -> None:
    child = DocumentChild(MAP)
    with pytest.raises(OSError, match="no such folder"):
        await child.write(tmp_path / "no such folder" / "map.html", pieces_of(full_situation()))
    assert child.process is None


async def test_a_full_disk_leaves_what_was_there_before(tmp_path: Path) -> None:
    path = tmp_path / "map.html"
    path.write_text("yesterday's")
    with files_of_at_most(100_000), pytest.raises(OSError, match=r"."):
        await DocumentChild(MAP).write(path, pieces_of(full_situation()))
    assert path.read_text() == "yesterday's"
    assert left_in(tmp_path) == ["map.html"]


@contextmanager
def files_of_at_most(size_bytes: int) -> Iterator[None]:
    """What a disk without room does: the first bytes go, the rest does not."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size_bytes, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


async def test_nobody_s_document_is_not_begun(tmp_path: Path) -> None:
    child = DocumentChild(MAP)
    child.stop()
    with pytest.raises(Stopped):
        await child.write(tmp_path / "map.html", pieces_of(full_situation()))
    assert left_in(tmp_path) == []


@pytest.mark.parametrize("ending", ["stopped", "cancelled"])
async def test_a_document_that_is_no_longer_wanted_ends_its_child(tmp_path: Path, ending: str) -> None:
    child = DocumentChild(MAP)
    work = child.write(tmp_path / "map.html", pieces_of(full_situation()))
    task = asyncio.ensure_future(work)  # noqa: TID251 - the test is its owner
    while child.process is None:  # noqa: ASYNC110 - a thread starts it
        await asyncio.sleep(0)
    if ending == "stopped":
        child.stop()
    else:
        task.cancel()
    with pytest.raises(Stopped if ending == "stopped" else asyncio.CancelledError):
        await task
    assert child.process.returncode is not None
    assert left_in(tmp_path) == []
