"""`district import` and `district check` on the command line: wrong use is 2, help speaks one language."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from app.arguments import WRONG_USE
from app.cli import parse, run
from app.i18n import language, set_language

NEEDED = [
    "--osm", "a.osm.pbf", "--code", "310198006", "--name-zh", "望浦", "--name-en", "Wangpu", "-o", "out",
]  # fmt: skip


@pytest.fixture(autouse=True)
def language_kept() -> Iterator[None]:
    before = language()
    yield
    set_language(before)


def test_options_reach_the_command() -> None:
    options = parse(
        ["district", "import", *NEEDED, "--grids", "g.xlsx", "--crs", "gcj02", "--crs", "grids=EPSG:4549"]
    )
    assert (options.osm, options.output, options.grids) == (Path("a.osm.pbf"), Path("out"), Path("g.xlsx"))
    assert dict(options.crs) == {"": "gcj02", "grids": "epsg:4549"}


@pytest.mark.parametrize(
    "words",
    [
        ["district"],
        ["district", "mend"],
        ["district", "check"],
        ["district", "import", *NEEDED[:-2]],
        ["district", "import", *NEEDED, "--code", "31019800"],
        ["district", "import", *NEEDED, "--code", "31019800６"],
        ["district", "import", *NEEDED, "--name-zh", " "],
        ["district", "import", *NEEDED, "--crs", "mars"],
        ["district", "import", *NEEDED, "--crs", "roads=gcj02"],
        ["district", "import", *NEEDED, "--utc-offset", "9999"],
    ],
)
@pytest.mark.parametrize("spoken", ["zh_CN", "en"])
def test_wrong_use_is_one_line(capsys: pytest.CaptureFixture[str], words: list[str], spoken: str) -> None:
    with pytest.raises(SystemExit) as ended:
        parse([*words, "--lang", spoken])
    assert ended.value.code == WRONG_USE
    assert capsys.readouterr().err.count("\n") == 1


@pytest.mark.parametrize("part", [[], ["import"], ["check"]])
def test_help_speaks_one_language(capsys: pytest.CaptureFixture[str], part: list[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        parse(["district", *part, "--lang", "zh_CN", "--help"])
    assert ended.value.code == 0
    shown = capsys.readouterr().out
    assert not any(word in shown for word in ("usage:", "options:", "arguments:", "show this help"))


def test_a_directory_that_is_not_there_fails_in_one_line(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    assert run(parse(["district", "check", str(tmp_path / "nowhere"), "--lang", "en"])) == 1
    told = capsys.readouterr().err
    assert "nowhere" in told
    assert told.count("\n") == 1
