"""`main.py bench [NAME]`: one JSON object a line, each figure beside its baseline of the same run.

Owns the order of the benches. Must not measure anything itself.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

from app.cli import DONE
from app.domain.errors import ConfigError
from app.i18n import tr

Bench = Callable[[], Iterator[dict[str, Any]]]


def _startup() -> Iterator[dict[str, Any]]:
    from widgets.bench.startup import run

    return run()


def _journal() -> Iterator[dict[str, Any]]:
    from app.bench.journal import run

    return run()


def _latency() -> Iterator[dict[str, Any]]:
    from widgets.bench.latency import run

    return run()


def _alarms() -> Iterator[dict[str, Any]]:
    from widgets.bench.alarms import run

    return run()


def _map() -> Iterator[dict[str, Any]]:
    from widgets.bench.map import run

    return run()


def _keys() -> Iterator[dict[str, Any]]:
    from widgets.bench.keys import run

    return run()


def _queue() -> Iterator[dict[str, Any]]:
    from widgets.bench.queue import run

    return run()


def _duplicates() -> Iterator[dict[str, Any]]:
    from app.bench.duplicates import run

    return run()


def _desks() -> Iterator[dict[str, Any]]:
    from widgets.bench.desks import run

    return run()


def _dispatch() -> Iterator[dict[str, Any]]:
    from app.bench.dispatch import run

    return run()


_BENCHES: dict[str, Bench] = {
    "startup": _startup, "journal": _journal, "latency": _latency, "alarms": _alarms, "keys": _keys, "queue": _queue,
    "map": _map, "duplicates": _duplicates, "dispatch": _dispatch,
    "desks": _desks,
}  # fmt: skip


def _import(options: argparse.Namespace) -> Iterator[dict[str, Any]]:
    from app.bench.district_import import run

    return run(options.osm)


def _asked(options: argparse.Namespace) -> Iterator[Bench]:
    """One bench, or all that need no file; with files the import as well."""
    if options.name != "import":
        yield from (_BENCHES[name] for name in ([options.name] if options.name else _BENCHES))
    if options.osm:
        yield partial(_import, options)


def run_benches(options: argparse.Namespace) -> int:
    if getattr(sys, "frozen", False) and options.name != "journal":
        raise ConfigError(tr("cli.bench_needs_checkout"))
    for bench in _asked(options):
        for result in bench():
            sys.stdout.write(json.dumps(result) + "\n")
            sys.stdout.flush()
    return DONE
