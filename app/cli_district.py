"""The commands `district import` and `district check`: their options, what they print, how they end.

Owns no work of its own: reading, writing and checking are app/geo/importing.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import Any

from app.arguments import Parser, number
from app.i18n import tr

DONE, FAILED = 0, 1
_FILES = ("grids", "communities", "boundary", "cameras", "units")


def add_district(commands: Any, common: Parser) -> None:
    """The command with its two parts, below the commands of the program."""
    about = tr("importing.help.district")
    district = commands.add_parser("district", help=about, description=about, parents=[common])
    parts = district.add_subparsers(dest="part", required=True, metavar="import|check", parser_class=Parser)
    _add_import(_part(parts, "import", common))
    check = _part(parts, "check", common)
    check.add_argument("directory", type=Path, metavar="DIR", help=tr("importing.help.directory"))
    check.set_defaults(run=_check)


def _part(parts: Any, name: str, common: Parser) -> Parser:
    about = tr(f"importing.help.{name}")
    added: Parser = parts.add_parser(
        name,
        help=about,
        description=about,
        epilog=tr(f"importing.help.{name}_more"),
        parents=[common],
    )
    return added


def _add_import(parser: Parser) -> None:
    parser.add_argument("--osm", type=Path, required=True, metavar="FILE", help=tr("importing.help.osm"))
    for name in _FILES:
        parser.add_argument(f"--{name}", type=Path, metavar="FILE", help=tr(f"importing.help.{name}"))
    parser.add_argument(
        "--code", type=_district_code, required=True, metavar="CODE", help=tr("importing.help.code")
    )
    parser.add_argument(
        "--name-zh", type=_name, required=True, metavar="NAME", help=tr("importing.help.name_zh")
    )
    parser.add_argument(
        "--name-en", type=_name, required=True, metavar="NAME", help=tr("importing.help.name_en")
    )
    parser.add_argument(
        "-o", "--output", type=Path, required=True, metavar="DIR", help=tr("importing.help.output")
    )
    parser.add_argument(
        "--crs", type=_crs, action="append", default=[], metavar="[FILE=]CRS", help=tr("importing.help.crs")
    )
    parser.add_argument(
        "--utc-offset", type=number(int, -720, 840), metavar="MINUTES", help=tr("importing.help.utc_offset")
    )
    parser.set_defaults(run=_import)


# -- values -----------------------------------------------------------------------------------------------------------


def _district_code(text: str) -> str:
    if len(text) != 9 or not (text.isascii() and text.isdigit()):
        raise argparse.ArgumentTypeError(tr("importing.bad_code", text=text))
    return text


def _name(text: str) -> str:
    if not text.strip() or len(text) > 80 or not text.isprintable():
        raise argparse.ArgumentTypeError(tr("importing.bad_name"))
    return text.strip()


def _crs(text: str) -> tuple[str, str]:
    """(option of the file or "" for all, name of the system)."""
    from app.geo.importing.crs import crs_name

    option, _, name = text.rpartition("=")
    try:
        if option and option not in _FILES:
            raise ValueError(option)
        return option, crs_name(name)
    except ValueError:
        raise argparse.ArgumentTypeError(
            tr("importing.bad_crs", text=text, files=", ".join(_FILES))
        ) from None


# -- the two commands -------------------------------------------------------------------------------------------------


def _import(options: argparse.Namespace) -> int:
    from app.geo.importing.faults import RowsRefused
    from app.geo.importing.importer import ImportRequest, import_district

    request = ImportRequest(
        osm=options.osm,
        target=options.output,
        code=options.code,
        name_zh=options.name_zh,
        name_en=options.name_en,
        utc_offset_min=options.utc_offset,
        crs=dict(options.crs),
        **{name: getattr(options, name) for name in _FILES},
    )
    try:
        imported = import_district(request, progress=_say_step)
    except RowsRefused as refused:
        print(f"{refused}\n{tr('importing.nothing_written')}", file=sys.stderr)
        return FAILED
    for key, params in imported.notes:
        print(tr(f"importing.note.{key}", **params))
    print(tr("importing.written", directory=options.output, **imported.counts))
    return DONE


def _say_step(key: str) -> None:
    print(tr(f"importing.step.{key}"), flush=True)


def _check(options: argparse.Namespace) -> int:
    from app.geo.importing.check import check_district

    findings = check_district(options.directory)
    for finding in findings:
        print(finding)
    errors = sum(finding.severity == "error" for finding in findings)
    print(
        tr(
            "importing.checked" if findings else "importing.nothing_found",
            errors=errors,
            warnings=len(findings) - errors,
        )
    )
    return FAILED if errors else DONE
