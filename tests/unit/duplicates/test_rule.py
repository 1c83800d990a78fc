"""What tells that two reports are of one matter; each on its own, the same from either side, none for ever."""

from __future__ import annotations

import tomllib
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.errors import ConfigError
from app.duplicates.index import MOST_ASKED, DuplicateIndex
from app.duplicates.reasons import reasons_of
from app.duplicates.report import Report
from app.duplicates.rule import FEATURES, MINUTE_MS, Rule, told
from app.duplicates.rule_file import load_rule
from app.duplicates.sound import digits_likeness, likeness, sounds_of
from app.duplicates.wording import common_words
from app.paths import bundled_data_dir

AT = 1_795_000_000_000
LAT, LON = 31.2211, 121.4750
METRES_PER_DEGREE = 111_320.0
PAIRS = tomllib.loads((Path(__file__).parent / "pairs.toml").read_text(encoding="utf-8"))
FIRE = Report(
    "a", AT, "fire", "书院弄厨房起火", "书院弄7号油锅起火，火势很大", "书院弄119号", LAT, LON, "x", "110"
)


@pytest.fixture(scope="module")
def rule() -> Rule:
    return load_rule()


def north(report: Report, metres: float) -> Report:
    assert report.lat is not None
    return replace(report, lat=report.lat + metres / METRES_PER_DEGREE)


def score(rule: Rule, one: Report, other: Report) -> float:
    return rule.score(told(one, rule.vocabulary), told(other, rule.vocabulary))


def features(rule: Rule, one: Report, other: Report) -> dict[str, float]:
    values = rule.features(told(one, rule.vocabulary), told(other, rule.vocabulary))
    return dict(zip(FEATURES, values, strict=True))


SECOND = replace(
    FIRE, id="b", at=AT + 4 * MINUTE_MS, caller="y", title="书院弄着火了", description="油锅烧起来"
)


@pytest.mark.parametrize(
    "less_likely",
    [
        north(SECOND, 400),
        replace(SECOND, at=AT + 90 * MINUTE_MS),
        replace(SECOND, incident_type="petition"),
        replace(SECOND, title="书院弄垃圾没人收", description="垃圾很多"),
        replace(SECOND, address="望浦大道5号"),
        replace(SECOND, title="书院弄着火了", description="红色面包车烧起来", address="学府路30号"),
    ],
    ids=["farther", "later", "other type", "other matter", "other address", "other words"],
)
def test_each_thing_that_differs_makes_it_less_likely(rule: Rule, less_likely: Report) -> None:
    assert score(rule, FIRE, less_likely) < score(rule, FIRE, SECOND)
    assert score(rule, FIRE, SECOND) > rule.threshold


def test_the_caller_counts_where_he_speaks_of_the_same_matter(rule: Rule) -> None:
    again = replace(SECOND, caller="x")
    assert score(rule, FIRE, again) > score(rule, FIRE, SECOND)
    nobody = replace(FIRE, caller=""), replace(SECOND, caller="")
    assert features(rule, *nobody)["same_caller"] == 0.0, "two who are not known are not one"


@pytest.mark.parametrize("kind", ["same", "other"])
def test_forty_pairs_made_by_hand(rule: Rule, kind: str) -> None:
    wrong = []
    for name, pair in PAIRS[kind].items():
        index = DuplicateIndex(rule.among(("书院弄", "书苑弄")))
        first, second = (_report(n, text) for n, text in enumerate(pair))
        index.put(first)
        found = [suggestion.other.id for suggestion in index.find(second, rule.threshold)]
        if (found == [first.id]) != (kind == "same"):
            wrong.append(name)
    assert len(PAIRS[kind]) == 20
    assert len(wrong) <= 2, wrong


def _report(number: int, text: str) -> Report:
    kind, title, description, address, metres, minutes, caller = (part.strip() for part in text.split("|"))
    placeless = metres == "-"
    lat = None if placeless else LAT + float(metres) / METRES_PER_DEGREE
    at, lon = AT + int(float(minutes) * MINUTE_MS), None if placeless else LON
    return Report(f"r{number}", at, kind, title, description, address, lat, lon, caller, "110")


