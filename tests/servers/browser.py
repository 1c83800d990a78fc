"""A real headless Chromium, spoken to over its debugging pipe.

Owns its start and end, and the record of everything that a page asked for, complained about or opened. Must not know
what page it is.
"""

from __future__ import annotations

import json
import os
import shlex
import shutil
import subprocess
import time
from base64 import b64decode
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import Any, Final

import pytest

from tests.patience import PATIENCE_S

COMMANDS: Final = ("chromium", "chromium-browser", "google-chrome")
NETWORK_CUT: Final = "--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.1"


def browser_command() -> str | None:
    return next(filter(None, map(shutil.which, COMMANDS)), None)


needs_browser = pytest.mark.skipif(browser_command() is None, reason="no Chromium: apt-get install chromium")


@dataclass
class Page:
    """One tab. Lists grow as the page goes on; `requests` leaves out data: addresses, which fetch nothing."""

    browser: Browser
    session: str
    requests: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)
    dialogs: list[str] = field(default_factory=list)

    def open(self, address: str) -> None:
        self.call("Page.navigate", url=address)
        self.until("document.readyState === 'complete'")

    def call(self, method: str, **params: object) -> dict[str, Any]:
        return self.browser.call(method, self.session, **params)

    def value(self, expression: str) -> Any:
        """What a JavaScript expression gives. Fails with the page's own words when it throws."""
        answer = self.call("Runtime.evaluate", expression=expression, returnByValue=True, awaitPromise=True)
        if "exceptionDetails" in answer:
            pytest.fail(f"{expression}: {answer['exceptionDetails']}")
        return answer["result"].get("value")

    def until(self, condition: str, timeout_s: float = PATIENCE_S) -> None:
        deadline_s = time.monotonic() + timeout_s
        while not self.value(f"!!({condition})"):
            if time.monotonic() > deadline_s:
                pytest.fail(f"{timeout_s} s over, still not: {condition}")
            time.sleep(0.02)

    def click(self, element: str) -> None:
        """A mouse click on the middle of the element that a JavaScript expression gives, once it stands still."""
        self.release_at(*self.press(element))

    def press(self, element: str) -> tuple[float, float]:
        """The first half of a click; where it is."""
        x, y = self._middle(element)
        while (x, y) != (place := self._middle(element)):
            x, y = place
        self._press_at(x, y)
        return x, y

    def click_at(self, x: float, y: float) -> None:
        self._press_at(x, y)
        self.release_at(x, y)

    def _press_at(self, x: float, y: float) -> None:
        self._mouse("mouseMoved", "none", x, y)
        self._mouse("mousePressed", "left", x, y)

    def release_at(self, x: float, y: float) -> None:
        self._mouse("mouseReleased", "left", x, y)

    def _mouse(self, kind: str, button: str, x: float, y: float) -> None:
        self.call("Input.dispatchMouseEvent", type=kind, x=x, y=y, button=button, clickCount=1)

    def _middle(self, element: str) -> tuple[float, float]:
        """Two frames later: nothing moves faster."""
        self.value("new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")
        box = self.value(f"({element}).getBoundingClientRect().toJSON()")
        return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2

    def screenshot(self, path: Path) -> None:
        path.write_bytes(b64decode(self.call("Page.captureScreenshot")["data"]))

    def note(self, method: str, params: dict[str, Any]) -> None:
        match method:
            case "Network.requestWillBeSent" if not params["request"]["url"].startswith("data:"):
                self.requests.append(params["request"]["url"])
            case "Runtime.exceptionThrown":
                self.complaints.append(str(params["exceptionDetails"]))
            case "Runtime.consoleAPICalled" if params["type"] in ("error", "warning", "assert"):
                self.complaints.append(str(params["args"]))
            case "Log.entryAdded":
                self.complaints.append(str(params["entry"]))
            case "Page.javascriptDialogOpening":
                self.dialogs.append(params["message"])


class Browser:
    """One Chromium process."""

    def __init__(self, folder: Path, size: tuple[int, int]) -> None:
        self._numbers = count(1)
        self._answers: dict[int, dict[str, Any]] = {}
        self._pages: dict[str, Page] = {}
        self._rest = b""
        their_in, self._to = os.pipe()
        self._from, their_out = os.pipe()
        command = browser_command()
        assert command is not None
        options = [
            "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run",
            "--disable-background-networking", "--disable-component-update", "--remote-debugging-pipe", NETWORK_CUT,
            f"--user-data-dir={folder}", f"--window-size={size[0]},{size[1]}",
        ]  # fmt: skip
        # The browser reads its orders from 3 and answers on 4, whatever numbers the pipes have here.
        line = f"exec {shlex.join([command, *options])} 3<&{their_in} 4>&{their_out} 2>/dev/null"
        self._process = subprocess.Popen(["bash", "-c", line], pass_fds=(their_in, their_out))
        os.close(their_in)
        os.close(their_out)

    def page(self, size: tuple[int, int]) -> Page:
        target = self.call("Target.createTarget", url="about:blank")["targetId"]
        session = self.call("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        page = self._pages[session] = Page(self, session)
        for domain in ("Page", "Runtime", "Log", "Network"):
            page.call(f"{domain}.enable")
        width, height = size
        page.call(
            "Emulation.setDeviceMetricsOverride",
            width=width,
            height=height,
            deviceScaleFactor=1,
            mobile=False,
        )
        return page

    def call(self, method: str, session: str = "", **params: object) -> dict[str, Any]:
        number = next(self._numbers)
        order = {
            "id": number,
            "method": method,
            "params": params,
            **({"sessionId": session} if session else {}),
        }
        os.write(self._to, json.dumps(order).encode() + b"\0")
        while number not in self._answers:
            self._read()
        answer = self._answers.pop(number)
        if "error" in answer:
            pytest.fail(f"{method}: {answer['error']}")
        result: dict[str, Any] = answer["result"]
        return result

    def close(self) -> None:
        try:
            self.call("Browser.close")
        finally:
            for end in (self._to, self._from):
                os.close(end)
            self._process.wait(PATIENCE_S)

    def _read(self) -> None:
        read = os.read(self._from, 1 << 20)
        if not read:
            pytest.fail(f"the browser has ended with {self._process.wait(PATIENCE_S)}")
        *messages, self._rest = (self._rest + read).split(b"\0")
        for message in map(json.loads, messages):
            if "id" in message:
                self._answers[message["id"]] = message
            elif page := self._pages.get(message.get("sessionId", "")):
                page.note(message["method"], message["params"])


@contextmanager
def browser(folder: Path, size: tuple[int, int] = (1366, 768)) -> Iterator[Callable[[], Page]]:
    """A function that opens a new tab of `size`; the browser ends with the block."""
    process = Browser(folder, size)
    try:
        yield lambda: process.page(size)
    finally:
        process.close()
