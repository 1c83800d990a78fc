"""The situation map in a real browser with the network cut: it asks for nothing, and everything on it works."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from app.config import default_district
from app.domain.instants import parse_iso
from app.exchange.situation_map import write_situation_map
from app.geo.district import load_district
from app.i18n import set_language
from app.journal.store import open_journal
from tests.servers.browser import Page, browser, needs_browser
from tests.servers.simulator import ROOT
from tests.unit.exchange.situations import (
    AT,
    HOSTILE,
    Fix,
    alarm,
    closure,
    district,
    incident,
    situation,
    sketch,
)
from widgets.bench.filling import fill

pytestmark = needs_browser

LAST_AT = parse_iso("2026-11-22T06:57:06Z")
READY = "document.body.classList.contains('ready')"
MAP = "window[Object.keys(window).find((name) => /^map_[0-9]+$/.test(name))]"
BROKEN_IMAGES = "[...document.images].filter((image) => !image.complete || !image.naturalWidth).length"
BARE_GROUND = """(() => {
    for (let x = 400; x < 900; x += 10) {
        for (let y = 200; y < 600; y += 10) {
            if (document.elementFromPoint(x, y).tagName === 'CANVAS') return [x, y];
        }
    }
})()"""
OVERLAPPING_NAMES = """(() => {
    const names = [...document.querySelectorAll('.name.shown')].filter((name) => name.dataset.rank >= 10);
    const boxes = names.map((name) => [name.textContent, name.getBoundingClientRect()]);
    return boxes.flatMap(([text, a], place) => boxes.slice(place + 1)
        .filter(([, b]) => a.left < b.right && a.right > b.left && a.top < b.bottom && a.bottom > b.top)
        .map(([other]) => text + ' / ' + other));
})()"""


@pytest.fixture(scope="module")
def tab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[], Page]]:
    with browser(tmp_path_factory.mktemp("browser")) as opened:
        yield opened


@pytest.fixture(scope="module")
def few(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Twelve incidents, one hostile, in an exercise."""
    path = tmp_path_factory.mktemp("maps") / "few.html"
    alone = replace(incident(0, HOSTILE), lat=district_corner()[0], lon=district_corner()[1])
    ended = incident(40, status="closed", closed_at=AT)
    fixes = {"p1": Fix(AT - 1000, 31.2206, 121.4766, 45.0)}
    state = situation(
        alone,
        *(incident(n) for n in range(1, 12)),
        ended,
        mode="drill",
        fixes=fixes,
        alarms=[alarm("a1", HOSTILE)],
        sketches=[
            sketch("s1", "area", "警戒区"),
            sketch("s2", "rings", points=((31.2251, 121.4702),)),
            sketch("s3", "line"),
        ],
        closures=[closure(road.id, HOSTILE, emergency_passes=True) for road in district().roads[:3]],
    )
    set_language("zh_CN")
    write_situation_map(path, state, made_at=AT)
    return path


def district_corner() -> tuple[float, float]:
    """Far from every other incident: it never lies in a cluster."""
    lon, lat = max(load_district(default_district()).boundary, key=lambda point: point[0])
    return float(lat), float(lon)


def opened(tab: Callable[[], Page], path: Path) -> Page:
    page = tab()
    page.open(path.as_uri())
    page.until(READY)
    return page


def switch(title: str) -> str:
    """The check box of a layer."""
    return (
        "[...document.querySelectorAll('.leaflet-control-layers-overlays label')]"
        f".find((label) => label.textContent.includes('{title}')).querySelector('input')"
    )


def count(page: Page, selector: str) -> int:
    return int(page.value(f"document.querySelectorAll('{selector}').length"))


def test_the_watch_sees_what_a_page_asks_for(tab: Callable[[], Page], tmp_path: Path) -> None:
    """Without this the test below could not fail."""
    leaky = tmp_path / "leaky.html"
    leaky.write_text(
        '<body class="ready"><img src="http://tiles.example/1.png"><script>throw 1</script></body>'
    )
    page = opened(tab, leaky)
    page.until("document.images[0].complete")
    assert page.requests == [leaky.as_uri(), "http://tiles.example/1.png"]
    assert page.value(BROKEN_IMAGES) == 1
    assert page.complaints


def test_the_exported_file_needs_nothing_but_itself(tab: Callable[[], Page], tmp_path: Path) -> None:
    """From a journal on disk through the command line, as a duty officer sends it to somebody else."""
    journal, out = tmp_path / "journal.db", tmp_path / "map.html"
    store = open_journal(str(journal), clock=lambda: LAST_AT)
    fill(store, load_district(default_district()), 120, LAST_AT)
    store.close()
    command = [sys.executable, "main.py", "export", str(journal), "-o", str(out)]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    page = opened(tab, out)
    assert page.requests == [out.as_uri()]
    assert page.value(BROKEN_IMAGES) == 0
    assert page.complaints == []
    assert count(page, ".mark.incident") == 3


def test_every_layer_switches(tab: Callable[[], Page], few: Path) -> None:
    page = opened(tab, few)
    for layer, marks in (
        ("力量", ".mark.unit"),
        ("摄像头", ".mark.camera"),
        ("地点", ".mark.place"),
        ("社区", ".name.community"),
        ("道路", ".name.road"),
        ("未结事件", ".mark.incident, .cluster"),
        ("未处理告警", ".mark.alarm"),
        ("共享标绘", ".leaflet-sketches-pane path"),
        ("封路", ".leaflet-closures-pane path"),
    ):
        before = count(page, marks)
        assert before > 0, layer
        page.click(switch(layer))
        page.until(f"document.querySelectorAll('{marks}').length === 0")
        page.click(switch(layer))
        page.until(f"document.querySelectorAll('{marks}').length === {before}")
    assert page.complaints == []


