"""Files of incident types: the bundled ones are whole, a centre's hold, and every fault names file, line and field."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from app.centre.layered_toml import DeclarationFault, line_of
from app.centre.types_file import OWN, load_incident_types
from app.centre.types_in_force import incident_types, owner_name, plain, put_in_force, type_name
from app.domain.clocks import STEPS
from app.domain.errors import ConfigError
from app.domain.incident import PRIORITIES
from app.domain.incident_types import Limit
from app.i18n import LANGUAGES, set_language
from app.paths import bundled_data_dir, user_config_dir
from widgets.parts.symbols import INCIDENT_TYPES

BUNDLED = bundled_data_dir() / "incident_types.toml"
SMALL = """\
[calendar]
working_hours = ["09:00-12:00", "13:30-17:30"]

[limits]
accept = {P1 = "1 min", P2 = "2 min", P3 = "5 min", P4 = "10 min"}
dispatch = {P1 = "2 min", P2 = "5 min", P3 = "10 min", P4 = "30 min"}
contact = {P1 = "10 min", P2 = "20 min", P3 = "30 min", P4 = "60 min"}
arrive = {P1 = "8 min", P2 = "15 min", P3 = "30 min", P4 = "60 min"}
resolve = {P1 = "4 h", P2 = "8 h", P3 = "24 h", P4 = "3 wd"}
feedback = {P1 = "24 h", P2 = "24 h", P3 = "2 wd", P4 = "5 wd"}

[owner]
grid_centre = {zh = "网格中心", en = "Grid centre"}

