"""The situation map fetches nothing, runs nothing from outside, and says who nobody asked for to nobody."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import fields, replace
from functools import cache
from html.parser import HTMLParser
from pathlib import Path

import pytest

from app.config import default_district
from app.domain import events as ev
from app.domain.commands import RaiseAlarm
from app.domain.errors import ConfigError
from app.domain.masking import mask_text
from app.domain.road import PlannedClosure
from app.domain.unit import Unit
from app.exchange.ledger import Period, ledger_rows
from app.exchange.situation import situation_of
from app.exchange.situation_map import situation_map_html, write_situation_map
from app.exchange.situation_map.assets import LOCAL_COPIES, NotSelfContained, inlined, refuse_links
from app.exchange.situation_map.sketches import ring_round
from app.exchange.situation_wire import packing, unpacked
from app.geo.coordinates import distance_m
from app.i18n import set_language
from app.link.field.acts import FieldAct
from app.link.field.distress_call import Whereabouts, distress_call
from app.projections.projections import Projections
from tests.unit.exchange.situations import (
    AT,
    HOSTILE,
    IDENTITY,
    MINUTE_MS,
    PHONE,
    Fix,
    alarm,
    closure,
    district,
    incident,
    situation,
    sketch,
)


@pytest.fixture(autouse=True)
def chinese() -> Iterator[None]:
    set_language("zh_CN")
    yield
    set_language("zh_CN")


class Outline(HTMLParser):
    """Tags with their attributes, and the text of everything that is no script and no style."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str]]] = []
        self.text = ""
        self._within = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, {name: value or "" for name, value in attrs}))
        self._within = tag

    def handle_endtag(self, tag: str) -> None:
        self._within = ""

    def handle_data(self, data: str) -> None:
        if self._within not in ("script", "style"):
            self.text += data


def html(*incidents: object, mode: str = "live", **options: object) -> str:
    return situation_map_html(situation(*incidents, mode=mode), made_at=AT, **options)  # type: ignore[arg-type]


def switches(page: str) -> set[str]:
    """What layers are called, without their symbols."""
    named = re.search(r"overlays :\s*\{(.*?)\}", page, re.DOTALL)
    assert named is not None
    return {
        re.sub(r"<.*>", "", json.loads(f'"{name}"'))
        for name in re.findall(r'"((?:[^"\\]|\\.)*)" : ', named[1])
    }


@cache
def plain() -> str:
    """A page of four incidents, one of each priority."""
    set_language("zh_CN")
    return html(*(incident(n) for n in range(4)))


def features(page: str) -> list[dict[str, object]]:
    """The marks of a page, as its scripts hand them to the browser."""
    collections = re.findall(r"_add\((\{.*\})\);", page)
    return [feature for text in collections for feature in json.loads(text)["features"]]


def titles(page: str) -> list[object]:
    return [feature["properties"].get("title") for feature in features(page)]  # type: ignore[attr-defined]


# -- nothing from outside ----------------------------------------------------------------------------------------------


def test_the_page_links_to_nothing() -> None:
    fetching = ("src", "srcset", "data", "poster", "background")
    linked = [
        (tag, name, value)
        for tag, attributes in Outline(plain()).tags
        for name, value in attributes.items()
        if (name in fetching or (name == "href" and tag != "a")) and not value.startswith(("#", "data:"))
    ]
    assert linked == []
    urls = re.findall(r"url\(\s*['\"]?([^'\")]*)", plain())
    assert {url[:5] for url in urls} <= {"data:", "#defa", "#lowe"}
    assert "data:" in {url[:5] for url in urls}


def test_the_browser_is_told_to_fetch_nothing() -> None:
    policies = [
        a["content"] for tag, a in Outline(plain()).tags if a.get("http-equiv") == "Content-Security-Policy"
    ]
    assert policies
    assert policies[0].startswith("default-src 'none'")
    assert "http" not in policies[0]


def test_no_library_comes_along_that_nothing_is_drawn_with() -> None:
    for name in ("bootstrap", "fontawesome", "AwesomeMarkers", "sourceMappingURL"):
        assert name not in plain()


@pytest.mark.parametrize(
    "fragment",
    [
        '<script src="https://cdn.example/x.js"></script>',
        '<link rel="stylesheet" href="https://cdn.example/x.css"/>',
        '<img src="tile.png">',
        '<div style="background: url(https://cdn.example/x.png)"></div>',
        "<style>@import 'x.css';</style>",
        '<svg><image href="https://cdn.example/x.png"/></svg>',
    ],
)
def test_an_address_without_a_copy_is_refused(fragment: str) -> None:
    with pytest.raises(NotSelfContained):
        inlined(f"<html><body>{fragment}</body></html>")


def test_what_needs_no_fetching_is_let_pass() -> None:
    refuse_links('<a href="https://example.org">x</a><use href="#a"/><img src="data:image/png;base64,AA==">')


