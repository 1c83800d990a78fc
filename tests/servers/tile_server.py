"""A tile server as a real process for tests. Owns its start and its end; must not know what is tested.

As `python -m tests.servers.tile_server` it serves /Z/X/Y.png; /asked tells every path it was asked for.
"""

from __future__ import annotations

import argparse
import json
import signal
import struct
import subprocess
import sys
import urllib.request
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from app.bench.own_port import own_port
from tests.patience import PATIENCE_S

ROOT = Path(__file__).resolve().parents[2]


def png(side_px: int, red: int, green: int, blue: int) -> bytes:
    """A square of one colour."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    row = b"\0" + bytes((red, green, blue)) * side_px
    header = struct.pack(">IIBBBBB", side_px, side_px, 8, 2, 0, 0, 0)
    pixels = zlib.compress(row * side_px)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", pixels) + chunk(b"IEND", b"")


def tile_colour(z: int, x: int, y: int) -> tuple[int, int, int]:
    """What a tile of the server looks like: another colour for every tile."""
    return 40 + z * 8 % 200, x * 37 % 256, y * 53 % 256


class TileServer:
    """A running server; options are those of `main`."""

    def __init__(self, *options: str) -> None:
        self._options = options
        self._start(own_port())

    def _start(self, port: int) -> None:
        command = [sys.executable, "-m", "tests.servers.tile_server", "--port", str(port), *self._options]
        self._process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE)
        assert self._process.stdout is not None
        self.port = int(self._process.stdout.readline())
        self.url = f"http://127.0.0.1:{self.port}/{{z}}/{{x}}/{{y}}.png"

    def asked(self) -> list[str]:
        """Paths asked for so far, in order."""
        with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/asked", timeout=PATIENCE_S) as answer:
            return list(json.load(answer))

    def kill(self) -> None:
        """As a line that drops."""
        self._process.send_signal(signal.SIGKILL)
        self._process.communicate(timeout=PATIENCE_S)

    def restart(self, *options: str) -> None:
        """Up again on the same port."""
        self._options = options or self._options
        self._start(self.port)


@contextmanager
def tile_server(*options: str) -> Iterator[TileServer]:
    """A server that is gone at the end of the block."""
    server = TileServer(*options)
    try:
        yield server
    finally:
        server.kill()


class _Handler(BaseHTTPRequestHandler):
    options: argparse.Namespace
    asked: list[str]

    def do_GET(self) -> None:
        if self.path == "/asked":
            self._send(200, json.dumps(self.asked).encode())
            return
        self.asked.append(self.path)
        options = self.options
        etag = f'"{self.path}"'
        if options.key and f"tk={options.key}" not in self.path:
            self._send(403, b"no key")
        elif options.status != 200:
            self._send(options.status, b"")
        elif options.etag and self.headers.get("If-None-Match") == etag:
            self._send(304, b"", etag)
        else:
            z, x, y = (int(part) for part in self.path.split(".")[0].strip("/").split("/"))
            self._send(200, options.body.encode() or png(256, *tile_colour(z, x, y)), etag)

    def _send(self, status: int, body: bytes, etag: str = "") -> None:
        self.send_response(status)
        if self.options.cache_control:
            self.send_header("Cache-Control", self.options.cache_control)
        if self.options.etag and etag:
            self.send_header("ETag", etag)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        pass


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--status", type=int, default=200)
    parser.add_argument("--cache-control", default="max-age=3600")
    parser.add_argument("--body", default="")
    parser.add_argument("--key", default="")
    parser.add_argument("--etag", action="store_true")
    _Handler.options, _Handler.asked = parser.parse_args(), []
    server = ThreadingHTTPServer(("127.0.0.1", _Handler.options.port), _Handler)
    sys.stdout.write(f"{server.server_port}\n")
    sys.stdout.flush()
    server.serve_forever()


if __name__ == "__main__":
    main()
