"""A release holds what an import of a district reads with: no analysis finds what is only asked for by name."""

import re
import tomllib

from app.geo.importing.packages import MODULES
from tests.architecture.source import ROOT

SPEC = (ROOT / "installer" / "streetdesk.spec").read_text(encoding="utf-8")
ASKED = re.compile(r'\bpackage\("([\w.]+)"')


def test_every_module_that_an_import_asks_for_is_known() -> None:
    sources = (ROOT / "app" / "geo" / "importing").glob("*.py")
    asked = {name for path in sources for name in ASKED.findall(path.read_text(encoding="utf-8"))}
    assert asked == set(MODULES)


def test_the_release_is_built_with_them_and_with_nothing_that_the_import_extra_lacks() -> None:
    by_name = SPEC.partition("BY_NAME = [")[2].partition("]\n\n")[0]
    assert "*OF_IMPORTS" in by_name and "app.geo.importing.packages import MODULES as OF_IMPORTS" in SPEC
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    extra = {re.split(r"[<>=]", each)[0] for each in project["optional-dependencies"]["import"]}
    assert {name.partition(".")[0] for name in MODULES} == extra


def test_compiled_libraries_come_whole() -> None:
    """Their compiled parts import each other, and read tables from beside them."""
    for part in (
        'collect_submodules("osmium"',
        'collect_submodules("pyogrio"',
        'collect_data_files("pyogrio"',
    ):
        assert part in SPEC
