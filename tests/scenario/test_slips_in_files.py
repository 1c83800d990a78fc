"""A slip in a file of the centre's own: the officer is told file and line, and sends his units all the same."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from app.config import Config
from app.i18n import Language
from tests.scenario.desk_window import Officer, open_desk
from tests.scenario.districts import district

LANGUAGES: tuple[Language, ...] = ("zh_CN", "en")
LINE: dict[Language, str] = {
    "zh_CN": "报 火警 @望浦广场 级1 smoke",
    "en": 'n fire @"Wangpu Plaza" pri1 smoke',
}
SLIPS = {
    "runcards/fire.toml": '[need.engine]\nkinds = ["fyre"]\n',
    "dispatch.toml": '[emergency]\nkinds = ["tank"]\n',
    "closures.csv": "road,from,until,emergency\nR9999,,,\n",
}

pytestmark = pytest.mark.qt_log_ignore("does not support (raise|grabbing)", extend=True)


def place_with_slips(folder: Path) -> Path:
    place = district(folder)
    (place / "runcards").mkdir()
    for name, text in SLIPS.items():
        (place / name).write_text(text, encoding="utf-8")
    return place


def told(officer: Officer) -> str:
    """What the notice along the top of the window says."""
    notice = officer.console._notice
    return str(notice.text) if notice.isVisible() else ""


@pytest.mark.parametrize("language", LANGUAGES)
def test_units_are_recommended_and_sent_and_each_slip_is_told(
    qapp: QApplication, tmp_path: Path, language: Language
) -> None:
    config = Config(db=str(tmp_path / "j.db"), district_dir=place_with_slips(tmp_path), language=language)
    with open_desk(qapp, config) as officer:
        officer.wait(lambda: told(officer), "a notice")
        assert all(Path(name).name in told(officer) for name in SLIPS), told(officer)
        officer.report(LINE[language], "smoke")
        panel = officer.dispatching("smoke")
        assert {"f1", "f2", "f3"} & set(panel.recommended), "by the bundled card of fires"
        officer.press(Qt.Key.Key_D)
        assert officer.wait_for_status("smoke", "dispatched").units
