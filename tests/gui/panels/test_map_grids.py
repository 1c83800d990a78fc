"""Grids on the map through mouse and keys: what colours them, what the pointer reads, and the sheet of one."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import shiboken6
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget

from app.centre.types_in_force import type_name
from app.domain import commands as cmd
from app.domain.events import GridContactRevealed
from app.domain.instants import Instant
from app.i18n import set_language, tr
from tests.gui.conftest import DeskUnderTest
from widgets.console import Console
from widgets.layouts import layouts_path
from widgets.panels.grid_sheet import GridSheet
from widgets.panels.map import MapPanel
from widgets.parts.section_list import SectionRow

Key = Qt.Key


@pytest.fixture
def layer_file(tmp_path: Path) -> Path:
    return tmp_path / "map_layers.json"


@pytest.fixture
def shown(desk: DeskUnderTest, layer_file: Path) -> Iterator[Callable[[], MapPanel]]:
    """Shows a map panel that remembers its layers."""

    def show() -> MapPanel:
        panel = MapPanel(desk.bridge, layer_file=layer_file)
        desk.qtbot.addWidget(panel)
        panel.resize(1200, 800)
        panel.show()
        panel.activateWindow()
        desk.qtbot.waitExposed(panel)
        desk.wait_until(lambda: panel.view.frame.ground is not None and not panel.view.frame.working)
        panel.view.setFocus()
        return panel

    yield show
    set_language("zh_CN")


@pytest.fixture
def panel(shown: Callable[[], MapPanel]) -> MapPanel:
    return shown()


@pytest.fixture
def console(desk: DeskUnderTest) -> Iterator[Console]:
    """A narrow window, in which the wall stands behind the card; closed in order at the end."""
    console = Console(desk.bridge, remember=False, unattended=False)
    console.resize(1366, 768)
    console.show()
    desk.wait_until(lambda: all(d.is_filled for d in console.docks.values() if d.in_sight))
    desk.settle()
    layouts_path().unlink(missing_ok=True)
    yield console
    console.shut_down()
    console.deleteLater()
    layouts_path().unlink(missing_ok=True)


@pytest.fixture
def grid(desk: DeskUnderTest) -> str:
    """One with posts, cameras and dangers."""
    return next(h.grid for h in desk.app.district.hazards if h.kind == "crowd")


@pytest.fixture
def levels(panel: MapPanel, monkeypatch: pytest.MonkeyPatch) -> list[dict[str, int]]:
    """Every choropleth that the map is told from now on."""
    told: list[dict[str, int]] = []
    monkeypatch.setattr(panel.view, "set_grid_load", told.append)
    return told


def sheet_of(panel: MapPanel) -> GridSheet:
    return panel.grid_sheet.sheet


def bare_point(panel: MapPanel, grid: str) -> QPoint:
    """A point of the screen in a grid with nothing else on it."""
    view = panel.view
    for y in range(40, view.height() - 40, 7):
        for x in range(300, view.width() - 60, 7):
            if view.hit_at(QPointF(x, y)) == ("grid", grid):
                return QPoint(x, y)
    raise AssertionError(f"{grid} is not on the screen")


def click(widget: QWidget, at: QPoint) -> None:
    QTest.mouseClick(widget, Qt.MouseButton.LeftButton, pos=at)


def hover(panel: MapPanel, at: QPoint) -> None:
    QTest.mouseMove(panel.view, at - QPoint(9, 0))
    QTest.mouseMove(panel.view, at)


def row(panel: MapPanel, kind: str, key: str) -> SectionRow:
    return next(r for r in sheet_of(panel).list.rows if r.key == (kind, key))


def click_row(panel: MapPanel, kind: str, key: str) -> None:
    rows = sheet_of(panel).list
    place = next(i for i, r in enumerate(rows.rows) if r.key == (kind, key))
    index = rows.model().index(place, 0)
    rows.scrollTo(index)
    click(rows.viewport(), rows.visualRect(index).center())


def notes(panel: MapPanel) -> list[str]:
    return [r.title for r in sheet_of(panel).list.rows if r.kind == "note"]


def go_on(desk: DeskUnderTest, monkeypatch: pytest.MonkeyPatch, at: Instant) -> None:
    monkeypatch.setattr(desk.app.clock, "now", lambda: at)
    desk.bridge.ticked.emit(at)


# -- colour ----------------------------------------------------------------------------------------------------------


def test_the_legend_opens_the_choice_and_a_click_recolours_the_grids(
    desk: DeskUnderTest, panel: MapPanel, grid: str, levels: list[dict[str, int]]
) -> None:
    desk.report("i1", grid=grid, priority=3)
    desk.report("i2", grid=grid, priority=1, incident_type="fire")
    assert levels[-1] == {grid: 2}
    legend = panel.grids.legend
    assert panel.view.rect().contains(legend.geometry())
    click(legend, legend.rect().center())
    sheet = panel.view.sheets["indicator"]
    assert sheet.isVisible()
    button = sheet.button("indicator", "urgent")  # type: ignore[attr-defined]
    click(button, QPoint(9, button.height() // 2))
    assert levels[-1] == {grid: 1}
    assert tr("grid.indicator.urgent") in legend.accessibleName()
    click(legend, legend.rect().center())
    assert not sheet.isVisible()
    assert panel.view.hasFocus()


def test_by_keys_alone_a_kind_is_chosen_and_remembered(
    desk: DeskUnderTest, shown: Callable[[], MapPanel], layer_file: Path, grid: str
) -> None:
    panel = shown()
    QTest.keyClick(panel.view, Key.Key_I)
    sheet = panel.view.sheets["indicator"]
    desk.wait_until(lambda: sheet.button("indicator", "open").hasFocus())  # type: ignore[attr-defined]
    QTest.keyClick(sheet.focusWidget(), Key.Key_Down)
    assert panel.view.stack.option("grids", "indicator") == "urgent"
    QTest.keyClick(sheet.focusWidget(), Key.Key_Tab)
    QTest.keyClick(sheet.focusWidget(), Key.Key_Down)
    kind = panel.view.stack.option("grids", "kind")
    assert kind != "all"
    QTest.keyClick(sheet.focusWidget(), Key.Key_Escape)
    assert not sheet.isVisible()
    assert panel.view.hasFocus()
    panel.close()
    written = json.loads(layer_file.read_text(encoding="utf-8"))["options"]
    assert (written["grids.indicator"], written["grids.kind"]) == ("urgent", kind)
    again = shown()
    assert again.view.stack.option("grids", "kind") == kind


def test_time_alone_makes_a_grid_overdue(
    desk: DeskUnderTest,
    panel: MapPanel,
    grid: str,
    levels: list[dict[str, int]],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    panel.view.stack.choose("grids", "indicator", "overdue")
    desk.report("i1", grid=grid, priority=1)
    before = len(levels)
    due_at = desk.bridge.desk.incidents["i1"].opened_at + 60_000
    go_on(desk, monkeypatch, due_at)
    assert len(levels) == before
    go_on(desk, monkeypatch, due_at + 1)
    assert levels[-1] == {grid: 1}


def test_cameras_that_fail_colour_their_grid_at_once(
    desk: DeskUnderTest, panel: MapPanel, grid: str, levels: list[dict[str, int]]
) -> None:
    panel.view.stack.choose("grids", "indicator", "cameras_online")
    for camera in panel.grids.cameras_of[grid]:
        desk.do_as_feed(cmd.SetCameraStatus(camera, False, "停电"))
    assert levels[-1] == {grid: 4}


def test_a_camera_that_was_only_watched_counts_as_online(
    desk: DeskUnderTest, panel: MapPanel, grid: str
) -> None:
    cameras = panel.grids.cameras_of[grid]
    desk.do(cmd.WatchCamera(cameras[0], "routine_patrol"))
    assert panel.grids.figures(grid).cameras_online == len(cameras)


def test_kinds_are_offered_only_where_the_indicator_goes_by_kind(panel: MapPanel) -> None:
    sheet = panel.view.sheets["indicator"]
    panel.view.stack.choose("grids", "kind", "fire")
    panel.view.stack.choose("grids", "indicator", "units")
    assert not sheet.button("kind", "fire").isEnabled()  # type: ignore[attr-defined]
    assert type_name("fire") not in panel.grids.legend.accessibleName()
    panel.view.stack.choose("grids", "indicator", "week")
    assert type_name("fire") in panel.grids.legend.accessibleName()


# -- pointer ---------------------------------------------------------------------------------------------------------


def test_the_pointer_reads_the_figures_of_a_grid(desk: DeskUnderTest, panel: MapPanel, grid: str) -> None:
    desk.report("i1", grid=grid, priority=1)
    desk.report("i2", grid=grid, priority=3)
    panel.view.stack.choose("grids", "indicator", "week")
    camera = panel.grids.cameras_of[grid][0]
    desk.do_as_feed(cmd.SetCameraStatus(camera, False, "停电"))
    hover(panel, bare_point(panel, grid))
    card = panel.view._overlay.card
    assert card is not None
    inside = [unit.id for unit in desk.app.district.units if unit.grid == grid]
    cameras = len(panel.grids.cameras_of[grid])
    assert card.lines == (
        grid,
        "7 天 2 件",
        "未结 2 件 · P1×1 · P3×1",
        "超时 0 件",
        f"力量 {len(inside)} 组",
        f"摄像头 {cameras - 1} 在线，1 离线",
    )


# -- sheet -----------------------------------------------------------------------------------------------------------


def test_a_click_on_a_grid_opens_its_sheet_and_the_map_keeps_the_keyboard(
    desk: DeskUnderTest, panel: MapPanel, grid: str
) -> None:
    click(panel.view, bare_point(panel, grid))
    page = sheet_of(panel).page
    assert sheet_of(panel).isVisible()
    assert page is not None
    assert grid in page.under
    assert panel.view.hasFocus()
    QTest.keyClick(panel.view, Key.Key_Return)
    assert sheet_of(panel).list.hasFocus()
    QTest.keyClick(sheet_of(panel).list, Key.Key_Escape)
    assert not sheet_of(panel).isVisible()
    assert panel.view.hasFocus()
    click(panel.view, bare_point(panel, grid))
    assert sheet_of(panel).isVisible()
    QTest.keyClick(panel.view, Key.Key_Escape)
    assert not sheet_of(panel).isVisible()


def test_enter_opens_the_grid_in_the_middle_when_none_is_chosen(panel: MapPanel) -> None:
    QTest.keyClick(panel.view, Key.Key_Return)
    middle = panel.view.hit_at(QPointF(panel.view.rect().center()))
    assert sheet_of(panel).list.hasFocus()
    assert panel.grid_sheet.grid
    assert middle[0] != "grid" or panel.grid_sheet.grid == middle[1]


def test_a_click_on_an_open_item_selects_it(desk: DeskUnderTest, panel: MapPanel, grid: str) -> None:
    desk.report("i1", "井盖松动", grid=grid)
    desk.report("i2", "别处的事", grid=next(g.code for g in desk.app.district.grids if g.code != grid))
    picked: list[tuple[str, str]] = []
    panel.picked.connect(lambda kind, key: picked.append((kind, key)))
    panel.grid_sheet.look_at(grid)
    assert ("incident", "i2") not in [r.key for r in sheet_of(panel).list.rows]
    click_row(panel, "incident", "i1")
    assert picked == [("incident", "i1")]


@pytest.mark.qt_log_ignore("plugin does not support raise", extend=True)
def test_a_click_on_a_camera_shows_it_on_the_wall(desk: DeskUnderTest, console: Console, grid: str) -> None:
    panel = console.docks["map"].panel
    assert isinstance(panel, MapPanel)
    camera = panel.grids.cameras_of[grid][-1]
    panel.grid_sheet.look_at(grid)
    click_row(panel, "camera", camera)
    assert console.docks["wall"].in_sight
    assert console.selection.camera == camera


def test_arrows_skip_heads_and_notes_and_go_from_section_to_section(
    desk: DeskUnderTest, panel: MapPanel, grid: str
) -> None:
    desk.report("i1", "井盖松动", grid=grid)
    picked: list[tuple[str, str]] = []
    panel.picked.connect(lambda kind, key: picked.append((kind, key)))
    panel.grid_sheet.look_at(grid)
    rows = sheet_of(panel).list
    assert rows.current_key == ("incident", "i1")
    QTest.keyClick(rows, Key.Key_Down)
    assert rows.current_key[0] == "unit"
    QTest.keyClick(rows, Key.Key_Right)
    assert rows.current_key[0] == "contact"
    QTest.keyClick(rows, Key.Key_Left)
    assert rows.current_key[0] == "unit"
    QTest.keyClick(rows, Key.Key_Return)
    assert picked == [rows.current_key]
    QTest.keyClick(rows, Key.Key_End)
    assert rows.current_key[0] == "grid"
    QTest.keyClick(rows, Key.Key_Home)
    assert rows.current_key == ("incident", "i1")


def test_a_contact_is_masked_until_a_purpose_is_given_and_that_is_in_the_journal(
    desk: DeskUnderTest, panel: MapPanel, grid: str
) -> None:
    person = next(c for c in desk.app.district.contacts if c.grid == grid)
    panel.grid_sheet.look_at(grid)
    spoken = " ".join(r.spoken for r in sheet_of(panel).list.rows)
    assert all(c.name not in spoken and c.phone not in spoken for c in desk.app.district.contacts)
    click_row(panel, "contact", person.id)
    line = sheet_of(panel).purpose.edit
    assert line.hasFocus()
    rows = sheet_of(panel).list
    desk.wait_until(lambda: rows.viewport().rect().contains(rows.visualRect(rows.currentIndex())))
    QTest.keyClick(line, Key.Key_Return)
    assert person.name not in row(panel, "contact", person.id).title
    line.setText("通知防汛")
    QTest.keyClick(line, Key.Key_Return)
    desk.wait_until(lambda: person.name in row(panel, "contact", person.id).title)
    assert row(panel, "contact", person.id).second == person.phone
    assert not line.isVisible()
    every = desk.run(desk.app.journal.call(lambda journal: list(journal.read(0))))
    records = [record for record in every if record.stream == f"grid/{grid}"]
    assert [r.event for r in records] == [GridContactRevealed(grid, person.id, "通知防汛")]
    assert person.name not in repr(records)


def test_a_shown_contact_is_masked_again_at_the_next_look(
    desk: DeskUnderTest, panel: MapPanel, grid: str
) -> None:
    person = next(c for c in desk.app.district.contacts if c.grid == grid)
    panel.grid_sheet.look_at(grid)
    panel.grid_sheet.sheet.reveal_wanted.emit(person.id, "通知防汛")
    desk.wait_until(lambda: person.name in row(panel, "contact", person.id).title)
    QTest.keyClick(sheet_of(panel).list, Key.Key_Escape)
    panel.grid_sheet.look_at(grid)
    assert person.name not in row(panel, "contact", person.id).title


def test_esc_takes_back_the_question_for_a_purpose_and_leaves_the_sheet(
    desk: DeskUnderTest, panel: MapPanel, grid: str
) -> None:
    person = next(c for c in desk.app.district.contacts if c.grid == grid)
    panel.grid_sheet.look_at(grid)
    click_row(panel, "contact", person.id)
    QTest.keyClick(sheet_of(panel).purpose.edit, Key.Key_Escape)
    assert not sheet_of(panel).purpose.isVisible()
    assert sheet_of(panel).isVisible()
    assert sheet_of(panel).list.hasFocus()


def test_a_refused_look_says_why(
    desk: DeskUnderTest, panel: MapPanel, grid: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    person = next(c for c in desk.app.district.contacts if c.grid == grid)
    panel.grid_sheet.look_at(grid)
    click_row(panel, "contact", person.id)
    sheet_of(panel).reveal_wanted.emit("nobody-1", "通知防汛")
    desk.wait_until(lambda: "nobody-1" in sheet_of(panel).purpose.says.text())
    assert person.name not in row(panel, "contact", person.id).title


def test_the_sheet_follows_what_happens_and_the_keyboard_stays_on_its_row(
    desk: DeskUnderTest, panel: MapPanel, grid: str
) -> None:
    desk.report("i1", "井盖松动", priority=3, grid=grid)
    panel.grid_sheet.look_at(grid)
    assert sheet_of(panel).list.current_key == ("incident", "i1")
    desk.report("i2", "楼道冒烟", priority=1, grid=grid)
    desk.bridge.ticked.emit(desk.app.clock.now())
    keys = [r.key for r in sheet_of(panel).list.rows if r.key[0] == "incident"]
    assert keys[:2] == [("incident", "i2"), ("incident", "i1")]
    assert sheet_of(panel).list.current_key == ("incident", "i1")
    desk.do(cmd.WithdrawIncident("i1", "报错了"), cmd.WithdrawIncident("i2", "报错了"))
    desk.bridge.ticked.emit(desk.app.clock.now())
    assert tr("grid.empty.open") in notes(panel)
    assert ("incident", "i1") in [r.key for r in sheet_of(panel).list.rows]


def test_history_counts_by_kind_and_lists_the_last_ten(
    desk: DeskUnderTest, panel: MapPanel, grid: str
) -> None:
    for number in range(12):
        kind = "fire" if number < 5 else "crowd"
        desk.report(f"i{number:02d}", f"事 {number}", grid=grid, incident_type=kind)
        desk.do(cmd.WithdrawIncident(f"i{number:02d}", "报错了"))
    panel.grid_sheet.look_at(grid)
    listed = [r.key[1] for r in sheet_of(panel).list.rows if r.key[0] == "incident"]
    assert sorted(listed) == [f"i{number:02d}" for number in range(2, 12)]
    week, month = (note for note in notes(panel) if "12" in note)
    assert "人群聚集\N{NO-BREAK SPACE}7" in week
    assert "火警\N{NO-BREAK SPACE}5" in month


def test_a_neighbour_is_a_click_away_with_its_load(desk: DeskUnderTest, panel: MapPanel, grid: str) -> None:
    assert desk.app.grids is not None
    other = desk.app.grids.neighbours(grid)[0]
    desk.report("i1", grid=other.code)
    panel.grid_sheet.look_at(grid)
    assert row(panel, "grid", other.code).second.startswith(tr("grid.value.open", value=1))
    click_row(panel, "grid", other.code)
    assert panel.grid_sheet.grid == other.code
    assert panel.view.scene.selected == ("grid", other.code)
    assert row(panel, "incident", "i1").title


def test_empty_sections_say_so(desk: DeskUnderTest, panel: MapPanel) -> None:
    busy = {h.grid for h in desk.app.district.hazards} | {u.grid for u in desk.app.district.units}
    quiet = next(g.code for g in desk.app.district.grids if g.code not in busy)
    panel.grid_sheet.look_at(quiet)
    assert {tr(f"grid.empty.{name}") for name in ("open", "people", "hazards", "history")} <= set(
        notes(panel)
    )


def test_outside_every_grid_the_sheet_says_how_to_find_one(panel: MapPanel) -> None:
    panel.view.set_reduced_motion(True)
    panel.view.fly_to(31.30, 121.60)
    QTest.keyClick(panel.view, Key.Key_Return)
    assert sheet_of(panel).page is None
    assert sheet_of(panel).under.text() == tr("grid.page.none_hint")
    panel.grid_sheet.look_at("000000000000000")
    assert sheet_of(panel).page is None


def test_the_sheet_speaks_the_language_in_force(desk: DeskUnderTest, panel: MapPanel, grid: str) -> None:
    panel.grid_sheet.look_at(grid)
    set_language("en")
    panel.retranslate()
    page = sheet_of(panel).page
    assert page is not None
    assert page.title == next(g.name_en for g in desk.app.district.grids if g.code == grid)
    assert "Open items" in [r.title for r in sheet_of(panel).list.rows]


def test_a_map_that_was_taken_away_leaves_nothing_that_listens(
    desk: DeskUnderTest, layer_file: Path, grid: str
) -> None:
    panel = MapPanel(desk.bridge, layer_file=layer_file)
    panel.show()
    desk.wait_until(lambda: panel.view.frame.ground is not None)
    person = next(c for c in desk.app.district.contacts if c.grid == grid)
    panel.grid_sheet.look_at(grid)
    sheet_of(panel).reveal_wanted.emit(person.id, "通知防汛")
    panel.close()
    shiboken6.delete(panel)
    desk.wait_until(lambda: desk.bridge.desk.versions.get(f"grid/{grid}") == 1)
    desk.bridge.ticked.emit(desk.app.clock.now())
    desk.do_as_feed(cmd.SetCameraStatus(desk.app.district.cameras[0].id, False, "停电"))
    desk.bridge.restored.emit()
