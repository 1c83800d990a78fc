"""Owns what one desk keeps of its ledger: named views, and the columns of every page, as text for its settings file.

A file that cannot be read at all is told and left alone; a view in it that makes no sense is left out, the others stay.
Must not know a widget and writes nothing: SettingsKeeper does.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final
from urllib.parse import quote

from app.paths import user_config_dir
from widgets.models.ledger import GROUPINGS
from widgets.models.ledger_filter import TABS, LedgerFilter, filter_from_plain

VERSION: Final = 1
MOST_NAME: Final = 40


class LedgerFileError(Exception):
    """The file cannot be used; `str()` says why."""


@dataclass(frozen=True, slots=True)
class SavedView:
    """What is wanted under a name: filter, grouping ("" for none), and the layout of the table."""

    name: str
    wanted: LedgerFilter
    group: str = ""
    layout: Mapping[str, Any] = field(default_factory=dict)


@dataclass(slots=True)
class LedgerSettings:
    """`views` in the order in which they were kept, `pages` the layouts of the table by page; `lost` says how many
    views of the file made no sense."""

    views: list[SavedView] = field(default_factory=list)
    pages: dict[str, Mapping[str, Any]] = field(default_factory=dict)
    lost: int = 0

    def view(self, name: str) -> SavedView | None:
        return next((view for view in self.views if view.name == name), None)

    def keep(self, view: SavedView) -> None:
        """At the end of the list; one of the same name is replaced where it stands."""
        names = [known.name for known in self.views]
        if view.name in names:
            self.views[names.index(view.name)] = view
        else:
            self.views.append(view)

    def drop(self, name: str) -> None:
        self.views = [view for view in self.views if view.name != name]


def ledger_path(desk: str) -> Path:
    """One file for each desk: what the counter looks for is not what the shift lead does."""
    return user_config_dir() / f"ledger-{quote(desk, safe='')}.json"


def read_ledger_file(path: Path) -> LedgerSettings:
    """What was written last; empty when there is no file. Raises LedgerFileError."""
    if not path.exists():
        return LedgerSettings()
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
        if content["version"] != VERSION:
            raise LedgerFileError(f"{path}: version {content['version']!r} is not {VERSION}")
        plain_views, plain_pages = list(content["views"]), dict(content["pages"])
    except (OSError, ValueError, KeyError, TypeError, RecursionError) as fault:
        raise LedgerFileError(f"{path}: {fault}") from fault
    views = [view for each in plain_views if (view := _view(each)) is not None]
    pages: dict[str, Mapping[str, Any]] = {
        page: _layout(layout) for page, layout in plain_pages.items() if page in TABS
    }
    return LedgerSettings(views, pages, lost=len(plain_views) - len(views))


def ledger_text(settings: LedgerSettings) -> str:
    """The file's text."""
    views = [
        {"name": v.name, "filter": v.wanted.as_plain(), "group": v.group, "layout": dict(v.layout)}
        for v in settings.views
    ]
    pages = {page: dict(layout) for page, layout in settings.pages.items()}
    return json.dumps({"version": VERSION, "views": views, "pages": pages}, ensure_ascii=False, indent=1)


def _view(plain: Any) -> SavedView | None:
    try:
        name, group = str(plain["name"])[:MOST_NAME], plain["group"]
        if not name.strip() or group not in ("", *GROUPINGS):
            return None
        return SavedView(name, filter_from_plain(plain["filter"]), group, _layout(plain["layout"]))
    except (ValueError, KeyError, TypeError, AttributeError):
        return None


def _layout(plain: Any) -> dict[str, Any]:
    """Only what `restore_layout` can take: widths that are numbers, names that are texts."""
    if not isinstance(plain, dict):
        return {}
    widths, shown = plain.get("widths"), plain.get("shown")
    layout: dict[str, Any] = {
        "widths": {
            str(name): px
            for name, px in (widths.items() if isinstance(widths, dict) else ())
            if isinstance(px, int | float) and 0 < px < 5000
        },
        "shown": [name for name in (shown if isinstance(shown, list) else ()) if isinstance(name, str)],
    }
    if isinstance(plain.get("sorted_by"), str):
        layout |= {"sorted_by": plain["sorted_by"], "descending": bool(plain.get("descending"))}
    return layout
