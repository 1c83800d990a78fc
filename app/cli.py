"""The command line: what can be asked, and the commands that need no window.

Owns which options there are, one clear line per error and exit codes: 0 done, 1 failed; 2, wrong use, is said by
arguments.py. Must not import Qt: main.py hands `console` and `bench` over to the widgets.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import logging
import os
import signal
import sys
import traceback
from collections.abc import Callable, Sequence
from pathlib import Path
from urllib.parse import urlsplit

from app.arguments import Parser, instant, number
from app.call_language import language_of_call
from app.cli_district import add_district
from app.cli_make import add_commands as add_makers
from app.config import Config, default_db
from app.domain.errors import ConfigError, StreetdeskError
from app.domain.roles import DUTY_OFFICER, ROLES_AT_A_DESK
from app.i18n import LANGUAGES, set_language, tr

DONE, FAILED = 0, 1
MOST_PORT = 65_535
COMMANDS = ("console", "simulate", "serve", "drill", "replay", "verify", "export", "bench")
BENCHES = (
    "startup",
    "journal",
    "latency",
    "alarms",
    "keys",
    "queue",
    "map",
    "duplicates",
    "desks",
    "dispatch",
    "import",
)


def parse(argv: Sequence[str]) -> argparse.Namespace:
    """The options of one call; no command means console. Exits with 2 on wrong use."""
    spoken = language_of_call(argv, os.environ)
    set_language(spoken)
    common, words = _common(verbose=False, lang=spoken).parse_known_args(list(argv))
    asks_help = any(word in ("-h", "--help") for word in words)
    if not words or (words[0].startswith("-") and not asks_help):
        words.insert(0, "console")
    options: argparse.Namespace = _parser(words[0]).parse_args(words, namespace=common)
    return options


def run(options: argparse.Namespace) -> int:
    """Runs a command without a window."""
    return guarded(options, lambda: int(options.run(options)))


def guarded(options: argparse.Namespace, action: Callable[[], int]) -> int:
    """Any failure is one clear line on standard error; --verbose adds where it came from."""
    logging.basicConfig(level=logging.INFO if options.verbose else logging.WARNING, stream=sys.stderr)
    try:
        return action()
    except KeyboardInterrupt:
        return DONE
    except (StreetdeskError, OSError, ValueError) as fault:
        if options.verbose:
            traceback.print_exc()
        print(f"streetdesk: {_sentence(fault)}", file=sys.stderr)
        return FAILED


def _sentence(fault: Exception) -> str:
    """The system's own faults carry a number in front; people want the file and what is wrong with it."""
    if isinstance(fault, OSError) and fault.filename and fault.strerror:
        return tr("cli.file_fault", path=fault.filename, reason=fault.strerror)
    if isinstance(fault, TimeoutError) and not str(fault):
        return tr("cli.too_slow")
    return str(fault) or type(fault).__name__


def config_of(options: argparse.Namespace) -> Config:
    """The desk that the options of console and serve describe. Raises ConfigError for a district that is not there."""
    from app.drill.options import district_folder

    drill = _drill_file(options)
    return Config(
        db=options.db or default_db("drill" if drill else "live"),
        district_dir=district_folder(options.district),
        feeds=tuple(options.feed),
        field_listen=options.field_listen,
        drill=drill,
        desk=options.desk,
        actor=options.officer,
        role=options.role,
        language=options.lang,
        theme=options.theme,
    )


def _drill_file(options: argparse.Namespace) -> Path | None:
    """The scenario that was asked for. Without any source named, the bundled exercise is shown."""
    from app.drill.options import scenario_file

    if options.drill is None and not (options.feed or options.db):
        return scenario_file("demo")
    drill: Path | None = options.drill
    return drill