[type.other]
name = {zh = "其他", en = "Other"}
priority = 3
owner = "grid_centre"
run_card = "other"
limits.resolve = {P3 = "2 wd"}
"""


@pytest.fixture
def small(tmp_path: Path) -> Path:
    path = tmp_path / "small.toml"
    path.write_text(SMALL, encoding="utf-8")
    return path


def own(folder: Path, text: str) -> Path:
    path = folder / OWN
    path.write_text(text, encoding="utf-8")
    return path


# -- what is bundled ---------------------------------------------------------------------------------------------------


def test_the_bundled_types_are_whole() -> None:
    types = load_incident_types()
    known = {one.id for one in types}
    assert set(INCIDENT_TYPES) <= known, "every pictogram has its type"
    assert {"noise", "help", "smoke", "intrusion", "one_key", "officer_down", "device_offline"} <= known
    assert {one.glyph for one in types} <= set(INCIDENT_TYPES), "a borrowed glyph exists"
    assert len({one.name_zh for one in types}) == len({one.name_en for one in types}) == len(known)
    for one in types:
        for priority in PRIORITIES:
            assert {rule.place for rule in types.limits.rules_for(one.id, priority)} >= {0, 1, 4}, one.id


def test_every_type_that_a_template_or_a_mapping_names_is_declared() -> None:
    types = load_incident_types()
    files = [
        *(bundled_data_dir() / "drills").glob("*.toml"),
        *(bundled_data_dir() / "mappings").glob("*.toml"),
    ]
    named = set()
    for file in files:
        text = file.read_text(encoding="utf-8")
        named |= set(re.findall(r'^type = "(\w+)"', text, re.MULTILINE))
        of_type = re.search(r"\[incident\.type\](.*?)(?:\n\[incident\.(?!type)|\Z)", text, re.DOTALL)
        named |= set(re.findall(r'= "([a-z_]+)"', of_type[1])) if of_type else set()
    assert {"crowd", "smoke", "medical"} <= named
    assert [name for name in named if name not in types] == []


# -- what a centre says of its own -------------------------------------------------------------------------------------


def test_a_district_and_a_user_change_and_add_types(tmp_path: Path) -> None:
    mine = user_config_dir()
    mine.mkdir(parents=True, exist_ok=True)
    users = own(mine, '[type.crowd]\npriority = 1\nname.en = "Gathering"\n')
    own(
        tmp_path,
        '[type.crowd]\nname.en = "Assembly"\nlimits.arrive = {P1 = "4 min"}\n'
        '[owner.water]\nzh = "水务站"\nen = "Water office"\n'
        '[type.flood]\nname = {zh = "内涝", en = "Flood"}\npriority = 2\nowner = "water"\nrun_card = "flood"\n'
        'glyph = "environment"\nlimits.resolve = "12 h"\nlimits.contact = "none"\npauses = ["other_authority"]\n',
    )
    try:
        types = load_incident_types(tmp_path)
    finally:
        users.unlink()
    crowd, flood = types.get("crowd"), types.get("flood")
    assert crowd is not None
    assert flood is not None
    assert (crowd.name_zh, crowd.name_en, crowd.priority) == ("人群聚集", "Assembly", 1)
    assert crowd.limits["arrive"][1] == Limit(4, "min")
    assert crowd.limits["arrive"][2] == Limit(15, "min")
    assert flood.owner.name_en == "Water office"
    assert flood.limits["contact"] == {}
    assert flood.limits["resolve"] == dict.fromkeys(PRIORITIES, Limit(12, "h"))
    assert {rule.pauses for rule in types.limits.rules_for("flood", 1)} == {frozenset({"other_authority"})}
    assert load_incident_types().get("flood") is None


# -- what is wrong -----------------------------------------------------------------------------------------------------

FAULTS = [
    # (what is replaced, by what, line, field, what the reason names)
    ("priority = 3", "priority = 5", 17, "type.other.priority", "5"),
    ("priority = 3", "priority = true", 17, "type.other.priority", "True"),
    ("priority = 3", "", 15, "type.other.priority", ""),
    ('owner = "grid_centre"', 'owner = "grid_center"', 18, "type.other.owner", "grid_center"),
    ('run_card = "other"', 'run_crad = "other"', 19, "type.other.run_crad", "run_card"),
    ('run_card = "other"', 'run_card = "../other"', 19, "type.other.run_card", "../other"),
    ('zh = "其他", en = "Other"', 'zh = "其他"', 16, "type.other.name.en", ""),
    ('en = "Other"', 'en = "Ot\\u202eher"', 16, "type.other.name.en", "Ot�her"),
    ('en = "Other"', 'en = "  "', 16, "type.other.name.en", ""),
    ('{P3 = "2 wd"}', '{P3 = "2 days"}', 20, "type.other.limits.resolve.P3", "2 days"),
    ('{P3 = "2 wd"}', '"0 min"', 20, "type.other.limits.resolve", "0 min"),
    ('{P3 = "2 wd"}', '"999 wd"', 20, "type.other.limits.resolve", "250 wd"),
    ('{P3 = "2 wd"}', '{P3 = "20 min"}', 20, "type.other.limits.resolve.P3", "arrive"),
    ('{P3 = "2 wd"}', "{P3 = 20}", 20, "type.other.limits.resolve.P3", "20"),
    ('{P3 = "2 wd"}', '{P5 = "2 wd"}', 20, "type.other.limits.resolve.P5", "P4"),
    ("limits.resolve", "limits.solve", 20, "type.other.limits.solve", "resolve"),
    ("limits.resolve", 'pauses = ["lunch"]\nlimits.resolve', 20, "type.other.pauses", "lunch"),
    ("limits.resolve", 'offered = "yes"\nlimits.resolve', 20, "type.other.offered", "yes"),
    ("[type.other]", "[type.Other]", 15, "type.Other", "Other"),
    ("[type.other]", "[type.misc]", 1, "type.other", ""),
    ('P4 = "3 wd"}', 'P4 = "none"}', 9, "limits.resolve", "none"),
    ('resolve = {P1 = "4 h", P2 = "8 h", P3 = "24 h", P4 = "3 wd"}\n', "", 4, "limits.resolve", ""),
    ('"09:00-12:00"', '"9-12"', 2, "calendar.working_hours", "9-12"),
    ('"13:30-17:30"', '"11:30-17:30"', 2, "calendar.working_hours", "11:30"),
    ("[calendar]", "[calender]", 1, "calender", "calendar"),
    ("priority = 3", "priority = 3\npriority = 4", 18, "", ""),
    ("priority = 3", "priority = ", 17, "", ""),
]


@pytest.mark.parametrize(("found", "put", "line", "field", "named"), FAULTS)
def test_every_fault_names_file_line_and_field(
    tmp_path: Path, found: str, put: str, line: int, field: str, named: str
) -> None:
    assert found in SMALL
    path = tmp_path / "broken.toml"
    path.write_text(SMALL.replace(found, put, 1), encoding="utf-8")
    with pytest.raises(DeclarationFault) as fault:
        load_incident_types(files=[path])
    assert (fault.value.file, fault.value.line, fault.value.field) == (path, line, field)
    assert named in fault.value.reason
    assert "\u202e" not in str(fault.value)
    assert isinstance(fault.value, ConfigError)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_fault_is_told_in_the_language_of_the_call(small: Path, language: str) -> None:
    small.write_text(SMALL.replace("priority = 3", "priority = 9"), encoding="utf-8")
    set_language(language)  # type: ignore[arg-type]
    try:
        with pytest.raises(DeclarationFault) as fault:
            load_incident_types(files=[small])
    finally:
        set_language("zh_CN")
    words = {"zh_CN": "第 17 行，字段 type.other.priority", "en": "line 17, field type.other.priority"}
    assert str(fault.value).startswith(str(small))
    assert words[language] in str(fault.value)


def test_the_fault_of_an_own_file_names_that_file_and_not_the_bundled_one(
    small: Path, tmp_path: Path
) -> None:
    users = own(tmp_path, '# ours\n[type.other]\nlimits.resolve = "soon"\n')
    with pytest.raises(DeclarationFault) as fault:
        load_incident_types(files=[small, users])
    assert (fault.value.file, fault.value.line) == (users, 3)
    own(tmp_path, '[type.flood]\nname = {zh = "内涝", en = "Flood"}\npriority = 2\n')
    with pytest.raises(DeclarationFault) as fault:
        load_incident_types(files=[small, users])
    assert (fault.value.file, fault.value.line, fault.value.field) == (users, 1, "type.flood.owner")


@pytest.mark.parametrize("content", [b"\xff\xfe\x00", '[type]\nname = "x"'.encode("utf-16"), b"[" * 100_000])
def test_what_is_no_text_is_named(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "types.toml"
    path.write_bytes(content)
    with pytest.raises(DeclarationFault, match=r"types\.toml"):
        load_incident_types(files=[path])


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(DeclarationFault, match=r"gone\.toml"):
        load_incident_types(files=[tmp_path / "gone.toml"])


def test_a_line_is_found_under_quoted_keys_and_within_tables() -> None:
    text = '# [a]\n["a".b]\nc = 1\n"d e".f = 2\n[a.g]\n# h = 3\nh = {i = 4}\n'
    paths = [("a", "b", "c"), ("a", "b", "d e", "f"), ("a", "g", "h", "i"), ("a", "b", "x"), ("z",)]
    assert [line_of(text, path) for path in paths] == [3, 4, 7, 2, 1]


# -- names -------------------------------------------------------------------------------------------------------------


def test_names_follow_the_language_and_strangers_stay_plain() -> None:
    put_in_force(load_incident_types())
    assert (type_name("crowd"), owner_name("crowd")) == ("人群聚集", "派出所")
    set_language("en")
    try:
        assert (type_name("crowd"), owner_name("crowd")) == ("Crowd", "Police post")
        assert (type_name("ufo landing"), owner_name("ufo landing")) == ("ufo landing", "")
    finally:
        set_language("zh_CN")
    assert plain("<b>\u202eevil\n</b>") == "<b> evil </b>"
    assert len(plain("长" * 1_000_000)) == 40
    assert incident_types().priority_of("ufo landing") == incident_types().priority_of("other")


def test_the_steps_of_the_files_are_those_of_the_clocks(small: Path) -> None:
    known = load_incident_types(files=[small]).get("other")
    assert known is not None
    assert list(known.limits) == [name for name, _ in STEPS]
