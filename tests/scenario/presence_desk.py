"""A desk in a process of its own that others see: `presence_desk.py URL NAME DISTRICT_DIR`.

Says "ready", then answers each line with one JSON line: `look INCIDENT` looks there, `seen INCIDENT` tells which desks
are there, `unlike` tells which desks go by other data. Ends with its input.
"""

import asyncio
import json
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

from app.bootstrap import App
from app.config import Config
from app.service.presence import Presence


def _answer(presence: Presence, line: str) -> object:
    word, _, incident = line.strip().partition(" ")
    if word == "look":
        presence.look(incident)
        return True
    if word == "seen":
        return [present.desk for present in presence.others(incident)]
    return presence.unlike()


async def _serve(url: str, name: str, district: str) -> None:
    app = App(Config(db=url, district_dir=Path(district), desk=name, actor=f"officer of {name}"))
    await app.start()
    await app.connect()
    try:
        assert app.presence is not None
        _say("ready")
        while line := await asyncio.to_thread(sys.stdin.readline):
            _say(_answer(app.presence, line))
    finally:
        await app.close()


def _say(word: object) -> None:
    sys.stdout.write(json.dumps(word) + "\n")
    sys.stdout.flush()


asyncio.run(_serve(*sys.argv[1:]))
