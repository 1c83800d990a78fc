"""The page on a unit's phone, in a real browser, against a desk in a process of its own: the whole task and breaks."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, get_args

import pytest

from app.geo.district import UnitKind
from app.paths import resource_dir
from tests.servers.browser import Page, browser, needs_browser
from tests.servers.field_desk import FieldDesk, field_desk

pytestmark = needs_browser

PHONE = (390, 844)
UNIT, INCIDENT = "p1", "i1"
LAT, LON = 31.2213, 121.4787


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[FieldDesk]:
    with field_desk(tmp_path / "journal.db") as running:
        yield running


@pytest.fixture
def tab(tmp_path: Path) -> Iterator[Callable[[], Page]]:
    with browser(tmp_path / "profile", PHONE) as new_tab:
        yield new_tab


def send(desk: FieldDesk, incident: str = INCIDENT, **fields: object) -> None:
    report = {
        "incident": incident, "source": "110", "source_event": incident, "incident_type": "crowd", "priority": 1,
        "title": "商场门口人群聚集", "description": "报警人 13800138000 称有人打架", "address": "人民路 12 号",
        "lat": LAT, "lon": LON,
    }  # fmt: skip
    assert desk.do("ReportIncident", **{**report, **fields}) is None
    assert desk.do("DispatchUnits", incident=incident, units=[UNIT]) is None


def pair(desk: FieldDesk, new_tab: Callable[[], Page]) -> Page:
    page = new_tab()
    page.open(desk.url)
    page.until("document.getElementById('code')")
    page.value(f"document.getElementById('code').value = {json.dumps(desk.code(UNIT))}")
    page.click("document.getElementById('pair')")
    page.until("isOnline && state")
    return page


def tap(page: Page, element: str) -> None:
    page.until(f"document.getElementById('{element}')")
    page.value(f"document.getElementById('{element}').scrollIntoView({{block: 'center'}})")
    page.click(f"document.getElementById('{element}')")


def settled(page: Page) -> None:
    page.until("isOnline && !queue.length")


def held(desk: FieldDesk, incident: str = INCIDENT) -> dict[str, Any] | None:
    return next((a for a in desk.unit(UNIT)["assignments"] if a["incident"] == incident), None)


def test_a_task_from_the_code_to_the_end(desk: FieldDesk, tab: Callable[[], Page]) -> None:
    page = pair(desk, tab)
    page.until("document.getElementById('idle')")
    send(desk)
    page.until("document.querySelector('section.task')")
    text = page.value("document.body.innerText")
    assert "商场门口人群聚集" in text or "商场门口人群聚集" in page.value(
        "document.querySelector('h2').textContent"
    )
    assert "13800138000" not in page.value("JSON.stringify(state)")
    settled(page)
    known = held(desk)
    assert known is not None
    assert known["delivery"]["delivered_at"]
    assert known["delivery"]["read_at"]
    for step, phase in (("accept", "dispatched"), ("en_route", "en_route"), ("on_scene", "on_scene")):
        tap(page, step)
        settled(page)
        known = held(desk)
        assert known is not None
        assert known["phase"] == phase
        assert known["answered"] or step != "accept"
    page.value("document.querySelector('label.check input').click()")
    tap(page, "more")
    page.value("document.getElementById('more-reason').value = '人越来越多'")
    page.value("document.getElementById('more-count').value = '3'")
    tap(page, "more-send")
    page.value("document.querySelector('button.phrase').click()")
    tap(page, "present")
    settled(page)
    incident = desk.incident(INCIDENT)
    assert [tick["unit"] for tick in incident["ticks"]] == [UNIT]
    assert [(r["count"], r["reason"]) for r in incident["requests"]] == [(3, "人越来越多")]
    assert [m["from_unit"] for m in desk.unit(UNIT)["messages"]] == [True]
    desk.do("MessageUnit", unit=UNIT, message="m1", text="支援已出发", incident=INCIDENT)
    page.until("document.querySelector('li.theirs')?.textContent.includes('支援已出发')")
    settled(page)
    assert desk.unit(UNIT)["messages"][-1]["is_read"]
    tap(page, "available")
    page.until("document.getElementById('idle')")
    assert desk.unit(UNIT)["duty"] == "available"
    assert page.complaints == []
    assert all(address.startswith((desk.url, desk.url.replace("http", "ws"))) for address in page.requests)


def test_an_order_to_a_post_is_followed_and_declined_like_a_task(
    desk: FieldDesk, tab: Callable[[], Page]
) -> None:
    page = pair(desk, tab)
    to_post = {"unit": UNIT, "lat": LAT, "lon": LON, "code": "310198006001001"}
    assert desk.do("OrderToPost", order="o1", **to_post) is None
    page.until("document.getElementById('post_accept')")
    settled(page)
    delivery = desk.unit(UNIT)["post_order"]["delivery"]
    assert delivery["delivered_at"] and delivery["read_at"], "it stood on a screen"
    tap(page, "post_accept")
    page.until("!document.getElementById('post_accept')")
    settled(page)
    assert desk.unit(UNIT)["post_order"]["answered"] is True
    tap(page, "post_decline")
    page.until("document.querySelector('#post button.reason')")
    page.value("document.querySelector('#post button.reason').click()")
    page.until("document.getElementById('idle')")
    settled(page)
    assert desk.unit(UNIT)["post_order"] is None
    assert desk.unit(UNIT)["post_decline"]["reason"]
    assert page.complaints == []


def test_an_order_to_a_post_is_shown_and_being_there_ends_it(
    desk: FieldDesk, tab: Callable[[], Page]
) -> None:
    page = pair(desk, tab)
    to_post = {"unit": UNIT, "lat": LAT, "lon": LON, "code": "310198006001001"}
    assert desk.do("OrderToPost", order="o1", **to_post) is None
    page.until("document.getElementById('at_post')")
    assert "310198006001001" not in page.value("document.getElementById('post').innerText"), "by its name"
    tap(page, "at_post")
    page.until("document.getElementById('idle')")
    settled(page)
    assert desk.unit(UNIT)["post_order"] is None
    assert desk.do("OrderToPost", order="o2", **to_post) is None
    page.until("document.getElementById('post')")
    page.value(f"document.getElementById('place').value = '{LAT} {LON}'")
    tap(page, "place-send")
    page.until("document.getElementById('idle')")
    assert desk.unit(UNIT)["post_order"] is None, "where it is says so by itself"
    assert desk.do("OrderToPost", order="o3", **to_post) is None
    page.until("document.getElementById('post')")
    assert desk.do("RecallFromPost", unit=UNIT, reason="已有人到") is None
    page.until("document.getElementById('idle')")
    assert page.complaints == []


def test_a_photo_loses_what_the_camera_wrote_and_reaches_the_incident(
    desk: FieldDesk, tab: Callable[[], Page]
) -> None:
    send(desk)
    page = pair(desk, tab)
    tap(page, "accept")
    settled(page)
    page.until("document.getElementById('photo')")
    page.value(
        """(async () => {
          const canvas = new OffscreenCanvas(64, 48);
          canvas.getContext('2d').fillRect(0, 0, 64, 48);
          await takePhoto('i1', await canvas.convertToBlob({type: 'image/png'}));
        })()"""
    )
    settled(page)
    files = desk.incident(INCIDENT)["files"]
    assert [file["media_type"] for file in files] == ["image/jpeg"]


def test_declining_needs_a_reason_and_frees_the_unit(desk: FieldDesk, tab: Callable[[], Page]) -> None:
    send(desk)
    page = pair(desk, tab)
    tap(page, "decline")
    assert held(desk)
    page.value("document.querySelector('button.reason').click()")
    page.until("document.getElementById('idle')")
    assert held(desk) is None
    assert desk.incident(INCIDENT)["units"] == []


def test_on_the_way_it_can_still_say_that_it_cannot_make_it_and_ask_for_more(
    desk: FieldDesk, tab: Callable[[], Page]
) -> None:
    page = pair(desk, tab)
    assert page.value("document.getElementById('link').textContent") in ("已连接", "Online")
    send(desk)
    tap(page, "accept")
    tap(page, "en_route")
    settled(page)
    page.call(
        "Emulation.setDeviceMetricsOverride", width=PHONE[0], height=480, deviceScaleFactor=1, mobile=False
    )
    tap(page, "more")
    page.until("document.getElementById('more-send')")
    bar = "document.getElementById('bar').getBoundingClientRect().top"
    page.until(f"document.getElementById('more-send').getBoundingClientRect().bottom <= {bar}")
    kinds = page.value("[...document.querySelectorAll('#more-kind option')].map((one) => one.value)")
    assert set(kinds) == set(get_args(UnitKind)), "whoever the district has can be asked for"
    tap(page, "more-send")
    tap(page, "decline")
    page.until("document.querySelector('button.reason')")
    page.value("document.querySelector('button.reason').click()")
    page.until("document.getElementById('idle')")
    settled(page)
    assert [r["count"] for r in desk.incident(INCIDENT)["requests"]] == [1]
    assert [one["incident"] for one in desk.unit(UNIT)["declines"]] == [INCIDENT]
    assert held(desk) is None


def test_the_page_speaks_one_language_and_says_when_it_is_not_paired(
    desk: FieldDesk, tab: Callable[[], Page]
) -> None:
    page = tab()
    page.open(desk.url)
    page.until("document.getElementById('code')")
    page.until("['未配对', 'Not paired'].includes(document.getElementById('link').textContent)")
    page = pair(desk, tab)
    send(desk)
    assert desk.do("SetUnitStatus", unit=UNIT, status="on_scene", incident=INCIDENT) is None
    page.value("language = 'zh'; draw()")
    page.until("document.getElementById('present')")
    page.value(f"document.getElementById('place').value = '{LAT} {LON}'")
    tap(page, "place-send")
    settled(page)
    desk.do("MessageUnit", unit=UNIT, message="m1", text="收到", incident=INCIDENT)
    page.until("document.body.textContent.includes('就在附近')")
    shown = page.value("document.querySelector('section.task').textContent")
    assert not any(foreign in shown for foreign in ("AM", "PM", " m，"))


def test_what_is_told_offline_waits_and_arrives_once_in_order_after_the_desk_was_killed(
    desk: FieldDesk, tab: Callable[[], Page]
) -> None:
    send(desk)
    page = pair(desk, tab)
    settled(page)
    desk.kill()
    page.until("!isOnline")
    for step in ("accept", "en_route", "on_scene"):
        tap(page, step)
    page.value("document.querySelector('label.check input').click()")
    page.value("document.querySelector('button.phrase').click()")
    assert page.value("queue.map((act) => act.act).join()") == "accept,en_route,on_scene,tick,message"
    assert page.value("JSON.parse(localStorage.getItem('streetdesk.queue')).length") == 5
    desk.start()
    page.value("retryMs = 100; connect()")
    settled(page)
    known = held(desk)
    assert known is not None
    assert known["phase"] == "on_scene"
    assert len(desk.incident(INCIDENT)["ticks"]) == len(desk.unit(UNIT)["messages"]) == 1
    desk.kill()
    page.until("!isOnline")
    tap(page, "available")
    page.until("!document.getElementById('available') && document.body.textContent.includes(t('stage.over'))")
    desk.start()
    page.until("document.getElementById('idle')")


def test_an_answer_that_was_lost_makes_nothing_twice(desk: FieldDesk, tab: Callable[[], Page]) -> None:
    send(desk)
    page = pair(desk, tab)
    settled(page)
    page.value("window.told = {id: newId(), act: 'message', at: 0, text: '现场平稳', incident: 'i1'}")
    for _ in range(2):
        page.value("queue.push({...told}); sendNext()")
        settled(page)
    assert len(desk.unit(UNIT)["messages"]) == 1


def test_two_phones_of_one_unit_do_not_get_in_each_others_way(
    desk: FieldDesk, tab: Callable[[], Page], tmp_path: Path
) -> None:
    send(desk)
    first = pair(desk, tab)
    with browser(tmp_path / "second", PHONE) as other_tab:
        second = pair(desk, other_tab)
        tap(first, "accept")
        tap(first, "on_scene")
        settled(first)
        second.until("document.getElementById('available')")
        second.value("tell('accept', {incident: 'i1'}); tell('en_route', {incident: 'i1'})")
        settled(second)
        assert second.value("notice") == ""
        known = held(desk)
        assert known is not None
        assert known["phase"] == "on_scene"
        desk.do("UnpairPhones", unit=UNIT, reason="lost")
        for page in (first, second):
            page.until("document.getElementById('code')")
            assert page.value("localStorage.getItem('streetdesk.token')") is None


def test_an_emergency_is_held_not_tapped_and_stands_in_the_lane(
    desk: FieldDesk, tab: Callable[[], Page]
) -> None:
    page = pair(desk, tab)
    page.until("document.getElementById('emergency')")
    left = page.value(
        """(() => {
          for (const kind of ['pointerdown', 'pointerup', 'click'])
            document.getElementById('emergency').dispatchEvent(new PointerEvent(kind, {bubbles: true}));
          return [holdTimer, queue.length];
        })()"""
    )  # at one go: between two words to a busy browser a tap may become a hold
    assert left == [0, 0]
    page.value("document.getElementById('emergency').dispatchEvent(new PointerEvent('pointerdown'))")
    page.until("notice")
    settled(page)
    alarms = desk.alarms()
    assert [(a["alarm_type"], a["emergency"], a["priority"]) for a in alarms] == [("officer_down", True, 1)]
    assert alarms[0]["lat"] is not None, "its post, where nothing better is known"


def test_a_tap_counts_though_news_come_while_the_finger_is_down(
    desk: FieldDesk, tab: Callable[[], Page]
) -> None:
    send(desk)
    page = pair(desk, tab)
    page.until("document.getElementById('accept')")
    settled(page)
    place = page.press("document.getElementById('accept')")
    assert desk.do("MessageUnit", unit=UNIT, message="m1", text="支援已出发", incident=INCIDENT) is None
    page.until("state.messages.length")
    page.release_at(*place)
    page.until("document.getElementById('en_route')")
    page.until("document.querySelector('li.theirs')")
    settled(page)
    known = held(desk)
    assert known is not None and known["answered"]


def test_news_do_not_make_an_emergency_of_a_short_touch(desk: FieldDesk, tab: Callable[[], Page]) -> None:
    page = pair(desk, tab)
    page.until("document.getElementById('emergency')")
    touched = page.value(
        """(() => {
          const tell = (kind) => document.getElementById('emergency').dispatchEvent(
            new PointerEvent(kind, {bubbles: true}));
          tell('pointerdown');
          const held = holdTimer;
          drawMain();
          tell('pointerup');
          return [held > 0, holdTimer];
        })()"""
    )
    assert touched == [True, 0]


def test_a_position_can_be_typed(desk: FieldDesk, tab: Callable[[], Page]) -> None:
    page = pair(desk, tab)
    page.until("document.getElementById('place')")
    page.value("document.getElementById('place').value = '31.2301, 121.4702'")
    tap(page, "place-send")
    settled(page)
    assert desk.fix(UNIT) == [31.2301, 121.4702]


def test_the_page_stands_in_both_languages_and_themes(
    desk: FieldDesk, tab: Callable[[], Page], tmp_path: Path
) -> None:
    send(desk)
    page = pair(desk, tab)
    tap(page, "accept")
    settled(page)
    for language in ("zh", "en"):
        page.until(f"language === '{language}' || (document.getElementById('language').click(), false)")
        text = page.value("document.body.innerText")
        assert ("途中" in text or "出发" in text) == (language == "zh")
        narrow = page.value("document.documentElement.scrollWidth <= window.innerWidth")
        assert narrow
    least = page.value(
        "Math.min(...[...document.querySelectorAll('button')].map((b) => b.getBoundingClientRect().height))"
    )
    assert least >= 44
    grounds = set()
    for _ in range(2):
        page.click("document.getElementById('theme')")
        grounds.add(page.value("getComputedStyle(document.body).backgroundColor"))
        page.screenshot(tmp_path / f"{len(grounds)}.png")
    assert len(grounds) == 2


def test_every_text_that_the_page_asks_for_is_there() -> None:
    import re
    import tomllib

    texts = tomllib.loads((resource_dir() / "i18n" / "field_page.toml").read_text(encoding="utf-8"))
    script = (resource_dir() / "field" / "field.js").read_text(encoding="utf-8")
    asked = set(re.findall(r'\b(?:t|button)\("([\w.]+)"', script))
    assert asked
    assert asked <= texts.keys()
    assert not re.search(
        r"https?://", script + (resource_dir() / "field" / "index.html").read_text(encoding="utf-8")
    )