def test_every_copy_is_there() -> None:
    assert [path for path in LOCAL_COPIES.values() if not path.is_file()] == []


# -- texts from outside ------------------------------------------------------------------------------------------------


def test_a_hostile_title_stays_a_title() -> None:
    page = html(incident(0, HOSTILE, address=HOSTILE))
    tags = Outline(page).tags
    assert [tag for tag, _ in tags if tag == "img"] == []
    assert len([tag for tag, _ in tags if tag == "script"]) == len(
        [tag for tag, _ in Outline(plain()).tags if tag == "script"]
    )
    assert mask_text(HOSTILE) in titles(page)
    assert "49" not in [str(title) for title in titles(page)]


def test_a_hostile_centre_stays_a_name() -> None:
    state = situation(incident(0))
    renamed = replace(state, district=replace(state.district, name_zh=HOSTILE))
    outline = Outline(situation_map_html(renamed, made_at=AT))
    assert HOSTILE in outline.text
    assert "img" not in {tag for tag, _ in outline.tags}


# -- personal data -----------------------------------------------------------------------------------------------------


def told() -> tuple[object, ...]:
    text = f"张某 {PHONE} 身份证 {IDENTITY}"
    return (incident(0, text, address=f"解放路 {PHONE}", description=f"回电 {PHONE}"),)


def test_numbers_of_people_are_masked() -> None:
    page = html(*told())
    assert PHONE not in page
    assert IDENTITY not in page
    assert "138****8000" in page


def test_free_text_and_reporters_stay_at_home() -> None:
    page = html(*told())
    assert "secret-person" not in page
    assert json.dumps("回电")[1:-1] not in page


def test_unmasked_is_said_aloud() -> None:
    page = html(*told(), masked=False)
    assert PHONE in page
    assert "secret-person" not in page
    assert "含未隐去的个人信息" in Outline(page).text
    assert "含未隐去的个人信息" not in Outline(plain()).text


def test_alarms_and_sketches_are_masked_too() -> None:
    state = situation(
        incident(0), alarms=[alarm("a1", f"回电 {PHONE}")], sketches=[sketch("s1", "note", f"找 {PHONE}")]
    )
    page, bare = (situation_map_html(state, made_at=AT, masked=masked) for masked in (True, False))
    assert PHONE not in page
    assert {"回电 138****8000", "找 138****8000"} <= set(titles(page))
    assert {f"回电 {PHONE}", f"找 {PHONE}"} <= set(titles(bare))


# -- alarms and sketches ----------------------------------------------------------------------------------------------


def test_an_alarm_stands_where_it_is_or_at_its_camera_or_is_counted() -> None:
    camera = district().cameras[5]
    lost = {"lat": None, "lon": None}
    alarms = [
        alarm("a1", "按钮"),
        alarm("a2", "越界", camera=camera.id, **lost),
        alarm("a3", "不知何处", camera="elsewhere", **lost),
    ]
    page = situation_map_html(situation(incident(0), alarms=alarms), made_at=AT)
    places = {f["properties"].get("title"): f["geometry"]["coordinates"] for f in features(page)}  # type: ignore[index,attr-defined]
    assert places["越界"] == [round(camera.lon, 6), round(camera.lat, 6)]
    assert "按钮" in places
    assert "不知何处" not in places
    assert "另有 1 条告警" in Outline(page).text
    assert switches(page) >= {"未处理告警（2）", "共享标绘（0）"}


def test_every_kind_of_sketch_has_its_shape_its_desk_and_its_end() -> None:
    drawn = [sketch(kind, kind, f"第{kind}个") for kind in ("line", "area", "rings", "note")]
    page = situation_map_html(situation(incident(0), sketches=drawn), made_at=AT)
    shapes: dict[str, list[str]] = {}
    for feature in features(page):
        properties = feature["properties"]
        assert isinstance(properties, dict)
        shapes.setdefault(str(properties.get("title")), []).append(feature["geometry"]["type"])  # type: ignore[index]
    assert sorted(shapes["第line个"]) == ["LineString", "Point"]
    assert sorted(shapes["第area个"]) == ["Point", "Polygon"]
    assert sorted(shapes["第rings个"]) == ["LineString", "LineString", "Point"]
    assert shapes["第note个"] == ["Point"]
    assert "共享标绘（4）" in switches(page)
    facts = next(
        f["properties"]["facts"] for f in features(page) if f["properties"].get("title") == "第rings个"
    )  # type: ignore[index,attr-defined]
    assert facts == ["距离圈", "200 米 · 500 米", "desk-2", "2026-11-22 14:56:06", "2026-11-22 15:57:06"]


