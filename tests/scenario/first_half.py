"""The first half of the main job, in a process that is killed: opens the window, sends a unit by keys, waits."""

from __future__ import annotations

import sys
from pathlib import Path

from PySide6.QtWidgets import QApplication

from app.config import Config, default_district
from tests.scenario.desk_window import open_desk
from tests.scenario.test_whole_way import dispatch_by_keys


def main(folder: str, feed: str) -> None:
    qapp = QApplication(sys.argv[:1])
    db = str(Path(folder) / "journal.db")
    with open_desk(qapp, Config(db=db, district_dir=default_district(), feeds=(feed,))) as officer:
        unit = dispatch_by_keys(officer)
        sys.stdout.write(f"sent {unit}\n")
        sys.stdout.flush()
        officer.wait(lambda: False, "the kill")


if __name__ == "__main__":
    main(*sys.argv[1:])
