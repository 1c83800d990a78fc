"""Wrong use is one line and exit code 2; help speaks one language throughout."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.arguments import WRONG_USE
from app.call_language import language_of_call
from app.cli import DONE, FAILED, config_of, guarded, parse, run
from app.domain.errors import ConfigError
from app.i18n import language, set_language


@pytest.fixture(autouse=True)
def language_kept() -> Iterator[None]:
    before = language()
    yield
    set_language(before)


def refused(capsys: pytest.CaptureFixture[str], *words: str) -> str:
    with pytest.raises(SystemExit) as ended:
        parse(words)
    assert ended.value.code == WRONG_USE
    return capsys.readouterr().err


@pytest.mark.parametrize(
    "address", ["desk", "http://host/events", "ws://", "ws://host:99999/events", "ws://[::1/events"]
)
def test_what_is_no_address_of_a_feed_is_refused_before_anything_starts(
    capsys: pytest.CaptureFixture[str], address: str
) -> None:
    told = refused(capsys, "serve", "--lang", "en", "--feed", address)
    assert address in told
    assert told.count("\n") == 1


def test_feeds_are_kept_in_order() -> None:
    urls = ["ws://127.0.0.1:9800/events", "wss://centre.example/events"]
    assert parse(["serve", "--feed", urls[0], "--feed", urls[1]]).feed == urls


def test_an_unknown_language_names_the_program(capsys: pytest.CaptureFixture[str]) -> None:
    assert refused(capsys, "--lang", "fr").startswith("streetdesk: ")


@pytest.mark.parametrize(
    "command",
    [[], ["serve"], ["simulate"], ["drill"], ["replay"], ["verify"], ["export"], ["bench"], ["console"]],
)
def test_help_speaks_one_language(capsys: pytest.CaptureFixture[str], command: list[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        parse([*command, "--lang", "zh_CN", "--help"])
    assert ended.value.code == 0
    shown = capsys.readouterr().out
    assert not any(word in shown for word in ("usage:", "options:", "arguments:", "show this help"))


# What is typed, and what the one line has to name: the input, and what would have been right.
WRONG = [
    (
        ["replay", "x.db", "--dump", "x.json", "--at", "nonsense"],
        ["--at", "nonsense", "2026-11-22T06:57:00Z"],
    ),
    (["replay", "x.db", "--dump", "x.json", "--at", "2026-11-22T06:57:00"], ["--at", "2026-11-22T06:57:00Z"]),
    (["serve", "--drill", "nosuch"], ["--drill", "nosuch", "demo", "quiet"]),
    (["--drill", "nosuch.toml"], ["nosuch.toml", "demo", "quiet"]),
    (["serve", "--drill", "templates"], ["templates", "demo", "quiet"]),
    (["simulate", "--scenario", "nosuch"], ["--scenario", "nosuch", "demo", "quiet"]),
    (["drill", "nosuch"], ["SCENARIO", "nosuch", "demo", "quiet", "rush"]),
    (["drill", "quiet", "--policy", "best"], ["--policy", "best", "recommended", "nearest", "none"]),
    (["drill", "quiet", "--speed", "fast"], ["--speed", "fast", "100,000"]),
    (["drill"], ["SCENARIO"]),
    (["simulate", "--replay-log", "calls.csv"], ["--replay-log", "--mapping", "sf_fire", "seattle_911"]),
    (["simulate", "--replay-log", "calls.csv", "--mapping", "nosuch"], ["nosuch", "sf_fire", "seattle_911"]),
    (["simulate", "--mapping", "sf_fire"], ["--mapping", "--replay-log"]),
    (["simulate", "--speed", "3"], ["--speed", "--replay-log"]),
    (["simulate", "--rate", "fast"], ["--rate", "fast", "0.001", "1,000,000"]),
    (["simulate", "--rate", "nan"], ["--rate", "nan", "0.001"]),
    (["simulate", "--rate", "-1"], ["--rate", "-1", "0.001"]),
    (["simulate", "--port", "80.5"], ["--port", "80.5", "65,535"]),
    (["simulate", "--seed", "lucky"], ["--seed", "lucky"]),
    (["simulate", "--epoch", "yesterday"], ["--epoch", "yesterday", "2026-11-22T06:57:00Z"]),
    (["simulate", "--rate"], ["--rate"]),
    (["simulate", "--stamp=1"], ["--stamp"]),
    (["simulate", "--rat", "5"], ["--rat 5"]),
    (["serve", "--bogus"], ["--bogus"]),
    (["serve", "--theme", "pink"], ["--theme", "pink", "dark", "light"]),
    (["--after", "never"], ["--after", "never", "0.1", "3,600"]),
    (["bench", "nosuch"], ["nosuch", "startup", "journal", "latency"]),
    (["bench", "import"], ["bench import", "--osm"]),
    (["nosuch"], ["nosuch", "console", "simulate", "serve", "replay", "verify", "bench"]),
    (["replay"], ["DB", "--dump"]),
    (["replay", "x.db"], ["--dump"]),
    (["verify"], ["DB"]),
]


@pytest.mark.parametrize(("words", "named"), WRONG)
def test_wrong_use_is_one_line_in_the_language_of_the_call(
    capsys: pytest.CaptureFixture[str], words: list[str], named: list[str]
) -> None:
    chinese, english = refused(capsys, *words), refused(capsys, *words, "--lang", "en")
    for told in (chinese, english):
        assert told.count("\n") == 1
        assert [name for name in named if name not in told] == []
    without_input = re.sub("|".join(map(re.escape, [*words, "nosuch.toml", "SQLAlchemy"])), "", chinese)
    assert re.search("[\u4e00-\u9fff]", chinese)
    assert not re.search(r"\b(the|is|argument|expected|invalid|required|choose|must)\b", without_input)
    assert not re.search("[\u4e00-\u9fff]", english)


def test_help_shows_what_is_required_as_required(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        parse(["replay", "--lang", "en", "--help"])
    usage = capsys.readouterr().out.partition("options:")[0]
    assert "--dump OUT.json" in usage
    assert "[--dump" not in usage
    assert "[DB]" not in usage


SPOKEN = [
    ([], {}, "zh_CN"),
    ([], {"LANG": "C.UTF-8"}, "zh_CN"),
    ([], {"LANG": "en_US.UTF-8"}, "en"),
    ([], {"LANG": "en_GB.UTF-8", "LC_ALL": "zh_CN.GB18030"}, "zh_CN"),
    ([], {"LANG": "fr_FR.UTF-8"}, "zh_CN"),
    (["serve", "--db", "x", "--lang", "en"], {"LANG": "zh_CN.UTF-8"}, "en"),
    (["--lang=zh_CN", "serve"], {"LANG": "en_US.UTF-8"}, "zh_CN"),
    (["--lang", "en", "serve", "--lang", "zh_CN"], {}, "zh_CN"),
    (["serve", "--lang"], {"LANG": "en"}, "en"),
    (["serve", "--lang", "fr"], {"LANG": "en"}, "en"),
]


@pytest.mark.parametrize(("words", "environ", "spoken"), SPOKEN)
def test_a_call_speaks_what_it_asks_for_or_the_locale_does(
    words: list[str], environ: dict[str, str], spoken: str
) -> None:
    assert language_of_call(words, environ) == spoken


def test_what_is_wrong_before_the_language_is_read_is_said_in_it(capsys: pytest.CaptureFixture[str]) -> None:
    assert "takes no value" in refused(capsys, "--verbose=1", "serve", "--lang", "en")


def test_help_follows_the_locale(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LC_ALL", "en_US.UTF-8")
    with pytest.raises(SystemExit):
        parse(["--help"])
    assert not re.search("[\u4e00-\u9fff]", capsys.readouterr().out)


OWN = 'title = {zh = "自", en = "own"}\n'


@pytest.mark.parametrize("command", ["console", "serve"])
@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("", "title"),
        (OWN + "bogus = 1", "bogus"),
        (OWN + 'seed = "x"', "seed"),
        (OWN + '[[inject]]\nat_s = 1\ntemplate = "nosuch"', "template"),
        (OWN + "[[inject]]\nat_s = 1", "template"),
        ("\x00", "line 1"),
    ],
)
def test_an_exercise_that_cannot_be_read_is_refused_at_the_start(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, command: str, text: str, named: str
) -> None:
    own = tmp_path / "own.toml"
    own.write_text(text, encoding="utf-8")
    told = refused(capsys, command, "--drill", str(own))
    assert str(own) in told and named in told
    assert told.count("\n") == 1


def test_a_bundled_scenario_is_found_by_its_name_and_any_by_its_path(tmp_path: Path) -> None:
    own = tmp_path / "own.toml"
    own.write_text(OWN, encoding="utf-8")
    assert parse(["serve", "--drill", "quiet"]).drill.name == "quiet.toml"
    assert parse(["serve", "--drill", str(own)]).drill == own
    assert config_of(parse(["serve"])).drill == parse(["serve", "--drill", "demo"]).drill
    assert config_of(parse(["serve", "--feed", "ws://127.0.0.1:1/events"])).drill is None


def test_a_dump_into_a_folder_that_is_not_there_says_which_before_any_work(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    out = tmp_path / "none" / "x.json"
    code = run(parse(["replay", str(tmp_path / "no.db"), "--lang", "en", "--dump", str(out)]))
    assert (code, capsys.readouterr().err) == (
        FAILED,
        f"streetdesk: there is no folder {out.parent} to write {out} into; make it first\n",
    )


def test_a_dump_that_cannot_be_written_names_the_file(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    from app.journal.store import open_journal

    open_journal(str(tmp_path / "j.db"), clock=lambda: 1).close()
    assert run(parse(["replay", str(tmp_path / "j.db"), "--dump", str(tmp_path)])) == FAILED
    told = capsys.readouterr().err
    assert str(tmp_path) in told
    assert "Errno" not in told
    assert run(parse(["replay", str(tmp_path / "j.db"), "--dump", str(tmp_path / "x.json")])) == DONE
    assert (tmp_path / "x.json").stat().st_size > 0


def test_a_district_that_is_no_folder_is_reported_as_that(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="nowhere") as missing:
        config_of(parse(["serve", "--lang", "en", "--district", str(tmp_path / "nowhere")]))
    assert "there is no district folder" in str(missing.value)
    assert "district.toml" not in str(missing.value)
    a_file = tmp_path / "a.txt"
    a_file.touch()
    with pytest.raises(ConfigError, match="is a file, not a district folder"):
        config_of(parse(["serve", "--lang", "en", "--district", str(a_file)]))


@pytest.mark.parametrize("where", ["nonsense", "x:", "1.2.3.4:99999", "host:-1", "host:８６００", ""])
def test_where_phones_call_must_be_an_address(capsys: pytest.CaptureFixture[str], where: str) -> None:
    assert "--field-listen" in refused(capsys, "serve", "--lang", "en", "--field-listen", where)


@pytest.mark.parametrize(
    ("given", "taken"),
    [
        ("0.0.0.0:8600", ("0.0.0.0", 8600)),
        (":8600", ("127.0.0.1", 8600)),
        ("8600", ("127.0.0.1", 8600)),
        ("[::1]:80", ("::1", 80)),
    ],
)
def test_a_port_alone_is_one_of_this_machine_only(given: str, taken: tuple[str, int]) -> None:
    assert config_of(parse(["serve", "--db", "x.db", "--field-listen", given])).field_listen == taken
    assert config_of(parse(["serve", "--db", "x.db"])).field_listen is None


@pytest.mark.parametrize("fault", [TimeoutError(), ValueError(), OSError()])
def test_a_fault_without_words_is_told_all_the_same(
    capsys: pytest.CaptureFixture[str], fault: Exception
) -> None:
    def act() -> int:
        raise fault

    assert guarded(parse(["--lang", "en", "verify", "x.db"]), act) == FAILED
    told = capsys.readouterr().err
    assert re.fullmatch(r"streetdesk: \w.+\n", told)
