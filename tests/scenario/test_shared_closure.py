"""Two desks on one journal: a road that one closes is closed on the other's map and for its recommendations."""

from __future__ import annotations

from pathlib import Path

from app.i18n import tr
from tests.scenario.test_shared_sketch import Desk, loop, open_desk, wait
from widgets.loop import DeskLoop

__all__ = ["loop"]


def closed(desk: Desk) -> set[str]:
    """The roads that the desk's map draws as closed."""
    return {each.key for each in desk.map.view.frame.overlays.closures.items}


def close(desk: Desk, road: str, reason: str) -> None:
    """In the sheet of the map, as from its menu."""
    desk.map.roads.ask(road)
    desk.map.roads.sheet.reason.setEditText(reason)
    desk.map.roads.sheet.confirm.click()


def test_a_road_closed_at_one_desk_is_closed_at_the_other_and_either_opens_it(
    loop: DeskLoop, tmp_path: Path
) -> None:
    with open_desk(loop, "desk-a", tmp_path) as a, open_desk(loop, "desk-b", tmp_path) as b:
        loop.run_until_complete(b.app.connect())
        wait(loop, lambda: a.map.roads.streets is not None and b.map.roads.streets is not None)
        assert a.map.roads.streets is not None
        road = next(street for street in a.map.roads.streets.named if street.name_en == "Renmin Road").roads[
            0
        ]
        graph = b.app.roads.graph(b.app.clock.now())
        close(a, road, "管线抢修")
        wait(loop, lambda: closed(b) == {road} == closed(a))
        assert "desk-a" in b.map.tools.told.text.text
        assert b.app.closures is not None and b.app.closures.closed == {road}
        assert b.app.roads.graph(b.app.clock.now()) is not graph

        b.map.roads.ask(road)
        b.map.roads.sheet.asked = a.map.roads.sheet.asked
        b.map.roads.sheet.reason.setEditText("施工")
        b.map.roads.sheet.confirm.click()
        wait(loop, lambda: not b.map.roads.sheet._fault.isHidden())
        assert "of desk-a" in b.map.roads.sheet._fault.text(), "who was first"

        b.map.roads.open((road,))
        wait(loop, lambda: not closed(a) and not closed(b))
        assert b.map.tools.told.text.text == tr("roads.told.opened", road=b.map.roads.name_of(road))


def test_a_desk_that_starts_later_knows_it(loop: DeskLoop, tmp_path: Path) -> None:
    with open_desk(loop, "desk-a", tmp_path) as a:
        wait(loop, lambda: a.map.roads.streets is not None)
        assert a.map.roads.streets is not None
        road = a.map.roads.streets.named[0].roads[0]
        close(a, road, "火场管控")
        wait(loop, lambda: closed(a) == {road})
    with open_desk(loop, "desk-b", tmp_path) as b:
        wait(loop, lambda: closed(b) == {road})
        assert not b.map.tools.told.isVisible(), "it is no news"
