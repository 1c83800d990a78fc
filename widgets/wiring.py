"""What a click in one panel means in the others.

Owns the connections between panels, the shared selection and the console's docks. Must not hold state or rules.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QPointF
from PySide6.QtWidgets import QApplication

from widgets.actions import DISPATCH, NOTE, target_of
from widgets.bridge import Bridge
from widgets.brief_places import place_of
from widgets.selection import Selection

if TYPE_CHECKING:
    from app.service.command_line.reading import Choice
    from widgets.actions import Action
    from widgets.docks import Dock
    from widgets.panels.new_incident import NewIncidentSheet
    from widgets.panels.search_source import SearchSource


class Wiring:
    """Connects each panel once it stands. `docks` are the console's, by name."""

    def __init__(
        self,
        bridge: Bridge,
        selection: Selection,
        docks: dict[str, Dock],
        report_sheet: Callable[[], NewIncidentSheet],
    ) -> None:
        self.bridge, self.selection, self._docks = bridge, selection, docks
        self._report_sheet = report_sheet
        self._form: NewIncidentSheet | None = None
        self._asked_in: Any = None
        """The list in which the action was asked for whose sheet is open."""
        self._connect: dict[str, Callable[[Any], None]] = {
            "queue": self._queue,
            "alarms": self._alarms,
            "map": self.connect_map,
            "wall": self._wall,
            "card": self._card,
            "dispatch": self._dispatch,
            "units": self._units,
            "ledger": self._ledger,
            "shift": self._shift,
            "field": self._field,
        }
        for dock in docks.values():
            dock.filled.connect(lambda dock=dock: self._filled(dock))

    def _filled(self, dock: Dock) -> None:
        connect = self._connect.get(dock.spec.name)
        if connect is not None:
            connect(dock.panel)

    # -- panels ------------------------------------------------------------------------------------------------------

    def _queue(self, queue: Any) -> None:
        queue.selected.connect(self.selection.select_incident)
        queue.activated.connect(self.go_to_incident)
        queue.dispatch_requested.connect(self.dispatch)
        queue.note_requested.connect(self.note)
        queue.action_requested.connect(partial(self._act_in_list, queue))
        self.selection.incident_changed.connect(queue.select)
        queue.select(self.selection.incident or None)

    def _alarms(self, alarms: Any) -> None:
        alarms.selected.connect(self._look_at_alarm)
        alarms.accepted.connect(self.go_to_incident)
        alarms.incident_in_hand = lambda: self.selection.incident

    def connect_map(self, map_panel: Any) -> None:
        """Any map; one that is ended takes its connections with it."""
        map_panel.picked.connect(self._picked)
        map_panel.picked.connect(lambda kind, _key: self._point_for_form(map_panel, kind))
        map_panel.activated.connect(self._activated)
        map_panel.dispatch_requested.connect(self.dispatch)
        map_panel.incident_from_camera.connect(self.incident_from_camera)
        map_panel.incident_at.connect(self.incident_at)
        self._map_tools(map_panel.tools)
        map_panel.grid_sheet.wall_wanted.connect(self._show_on_wall)
        map_panel.search.chosen.connect(lambda kind, key, _lat, _lon: self._picked(kind, key))
        self.selection.incident_changed.connect(map_panel.tools.show_incident)
        self.selection.unit_changed.connect(map_panel.tools.show_unit)
        self.selection.camera_changed.connect(map_panel.tools.show_camera)
        map_panel.tools.show_incident(self.selection.incident)

    def _map_tools(self, tools: Any) -> None:
        tools.menu.form_wanted.connect(self._open_form)
        tools.menu.unit_form_wanted.connect(self._open_unit_form)
        tools.menu.task_wanted.connect(self.go_to_incident)
        tools.menu.wall_wanted.connect(self._show_on_wall)
        tools.menu.near_wanted.connect(self._show_near)
        tools.chosen.send_wanted.connect(self._tick_units)

    def _wall(self, wall: Any) -> None:
        wall.camera_selected.connect(self.selection.select_camera)
        wall.camera_activated.connect(lambda camera: self._activated("camera", camera))
        wall.incident_from_camera.connect(self.incident_from_camera)
        self.selection.camera_changed.connect(wall.select_camera)
        self.selection.incident_changed.connect(wall.set_incident)
        wall.set_incident(self.selection.incident)

    def _dispatch(self, panel: Any) -> None:
        panel.unit_picked.connect(self.selection.select_unit)
        self.selection.incident_changed.connect(panel.show_incident)
        panel.show_incident(self.selection.incident)

    def _units(self, board: Any) -> None:
        board.unit_selected.connect(self.selection.select_unit)
        board.unit_activated.connect(lambda unit: self._activated("unit", unit))
        self.selection.unit_changed.connect(board.select)
        board.select(self.selection.unit)

    def _field(self, panel: Any) -> None:
        panel.unit_selected.connect(self.selection.select_unit)
        panel.dispatch_wanted.connect(self.dispatch)
        self.selection.unit_changed.connect(panel.select)
        panel.select(self.selection.unit or None)

    def _shift(self, panel: Any) -> None:
        panel.thing_wanted.connect(self._open_thing)

    def _ledger(self, ledger: Any) -> None:
        ledger.selected.connect(self.selection.select_incident)
        ledger.activated.connect(lambda incident: self._activated("incident", incident))
        ledger.place_wanted.connect(self._to_map)
        self.selection.incident_changed.connect(ledger.select)
        ledger.select(self.selection.incident or None)

    def _card(self, card: Any) -> None:
        card.dispatch_requested.connect(self.dispatch)
        card.unit_selected.connect(self.selection.select_unit)
        card.incident_wanted.connect(self.go_to_incident)
        card.camera_wanted.connect(self._show_on_wall)
        card.editing.search = self.map_search
        card.sheet.closed.connect(self._hand_back)
        self.selection.incident_changed.connect(card.show_incident)
        card.show_incident(self.selection.incident)

    def connect_form(self, form: NewIncidentSheet) -> None:
        """The form in which a report is taken, once it is built."""
        self._form = form
        form.reported.connect(self.go_to_incident)
        form.look_wanted.connect(self.go_to_incident)

    # -- what it means -----------------------------------------------------------------------------------------------

    def _picked(self, kind: str, key: str) -> None:
        """A click on bare ground or a grid leaves the selection: the card must not empty itself under the officer."""
        select = {
            "incident": self.selection.select_incident,
            "unit": self.selection.select_unit,
            "camera": self.selection.select_camera,
        }.get(kind)
        if select is not None:
            select(key)

    def _activated(self, kind: str, key: str) -> None:
        self._picked(kind, key)
        if kind == "incident":
            self._docks["card"].bring_up()
        elif kind in ("camera", "unit"):
            self._fly_to(kind, key)

    def _point_for_form(self, map_panel: Any, kind: str) -> None:
        """While a report is typed, a click on the ground says where it is."""
        at = map_panel.view.clicked_at
        if self._form is not None and self._form.isVisible() and kind in ("", "grid") and at is not None:
            self._form.point_at(*at)

    def go_to_incident(self, incident: str) -> None:
        self.selection.select_incident(incident)
        self._fly_to("incident", incident)

    def _to_map(self, incident: str) -> None:
        """The ledger lies over the map: that comes to the front."""
        self.go_to_incident(incident)
        self._docks["map"].raise_()

    def _open_thing(self, kind: str, key: str) -> None:
        """A line of the brief: to the thing that it is about."""
        if kind == "shelf":
            self._docks["alarms"].bring_up()
        elif kind == "incident":
            self._activated(kind, key)
        elif kind in ("unit", "camera"):
            self._docks["map"].raise_()
            self._activated(kind, key)
        elif (place := place_of(self.bridge, kind, key)) is not None:
            self._docks["map"].raise_()
            map_panel: Any = self._docks["map"].panel
            map_panel.search.go_to("place", key, *place)

    def find_in_ledger(self, words: str) -> None:
        """Everything in which these words stand."""
        self._docks["ledger"].bring_up()
        ledger: Any = self._docks["ledger"].panel
        ledger.find_words(words)

    def _look_at_alarm(self, alarm: str) -> None:
        camera = self.bridge.desk.alarms[alarm].camera if alarm in self.bridge.desk.alarms else None
        if camera:
            self.selection.select_camera(camera)
            self._fly_to("camera", camera)

    def next_alarm(self) -> None:
        """To the lane, on the most urgent alarm that nobody has acknowledged."""
        self._docks["alarms"].bring_up()
        lane: Any = self._docks["alarms"].panel
        lane.next_alarm()

    def next_unread(self) -> None:
        """To the field link, on the first unit whose messages nobody has read."""
        self._docks["field"].bring_up()
        panel: Any = self._docks["field"].panel
        panel.next_unread()

    def _fly_to(self, kind: str, key: str) -> None:
        map_panel: Any = self._docks["map"].panel
        map_panel.fly_to(kind, key)

    def map_search(self) -> SearchSource:
        """What the map's search looks through; the command line asks it too."""
        map_panel: Any = self._docks["map"].panel
        source: SearchSource = map_panel.search.source
        return source

    def map_middle(self) -> tuple[float, float]:
        """(lat, lon) of where the officer looks."""
        map_panel: Any = self._docks["map"].panel
        middle: tuple[float, float] = map_panel.view.lat_lon_at(QPointF(map_panel.view.rect().center()))
        return middle

    def look_at(self, verb: str, choice: Choice) -> None:
        """Goes where the command line says."""
        if verb == "ledger":
            self.find_in_ledger(choice.key)
            return
        if verb == "camera":
            self._show_on_wall(choice.key)
        if choice.kind == "incident" and verb == "open":
            self.go_to_incident(choice.key)
            self._docks["card"].bring_up()
            return
        self._docks["map"].raise_()
        map_panel: Any = self._docks["map"].panel
        map_panel.search.go_to(choice.kind, choice.key, choice.lat, choice.lon, choice.name)

    def search_map(self) -> None:
        """To the line on the map that finds places and things by name."""
        map_panel: Any = self._docks["map"].panel
        before = QApplication.focusWidget()
        if not map_panel.search.is_open:
            self._docks["map"].bring_up()
        map_panel.search.open(before)

    def dispatch(self, incident: str) -> None:
        """To the panel that sends units, with this incident."""
        self.selection.select_incident(incident)
        self._docks["dispatch"].bring_up()

    def note(self, incident: str) -> None:
        """To the line of the card that takes notes."""
        self.selection.select_incident(incident)
        self._docks["card"].bring_up()
        card: Any = self._docks["card"].panel
        card.focus_note()

    def act(self, incident: str, action: Action) -> None:
        """An action of the card, asked for by its key in the queue."""
        self.selection.select_incident(incident)
        self._docks["card"].bring_up()
        card: Any = self._docks["card"].panel
        card.act(action)

    def _act_in_list(self, queue: Any, incident: str, action: Action) -> None:
        """What is not possible is said in the list; what is asked is asked on the card, then the keyboard comes back.

        An officer goes through the queue row by row: only the words of an action take him to the card.
        """
        config = self.bridge.app.config
        target = target_of(self.bridge.desk, incident, None, config.role, config.desk)
        why_not = action.why_not(target)
        if target.incident is None or why_not:
            number = target.incident.number if target.incident else ""
            queue.refusal.show_refusal(number, action.title(), why_not)
            return
        queue.refusal.dismiss()
        self.act(incident, action)
        card: Any = self._docks["card"].panel
        self._asked_in = queue
        if card.sheet.action is None:
            self._hand_back()

    def _hand_back(self) -> None:
        """The keyboard to where the action was asked for."""
        queue, self._asked_in = self._asked_in, None
        if queue is not None and queue.isVisible():
            queue.setFocus()

    def _open_form(self, incident: str, action: Action) -> None:
        """What an action asks for stands where it is always asked."""
        if action is DISPATCH:
            self.dispatch(incident)
        elif action is NOTE:
            self.note(incident)
        else:
            self.act(incident, action)

    def _open_unit_form(self, unit: str, action: Action) -> None:
        self.selection.select_unit(unit)
        self._docks["units"].bring_up()
        board: Any = self._docks["units"].panel
        board.act(unit, action)

    def _tick_units(self, incident: str, units: tuple[str, ...]) -> None:
        """The units of a rectangle, ticked in the panel that sends them."""
        self.dispatch(incident)
        panel: Any = self._docks["dispatch"].panel
        panel.choose(units)

    def _show_on_wall(self, camera: str) -> None:
        self._docks["wall"].bring_up()
        self.selection.select_camera(camera)

    def _show_near(self, lat: float, lon: float) -> None:
        self._docks["wall"].bring_up()
        wall: Any = self._docks["wall"].panel
        wall.show_near(lat, lon)

    def incident_from_camera(self, camera: str) -> None:
        """Two clicks from what is seen to a report."""
        self._report_sheet().open_for_camera(camera)

    def incident_at(self, lat: float, lon: float) -> None:
        """A report of something at this place."""
        self._report_sheet().open_at(lat, lon)
