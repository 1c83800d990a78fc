"""Wrong use is one line and exit code 2; help speaks one language throughout."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from app.cli import WRONG_USE, parse
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
    "command", [[], ["serve"], ["simulate"], ["replay"], ["verify"], ["bench"], ["console"]]
)
def test_help_speaks_one_language(capsys: pytest.CaptureFixture[str], command: list[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        parse([*command, "--lang", "zh_CN", "--help"])
    assert ended.value.code == 0
    shown = capsys.readouterr().out
    assert not any(word in shown for word in ("usage:", "options:", "arguments:", "show this help"))
