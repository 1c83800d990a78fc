"""The outgoing lead's half of a hand-over, in a process that is killed: a matter, a note, a signature by keys."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from app.config import Config, default_district
from tests.scenario.desk_window import Officer, open_desk

Key = Qt.Key
MATTER, NOTE = "商铺冒烟", "泵房 22 点复查"


def config(folder: Path) -> Config:
    return Config(db=str(folder / "journal.db"), district_dir=default_district())


def shift_panel(officer: Officer) -> Any:
    panel = officer.bring_up("shift", Key.Key_0, Qt.KeyboardModifier.AltModifier)
    officer.wait(lambda: panel.brief is not None, "the brief")
    return panel


def sign_by_keys(officer: Officer, panel: Any, name: str) -> None:
    """S, the name twice, the role as it stands, and the button held until it is signed, or refused in words."""
    before = panel.shift.waits_for
    panel.refusal.dismiss()
    officer.focus(panel.view)
    officer.press(Key.Key_S)
    for field in (panel.form.name, panel.form.again):
        officer.wait(field.hasFocus, "the line for the name")
        field.clear()
        officer.type(name)
        officer.press(Key.Key_Return)
    officer.press(Key.Key_Return)
    officer.wait(panel.form.sign.hasFocus, "the button that signs")
    officer.hold(
        Key.Key_Space, lambda: panel.shift.waits_for != before or panel.refusal.isVisible(), f"{name} to sign"
    )


def main(folder: str) -> None:
    qapp = QApplication(sys.argv[:1])
    with open_desk(qapp, config(Path(folder))) as officer:
        officer.report(f"报 火警 @望浦广场 级1 {MATTER}", MATTER)
        panel = shift_panel(officer)
        officer.press(Key.Key_N)
        officer.type(NOTE)
        officer.press(Key.Key_Return)
        officer.wait(lambda: any(NOTE in row.title for row in panel.view.rows), "the note in the brief")
        sign_by_keys(officer, panel, "张三")
        assert panel.shift.outgoing is not None
        sys.stdout.write(f"signed {panel.shift.outgoing.digest}\n")
        sys.stdout.flush()
        officer.wait(lambda: False, "the kill")


if __name__ == "__main__":
    main(*sys.argv[1:])
