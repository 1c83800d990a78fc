"""A card as low as the default arrangement makes it: what is asked on it is read whole, and so is what is above."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, QRect
from PySide6.QtWidgets import QAbstractButton, QWidget

from app.domain import commands as cmd
from app.i18n import set_language
from tests.gui.conftest import DeskUnderTest, Opened
from widgets.actions import CLOSE, EDIT_TYPE, HAND_OVER
from widgets.panels.case import CasePanel
from widgets.style import tokens


def cut(panel: CasePanel) -> list[str]:
    """What is shown of head and sheet with less height than it must have, or over something else."""
    parts: list[QWidget] = [
        *panel.head.clocks.values(),
        panel.head.steps,
        panel.head.title,
        panel.sheet.warning,
    ]
    parts += [
        *panel.sheet.labels.values(),
        *panel.sheet.edits.values(),
        panel.sheet.confirm,
        panel.sheet.hold,
    ]
    shown = [part for part in parts if part.isVisible()]
    places = [QRect(part.mapTo(panel, QPoint(0, 0)), part.size()) for part in shown]
    faults = []
    for part, place in zip(shown, places, strict=True):
        least_px = (
            part.heightForWidth(part.width()) if part.hasHeightForWidth() else part.minimumSizeHint().height()
        )
        if part.height() < least_px or not panel.rect().contains(place):
            faults.append(f"{type(part).__name__} {part.height()} of {least_px}")
        if any(place.intersects(other) for other in places if other is not place):
            faults.append(f"{type(part).__name__} lies on another")
    return faults


@pytest.mark.parametrize("language", ["zh_CN", "en"])
@pytest.mark.parametrize("size", [(1366, 768), (1920, 1080)])
def test_what_is_asked_on_a_low_card_can_be_read(
    opened: Opened, desk: DeskUnderTest, size: tuple[int, int], language: str
) -> None:
    set_language("en" if language == "en" else "zh_CN")
    console = opened(*size)
    units = [unit.id for unit in desk.bridge.district.units[:2]]
    desk.report("i1")
    desk.do(cmd.AcceptIncident("i1"), cmd.DispatchUnits("i1", tuple(units)))
    console.selection.select_incident("i1")
    console.dock("card").bring_up()
    panel = console.panel("card")
    assert isinstance(panel, CasePanel)
    desk.wait_until(lambda: panel.incident is not None and panel.head.steps.isVisible())
    for action in (CLOSE, HAND_OVER):
        panel.act(action)
        desk.wait_until(lambda: panel.sheet.isVisible() and cut(panel) == [])
        assert panel.head.title.isVisible(), "what it is about always stands there"
        panel.sheet.dismiss()
        desk.wait_until(lambda: panel.head.steps.isVisible() and panel.head.clocks["accept"].isVisible())


@pytest.mark.parametrize("language", ["zh_CN", "en"])
def test_the_choice_of_a_type_can_be_read_on_a_low_card(
    opened: Opened, desk: DeskUnderTest, language: str
) -> None:
    set_language("en" if language == "en" else "zh_CN")
    console = opened(1920, 1080)
    desk.report("i1")
    console.selection.select_incident("i1")
    console.dock("card").bring_up()
    panel = console.panel("card")
    assert isinstance(panel, CasePanel)
    desk.wait_until(lambda: panel.incident is not None and panel.head.steps.isVisible())
    panel.act(EDIT_TYPE)

    def choices() -> list[int]:
        return [button.height() for button in panel.head.findChildren(QAbstractButton) if button.isVisible()]

    desk.wait_until(lambda: len(choices()) > 10 and min(choices()) >= tokens().px(20))
    assert panel.head.title.isVisible()
    panel.editing.stop()
    desk.wait_until(lambda: panel.head.steps.isVisible() and panel.head.clocks["accept"].isVisible())
