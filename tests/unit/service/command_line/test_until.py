"""An end as it is typed: a time of day, a day, a span, in either language."""

from __future__ import annotations

import pytest

from app.domain.instants import format_iso, parse_iso
from app.service.command_line.until import until_of

NOW = parse_iso("2026-12-31T15:50:00Z")
"""23:50 at the centre, ten minutes before a new year."""


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("23:55", "2026-12-31T15:55"),
        ("23:50", "2027-01-01T15:50"),
        ("14:30", "2027-01-01T06:30"),
        ("１４：３０", "2027-01-01T06:30"),
        ("1-2 06:00", "2027-01-01T22:00"),
        ("2h", "2026-12-31T17:50"),
        ("90分", "2026-12-31T17:20"),
        (" 2 小时 ", "2026-12-31T17:50"),
        ("3d", "2027-01-03T15:50"),
    ],
)
def test_what_is_typed_is_an_instant_to_come(typed: str, meant: str) -> None:
    found = until_of(typed, NOW, 480)
    assert found is not None and format_iso(found).startswith(meant)


@pytest.mark.parametrize("typed", ["", "soon", "25:00", "14:99", "2-30 10:00", "2 weeks", "h", "14", "0x2h"])
def test_what_is_no_end_is_none(typed: str) -> None:
    assert until_of(typed, NOW, 480) is None
