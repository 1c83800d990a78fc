"""One of the two desks of bench desks: a core without a window that changes what is open, so many times a second.

    python -m app.bench.busy_desk URL INCIDENTS RATE_PER_S SECONDS

Says "ready" once the incidents are reported, waits for a line, changes their titles in turn - each title ends with the
steady clock at which it was sent and its number - and says how many changes there were. Must not measure.
"""

from __future__ import annotations

import asyncio
import sys
import time

from app.bootstrap import App
from app.config import Config, default_district
from app.domain import commands as cmd
from app.service.bus import Answer, Submission


async def main(url: str, incidents: int, rate_per_s: float, seconds: float) -> None:
    app = App(Config(db=url, district_dir=default_district(), desk="busy", actor="officer of busy"))
    await app.start()
    try:
        keys = [f"bench-{number}" for number in range(incidents)]
        for key in keys:
            report = cmd.ReportIncident(key, "bench", key, "crowd", 2, "bench 0 -1")
            await app.bus.submit(report, app.context())
        _say("ready")
        await asyncio.get_running_loop().run_in_executor(None, sys.stdin.readline)
        _say(await _change(app, keys, rate_per_s, seconds))
    finally:
        await app.close()


async def _change(app: App, keys: list[str], rate_per_s: float, seconds: float) -> int:
    """Evenly spread, never waiting for an answer; a late turn catches up."""
    started_s, sent = time.monotonic(), 0
    answers: list[asyncio.Future[Answer]] = []
    while (passed_s := time.monotonic() - started_s) < seconds:
        while sent < passed_s * rate_per_s:
            title = f"bench {time.monotonic_ns()} {sent}"
            change = cmd.UpdateIncident(keys[sent % len(keys)], title=title)
            answers.append(app.bus.offer(Submission((change,), app.context())))
            sent += 1
        await asyncio.sleep(1 / rate_per_s)
    await asyncio.gather(*answers)
    return sent


def _say(word: object) -> None:
    sys.stdout.write(f"{word}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], int(sys.argv[2]), float(sys.argv[3]), float(sys.argv[4])))
