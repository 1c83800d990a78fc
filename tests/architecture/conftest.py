"""What looking at the source costs ends with the tests that look at it."""

from collections.abc import Iterator

import pytest

from tests.architecture import source


@pytest.fixture(scope="package", autouse=True)
def trees_are_let_go() -> Iterator[None]:
    """Millions of syntax nodes that stayed would be walked by every collection of the tests that follow."""
    yield
    source.parsed.cache_clear()
