"""Owns what the desk sounds like: which short sound, when, how loud, and why not. Must not decide what is urgent.

The board keeps the rules on the Qt thread - a mute always ends and spares what is urgent, one sound per gap, the most
urgent wins; a player makes the noise on a thread of its own and never holds the board up. Sounds are
resources/sounds/NAME.wav, texts are sound.KEY.
"""

import logging
import os
import sys
import threading
import wave
from collections.abc import Callable, Generator, Sequence
from enum import StrEnum
from pathlib import Path
from typing import Protocol

import miniaudio
import numpy as np
from PySide6.QtCore import QObject, QTimer, Signal

from app.domain.instants import Instant
from app.paths import resource_dir

GAP_MS = 2_000
"""A flood sounds once per gap."""

ALSA_CARDS = Path("/proc/asound")

_BUFFER_MS = 100
_STALL_S = 2.0

_log = logging.getLogger(__name__)


class Sound(StrEnum):
    """The sounds, most urgent first."""

    EMERGENCY = "emergency"
    P1 = "p1"
    ALARM = "alarm"
    P2 = "p2"
    P3 = "p3"
    P4 = "p4"

    @classmethod
    def of_priority(cls, priority: int) -> "Sound":
        """The sound of an incident of priority 1 (critical) to 4 (can wait); anything else sounds as 4."""
        return {1: cls.P1, 2: cls.P2, 3: cls.P3}.get(priority, cls.P4)

    @classmethod
    def of_alarm(cls, priority: int, *, emergency: bool) -> "Sound":
        """An urgent alarm falls where an incident climbs; one that can wait needs no voice of its own."""
        if emergency:
            return cls.EMERGENCY
        return cls.ALARM if priority == 2 else cls.of_priority(priority)

    @property
    def urgency(self) -> int:
        """0 is the most urgent."""
        return list(Sound).index(self)

    @property
    def can_be_muted(self) -> bool:
        """Only what can wait: nobody silences a matter of life."""
        return self in (Sound.P3, Sound.P4)


class Player(Protocol):
    """What makes the noise."""

    def listen(self, report: Callable[[str], None]) -> None:
        """Call `report` from any thread with the text key of what is wrong, or "" when a sound was heard."""

    def play(self, sound: Sound, volume: float) -> None:
        """Returns at once; volume is 0 to 1. Never raises."""

    def close(self) -> None:
        """Falls silent and ends its thread."""


class SilentPlayer:
    """For replay and for runs that nobody hears: it says that sound is off, and is."""

    def listen(self, report: Callable[[str], None]) -> None:
        report("sound.off")

    def play(self, sound: Sound, volume: float) -> None:
        pass

    def close(self) -> None:
        pass


class SoundBoard(QObject):
    """Sounds by priority. `changed` tells that `muted`, `volume` or `available` is another."""

    changed = Signal()
    _reported = Signal(str)

    def __init__(
        self,
        player: Player,
        now: Callable[[], Instant],
        parent: QObject | None = None,
        gap_ms: int = GAP_MS,
    ) -> None:
        super().__init__(parent)
        self._player = player
        self._now = now
        self._volume = 1.0
        self._closed = False
        self._muted_until: Instant | None = None
        self._fault_key = ""
        self._waiting: Sound | None = None
        self._gap = self._single_shot(self._end_gap)
        self._gap.setInterval(gap_ms)
        self._mute_end = self._single_shot(self.unmute)
        self._reported.connect(self._take_report)
        player.listen(self._reported.emit)

    def _single_shot(self, run: Callable[[], None]) -> QTimer:
        timer = QTimer(self)
        timer.setSingleShot(True)
        timer.timeout.connect(run)
        return timer

    @property
    def available(self) -> bool:
        """Whether a sound could be heard, as far as is known: the sound card is first tried by the first sound."""
        return not self._fault_key

    @property
    def fault_key(self) -> str:
        """Text key of why nothing can be heard, or ""."""
        return self._fault_key

    @property
    def muted(self) -> bool:
        """Whether what can wait is silent just now."""
        return self._muted_until is not None

    @property
    def muted_until(self) -> Instant | None:
        """When the mute ends by itself; None when there is none."""
        return self._muted_until

    @property
    def volume(self) -> float:
        return self._volume

    def play(self, sound: Sound) -> None:
        """Sounds now, or at the end of the gap when it is the most urgent that came within it; returns at once."""
        if self._closed or (self.muted and sound.can_be_muted):
            return
        if self._gap.isActive():
            self._waiting = min(sound, self._waiting or sound, key=lambda each: each.urgency)
            return
        self._player.play(sound, self._volume)
        self._gap.start()

    def mute_until(self, at: Instant) -> None:
        """P3 and P4 are silent until an instant that the clock has yet to reach; one that is past changes nothing."""
        remaining_ms = at - self._now()
        if remaining_ms > 0:
            self._mute_end.start(remaining_ms)
            self._mute(at)

    def unmute(self) -> None:
        """Ends the mute."""
        self._mute_end.stop()
        self._mute(None)

    def set_volume(self, volume: float) -> None:
        """0 is silent, 1 as loud as the system is set; beyond is cut."""
        self._volume = min(1.0, max(0.0, volume))
        self.changed.emit()

    def close(self) -> None:
        """Silence from here on; waits for the player's thread."""
        self._closed = True
        self._mute_end.stop()
        self._gap.stop()
        self._player.close()

    def _mute(self, until: Instant | None) -> None:
        self._muted_until = until
        if until is not None and self._waiting is not None and self._waiting.can_be_muted:
            self._waiting = None
        self.changed.emit()

    def _end_gap(self) -> None:
        waiting, self._waiting = self._waiting, None
        if waiting:
            self.play(waiting)

    def _take_report(self, fault_key: str) -> None:
        if fault_key != self._fault_key:
            self._fault_key = fault_key
            self.changed.emit()


