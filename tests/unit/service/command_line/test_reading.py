"""What a line means: by what its words are, in two languages, whatever is typed."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.i18n import LANGUAGES, set_language
from app.service.command_line.completing import complete
from app.service.command_line.directory import DeskDirectory
from app.service.command_line.history import History, without_person
from app.service.command_line.reading import Choice, Reading, read
from app.service.command_line.verbs import CLOSED_KINDS, VERBS, marks_of, values_of, verbs_by_word
from app.service.command_line.words import LONGEST_LINE, split


def meaning(reading: Reading) -> dict[str, str]:
    """Verb, values by their keys and texts, as one flat table."""
    keys = {name: " ".join(choice.key for choice in choices) for name, choices in reading.values.items()}
    return {"verb": reading.verb.id if reading.verb else "", **keys, **reading.texts}


GRID = "310198006002003"
UNDERSTOOD: list[tuple[str, dict[str, str]]] = [
    ("d 12 p3 j3", {"verb": "dispatch", "incident": "d0n12", "units": "p3 j3"}),
    ("d p3 12 j3", {"verb": "dispatch", "incident": "d0n12", "units": "p3 j3"}),
    ("派 12 巡3 警03", {"verb": "dispatch", "incident": "d0n12", "units": "j3 p3"}),
    ("派12 巡3", {"verb": "dispatch", "incident": "d0n12", "units": "j3"}),
    ("pq 12 lx3", {"verb": "dispatch", "incident": "d0n12", "units": "j3"}),
    ("Ｄ　１２　ｐ３", {"verb": "dispatch", "incident": "d0n12", "units": "p3"}),
    ('d 012 "Police 03"', {"verb": "dispatch", "incident": "d0n12"}),
    ("d 12 police03", {"verb": "dispatch", "incident": "d0n12", "units": "p3"}),
    ("d 12 p3 P3 警3", {"verb": "dispatch", "incident": "d0n12", "units": "p3"}),
    ("s p3 os", {"verb": "status", "units": "p3", "status": "on_scene"}),
    ("态 到场 警3 警4", {"verb": "status", "units": "p3 p4", "status": "on_scene"}),
    ("c 12 resolved all well", {"verb": "close", "incident": "d0n12", "outcome": "resolved", "feedback": "all well"}),
    ("结 12 误报", {"verb": "close", "incident": "d0n12", "outcome": "false_alarm"}),
    ("c 12 人群散了", {"verb": "close", "incident": "d0n12", "feedback": "人群散了"}),
    ("x p3 走错路 3 人", {"verb": "recall", "unit": "p3", "reason": "走错路 3 人"}),
    ("note 12 5 个人到了", {"verb": "note", "incident": "d0n12", "text": "5 个人到了"}),
    ('note 12 "12" 号', {"verb": "note", "incident": "d0n12", "text": "12 号"}),
    ("m 12 9", {"verb": "merge", "incident": "d0n12", "into": "d0n9"}),
    ("u 12 区 太大", {"verb": "escalate", "incident": "d0n12", "level": "county", "reason": "太大"}),
    ("h 12 城管中队 占道", {"verb": "hand_over", "incident": "d0n12", "department": "城管中队", "reason": "占道"}),
    ("g 0203", {"verb": "grid", "grid": GRID}),
    ("g 2-3", {"verb": "grid", "grid": GRID}),
    ("#0203", {"verb": "grid", "grid": GRID}),
    ("cam 17", {"verb": "camera", "camera": "C017"}),
    ("cam17", {"verb": "camera", "camera": "C017"}),
    ("摄17", {"verb": "camera", "camera": "C017"}),
    ("i 3", {"verb": "open"}),
    ("i 1", {"verb": "open", "incident": "d0n1"}),
    ("i 1121-2", {"verb": "open", "incident": "d1n2"}),
    ("i 20261121-002", {"verb": "open", "incident": "d1n2"}),
    ("n crowd camping outside", {"verb": "new", "type": "crowd", "text": "camping outside"}),
    (
        "n rqjj #0203 cam17 pri2 门口 打架",
        {"verb": "new", "type": "crowd", "grid": GRID, "camera": "C017", "priority": "2", "text": "门口 打架"},
    ),
    (
        "n 火警 ＠望浦广场 级１ 13912345678",
        {"verb": "new", "type": "fire", "place": "PLACE", "priority": "1", "phone": "13912345678"},
    ),
    ('n fire @"Wangpu Plaza" smoke', {"verb": "new", "type": "fire", "place": "PLACE", "text": "smoke"}),
    (
        "n fire @wpgc 电话:021-5550 人:李雷",
        {"verb": "new", "type": "fire", "place": "PLACE", "phone": "021-5550", "person": "李雷"},
    ),
    ("望浦广场", {"verb": ""}),
    ('"d" 12', {"verb": ""}),
]  # fmt: skip


@pytest.mark.parametrize(("line", "expected"), UNDERSTOOD, ids=[line for line, _ in UNDERSTOOD])
def test_a_word_is_known_by_what_it_is(directory: DeskDirectory, line: str, expected: dict[str, str]) -> None:
    place = directory.find("place", "望浦广场", Reading(), exactly=False)[0].key
    expected = {name: place if value == "PLACE" else value for name, value in expected.items()}
    for language in LANGUAGES:
        set_language(language)
        assert meaning(read(line, directory)) == expected


WRONG = [
    ("d 99 p3", "99", "1121-12"),
    ("d 12 zz9", "zz9", "p3"),
    ("d 12 3", "3", "警03"),
    ("i 3", "3", "Tab"),
    ("s p3 flying", "flying", "到场"),
    ("n crowd @没有这个地方", "没有这个地方", "Tab"),
    ("n crowd @", "@", "后面"),
    ("n crowd pri7", "7", "1 到 4"),
    ("n crowd ph:abc", "ph:abc", "139"),
    ("n crowd pri1 pri2", "pri2", "已经有了"),
    ("g 9999", "9999", "0203"),
    ("cam 9999", "9999", "17"),
    ("a 12 13", "13", "立案"),
    ("u 12 月球 远", "月球", "街道"),
]


@pytest.mark.parametrize(("line", "word", "mend"), WRONG, ids=[line for line, *_ in WRONG])
def test_a_fault_names_the_word_and_the_mend(
    directory: DeskDirectory, line: str, word: str, mend: str
) -> None:
    fault = read(line, directory).faults[0]
    assert f"“{word}”" in fault.sentence or f" {word} " in fault.sentence
    assert mend in fault.sentence


def test_what_can_be_several_things_lists_them(directory: DeskDirectory) -> None:
    (fault,) = read("i 3", directory).faults
    assert {choice.key for choice in fault.choices} == {"d0n3", "d1n3"}


def test_a_place_is_not_guessed(directory: DeskDirectory) -> None:
    (fault,) = read("n crowd @望浦", directory).faults
    assert len(fault.choices) > 3
    chosen = next(each for each in complete("n crowd @望浦", 11, directory))
    assert not read(chosen.applied("n crowd @望浦")[0], directory).faults


def place_of(directory: DeskDirectory, line: str) -> Choice:
    reading = read(line, directory)
    assert not reading.faults
    found = reading.one("place")
    assert found is not None
    return found


@pytest.mark.parametrize("word", ["plaza", "广场", "PLAZA"])
def test_the_only_landmark_of_its_kind_is_meant_and_said(directory: DeskDirectory, word: str) -> None:
    meant = place_of(directory, f"n crowd @{word} pri2 门口推搡")
    assert meant.name == "望浦广场"
    assert word.casefold() in meant.note and "望浦广场" in meant.note


def test_two_landmarks_of_a_kind_are_asked_for(directory: DeskDirectory) -> None:
    (fault,) = read("n crowd @地铁", directory).faults
    assert {choice.name for choice in fault.choices} == {"地铁望浦广场站", "地铁银杏路站"}


def test_what_a_word_could_be_is_listed_when_the_line_goes_on(directory: DeskDirectory) -> None:
    line = "n crowd @地铁 pri2 推搡"
    offered = complete(line, len(line), directory)
    assert [each.choice.name for each in offered] == ["地铁望浦广场站", "地铁银杏路站"]
    directory.pin(offered[1].choice)
    changed, cursor = offered[1].applied(line)
    assert (changed, cursor) == ("n crowd @地铁银杏路站 pri2 推搡", len(changed))
    assert place_of(directory, changed).name == "地铁银杏路站"


def test_of_two_incidents_the_one_that_is_chosen_is_meant(directory: DeskDirectory) -> None:
    line = "m 3 12"
    offered = complete(line, len(line), directory)
    assert {each.choice.key for each in offered} == {"d0n3", "d1n3"}
    for each in offered:
        meant = read(each.applied(line)[0], directory)
        assert [choice.key for choice in meant.values["incident"]] == [each.choice.key]


@pytest.mark.parametrize("word", ["解放路289号", "望浦大道227号", "望浦大道228号"])
def test_an_address_is_a_place(directory: DeskDirectory, word: str) -> None:
    assert place_of(directory, f"n crowd @{word} 推搡").lat is not None


def test_an_address_off_a_card_is_where_that_incident_is(directory: DeskDirectory) -> None:
    meant = place_of(directory, "n crowd @铁匠弄167号")
    assert (meant.name, meant.lat, meant.lon) == ("铁匠弄167号", 31.2253, 121.4711)
    assert "077" in meant.note


def test_a_number_that_nobody_knows_is_kept_as_words_and_said(directory: DeskDirectory) -> None:
    meant = place_of(directory, "n crowd @铁匠弄21号")
    assert (meant.name, meant.lat) == ("铁匠弄21号", None)
    assert "只存地址" in meant.note


def test_the_guide_names_every_verb_in_both_languages() -> None:
    for page in ("command-line.md", "command-line.zh_CN.md"):
        text = (Path(__file__).parents[4] / "docs" / page).read_text(encoding="utf-8")
        words = set(re.findall(r"[\w#@:]+", text))
        for verb in VERBS:
            assert set(verb.first_words) <= words, (page, verb.id)


def test_what_is_still_wanted_is_no_fault(directory: DeskDirectory) -> None:
    reading = read("d 12", directory)
    assert [field.name for field in reading.missing] == ["units"]
    assert not reading.faults


def test_no_word_means_two_verbs_and_no_verb_is_a_value_of_another_kind() -> None:
    count = sum(len(verb.words) for verb in VERBS)
    assert len(verbs_by_word()) == count
    for kind in CLOSED_KINDS:
        for language in LANGUAGES:
            set_language(language)
            assert all(word == word.casefold() and " " not in word for word in values_of(kind))


# -- completing --------------------------------------------------------------------------------------------------------


def completions(directory: DeskDirectory, line: str) -> list[str]:
    return [each.applied(line)[0] for each in complete(line, len(line), directory)]


@pytest.mark.parametrize(
    ("line", "among"),
    [
        ("", "派 "), ("di", "派 "), ("派 1", "派 12 "), ("派 12 ", "派 12 警03 "), ("派 12 巡", "派 12 联巡03 "),
        ("派 12 j0", "派 12 警03 "), ("态 警3 到", "态 警3 到场 "), ("报 人", "报 人群聚集 "),
        ("报 rq", "报 人群聚集 "), ("报 crowd @望浦二", "报 crowd @望浦二村 "), ("报 crowd 级", "报 crowd 级2 "),
        ("报 crowd ", "报 crowd @"), ("格 02", "格 0203 "), ("结 12 ", "结 12 误报 "), ("撤 警3 走", "撤 警3 走错路 "),
        ("上报 12 ", "上报 12 区县 "), ("移 12 城", "移 12 城管中队 "), ("望浦二", "望浦二村"),
    ],
)  # fmt: skip
def test_every_word_goes_on(directory: DeskDirectory, line: str, among: str) -> None:
    assert among in completions(directory, line)


def test_a_completion_is_understood_as_what_it_was(directory: DeskDirectory) -> None:
    for language in LANGUAGES:
        set_language(language)
        for verb in VERBS:
            for each in complete(f"{verb.words[0]} ", len(verb.words[0]) + 1, directory):
                if each.choice.kind in ("incident", "unit", "type", "grid", "camera", *CLOSED_KINDS):
                    line, _ = each.applied(f"{verb.words[0]} ")
                    found = [
                        choice.key for given in read(line, directory).values.values() for choice in given
                    ]
                    assert each.choice.key in found, line


def test_a_word_in_the_middle_is_completed_where_it_stands(directory: DeskDirectory) -> None:
    line = "派 12 联巡0 警03"
    (first, *_) = complete(line, line.index("0 警") + 1, directory)
    changed, cursor = first.applied(line)
    assert changed.startswith("派 12 联巡0") and changed.endswith(" 警03")
    assert changed[:cursor].endswith(" ")


# -- bad input ---------------------------------------------------------------------------------------------------------

_WORDS = st.sampled_from(
    [*verbs_by_word(), *marks_of("place"), *marks_of("phone"), "12", "p3", "警3", "crowd", '"', "“", "\u202e", "\x00",
     "<b>", "'; --", "{number}", "%s", "\ud800", "👩‍🚒", "﷽", "０", "²", "①", "ǅ"],
)  # fmt: skip
_LINES = st.one_of(
    st.text(max_size=200), st.lists(st.one_of(_WORDS, st.text(max_size=8)), max_size=12).map(" ".join)
)


@settings(max_examples=400, deadline=None)
@given(line=_LINES, data=st.data())
def test_any_text_is_read_and_completed(directory: DeskDirectory, line: str, data: st.DataObject) -> None:
    reading = read(line, directory)
    assert all(fault.sentence for fault in reading.faults)
    for word in split(line):
        assert 0 <= word.start < word.end <= len(line)
    cursor = data.draw(st.integers(0, len(line)))
    for each in complete(line, cursor, directory):
        changed, place = each.applied(line)
        assert 0 <= place <= len(changed)
        read(changed, directory)
    assert "\x00" not in "".join(reading.texts.values())


@settings(max_examples=200, deadline=None)
@given(text=st.text(max_size=80))
def test_free_text_is_stored_as_it_was_written_but_for_what_cannot_be_seen(
    directory: DeskDirectory, text: str
) -> None:
    stored = read(f'note 12 "{text}"', directory).texts.get("text", "")
    assert not any(sign in stored for sign in ("\u202e", "\u2066", "\x1b", "\ud800"))
    plain = text if '"' not in text and text.isascii() and text.isprintable() else ""
    assert plain.strip() in stored


def test_a_megabyte_is_refused_in_one_sentence(directory: DeskDirectory) -> None:
    (fault,) = read("n " + "长" * 1_000_000, directory).faults
    assert str(LONGEST_LINE) in fault.sentence
    assert complete("x" * 1_000_000, 5, directory) == []


# -- what is kept ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "line",
    [
        "n crowd @望浦广场 ph:13912345678 人:李雷 打架",
        "n crowd ＰＨ：13912345678 by:李雷",
        "n crowd 电话:13912345678 打架",
        "note 12 回拨 13912345678",
        "13912345678",
    ],
)
def test_nobodys_number_or_name_is_kept(line: str) -> None:
    kept = without_person(line)
    assert "13912345678" not in kept
    assert "李雷" not in kept


def test_history_goes_back_and_forth_and_ends_at_what_was_being_written() -> None:
    history = History()
    for line in ("a 1", "a 2", "a 2", "d 3 p1"):
        history.keep(line)
    assert history.lines == ("a 1", "a 2", "d 3 p1")
    assert [history.back("half") for _ in range(4)] == ["d 3 p1", "a 2", "a 1", None]
    assert [history.forward() for _ in range(4)] == ["a 2", "d 3 p1", "half", None]


@pytest.mark.parametrize("text", ["d px3", "a pxl3", "d p3", "c 3", "s p1 zz", "派 浦兴路3", "i pxl12"])
def test_words_that_could_be_an_address_are_read_to_the_end(directory: DeskDirectory, text: str) -> None:
    for end in range(1, len(text) + 1):
        offered = complete(text[:end], end, directory)
        assert all(each.choice.key.startswith("d") for each in offered if each.choice.kind == "incident")