def _drill_fault(options: argparse.Namespace) -> str | None:
    """A scenario of one's own is read before anything is opened: it would be an exercise in which nothing happens."""
    from app.drill.options import is_bundled

    if options.drill is None or is_bundled(options.drill):
        return None
    from app.drill.scenario_file import load_scenario

    try:
        load_scenario(options.drill)
    except ConfigError as fault:
        return str(fault)
    return None


# -- commands --------------------------------------------------------------------------------------------------------


def _simulate(options: argparse.Namespace) -> int:
    from app.drill.options import options_of
    from app.drill.server import serve

    return serve(options_of(options))


def _serve(options: argparse.Namespace) -> int:
    from app.drill.child import attached_drill
    from app.service.clock import SystemClock

    with attached_drill(config_of(options), SystemClock().now()) as config:
        return asyncio.run(_serve_until_told(config))


async def _serve_until_told(config: Config) -> int:
    from app.bootstrap import App

    stop = asyncio.Event()
    for signal_number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(signal_number, stop.set)
    app = App(config)
    try:
        await app.start()
        await app.connect()
        print(tr("cli.serving", db=config.db, feeds=len(config.feeds)), flush=True)
        if app.following is not None and app.following.server is not None:
            host, port = app.following.server.address
            print(tr("cli.field_at", where=f"http://{host}:{port}/"), flush=True)
        await stop.wait()
    finally:
        await app.close()
    return DONE


def _replay(options: argparse.Namespace) -> int:
    from app.service.past import dump_at

    _demand_folder_of(options.dump)
    state = dump_at(options.db, options.at)
    text = json.dumps(state, ensure_ascii=False, sort_keys=True, indent=1) + "\n"
    try:
        options.dump.write_text(text, encoding="utf-8")
    except OSError as fault:
        raise ConfigError(tr("cli.not_written", path=options.dump, reason=fault.strerror)) from None
    return DONE


def _demand_folder_of(file: Path) -> None:
    """Said before the work, not after it. Raises ConfigError that names the folder."""
    folder = file.absolute().parent
    if not folder.is_dir():
        raise ConfigError(tr("cli.folder_missing", folder=folder, path=file))


def _export(options: argparse.Namespace) -> int:
    from app.cli_export import export

    return export(options)


def _verify(options: argparse.Namespace) -> int:
    from app.journal.store import ANY_MODE, open_journal
    from app.service.clock import SystemClock

    journal = open_journal(options.db, clock=SystemClock().now, mode=ANY_MODE, readonly=True)
    try:
        verdict = journal.verify()
    finally:
        journal.close()
    if verdict.ok:
        print(tr("cli.chain_holds", events=verdict.events))
        return DONE
    print(tr("cli.chain_broken", seq=verdict.first_bad_seq, reason=verdict.reason), file=sys.stderr)
    return FAILED


# -- arguments -------------------------------------------------------------------------------------------------------


def _common(**defaults: object) -> Parser:
    """What may stand before a command as well as behind it; help speaks the language that the call asks for."""
    common = Parser(prog="streetdesk", add_help=False, argument_default=argparse.SUPPRESS)
    common.add_argument("--verbose", action="store_true", help=tr("cli.help.verbose"))
    common.add_argument("--lang", choices=LANGUAGES, help=tr("cli.help.lang"))
    common.set_defaults(**defaults)
    return common


