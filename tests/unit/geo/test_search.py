"""Whatever is on the map is found by its name, its spelling, its initials and its code, best answers first."""

from __future__ import annotations

import random

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.geo.pinyin import Readings
from app.geo.search import Entry, SearchIndex

READINGS = Readings()
LAT, LON = 31.22, 121.47
CHINESE = "重庆长乐路解放银行女旅都大厦区华单曾仇乐"
names = st.text(st.sampled_from(CHINESE + "12"), min_size=1, max_size=8)
ascii_names = st.text(st.sampled_from("abcdez019 -"), min_size=1, max_size=12).map(str.strip).filter(bool)


def index_of(*entries: Entry) -> SearchIndex:
    return SearchIndex(entries, READINGS)


def keys(index: SearchIndex, query: str, limit: int = 12) -> list[str]:
    return [found.entry.key for found in index.find(query, LAT, LON, limit)]


def places(*names_zh: str) -> SearchIndex:
    return index_of(*(Entry("place", name, name, lat=LAT, lon=LON) for name in names_zh))


@given(st.lists(st.tuples(names, ascii_names, st.integers(0, 10**14)), min_size=1, max_size=12), st.data())
def test_whatever_is_added_is_found_by_name_code_spelling_and_initials(
    rows: list[tuple[str, str, int]], data: st.DataObject
) -> None:
    from pypinyin import Style, pinyin

    entries = [Entry("place", str(n), zh, en, code=f"{code:015d}") for n, (zh, en, code) in enumerate(rows)]
    index = index_of(*entries)
    wanted = data.draw(st.sampled_from(entries))
    # The library's own answer, by another way than the index takes; any reading of each character will do.
    spelled, initials = (
        "".join(data.draw(st.sampled_from(read)) for read in pinyin(wanted.name_zh, style, heteronym=True))
        for style in (Style.NORMAL, Style.FIRST_LETTER)
    )
    for query in (wanted.name_zh, wanted.name_en, wanted.code, wanted.code[-6:], spelled, initials):
        assert wanted.key in keys(index, query, len(rows)), query


@given(st.lists(names, unique=True, min_size=2, max_size=12), st.randoms(use_true_random=False))
def test_the_order_of_adding_changes_nothing(rows: list[str], chance: random.Random) -> None:
    entries = [Entry("place", name, name) for name in rows]
    mixed = list(entries)
    chance.shuffle(mixed)
    for query in (*rows, "lu", "jfl", "1"):
        assert keys(index_of(*entries), query) == keys(index_of(*mixed), query)


def test_exact_goes_before_prefix_word_substring_and_initials() -> None:
    index = places("解放路小学", "南解放路", "解放路", "88解放路", "加法楼")
    assert keys(index, "解放路") == ["解放路", "解放路小学", "88解放路", "南解放路"]
    assert keys(index, "jfl") == ["加法楼", "解放路", "解放路小学", "88解放路", "南解放路"]


@pytest.mark.parametrize(
    "query",
    ["chongqing", "zhongqing", "cq", "zq", "chongq", "重qing", "cqyh", "CQ Yin", "chongqyh", "zhongqingyh"],
)
def test_every_reading_of_a_character_counts(query: str) -> None:
    assert keys(places("重庆银行", "解放路"), query) == ["重庆银行"]


def test_a_rare_reading_goes_behind_the_usual_one() -> None:
    assert keys(places("青年路", "京广路", "南京路"), "jing") == ["京广路", "青年路", "南京路"]


@pytest.mark.parametrize("query", ["lvguan", "luguan", "lg"])
def test_u_with_two_dots_is_typed_as_v_or_u(query: str) -> None:
    assert keys(places("旅馆"), query) == ["旅馆"]


@pytest.mark.parametrize("query", ["xian", "xi'an", "XI AN"])
def test_letters_are_split_into_syllables_in_every_way(query: str) -> None:
    assert "西安路" in keys(places("西安路", "县前街", "北京路"), query)


def test_live_ones_go_first_among_equals_and_then_the_nearest() -> None:
    index = index_of(
        Entry("place", "far", "望浦广场", lat=31.3, lon=LON),
        Entry("place", "near", "望浦广场", lat=31.221, lon=LON),
        Entry("incident", "open", "望浦广场", lat=31.4, lon=LON, live=True),
        Entry("incident", "nowhere", "望浦广场", live=True),
        Entry("unit", "part", "望浦广场岗", lat=LAT, lon=LON, live=True),
    )
    assert keys(index, "望浦广场") == ["open", "nowhere", "near", "far", "part"]
    assert index.find("望浦广场", LAT, LON)[2].distance_m == pytest.approx(111, rel=0.01)
    assert index.find("望浦广场", LAT, LON)[1].distance_m is None


@pytest.mark.parametrize("query", ["１２", "C012", "c012", " c012 "])
def test_full_width_case_and_blanks_make_no_difference(query: str) -> None:
    index = index_of(Entry("camera", "C012", "广场", code="C012", aliases=("12",)))
    assert keys(index, query) == ["C012"]


def test_words_are_found_in_any_order_and_across_names_and_addresses() -> None:
    index = index_of(
        Entry("place", "post", "望浦派出所", "Wangpu Police Post", "解放路348号", "348 Jiefang Road"),
        Entry("place", "kiosk", "警务站", "Wangpu Police Kiosk", "望浦大道227号"),
    )
    assert keys(index, "post wangpu") == ["post"]
    assert (
        keys(index, "解放路 348") == keys(index, "348 jiefang road") == keys(index, "派出所 348") == ["post"]
    )
    assert keys(index, "police zebra") == []


@pytest.mark.parametrize("query", ["", "   ", "'", "\u3000", "㍿" * 99, "\ud800", "x" * 500, "%_*?["])
def test_odd_questions_find_nothing_and_break_nothing(query: str) -> None:
    assert keys(places("望浦广场"), query) == []


def test_a_changed_entry_is_found_by_what_it_says_now() -> None:
    index = places("望浦广场")
    index.put(Entry("place", "望浦广场", "人民广场", lat=LAT, lon=LON))
    assert keys(index, "望浦") == []
    assert keys(index, "人民广场") == ["望浦广场"]
    index.put(Entry("place", "望浦广场", "人民广场", lat=32.22, lon=LON))
    assert index.find("人民", LAT, LON)[0].distance_m == pytest.approx(111_000, rel=0.01)
    index.drop("place", "望浦广场")
    index.drop("place", "望浦广场")
    assert (len(index), keys(index, "人民")) == (0, [])


def test_what_comes_and_goes_by_the_thousand_leaves_nothing_behind() -> None:
    index = places("望浦广场", "解放路")
    for number in range(10_000):
        index.put(Entry("incident", f"i{number}", f"事件{number}", live=True))
        if number >= 5:
            index.drop("incident", f"i{number - 5}")
    assert len(index) == 7
    assert len(index._entries) < 5_000
    assert keys(index, "shijian9999") == ["i9999"]
    assert keys(index, "wpgc") == ["望浦广场"]
    assert keys(index, "事件", 99) == [f"i{number}" for number in range(9_995, 10_000)]


def test_agrees_with_looking_at_every_name() -> None:
    chance = random.Random(7)
    rows = sorted({"".join(chance.choices(CHINESE, k=chance.randint(2, 6))) for _ in range(800)})
    index = index_of(*(Entry("place", name, name) for name in rows))
    for query in np.unique([name[1:3] for name in rows]).tolist():
        assert set(keys(index, query, len(rows))) == {name for name in rows if query in name}
