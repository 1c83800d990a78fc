"""The command line in the window's head: `/` or Ctrl+K opens it, Escape gives the keyboard back where it was.

Owns the line, what lies below it, and the giving of commands. What a line means and how it goes on is asked of
app/service/command_line, what it would do of command_plan.py. It opens only when the officer asks and blocks nothing.
"""

from __future__ import annotations

from collections.abc import Coroutine, Sequence
from typing import Any

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication, QWidget
from shiboken6 import isValid

from app.domain.errors import StreetdeskError
from app.i18n import tr
from app.service.command_line.completing import Completion, complete
from app.service.command_line.history import History
from app.service.command_line.reading import Choice, Directory, Reading, read
from app.service.command_line.words import LONGEST_LINE
from app.service.refusals import sentence_of
from app.service.reporter import take_report
from widgets.bridge import Bridge
from widgets.panels.command_edit import CommandEdit
from widgets.panels.command_plan import Plan, Planner, reported
from widgets.panels.command_rows import CommandRows
from widgets.panels.command_sheet import CommandSheet
from widgets.panels.command_source import CommandSource

_ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)
_OPENS = "/"
"""The key that opens the line (console_keys.py) begins no line: habit presses it again before the next command."""


class _NoNames:
    """A directory before there is one."""

    def find(self, *_asked: Any, **_how: Any) -> Sequence[Choice]:
        return ()

    def offer(self, *_asked: Any) -> Sequence[Choice]:
        return ()

    def search(self, *_asked: Any) -> Sequence[Choice]:
        return ()


