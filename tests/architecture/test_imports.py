"""Who may import whom, where import-linter (pyproject.toml) has no word for it."""

import sys

import pytest

from tests.architecture.source import modules

NOT_IN_DOMAIN = {
    "asyncio", "datetime.datetime.now", "io", "multiprocessing", "os", "pathlib", "random", "secrets", "shutil",
    "socket", "sqlite3", "subprocess", "tempfile", "threading", "time", "urllib", "uuid",
}  # fmt: skip

# A bench measures from inside; the command line opens a journal to verify it.
MAY_IMPORT_JOURNAL = (
    "app/journal/", "app/service/", "app/bootstrap.py", "app/readings.py", "app/link/", "app/feeds/replay.py",
    "app/cli.py", "app/before_qt.py", "app/bench/", "widgets/bench/", "app/drill_desk.py",
)  # fmt: skip

NOT_IN_WIDGETS = ("app.journal", "app.feeds", "sqlalchemy", "aiohttp")


def imported_in(*folders: str) -> list[tuple[str, str]]:
    """(place, imported name) of every import under these folders."""
    return [(m.at(node), name) for m in modules(*folders) for node, name in m.imports()]


def is_within(name: str, package: str) -> bool:
    return name == package or name.startswith(package + ".")


def test_the_domain_imports_the_standard_library_only() -> None:
    foreign = [
        (place, name)
        for place, name in imported_in("app/domain")
        if not is_within(name, "app.domain") and name.split(".")[0] not in sys.stdlib_module_names
    ]
    assert foreign == []


def test_the_domain_has_no_clock_no_io_and_no_randomness() -> None:
    impure = [
        (place, name)
        for place, name in imported_in("app/domain")
        if any(is_within(name, banned) for banned in NOT_IN_DOMAIN)
    ]
    assert impure == []


def test_only_its_owners_import_the_journal() -> None:
    strangers = [
        (place, name)
        for place, name in imported_in("app", "widgets")
        if is_within(name, "app.journal") and not place.startswith(MAY_IMPORT_JOURNAL)
    ]
    assert strangers == []


@pytest.mark.parametrize("banned", NOT_IN_WIDGETS)
def test_widgets_see_the_desk_only_through_the_bridge(banned: str) -> None:
    among = [found for found in imported_in("widgets") if not found[0].startswith("widgets/bench/")]
    assert [found for found in among if is_within(found[1], banned)] == []


def test_parts_know_nothing_of_app() -> None:
    assert [found for found in imported_in("widgets/parts") if is_within(found[1], "app")] == []
