"""A desk with something in its ledger, and ledgers opened on it."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.domain import commands as cmd
from tests.gui.conftest import DeskUnderTest
from tests.unit.exchange.situations import PHONE
from widgets.panels.ledger import LedgerPanel
from widgets.panels.ledger_file import ledger_path

OpenLedger = Callable[..., LedgerPanel]


def fill(desk: DeskUnderTest) -> None:
    """A tree on a wire that was cut and told of, a crowd that waits, a quarrel that was handed over."""
    first, second = desk.bridge.district.grids[:2]
    unit = desk.bridge.district.units[0].id
    desk.report("tree", f"树枝压住电线，电话 {PHONE}", 3, incident_type="facility", grid=first.code)
    desk.report("crowd", "=cmd|' /C calc'!A0", 1, grid=first.code)
    desk.report("quarrel", "楼上漏水", 2, incident_type="dispute", source="12345", grid=second.code)
    desk.do(
        cmd.AcceptIncident("tree"),
        cmd.DispatchUnits("tree", (unit,)),
        cmd.SetUnitStatus(unit, "on_scene", "tree"),
        cmd.NoteIncident("tree", "供电所同意停电"),
        cmd.ReportBack("tree", "树枝已锯除"),
        cmd.HandOverIncident("quarrel", "调解中心", "属其职责"),
    )


def ledgers(desk: DeskUnderTest, qtbot: QtBot) -> Iterator[OpenLedger]:
    """Opens ledgers of one desk; what they keep is gone at the end."""
    panels: list[LedgerPanel] = []

    def open_ledger(*, remember: bool = False, width_px: int = 1100) -> LedgerPanel:
        panel = LedgerPanel(desk.bridge, remember=remember)
        panels.append(panel)
        panel.resize(width_px, 600)
        panel.show()
        qtbot.waitExposed(panel)
        panel.view.setFocus()
        return panel

    ledger_path("desk-1").unlink(missing_ok=True)
    yield open_ledger
    for panel in panels:
        panel.close()
        panel.deleteLater()
    QApplication.processEvents()
    ledger_path("desk-1").unlink(missing_ok=True)