words = st.text(alphabet="火烟路弄号12车人abc，", max_size=12)
reports = st.builds(
    Report,
    st.sampled_from("abc"),
    st.integers(AT - 10**7, AT + 10**7),
    st.sampled_from(["fire", "smoke", "traffic", "facility", "other", ""]),
    words,
    words,
    words,
    st.floats(31.2, 31.3) | st.none(),
    st.floats(121.4, 121.5) | st.none(),
    st.sampled_from(["", "x", "y"]),
    st.sampled_from(["110", "app"]),
)


@given(reports, reports)
def test_it_is_the_same_from_either_side(one: Report, other: Report) -> None:
    rule = load_rule()
    assert features(rule, one, other) == pytest.approx(features(rule, other, one))
    assert 0.0 <= score(rule, one, other) <= 1.0
    assert all(0.0 <= value <= 1.0 for value in features(rule, one, other).values())


@given(reports, reports, st.floats(0.05, 0.95))
def test_what_is_cut_short_could_not_have_reached(one: Report, other: Report, least: float) -> None:
    rule = load_rule()
    cut = told(one, rule.vocabulary), told(other, rule.vocabulary)
    whole, short = rule.score(*cut), rule.score(*cut, least)
    assert short == pytest.approx(whole) or (short == 0.0 and whole < least + 1e-9)


# -- sounds and words --------------------------------------------------------------------------------------------------


def test_names_that_are_misheard_sound_alike() -> None:
    assert likeness(sounds_of("书院弄"), sounds_of("书苑弄")) == 1.0
    assert likeness(sounds_of("昌兴路"), sounds_of("常新路")) == 1.0
    assert likeness(sounds_of("春晖路"), sounds_of("春光路")) == pytest.approx(2 / 3)
    assert likeness(sounds_of("书院弄"), sounds_of("望浦大道")) == 0.0
    assert likeness((), sounds_of("书院弄")) == 0.0


def test_numbers_that_are_misheard() -> None:
    assert digits_likeness("119", "119") == 1.0
    assert digits_likeness("119", "191") == 0.8
    assert digits_likeness("117", "119") == 0.5
    assert digits_likeness("119", "19") == digits_likeness("119", "233") == digits_likeness("1", "7") == 0.0


def test_reasons_say_what_an_officer_would(rule: Rule) -> None:
    said = reasons_of(rule, replace(north(SECOND, 82), caller="x"), FIRE)
    assert said == (
        "距离 80 米", "同一地址", "4 分钟前", "同类", "都提到“书院弄”、“油锅”", "同一来电号码",
    )  # fmt: skip
    placeless = replace(SECOND, lat=None, lon=None, address="书苑弄119号", incident_type="smoke", at=AT)
    assert reasons_of(rule, placeless, FIRE)[:3] == ("地址读音相近：书院弄119号", "同一分钟", "类别相近")
    assert common_words(replace(FIRE, title="烧烤着火", description=""), replace(FIRE, title="着火 烧烤摊")) == (
        "烧烤", "着火",
    )  # fmt: skip


# -- the index ---------------------------------------------------------------------------------------------------------


def test_the_index_finds_puts_anew_and_forgets(rule: Rule) -> None:
    index = DuplicateIndex(rule)
    index.put(FIRE)
    assert [s.other.id for s in index.find(SECOND, rule.threshold)] == ["a"]
    assert index.find(FIRE, 0.01) == [], "a report is never like itself"
    index.put(replace(FIRE, title="书院弄垃圾没人收", description=""))
    assert index.find(SECOND, rule.threshold) == []
    index.drop("a")
    index.drop("a")
    assert len(index) == 0
    assert index._shelves == {}


def test_what_is_far_is_found_by_the_sound_of_its_address_and_by_its_caller(rule: Rule) -> None:
    index = DuplicateIndex(rule)
    index.put(FIRE)
    misheard = replace(SECOND, lat=None, lon=None, address="书苑弄119号")
    assert [s.other.id for s in index.find(misheard, rule.threshold)] == ["a"]
    again = replace(SECOND, lat=None, lon=None, address="", caller="x")
    assert list(index.candidates(told(again, rule.vocabulary)))


