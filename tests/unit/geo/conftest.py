"""Districts to test on: the bundled demo one, and a small one whose every figure can be worked out by hand."""

from pathlib import Path

import pytest

from app.geo.district import District, load_district
from app.paths import bundled_data_dir
from tests.unit.geo.small_district import write_small_district


@pytest.fixture(scope="session")
def demo() -> District:
    """The bundled demo district."""
    return load_district(bundled_data_dir() / "districts" / "demo")


@pytest.fixture
def small_dir(tmp_path: Path) -> Path:
    """The directory of the small district, to be damaged at will."""
    write_small_district(tmp_path)
    return tmp_path


@pytest.fixture
def small(small_dir: Path) -> District:
    """The small district, loaded."""
    return load_district(small_dir)
