"""Words that mean one thing: what they make of two reports of one place and type; a file of them that is wrong."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from app.bench.duplicates import Arriving, judged
from app.bench.duplicates_set import make_set, names_of_places
from app.centre.layered_toml import DeclarationFault
from app.centre.types_file import load_incident_types
from app.config import default_district
from app.duplicates.index import DuplicateIndex
from app.duplicates.reasons import reasons_of
from app.duplicates.report import Report
from app.duplicates.rule import MINUTE_MS, Rule
from app.duplicates.rule_file import load_rule
from app.duplicates.synonym_file import load_synonyms
from app.duplicates.wording import synonyms_said, wording_of
from app.geo.district import load_district
from app.paths import bundled_data_dir
from app.service.duplicates import rule_of
from tests.unit.duplicates.test_rule import AT, LAT, LON, PAIRS, _report, features, score

BUNDLED = bundled_data_dir() / "synonyms.toml"
PLACE = "望浦广场"
LEAK = Report("a", AT, "facility", "路边漏水", "", "文昌路49号", LAT, LON, "x", "110")
BURST = replace(LEAK, id="b", at=AT + 10 * MINUTE_MS, title="自来水爆管", caller="y")


@pytest.fixture(scope="module")
def rule() -> Rule:
    return load_rule().among((PLACE,))


@pytest.mark.parametrize("turned", [False, True], ids=["as told", "the other way round"])
@pytest.mark.parametrize("kind", ["same", "other"])
def test_pairs_made_by_hand(rule: Rule, kind: str, turned: bool) -> None:
    plain = load_rule(synonyms=()).among((PLACE,))
    wrong, found_before = [], 0
    for name, pair in PAIRS["synonyms"][kind].items():
        first, second = (_report(number, text) for number, text in enumerate(pair))
        if turned:
            first, second = replace(second, at=first.at), replace(first, at=second.at)
        if _is_found(rule, first, second) != (kind == "same"):
            wrong.append(name)
        found_before += _is_found(plain, first, second)
    assert wrong == []
    assert found_before <= 1, "without the table hardly any of them is seen"


def _is_found(rule: Rule, first: Report, second: Report) -> bool:
    index = DuplicateIndex(rule)
    index.put(first)
    return bool(index.find(second, rule.threshold))


def test_they_count_for_the_same_type_only_and_only_where_the_group_counts(rule: Rule) -> None:
    assert features(rule, LEAK, BURST)["same_matter"] == 1.0
    assert features(rule, LEAK, replace(BURST, incident_type="environment"))["same_matter"] == 0.0
    of_petitions = [replace(report, incident_type="petition") for report in (LEAK, BURST)]
    assert features(rule, *of_petitions)["same_matter"] == 0.0
    everywhere = replace(rule.vocabulary.synonyms[1], types=frozenset())
    general = load_rule(synonyms=(everywhere,))
    assert features(general, *of_petitions)["same_matter"] == 1.0


def test_the_reason_names_both_words_and_one_word_needs_none(rule: Rule) -> None:
    assert "“爆管”与“漏水”是一回事" in reasons_of(rule, BURST, LEAK)
    assert synonyms_said(LEAK, BURST, rule.vocabulary) == ("漏水", "爆管")
    assert synonyms_said(LEAK, replace(LEAK, title="又漏水"), rule.vocabulary) is None
    assert synonyms_said(LEAK, replace(BURST, incident_type="environment"), rule.vocabulary) is None


def test_english_words_are_whole_ones_and_their_plural(rule: Rule) -> None:
    def meant(title: str) -> frozenset[str]:
        return wording_of(replace(LEAK, title=title), rule.vocabulary).meant

    assert meant("two leaks here") == meant("a LEAK") == {"burst_main"}
    assert meant("a bursting purse") == frozenset()


def test_on_the_labelled_set_nothing_gets_worse() -> None:
    labelled = make_set(2, 1, events=1_500)
    with_them, without = (
        judged(Arriving(rule.among(names_of_places())).take, labelled)
        for rule in (load_rule(), load_rule(synonyms=()))
    )
    assert with_them["precision"] >= without["precision"]
    assert with_them["recall"] >= without["recall"]


def test_a_centre_adds_words_of_its_own(tmp_path: Path) -> None:
    (tmp_path / "synonyms.toml").write_text('[group.burst_main]\nwords = ["水花四溅"]\n', encoding="utf-8")
    rule = rule_of(load_district(default_district()), load_incident_types(), tmp_path)
    own = replace(BURST, title="路上水花四溅")
    assert score(rule, LEAK, own) > rule.threshold > score(load_rule(), LEAK, own)
    assert score(rule, LEAK, BURST) > rule.threshold, "the words that were there stay"


@pytest.mark.parametrize(
    ("said", "line", "field"),
    [
        ('[group.own]\nwords = ["漏水"]\n', 2, "group.own.words"),
        ('[group.own]\nwords = ["漏水", "漏水"]\n', 2, "group.own.words"),
        ('[group.own]\nwords = ["漏水", "水"]\n', 2, "group.own.words"),
        ('[group.own]\nwords = ["漏水", "Burst"]\n', 2, "group.own.words"),
        ('[group.own]\nwords = ["漏水", "burst pipe"]\n', 2, "group.own.words"),
        ('[group.own]\nwords = ["漏水", 3]\n', 2, "group.own.words"),
        ('[group.own]\nwords = "漏水"\n', 2, "group.own.words"),
        ('[group.own]\ntypes = ["facility"]\n', 1, "group.own.words"),
        ('[group.own]\n\nwords = ["漏水", "跑水"]\ntypes = ["nowhere"]\n', 4, "group.own.types"),
        ('[group.own]\nwords = ["漏水", "跑水"]\ntypes = []\n', 3, "group.own.types"),
        ('[group.own]\nwords = ["漏水", "跑水"]\nkinds = []\n', 3, "group.own.kinds"),
        ('[group.Own]\nwords = ["漏水", "跑水"]\n', 1, "group.Own"),
        ("[groups]\n", 1, "groups"),
        ("group = 3\n", 1, "group"),
    ],
)
def test_a_wrong_entry_names_its_place(tmp_path: Path, said: str, line: int, field: str) -> None:
    own = tmp_path / "synonyms.toml"
    own.write_text(said, encoding="utf-8")
    with pytest.raises(DeclarationFault) as told:
        load_synonyms(load_incident_types(), files=[BUNDLED, own])
    assert (told.value.file, told.value.line, told.value.field) == (own, line, field)