def test_a_closed_street_has_a_line_for_each_piece_one_sign_and_says_why_until_when_and_who_may_pass() -> (
    None
):
    ids = [road.id for road in district().roads[:2]]
    closed = [closure(key, reason=f"火场 {PHONE}", emergency_passes=True) for key in ids]
    elsewhere = closure("no-such-road", "别处的路")
    page = situation_map_html(situation(incident(0), closures=[*closed, elsewhere]), made_at=AT)
    drawn = [
        f for f in features(page) if f["properties"].get("title") == "人民路" and f["properties"].get("facts")
    ]  # type: ignore[attr-defined]
    of_closure = [f for f in drawn if len(f["properties"]["facts"]) == 5]  # type: ignore[index,call-overload]
    assert sorted(f["geometry"]["type"] for f in of_closure) == ["LineString", "LineString", "Point"]  # type: ignore[index,call-overload]
    assert "封路（1）" in switches(page)
    facts = of_closure[0]["properties"]["facts"]  # type: ignore[index,call-overload]
    assert PHONE not in facts[0] and facts[0].startswith("火场")
    assert facts[1:] == ["应急车辆可通行", "desk-2", "2026-11-22 14:56:06", "2026-11-22 15:57:06"]


def test_what_the_plan_closes_is_drawn_too_and_says_that_the_plan_does_so_and_until_when() -> None:
    first, second, third = (road.id for road in district().roads[:3])
    planned = [
        PlannedClosure(first, "夜市街", "Night Market St", AT - MINUTE_MS, AT + 60 * MINUTE_MS, True),
        PlannedClosure(second, "夜市街", "Night Market St", AT - MINUTE_MS, AT + 60 * MINUTE_MS, True),
        PlannedClosure(third, "旧桥", "Old Bridge"),
        PlannedClosure("no-such-road", "别处", ""),
    ]
    page = situation_map_html(situation(incident(0), planned=planned), made_at=AT)
    told = {
        str(f["properties"]["title"]): f["properties"]["facts"]  # type: ignore[index]
        for f in features(page)
        if f["properties"].get("title") in ("夜市街", "旧桥", "别处") and f["properties"].get("facts")  # type: ignore[attr-defined]
    }
    ends = ["2026-11-22 14:56:06", "2026-11-22 15:57:06"]
    assert told["夜市街"] == ["辖区计划封闭", "应急车辆可通行", None, *ends]
    assert told["旧桥"] == ["辖区计划封闭", None, None, None, "未定结束"]
    assert "别处" not in told and "封路（2）" in switches(page)


def test_the_plan_travels_to_the_process_that_makes_the_document_as_far_as_it_holds() -> None:
    planned = [PlannedClosure("R1", "一", "One", 0, None), PlannedClosure("R2", "二", "Two", AT + 1, None)]
    state = situation_of(Projections([]), district(), {}, AT, "live", planned)
    there = unpacked(packing(state, default_district()))
    assert there.planned == (planned[0],)


def test_a_ring_has_its_radius_on_the_ground() -> None:
    ring = ring_round(31.22, 121.47, 500.0)
    assert ring[0] == pytest.approx(ring[-1])
    assert all(abs(distance_m(31.22, 121.47, lat, lon) - 500) < 3 for lon, lat in ring)


def test_only_what_is_open_and_what_is_shown_now_is_taken() -> None:
    past = Projections([])
    told = (
        ("alarm/a1", ev.AlarmRaised("a1", "s", "1", "security", 1, "一")),
        ("alarm/a2", ev.AlarmRaised("a2", "s", "2", "security", 1, "二")),
        ("alarm/a2", ev.AlarmAcknowledged("a2")),
        ("alarm/a3", ev.AlarmRaised("a3", "s", "3", "security", 1, "三")),
        ("alarm/a3", ev.AlarmCleared("a3")),
        ("sketch/s1", ev.SketchShared("s1", "note", ((31.2, 121.4),), "在", (), AT + 1)),
        ("road/R1", ev.RoadClosed("R1", "路", "火", AT - 1, AT + 1)),
        ("road/R2", ev.RoadClosed("R2", "路", "火", AT - 1, AT)),
        ("sketch/s2", ev.SketchShared("s2", "note", ((31.2, 121.4),), "过", (), AT)),
    )
    for stream, event in told:
        past.desk.apply(stream, event, AT - MINUTE_MS, AT - MINUTE_MS, "officer", "desk-2")
    state = situation_of(past, district(), {}, AT, "live")
    assert [a.id for a in state.alarms] == ["a1", "a2"]
    assert [s.id for s in state.sketches] == ["s1"]
    assert [c.road for c in state.closures] == ["R1"]