@pytest.mark.parametrize(("layer", "pane"), [("网格", "grids"), ("建筑", "buildings"), ("道路", "roads")])
def test_what_is_painted_switches_too(tab: Callable[[], Page], few: Path, layer: str, pane: str) -> None:
    page = opened(tab, few)
    painted = f"""(() => {{
        const canvas = document.querySelector('.leaflet-{pane}-pane canvas');
        return canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height).data.some((value) => value);
    }})()"""
    assert page.value(painted)
    page.click(switch(layer))
    page.until(f"!{painted}")


def test_ended_incidents_wait_until_they_are_asked_for(tab: Callable[[], Page], few: Path) -> None:
    page = opened(tab, few)
    before = count(page, ".mark.incident, .cluster")
    page.click(switch("已结束事件"))
    page.until(f"document.querySelectorAll('.mark.incident, .cluster').length === {before + 1}")


def test_a_click_on_an_incident_opens_its_card(tab: Callable[[], Page], few: Path) -> None:
    page = opened(tab, few)
    page.click(
        f"[...document.querySelectorAll('[title]')].find((mark) => mark.title === {HOSTILE!r}).querySelector('svg')"
    )
    page.until("document.querySelector('.leaflet-popup .card')")
    assert page.value("document.querySelector('.card-title').textContent") == HOSTILE
    assert "人群聚集" in page.value("document.querySelector('.facts').textContent")
    assert (page.value("document.images.length"), page.dialogs) == (0, [])
    assert page.requests == [few.as_uri()]


def test_a_click_on_an_alarm_and_on_a_sketch_opens_their_cards(tab: Callable[[], Page], few: Path) -> None:
    page = opened(tab, few)
    page.click("document.querySelector('.mark.alarm svg')")
    page.until("document.querySelector('.leaflet-popup .card')")
    assert page.value("document.querySelector('.card-title').textContent") == HOSTILE
    assert "未确认" in page.value("document.querySelector('.facts').textContent")
    page.value(f"({MAP}).closePopup() && 1")
    page.until("!document.querySelector('.leaflet-popup')")
    page.click(
        "[...document.querySelectorAll('[title]')].find((mark) => mark.title === '距离圈').querySelector('.dot')"
    )
    page.until("document.querySelector('.leaflet-popup .card')")
    assert "desk-2" in page.value("document.querySelector('.facts').textContent")
    assert (page.requests, page.complaints, page.dialogs) == ([few.as_uri()], [], [])


def test_a_click_on_a_grid_says_its_load(tab: Callable[[], Page], few: Path) -> None:
    page = opened(tab, few)
    page.value(f"({MAP}).setView([31.2262, 121.4735], 18, {{animate: false}}) && 1")
    page.click_at(*page.value(BARE_GROUND))
    page.until("document.querySelector('.leaflet-popup .card')")
    assert "未结事件" in page.value("document.querySelector('.facts').textContent")


def test_an_exercise_is_framed(tab: Callable[[], Page], few: Path) -> None:
    page = opened(tab, few)
    assert page.value("getComputedStyle(document.body, '::after').borderTopWidth") == "8px"
    assert "EXERCISE" in page.value("document.title")


def test_names_do_not_overlap_at_any_zoom(tab: Callable[[], Page], few: Path) -> None:
    page = opened(tab, few)
    for zoom in (15, 16, 17, 18):
        page.value(f"({MAP}).setView([31.2206, 121.4766], {zoom}, {{animate: false}}) && 1")
        page.until(f"{OVERLAPPING_NAMES}.length === 0")
        assert count(page, ".name.shown") > 3


def test_two_thousand_incidents_are_counted_by_priority_and_open_on_click(
    tab: Callable[[], Page], tmp_path: Path
) -> None:
    path = tmp_path / "many.html"
    write_situation_map(path, situation(*(incident(n) for n in range(2000))), made_at=AT)
    page = opened(tab, path)
    shown = "[...document.querySelectorAll('.cluster b')].reduce((sum, node) => sum + Number(node.textContent), 0)"
    assert page.value(f"{shown} + document.querySelectorAll('.mark.incident').length") == 2000
    zoom = page.value(f"({MAP}).getZoom()")
    page.click("document.querySelector('.cluster')")
    page.until(f"({MAP}).getZoom() > {zoom} || document.querySelector('.leaflet-cluster-anim')")
    assert page.complaints == []


def test_what_lies_on_one_spot_is_listed(tab: Callable[[], Page], tmp_path: Path) -> None:
    path = tmp_path / "one_spot.html"
    write_situation_map(
        path, situation(*(incident(n * len(district().places), f"第{n}件") for n in range(20))), made_at=AT
    )
    page = opened(tab, path)
    page.click("document.querySelector('.cluster')")
    page.until("document.querySelectorAll('.incident-list button').length === 20")
    page.click("document.querySelector('.incident-list button')")
    page.until("document.querySelector('.facts')")
    assert page.value("document.querySelector('.card-title').textContent").startswith("第")