def _parser(command: str) -> Parser:
    """Of the command alone where that is the window: it waits for no other command's words to be read."""
    common = _common()
    parser = Parser(prog="streetdesk", description=tr("cli.help.streetdesk"), parents=[common])
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND", parser_class=Parser)

    def add(name: str, action: Callable[[argparse.Namespace], int] | None) -> Parser:
        added = commands.add_parser(
            name, help=tr(f"cli.help.{name}"), description=tr(f"cli.help.{name}"), parents=[common]
        )
        added.set_defaults(run=action)
        return added

    console = add("console", None)
    _add_desk(console)
    console.add_argument("--screenshot", type=Path, metavar="DIR", help=tr("cli.help.screenshot"))
    console.add_argument(
        "--after", type=number(float, 0.1, 3600), default=8.0, metavar="SECONDS", help=tr("cli.help.after")
    )
    console.add_argument("--size", type=_size, metavar="WxH", help=tr("cli.help.size"))
    if command == "console":
        return parser
    from app.cli_drill import add_drill

    _add_desk(add("serve", _serve))
    _add_simulate(add("simulate", _simulate))
    add_drill(commands, common)
    replay = add("replay", _replay)
    replay.add_argument("db", metavar="DB", help=tr("cli.help.db"))
    replay.add_argument("--at", type=instant, metavar="ISO_TIME", help=tr("cli.help.at"))
    replay.add_argument("--dump", type=Path, required=True, metavar="OUT.json", help=tr("cli.help.dump"))
    add("verify", _verify).add_argument("db", metavar="DB", help=tr("cli.help.db"))
    _add_export(add("export", _export))
    add_district(commands, common)
    add_makers(lambda name: commands.add_parser(name, parents=[common]))
    bench = add("bench", None)
    bench.add_argument("name", nargs="?", choices=BENCHES, metavar="NAME", help=", ".join(BENCHES))
    bench.add_argument(
        "--osm", action="append", type=Path, default=[], metavar="FILE", help=tr("cli.help.bench_osm")
    )
    bench.check = _bench_fault
    return parser


def _bench_fault(options: argparse.Namespace) -> str | None:
    """What an import takes says nothing without an extract of a real place."""
    return tr("cli.bench_needs_osm") if options.name == "import" and not options.osm else None


def _add_desk(parser: Parser) -> None:
    from app.drill.options import scenario_file

    parser.add_argument("--db", metavar="URL", help=tr("cli.help.db"))
    parser.add_argument("--district", type=Path, metavar="DIR", help=tr("cli.help.district"))
    parser.add_argument(
        "--feed", action="append", type=_feed_url, default=[], metavar="URL", help=tr("cli.help.feed")
    )
    parser.add_argument(
        "--field-listen", type=_host_port, metavar="HOST:PORT", help=tr("cli.help.field_listen")
    )
    parser.add_argument("--drill", type=scenario_file, metavar="SCENARIO", help=tr("cli.help.drill"))
    parser.add_argument("--desk", default="desk-1", metavar="NAME", help=tr("cli.help.desk"))
    parser.add_argument("--officer", default="officer", metavar="NAME", help=tr("cli.help.officer"))
    parser.add_argument("--role", choices=ROLES_AT_A_DESK, default=DUTY_OFFICER, help=tr("cli.help.role"))
    parser.add_argument("--theme", choices=("dark", "light"), default="dark", help=tr("cli.help.theme"))
    parser.check = _drill_fault


def _add_simulate(parser: Parser) -> None:
    from app.drill.options import add_arguments

    add_arguments(parser)


def _add_export(parser: Parser) -> None:
    from app.cli_export import add_arguments

    add_arguments(parser)


def _feed_url(text: str) -> str:
    try:
        parts = urlsplit(text)
        is_feed = parts.scheme in ("ws", "wss") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        is_feed = False
    if not is_feed:
        raise argparse.ArgumentTypeError(tr("cli.bad_feed", text=text))
    return text


def _host_port(text: str) -> tuple[str, int]:
    """A port alone is one of this machine only: who wants others in says so."""
    host, _, port = text.rpartition(":")
    if not (port.isascii() and port.isdigit() and int(port) <= MOST_PORT):
        raise argparse.ArgumentTypeError(tr("cli.bad_address", text=text))
    return host.strip("[]") or "127.0.0.1", int(port)


def _size(text: str) -> tuple[int, int]:
    width, _, height = text.partition("x")
    if not (width.isdigit() and height.isdigit() and int(width) >= 640 and int(height) >= 480):
        raise argparse.ArgumentTypeError(tr("cli.bad_size", text=text))
    return int(width), int(height)