class CommandLine(QObject):
    """`went` carries the verb ("search" for none) and the choice to look at; `reported` the id of a new incident."""

    went = Signal(str, object)
    reported = Signal(str)

    def __init__(self, bridge: Bridge, source: CommandSource, edit: CommandEdit, window: QWidget) -> None:
        super().__init__(window)
        self._bridge, self.source = bridge, source
        source.setParent(self)
        self.history = History()
        self._planner, self._rows = Planner(bridge), CommandRows(bridge)
        self._completions: list[Completion] = []
        self._reading, self.plan = Reading(), Plan()
        self._before: QWidget | None = None
        self._is_busy = False
        self._answer = ""
        self._seen = ("", 0)
        self.edit = edit
        edit.take_key = self._take_key
        self.sheet = CommandSheet(window, self.edit)
        self._connect()
        self.retranslate()

    # -- opening and closing -----------------------------------------------------------------------------------------

    @property
    def is_open(self) -> bool:
        return not self.sheet.isHidden()

    def open(self) -> None:
        """Gives the line the keyboard; what stood in it is selected, so that writing begins anew."""
        self.edit.window().activateWindow()
        self.edit.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.edit.selectAll()

    def dismiss(self) -> None:
        """Puts the sheet away; the keyboard goes back to where it was. What was not given does not stay as if it would
        be: Up brings it back.
        """
        before, self._before = self._before, None
        if not self.history.is_browsing:
            self.history.keep(self.edit.text())
        self._shut()
        self.edit.clear()
        if before is not None and isValid(before) and before.isVisible():
            before.window().activateWindow()
            before.setFocus(Qt.FocusReason.OtherFocusReason)
        else:
            self.edit.clearFocus()

    def enter(self) -> None:
        """The line has the keyboard."""
        if not self.is_open:
            self._answer = ""
            self.source.want()
            self.sheet.show()
        self._look()

    def _left(self) -> None:
        """Only the button that is held may have the keyboard meanwhile."""
        if self.is_open and not self.sheet.isAncestorOf(QApplication.focusWidget() or self.edit.window()):
            self._before = None
            self._shut()

    def _shut(self) -> None:
        self.sheet.hide()
        self.history.rest()

    def _focus_moved(self, before: QWidget | None, now: QWidget | None) -> None:
        is_inside = before is self.edit or (before is not None and self.sheet.isAncestorOf(before))
        if now is self.edit and not is_inside:
            self._before = before

    # -- looking -----------------------------------------------------------------------------------------------------

    def _moved(self, *_changed: Any) -> None:
        """Text and cursor are told one after the other by every key: one look is enough."""
        if self.edit.refuse_too_long():
            self._look()
            self.sheet.tell("refused", tr("command_line.fault.too_long", limit=LONGEST_LINE), "")
        elif (self.edit.text(), self.edit.cursorPosition()) != self._seen:
            self._look()

    def _look(self) -> None:
        """What stands in the line: what it would do, and how it goes on."""
        if not self.is_open:
            return
        self._seen = (self.edit.text(), self.edit.cursorPosition())
        line, directory = self.edit.text(), self._directory()
        if self.source.directory is not None:
            self.source.catch_up()
        self._reading = read(line, directory)
        self.plan = self._planner.plan(self._reading) if self.source.directory is not None else Plan()
        self._completions = complete(line, self.edit.cursorPosition(), directory)
        hides_verbs = bool(self._answer) and not line
        rows = [] if hides_verbs else [self._rows.row(each.choice) for each in self._completions]
        self.sheet.show_rows(rows, first_is_meant=self._is_search)
        self._tell()

    @property
    def _is_search(self) -> bool:
        return self._reading.verb is None and bool(self._reading.query)

    def _directory(self) -> Directory:
        return self.source.directory or _NoNames()

    def _tell(self) -> None:
        plan = self.plan
        if self._answer and not self.edit.text():
            return
        if self.source.directory is None and self.edit.text():
            self.sheet.tell("quiet", tr("command_line.preparing"), "")
        elif plan.why_not:
            self.sheet.tell("refused", plan.why_not, tr("command_line.hint.list"))
        elif plan.is_ready:
            hint = "go" if plan.go is not None else "hold" if plan.is_held else "enter"
            self.sheet.tell(
                "warned" if plan.warning else "ready", _whole(plan), tr(f"command_line.hint.{hint}")
            )
        elif self._is_search:
            self._tell_search()
        else:
            hint = "list" if self.edit.text() else "empty"
            self.sheet.tell("quiet", plan.sentence, tr(f"command_line.hint.{hint}"))

    def _tell_search(self) -> None:
        query = self._reading.query
        if self._completions:
            self.sheet.tell("quiet", tr("command_line.search", query=query), tr("command_line.hint.go"))
        elif self.source.directory is None or not self.source.directory.has_places:
            self.sheet.tell("quiet", tr("command_line.preparing"), "")
        else:
            self.sheet.tell("refused", tr("command_line.search.nothing", query=query), "")

    def _renew(self) -> None:
        """Names have come: what stands there is looked at again, but nothing is taken from under a hand that holds."""
        if self.sheet.hold.isHidden() and (self.edit.text() or not self._answer):
            self._look()

    # -- keys --------------------------------------------------------------------------------------------------------

    def _take_key(self, event: QKeyEvent) -> bool:
        """True for a key that is no writing."""
        key, plain = Qt.Key(event.key()), not event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        if key == Qt.Key.Key_Tab and plain:
            self._complete(max(0, self.sheet.list.choice))
        elif key == Qt.Key.Key_Backtab:
            self._step(-1)
        elif key == Qt.Key.Key_Down and plain:
            self._step(1)
        elif key == Qt.Key.Key_Up and plain:
            self._step(-1)
        elif key in _ENTER:
            if not event.isAutoRepeat():
                self._confirm()
        elif key == Qt.Key.Key_Escape:
            self.dismiss()
        else:
            return event.text() == _OPENS and self.edit.selectedText() == self.edit.text()
        return True

    def _step(self, steps: int) -> None:
        """Down goes into what is offered, and forward through what was done; up the other way."""
        listed = self.sheet.list
        if self.history.is_browsing and listed.choice <= 0:
            line = self.history.forward() if steps > 0 else self.history.back(self.edit.text())
            self._put(line)
        elif steps > 0:
            listed.move_choice(1)
        elif listed.choice > 0:
            listed.move_choice(-1)
        elif listed.choice == 0 and not self._is_search:
            listed.choose_none()
        else:
            self._put(self.history.back(self.edit.text()))

    def _put(self, line: str | None) -> None:
        if line is not None:
            self.edit.setText(line)

    def _complete(self, number: int) -> None:
        """Takes what is offered into the line."""
        if not 0 <= number < len(self._completions):
            return
        taken = self._completions[number]
        if self.source.directory is not None:
            self.source.directory.pin(taken.choice)
        line, cursor = taken.applied(self.edit.text())
        self.edit.setText(line)
        self.edit.setCursorPosition(cursor)

    def _confirm(self) -> None:
        """Enter: a row that was chosen is taken, else the line is carried out."""
        chosen = self.sheet.list.choice
        if self._is_search:
            self._go_to_answer(max(0, chosen))
        elif chosen >= 0:
            self._complete(chosen)
        elif self.plan.is_ready and not self._is_busy:
            self._carry_out()

    def _go_to_answer(self, number: int) -> None:
        if not 0 <= number < len(self._completions):
            return
        choice = self._completions[number].choice
        if choice.kind == "verb":
            self._complete(number)
        else:
            self._leave_for("search", choice)

    # -- carrying out ------------------------------------------------------------------------------------------------

    def _carry_out(self) -> None:
        verb = self._reading.verb
        assert verb is not None
        if self.plan.go is not None:
            self._leave_for(verb.id, self.plan.go)
        elif self.plan.is_held:
            self.sheet.ask_to_hold(self.plan.sentence, self.plan.warning)
        else:
            self._give()

    def _leave_for(self, verb: str, choice: Choice) -> None:
        self.history.keep(self.edit.text())
        self.edit.clear()
        self.dismiss()
        self.went.emit(verb, choice)

    def _give(self) -> None:
        """Gives what the line says now; nothing else can be given until the desk has answered."""
        plan, line = self.plan, self.edit.text()
        if not plan.is_ready or self._is_busy:
            return
        self._is_busy = True
        self.sheet.tell("quiet", tr("command_line.doing", what=plan.sentence), "")
        if plan.report is not None:
            incident = self._bridge.app.new_id()
            self._bridge.fetch(
                self._written(plan, incident), lambda why: self._answered(plan, line, why, incident)
            )
        else:
            self._give_next(plan, line, 0)

    def _give_next(self, plan: Plan, line: str, number: int) -> None:
        def answered(why: str | None) -> None:
            if why is not None and number:
                why = tr("command_line.refused_part", done=number, why=why)
            if why is not None or number + 1 == len(plan.commands):
                self._answered(plan, line, why, "")
            else:
                self._give_next(plan, line, number + 1)

        self._bridge.submit(plan.commands[number], answered)

    def _written(self, plan: Plan, incident: str) -> Coroutine[Any, Any, str | None]:
        app, report = self._bridge.app, plan.report
        assert report is not None

        async def write() -> str | None:
            try:
                await take_report(app.bus, app.context(), reported(report, incident), plan.reporter)
            except StreetdeskError as error:
                return sentence_of(error)
            return None

        return write()

    def _answered(self, plan: Plan, line: str, why: str | None, incident: str) -> None:
        """The answer stands where the hand is; what was refused stays in the line, to be changed."""
        self._is_busy = False
        self._back_to_line()
        if why is not None:
            self.sheet.tell("refused", tr("command_line.refused", why=why), "")
            return
        self.history.keep(line)
        self._answer = tr("command_line.done", what=plan.sentence)
        self.edit.clear()
        self._look()
        self.sheet.tell("done", self._answer, tr("command_line.hint.empty"))
        if incident:
            self.reported.emit(incident)

    def _back_to_line(self) -> None:
        if self.sheet.release():
            self.edit.setFocus(Qt.FocusReason.OtherFocusReason)

    # -- making ------------------------------------------------------------------------------------------------------

    def retranslate(self) -> None:
        """The language has changed."""
        self._look()

    def _connect(self) -> None:
        self.edit.textChanged.connect(self._moved)
        self.edit.cursorPositionChanged.connect(self._moved)
        self.edit.textEdited.connect(lambda _text: self.history.rest())
        self.edit.entered.connect(self.enter)
        self.edit.left.connect(self._left)
        self.sheet.list.chosen.connect(self._clicked)
        self.sheet.hold.confirmed.connect(self._give)
        self.sheet.released.connect(self._back_to_line)
        self.sheet.left.connect(self._left)
        self.source.ready.connect(self._renew)
        self.source.failed.connect(
            lambda why: self.sheet.tell("refused", tr("command_line.failed", why=why), "")
        )
        app = QApplication.instance()
        assert isinstance(app, QApplication)
        app.focusChanged.connect(self._focus_moved)

    def _clicked(self, number: int) -> None:
        if self._is_search:
            self._go_to_answer(number)
        else:
            self._complete(number)


def _whole(plan: Plan) -> str:
    """What Enter does, and below it what makes one think before."""
    return f"{plan.sentence}\n{plan.warning}" if plan.warning else plan.sentence