def test_a_call_for_help_is_said_in_the_language_of_the_document() -> None:
    unit = district().units[0]
    where = Whereabouts(AT, post=(31.22, 121.47))
    known = Unit(unit.id, unit.kind, unit.call_sign_zh)
    first, second = (
        distress_call(FieldAct(id=act, act="emergency"), known, where, lambda *_: None)
        for act in ("act-00001", "act-00002")
    )
    past = Projections([known])
    told: list[tuple[str, ev.Event]] = [
        *((f"alarm/{c.alarm}", _raised(c)) for c in (first, second)),
        ("incident/sos", _reported("sos", first)),
        (f"alarm/{first.alarm}", ev.AlarmAccepted(first.alarm, "sos")),
    ]
    for stream, event in told:
        past.desk.apply(stream, event, AT - MINUTE_MS, AT - MINUTE_MS, "officer", "desk-2")
    set_language("en")
    state = situation_of(past, district(), {}, AT, "live")
    page = situation_map_html(state, made_at=AT)
    (row,) = ledger_rows(state, Period(), masked=True)
    assert row["title"] == f"{unit.call_sign_en}: emergency, at its post: its position is unknown"
    assert page.count(row["title"]) >= 2, "the incident, and the alarm that waits"
    assert first.title not in page


def _raised(call: RaiseAlarm) -> ev.AlarmRaised:
    facts = {f.name: getattr(call, f.name) for f in fields(call)}
    return ev.AlarmRaised(**facts, emergency=True)


def _reported(incident: str, call: RaiseAlarm) -> ev.IncidentReported:
    place = {"lat": 31.22, "lon": 121.47}
    return ev.IncidentReported(incident, "alarm", call.alarm, call.alarm_type, 1, call.title, **place)


# -- what is shown -----------------------------------------------------------------------------------------------------


def test_the_heading_says_whose_and_when() -> None:
    text = Outline(plain()).text
    for said in ("望浦街道", "截至 2026-11-22 14:57:06", "UTC+08:00", "未结 4 件"):
        assert said in text


def test_an_exercise_is_marked() -> None:
    page = html(incident(0), mode="drill")
    outline = Outline(page)
    assert ("body", {"class": "exercise"}) in outline.tags
    assert outline.text.count("演练 EXERCISE") == 2
    assert "EXERCISE" not in Outline(plain()).text


def test_both_languages() -> None:
    set_language("en")
    text = Outline(html(incident(0))).text
    assert "Wangpu Sub-district" in text
    assert "As of 2026-11-22" in text
    assert "未结" not in text


def test_ended_incidents_are_there_from_since_on_and_open_ones_always() -> None:
    ended = [incident(n, f"已结{n}", status="closed", closed_at=AT) for n in (1, 90)]
    page = html(incident(200, "早已未结"), *ended, since=AT - 60 * MINUTE_MS)
    assert {"已结1", "早已未结"} <= set(titles(page))
    assert "已结90" not in titles(page)


def test_what_has_no_place_is_counted() -> None:
    page = html(incident(0), incident(1, "不知何处", lat=None, lon=None))
    assert "不知何处" not in titles(page)
    assert "另有 1 件" in Outline(page).text


def test_an_old_fix_is_drawn_stale() -> None:
    fixes = {"p1": Fix(AT - 10 * MINUTE_MS, 31.22, 121.47, 90.0), "p2": Fix(AT - 1000, 31.22, 121.47, 90.0)}
    page = situation_map_html(situation(incident(0), fixes=fixes), made_at=AT)
    units = {f["properties"]["title"]: f["properties"] for f in features(page) if "stale" in f["properties"]}  # type: ignore[index,operator]
    assert (units["警01"]["stale"], units["警01"]["heading"]) == (True, None)
    assert (units["警02"]["stale"], units["警02"]["heading"]) == (False, 90.0)
    assert units["警01"]["symbol"] == "unit-police-full"


def test_grids_have_the_colours_and_the_classes_of_the_console() -> None:
    page = situation_map_html(situation(incident(0)), made_at=AT)
    said = re.search(r'<div class="ramp">(.*?)</div>', page)
    assert said is not None
    assert re.findall(r">([^<]+)</span>", said.group(1)) == ["0", "1", "2", "3", "4+"]


def test_a_journal_of_another_district_is_refused() -> None:
    with pytest.raises(ConfigError, match="--district"):
        html(incident(0, grid="999999999999999"))


def test_nothing_at_all_is_a_map_too() -> None:
    assert "未结 0 件" in Outline(html()).text


def test_the_same_situation_gives_the_same_file() -> None:
    assert html(*(incident(n) for n in range(4))) == plain()


def test_the_file_is_whole_or_not_there(tmp_path: Path) -> None:
    path = tmp_path / "map.html"
    assert write_situation_map(path, situation(incident(0)), made_at=AT) == path.stat().st_size
    with pytest.raises(ConfigError):
        write_situation_map(path, situation(incident(0, grid="9" * 15)), made_at=AT)
    assert [p.name for p in tmp_path.iterdir()] == ["map.html"]