def test_a_crowd_at_one_place_does_not_make_a_look_up_endless(rule: Rule) -> None:
    index = DuplicateIndex(rule)
    for number in range(2 * MOST_ASKED):
        index.put(replace(FIRE, id=f"f{number}", at=AT + number))
    assert len(list(index.candidates(told(SECOND, rule.vocabulary)))) <= MOST_ASKED
    assert len(index.find(SECOND, rule.threshold, most=3)) == 3


def test_what_is_old_is_forgotten(rule: Rule) -> None:
    index = DuplicateIndex(rule)
    index.put(FIRE)
    index.put(replace(FIRE, id="new", at=AT + 1_000 * MINUTE_MS))
    assert index.prune(500 * MINUTE_MS) == ["a"]
    assert "new" in index


# -- the file ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("found", "put", "named"),
    [
        ("arrival = ", "arrival = 1.5 #", "arrival"),
        ("bias = ", 'bias = "x" #', "bias"),
        ("near = 0", "nearr = 0", "nearr"),
        ("default = 120", "default = 0", "default"),
        ("[near]", "[near]\ntypes2 = 1\n[nearer]", "nearer"),
        ('["男孩", "女孩"]', '["男孩", 1]', "apart"),
    ],
)
def test_a_wrong_file_names_what_is_wrong(tmp_path: Path, found: str, put: str, named: str) -> None:
    text = (bundled_data_dir() / "duplicates.toml").read_text(encoding="utf-8")
    assert found in text
    path = tmp_path / "duplicates.toml"
    path.write_text(text.replace(found, put, 1), encoding="utf-8")
    with pytest.raises(ConfigError, match=named) as fault:
        load_rule(path)
    assert str(path) in str(fault.value)


def test_where_it_happens_again_and_again_one_more_is_less_likely_the_same(rule: Rule) -> None:
    def likelihood(earlier_min: tuple[int, ...]) -> float:
        index = DuplicateIndex(rule)
        index.put(FIRE)
        for number, minutes in enumerate(earlier_min):
            index.put(replace(FIRE, id=f"e{number}", at=AT - minutes * MINUTE_MS))
        found = index.find(SECOND, 0.01, most=9)
        return next(suggestion.score for suggestion in found if suggestion.other.id == "a")

    quiet = likelihood(())
    assert likelihood((70, 140, 300)) < likelihood((70,)) < quiet
    assert likelihood((5, 20)) == quiet, "what came just before is the same matter told by many"
    assert likelihood((1_000,)) == quiet


STREETS = {"望浦广场": "解放路289号", "Wangpu Plaza": "解放路289号", "柳桥公园": ""}
PUSHING = Report("p", AT, "crowd", "有人推搡", "", "解放路289号", LAT, LON, source="110")


@pytest.mark.parametrize("name", ["望浦广场", "Wangpu Plaza", " wangpu plaza "])
def test_what_was_chosen_by_name_is_compared_by_its_street_address(rule: Rule, name: str) -> None:
    here = rule.among(["望浦广场", "解放路"], STREETS)
    by_name = replace(PUSHING, id="q", at=AT + 3 * MINUTE_MS, address=name, source="desk")
    by_street = replace(by_name, address=PUSHING.address)
    assert features(here, PUSHING, by_name)["spoken"] == features(here, PUSHING, by_street)["spoken"] == 1.0
    assert score(here, PUSHING, by_name) >= score(here, PUSHING, by_street) > score(rule, PUSHING, by_name)


def test_a_name_without_a_street_is_no_other_address(rule: Rule) -> None:
    here = rule.among(["柳桥公园"], STREETS)
    in_the_park = replace(PUSHING, id="q", at=AT + 3 * MINUTE_MS, address="柳桥公园")
    assert features(here, PUSHING, in_the_park)["nameless"] == 1.0
    nowhere = replace(in_the_park, lat=None, lon=None)
    assert features(here, PUSHING, nowhere)["nameless"] == 0.0, "the name is all that says where it is"


def test_a_latin_word_is_common_as_a_whole_only() -> None:
    leak = replace(FIRE, title="gas leak on the table", description="")
    assert common_words(leak, replace(FIRE, title="drop table, learn", description="")) == ("table",)
