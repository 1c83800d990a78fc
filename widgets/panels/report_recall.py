"""Owns what can be got back into the form: what the program before left behind, and what was cleared a moment ago.

Both stand in a notice above the form, with the key that undoes. Must not keep a reporter but in memory, and of what was
cleared only until the form is put away.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QObject, Qt

from app.domain.incident import PRIORITIES
from app.i18n import tr
from app.service.drafts import Draft
from app.service.reporter import Reporter
from widgets.local_time import minute_text
from widgets.panels.report_draft import DraftKeeper

if TYPE_CHECKING:
    from widgets.panels.new_incident import NewIncidentSheet

CLEAR_KEY: Final = "Alt+C"


class ReportRecall(QObject):
    """For one form."""

    def __init__(self, form: NewIncidentSheet) -> None:
        super().__init__(form)
        self._form = form
        self._cleared: tuple[Draft, Reporter] | None = None
        self.keeper = DraftKeeper(form.bridge, self.draft, self)
        self.keeper.found.connect(self._found)
        form.notice.mend_triggered.connect(self._undo)

    def draft(self) -> Draft:
        """What stands in the form, without who reports and without files."""
        form = self._form
        lat, lon = form.place.chosen_point or (None, None)
        return Draft(
            form.bridge.clock.now(), form.what.text(), form.where.text(), form.when.line.text(),
            form.type.value, form.type.is_chosen, form.priority.priority, form.priority.is_chosen,
            lat, lon, form.grid.currentData() or "", form.place.camera,
        )  # fmt: skip

    def restore(self, draft: Draft) -> None:
        """Puts it into what is still blank: a place that was just pointed at is meant."""
        form = self._form
        if not form.what.text():
            form.what.setText(draft.what)
        if draft.is_type_chosen and draft.incident_type in form.type.chips:
            form.type.pick(draft.incident_type)
        if draft.is_priority_chosen and draft.priority in PRIORITIES:
            form.priority.pick(str(draft.priority))
        if not form.place.is_given:
            self._restore_place(draft)
        form.when.line.setText(draft.happened)

    def clear(self) -> None:
        """A blank form at one key; the same notice gives everything back but files."""
        draft, reporter = self.draft(), self._form.person.reporter
        if draft.is_blank and not reporter.is_named and not self._form.files.files:
            return
        self._form.clear()
        self._cleared = draft, reporter
        self.keeper.keep_now()
        why = tr("new_incident.cleared.why")
        undo = tr("new_incident.cleared.undo")
        self._form.notice.show_refusal(tr("new_incident.cleared"), "", why, mend_action=undo)
        self._form.what.setFocus(Qt.FocusReason.OtherFocusReason)

    def forget(self) -> None:
        """What was cleared is gone: the form is put away."""
        self._cleared = None
        self._form.notice.dismiss()

    def _restore_place(self, draft: Draft) -> None:
        form = self._form
        form.where.setText(draft.where)
        if draft.lat is not None and draft.lon is not None:
            form.place.put_point((draft.lat, draft.lon), draft.camera)
        if draft.grid and form.grid.findData(draft.grid) >= 0:
            form.grid.setCurrentIndex(form.grid.findData(draft.grid))

    def _found(self, draft: Draft) -> None:
        form = self._form
        self.restore(draft)
        self._cleared = None
        at = minute_text(draft.written_at, form.bridge.clock.now(), form.bridge.district.utc_offset_min)
        form.notice.show_refusal(
            tr("new_incident.restored", at=at), "", tr("new_incident.restored.why"),
            mend_action=tr("new_incident.restored.discard"),
        )  # fmt: skip

    def _undo(self) -> None:
        """Away with what was restored, or back with what was cleared."""
        if self._cleared is None:
            self.clear()
            return
        (draft, reporter), self._cleared = self._cleared, None
        self._form.notice.dismiss()
        self.restore(draft)
        self._form.name.setText(reporter.name)
        self._form.phone.setText(reporter.phone)
        self._form.what.setFocus(Qt.FocusReason.OtherFocusReason)