class SoundCardPlayer:
    """Plays through the system's default sound device, asked for anew with each sound: a headset may come and go."""

    def __init__(
        self, backends: Sequence[miniaudio.Backend] | None = None, folder: Path | None = None
    ) -> None:
        self._backends = backends
        self._folder = folder or resource_dir() / "sounds"
        self._next: tuple[Sound, float] | None = None
        self._wake = threading.Condition()
        self._closing = threading.Event()
        self._thread: threading.Thread | None = None
        self._report: Callable[[str], None] = lambda _fault_key: None

    def listen(self, report: Callable[[str], None]) -> None:
        self._report = report

    def play(self, sound: Sound, volume: float) -> None:
        if self._closing.is_set():
            return
        if self._thread is None:
            self._thread = threading.Thread(target=self._run, name="sound", daemon=True)
            self._thread.start()
        with self._wake:
            # A sound server may hold each sound for seconds: what piles up behind it is one sound, not a queue.
            if self._next is None or sound.urgency <= self._next[0].urgency:
                self._next = (sound, volume)
            self._wake.notify()

    def close(self) -> None:
        with self._wake:
            self._closing.set()
            self._wake.notify()
        if self._thread:
            self._thread.join()

    def _run(self) -> None:
        while job := self._taken():
            self._report(self._fault_of(*job))

    def _taken(self) -> tuple[Sound, float] | None:
        """Waits for the next sound; None when it is time to go."""
        with self._wake:
            self._wake.wait_for(lambda: self._next or self._closing.is_set())
            job, self._next = self._next, None
            return None if self._closing.is_set() else job

    def _fault_of(self, sound: Sound, volume: float) -> str:
        try:
            self._sound(self._folder / f"{sound}.wav", volume)
        except miniaudio.MiniaudioError as error:
            _log.info("no sound: %s", error)
            return "sound.no_device"
        except (OSError, EOFError, wave.Error) as error:
            _log.info("no sound: %s", error)
            return "sound.unreadable"
        return ""

    def _sound(self, path: Path, volume: float) -> None:
        backends = system_backends() if self._backends is None else self._backends
        if not backends:
            raise miniaudio.MiniaudioError("no sound card and no sound server")
        samples, sample_rate_hz = _read_wav(path, volume)
        ended = threading.Event()
        frames = _frames(samples, ended, self._closing)
        next(frames)
        with miniaudio.PlaybackDevice(
            nchannels=1,
            sample_rate=sample_rate_hz,
            buffersize_msec=_BUFFER_MS,
            backends=list(backends),
            app_name="Streetdesk",
        ) as device:
            device.start(frames)
            if not ended.wait(len(samples) / sample_rate_hz + _STALL_S):
                raise miniaudio.MiniaudioError("the sound device takes no sound")


def system_backends() -> list[miniaudio.Backend]:
    """The ways to a sound device that this system has; empty when it has none.

    Linux is looked at first: ALSA without a card writes forty lines to standard error. The null device, which the
    library falls back to, is left out: it would pass silence off as sound.
    """
    if not sys.platform.startswith("linux"):
        unreal = {miniaudio.Backend.NULL, miniaudio.Backend.CUSTOM, miniaudio.Backend.JACK}
        return sorted(miniaudio.get_enabled_backends() - unreal, key=lambda backend: backend.value)
    found = [miniaudio.Backend.PULSEAUDIO] if _has_sound_server() else []
    return [*found, miniaudio.Backend.ALSA] if any(ALSA_CARDS.glob("card[0-9]*")) else found


def _has_sound_server() -> bool:
    runtime = os.environ.get("XDG_RUNTIME_DIR", f"/run/user/{os.getuid()}")
    return "PULSE_SERVER" in os.environ or Path(runtime, "pulse", "native").exists()


def _read_wav(path: Path, volume: float) -> tuple[np.ndarray, int]:
    """(int16 mono samples at this volume, sample rate in Hz)."""
    with wave.open(str(path), "rb") as file:
        samples = np.frombuffer(file.readframes(file.getnframes()), dtype="<i2")
        return (samples * volume).astype("<i2"), file.getframerate()


def _frames(
    samples: np.ndarray, ended: threading.Event, closing: threading.Event
) -> Generator[bytes, int, None]:
    """Gives the device the frames it asks for; `ended` is set when it has asked once more after the last."""
    position = 0
    wanted = yield b""
    while position < len(samples) and not closing.is_set():
        block = samples[position : position + wanted]
        position += wanted
        wanted = yield block.tobytes()
    ended.set()
