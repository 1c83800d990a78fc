"""Two desks on one journal: what one draws and sends is on the other's map, and goes from it when it is withdrawn."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent
from PySide6.QtWidgets import QApplication

from app.bootstrap import App
from app.config import Config, default_district
from tests.patience import PATIENCE_S
from widgets.bridge import Bridge
from widgets.loop import DeskLoop
from widgets.map.sketch import SketchItem
from widgets.panels.map import MapPanel
from widgets.style import apply_theme


@dataclass
class Desk:
    """One desk with a map before its officer."""

    app: App
    bridge: Bridge
    map: MapPanel

    @property
    def shared(self) -> dict[str, str]:
        """Sketch -> the desk that its drawing names, as the map draws them."""
        drawn = self.map.view.frame.overlays.sketches.drawn()
        return {each.item.id: each.sender for each in drawn if each.sender}


def wait(loop: DeskLoop, condition: Callable[[], bool]) -> None:
    async def look() -> None:
        async with asyncio.timeout(PATIENCE_S):
            while not condition():  # noqa: ASYNC110 - any condition on any widget, and Qt has to go on meanwhile
                await asyncio.sleep(0.01)

    loop.run_until_complete(look())


@contextmanager
def open_desk(loop: DeskLoop, name: str, folder: Path) -> Iterator[Desk]:
    config = Config(
        db=str(folder / "journal.db"), district_dir=default_district(), desk=name, actor=f"of {name}"
    )
    app = App(config)
    bridge = Bridge(app)
    loop.run_until_complete(app.start())
    panel = MapPanel(bridge, layer_file=folder / f"{name}.json")
    panel.show()
    try:
        wait(loop, lambda: panel.view.frame.ground is not None)
        yield Desk(app, bridge, panel)
    finally:
        bridge.close()
        panel.close()
        panel.deleteLater()
        loop.run_until_complete(app.close())
        bridge.deleteLater()


@pytest.fixture
def loop(qapp: QApplication) -> Iterator[DeskLoop]:
    apply_theme(qapp, "dark")
    loop = DeskLoop(qapp)
    asyncio.set_event_loop(loop)
    yield loop
    loop.run_until_complete(loop.shutdown_default_executor())
    qapp.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    loop.close()
    asyncio.set_event_loop(None)


def test_a_sketch_of_one_desk_is_on_the_others_map_until_it_is_withdrawn(
    loop: DeskLoop, tmp_path: Path
) -> None:
    with open_desk(loop, "desk-a", tmp_path) as a, open_desk(loop, "desk-b", tmp_path) as b:
        lat, lon = a.bridge.district.centre_lat, a.bridge.district.centre_lon
        cordon = SketchItem("cordon", "area", ((lat, lon), (lat + 0.002, lon), (lat, lon + 0.002)))
        a.map.view.sketching.put(cordon)
        assert a.shared == {}
        a.map.view.sketching.share_wanted.emit("cordon", 12)
        wait(loop, lambda: b.shared == {"cordon": "desk-a"})
        wait(loop, lambda: a.shared == {"cordon": "desk-a"})
        (seen,) = b.map.view.sketching.shared
        for sent, drawn in zip(seen.item.points, cordon.points, strict=True):
            assert sent == pytest.approx(drawn, abs=1e-6)
        assert "of desk-a" in seen.line
        assert b.map.tools.told.isVisible()
        assert b.map.view.sketching.items == ()

        b.map.view.sketching.withdraw_wanted.emit("cordon", "wrong street")
        wait(loop, lambda: b.map.tools.told.failed)
        assert "desk-a" in b.map.tools.told.text.text
        assert a.shared == {"cordon": "desk-a"}

        a.map.view.sketching.withdraw_wanted.emit("cordon", "wrong street")
        wait(loop, lambda: b.shared == {} and a.shared == {})
        assert [item.id for item in a.map.view.sketching.items] == ["cordon"]


def test_a_desk_that_starts_later_has_it_too(loop: DeskLoop, tmp_path: Path) -> None:
    with open_desk(loop, "desk-a", tmp_path) as a:
        a.map.view.sketching.put(SketchItem("note", "note", ((31.22, 121.47),), "集结点"))
        a.map.view.sketching.share_wanted.emit("note", 1)
        wait(loop, lambda: a.shared == {"note": "desk-a"})
    with open_desk(loop, "desk-b", tmp_path) as b:
        assert b.shared == {"note": "desk-a"}
        assert not b.map.tools.told.isVisible()
