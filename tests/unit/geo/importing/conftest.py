"""Owns the files that imports of the tests begin with."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from app import i18n
from app.geo.importing.importer import ImportRequest
from tests.unit.geo.importing import osm_town


@pytest.fixture(params=["zh_CN", "en"])
def spoken(request: pytest.FixtureRequest) -> Iterator[str]:
    """Every fault is told in both languages."""
    before = i18n.language()
    i18n.set_language(request.param)
    yield request.param
    i18n.set_language(before)


@pytest.fixture
def ask(tmp_path: Path) -> Callable[..., ImportRequest]:
    """A request for the town with its four grids; what is given differs."""
    osm = osm_town.write_osm(tmp_path / "town.osm")
    grids = osm_town.write_grids(tmp_path / "grids.geojson")
    target = tmp_path / "district"
    request = ImportRequest(osm, target, osm_town.CODE, "望浦街道", "Wangpu", grids)

    def asked(**changes: object) -> ImportRequest:
        return replace(request, **changes)  # type: ignore[arg-type]

    return asked


@pytest.fixture
def lists(tmp_path: Path) -> dict[str, Path]:
    """Cameras in GBK, units in UTF-8."""
    cameras, units = tmp_path / "cameras.csv", tmp_path / "units.csv"
    cameras.write_bytes(osm_town.CAMERAS.encode("gbk"))
    units.write_text(osm_town.UNITS, encoding="utf-8")
    return {"cameras": cameras, "units": units}
