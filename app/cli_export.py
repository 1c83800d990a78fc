"""`export`: a journal as a situation map or as a ledger, the form told by the file's name.

Owns the command's arguments and which writer answers to which suffix. Writes nothing to the journal but who let
personal data out of it, and why.
"""

from __future__ import annotations

import argparse
import getpass
import secrets
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Final

from app.arguments import Parser, instant
from app.domain.commands import ExportUnmasked
from app.domain.errors import ConfigError
from app.i18n import tr

if TYPE_CHECKING:
    from app.domain.road import PlannedClosure
    from app.exchange.situation import Situation

MAP_SUFFIXES: Final = (".html", ".htm")
LEDGER_SUFFIXES: Final = (".xlsx", ".csv", ".geojson")


def add_arguments(parser: Parser) -> None:
    parser.add_argument("db", metavar="DB", help=tr("cli.help.db"))
    parser.add_argument(
        "-o", "--out", type=_out_file, required=True, metavar="OUT", help=tr("cli.help.export.out")
    )
    parser.add_argument("--since", type=instant, metavar="ISO_TIME", help=tr("cli.help.export.since"))
    parser.add_argument("--until", type=instant, metavar="ISO_TIME", help=tr("cli.help.export.until"))
    parser.add_argument(
        "--mask", action=argparse.BooleanOptionalAction, default=True, help=tr("cli.help.export.mask")
    )
    parser.add_argument("--purpose", default="", metavar="TEXT", help=tr("cli.help.export.purpose"))
    parser.add_argument("--officer", default="", metavar="NAME", help=tr("cli.help.export.officer"))
    parser.add_argument("--district", type=Path, metavar="DIR", help=tr("cli.help.district"))
    parser.add_argument("--theme", choices=("light", "dark"), default="light", help=tr("cli.help.theme"))
    parser.check = _fault


def export(options: argparse.Namespace) -> int:
    """Writes the file. Raises StreetdeskError with one line that says what was wrong."""
    folder = options.out.absolute().parent
    if not folder.is_dir():
        raise ConfigError(tr("cli.folder_missing", folder=folder, path=options.out))
    write = _write_map if options.out.suffix.lower() in MAP_SUFFIXES else _write_ledger
    try:
        said = write(options)
    except PermissionError as fault:
        raise ConfigError(tr("cli.not_written", path=options.out, reason=fault.strerror)) from None
    print(said)
    return 0


def _write_map(options: argparse.Namespace) -> str:
    """The situation as it was known at --until."""
    from app.exchange.situation_map import write_situation_map
    from app.service.clock import SystemClock

    situation = _situation(options, options.until, with_plan=True)
    size = write_situation_map(
        options.out,
        situation,
        made_at=SystemClock().now(),
        since=options.since,
        masked=options.mask,
        theme=options.theme,
    )
    open_count = sum(incident.is_open for incident in situation.incidents)
    return tr("cli.export.map", path=options.out, open=open_count, megabytes=f"{size / 1e6:.1f}")


def _write_ledger(options: argparse.Namespace) -> str:
    """What was reported in the period, and what is known of it now."""
    from app.exchange import ledger

    writers: dict[str, Callable[..., int]] = {
        ".xlsx": ledger.write_xlsx,
        ".csv": ledger.write_csv,
        ".geojson": ledger.write_geojson,
    }
    period = ledger.Period(options.since, options.until)
    write = writers[options.out.suffix.lower()]
    rows = write(options.out, _situation(options, None), period, masked=options.mask)
    return tr("cli.export.ledger", path=options.out, rows=rows)


def _put_on_record(options: argparse.Namespace) -> None:
    """Before anything is written: a document with personal data must not exist without its record."""
    from app.service.unmasked import record_unmasked_export

    form = options.out.suffix.lower().lstrip(".")
    command = ExportUnmasked(secrets.token_hex(8), form, options.purpose, options.since, options.until)
    record_unmasked_export(options.db, command, options.officer.strip() or getpass.getuser())


def _situation(options: argparse.Namespace, at: int | None, *, with_plan: bool = False) -> Situation:
    """What the document shows; one with personal data is on record from here on."""
    from app.drill.options import district_folder
    from app.exchange.situation import situation_of
    from app.geo.closures import load_closures, named
    from app.geo.district import DistrictError, load_district
    from app.service.past import past_of

    try:
        district = load_district(district_folder(options.district))
    except DistrictError as fault:
        raise ConfigError(str(fault)) from fault
    past = past_of(options.db, at)
    planned: tuple[PlannedClosure, ...] = ()
    if with_plan:
        closures = load_closures(district_folder(options.district), {road.id for road in district.roads})
        planned = named(closures, district.roads)
    if not options.mask:
        _put_on_record(options)
    return situation_of(past.projections, district, past.fixes, past.at, past.mode, planned)


def _out_file(text: str) -> Path:
    path = Path(text)
    known = (MAP_SUFFIXES[0], *LEDGER_SUFFIXES)
    if path.suffix.lower() not in (*MAP_SUFFIXES, *LEDGER_SUFFIXES):
        raise argparse.ArgumentTypeError(tr("cli.export.bad_suffix", path=text, known=" ".join(known)))
    return path


def _fault(options: argparse.Namespace) -> str | None:
    return _purpose_fault(options) or _period_fault(options)


def _purpose_fault(options: argparse.Namespace) -> str | None:
    has_purpose = bool(options.purpose.strip())
    if has_purpose == (not options.mask):
        return None
    return tr("cli.export.purpose_unused" if has_purpose else "cli.export.purpose_missing")


def _period_fault(options: argparse.Namespace) -> str | None:
    if options.since is None or options.until is None or options.since < options.until:
        return None
    return str(tr("cli.export.empty_period"))
