"""What the desk sounds like; the noise is recorded at the device's edge, or goes to the library's null device."""

import math
import sys
import threading
import wave
from collections.abc import Callable, Iterator
from pathlib import Path

import miniaudio
import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from app.domain.instants import Instant
from app.i18n import has_text
from app.paths import resource_dir
from installer import make_sounds
from widgets import sound as sound_module
from widgets.sound import SilentPlayer, Sound, SoundBoard, SoundCardPlayer

NOW: Instant = 1_800_000_000_000


class RecordingPlayer:
    """Keeps what would be heard; `report` plays the part of the sound card's thread."""

    def __init__(self) -> None:
        self.played: list[tuple[Sound, float]] = []
        self.closed = False
        self.report: Callable[[str], None] = lambda _fault_key: None

    def listen(self, report: Callable[[str], None]) -> None:
        self.report = report

    def play(self, sound: Sound, volume: float) -> None:
        self.played.append((sound, volume))

    def close(self) -> None:
        self.closed = True

    @property
    def sounds(self) -> list[Sound]:
        return [sound for sound, _ in self.played]


@pytest.fixture
def player() -> RecordingPlayer:
    return RecordingPlayer()


@pytest.fixture
def board(qapp: object, player: RecordingPlayer) -> Iterator[SoundBoard]:
    board = SoundBoard(player, now=lambda: NOW, gap_ms=30)
    yield board
    board.close()


@pytest.mark.parametrize(("priority", "sound"), [(1, "p1"), (2, "p2"), (3, "p3"), (4, "p4"), (9, "p4")])
def test_a_priority_has_its_sound(priority: int, sound: str) -> None:
    assert Sound.of_priority(priority) == sound


def test_the_first_sound_is_heard_at_once(board: SoundBoard, player: RecordingPlayer) -> None:
    board.play(Sound.P3)
    assert player.played == [(Sound.P3, 1.0)]


def test_of_a_flood_the_most_urgent_is_heard_when_the_gap_ends(
    qtbot: QtBot, board: SoundBoard, player: RecordingPlayer
) -> None:
    for sound in [Sound.P4, *[Sound.P3] * 100, Sound.P1, Sound.ALARM, *[Sound.P2] * 100]:
        board.play(sound)
    assert player.sounds == [Sound.P4]
    qtbot.waitUntil(lambda: len(player.sounds) > 1)
    assert player.sounds == [Sound.P4, Sound.P1]


def test_a_flood_leaves_no_echo(qtbot: QtBot, board: SoundBoard, player: RecordingPlayer) -> None:
    for _ in range(50):
        board.play(Sound.P2)
    qtbot.waitUntil(lambda: len(player.sounds) == 2 and not board._gap.isActive())
    board.play(Sound.P4)
    assert player.sounds == [Sound.P2, Sound.P2, Sound.P4]


def test_muted_nothing_is_heard_and_nothing_is_kept_for_later(
    qtbot: QtBot, board: SoundBoard, player: RecordingPlayer
) -> None:
    board.play(Sound.P4)
    board.play(Sound.P3)
    board.mute_until(NOW + 60_000)
    board.play(Sound.P3)
    qtbot.waitUntil(lambda: not board._gap.isActive())
    board.unmute()
    assert player.sounds == [Sound.P4]
    board.play(Sound.P3)
    assert player.sounds == [Sound.P4, Sound.P3]


@pytest.mark.parametrize("sound", Sound)
def test_a_mute_spares_what_is_urgent(board: SoundBoard, player: RecordingPlayer, sound: Sound) -> None:
    board.mute_until(NOW + 60_000)
    board.play(sound)
    assert player.sounds == ([] if sound in (Sound.P3, Sound.P4) else [sound])


@pytest.mark.parametrize(
    ("priority", "emergency", "sound"),
    [(1, False, "p1"), (2, False, "alarm"), (3, False, "p3"), (4, False, "p4"), (3, True, "emergency")],
)
def test_an_alarm_has_its_sound(priority: int, emergency: bool, sound: str) -> None:
    assert Sound.of_alarm(priority, emergency=emergency) == sound


def test_a_mute_with_an_end_ends(qtbot: QtBot, board: SoundBoard) -> None:
    with qtbot.waitSignal(board.changed):
        board.mute_until(NOW + 20)
    assert (board.muted, board.muted_until) == (True, NOW + 20)
    qtbot.waitUntil(lambda: not board.muted)
    assert board.muted_until is None


def test_a_mute_until_the_past_changes_nothing(board: SoundBoard) -> None:
    board.mute_until(NOW - 1)
    assert not board.muted


def test_a_second_mute_takes_the_place_of_the_first(board: SoundBoard) -> None:
    board.mute_until(NOW + 60_000)
    board.mute_until(NOW + 5_000)
    assert board.muted_until == NOW + 5_000
    board.unmute()
    assert not board.muted
    assert not board._mute_end.isActive()


def test_the_volume_is_handed_on_and_kept_in_its_range(board: SoundBoard, player: RecordingPlayer) -> None:
    board.set_volume(7)
    assert board.volume == 1.0
    board.set_volume(0.4)
    board.play(Sound.P1)
    assert player.played == [(Sound.P1, 0.4)]


def test_a_fault_is_told_once_and_taken_back(
    qtbot: QtBot, board: SoundBoard, player: RecordingPlayer
) -> None:
    heard: list[bool] = []
    board.changed.connect(lambda: heard.append(board.available))
    for fault_key in ("sound.no_device", "sound.no_device", "", ""):
        player.report(fault_key)
    assert heard == [False, True]


def test_closed_it_stays_silent(board: SoundBoard, player: RecordingPlayer) -> None:
    board.close()
    board.play(Sound.P1)
    assert player.sounds == []
    assert player.closed


def test_replay_has_a_board_that_is_off(qapp: object) -> None:
    board = SoundBoard(SilentPlayer(), now=lambda: NOW)
    board.play(Sound.P1)
    assert (board.available, board.fault_key) == (False, "sound.off")
    board.close()


# -- the sound card ---------------------------------------------------------------------------------------------------


@pytest.fixture
def reports() -> list[str]:
    return []


def card(reports: list[str], **options: object) -> SoundCardPlayer:
    player = SoundCardPlayer(**options)  # type: ignore[arg-type]
    player.listen(reports.append)
    return player


def test_a_sound_goes_through_the_library_to_its_end(qtbot: QtBot, reports: list[str]) -> None:
    player = card(reports, backends=[miniaudio.Backend.NULL])
    player.play(Sound.P4, 0.5)
    qtbot.waitUntil(lambda: reports == [""])
    player.close()


def test_without_a_sound_card_it_says_so_and_stays_quiet(qtbot: QtBot) -> None:
    board = SoundBoard(SoundCardPlayer(backends=[]), now=lambda: NOW)
    assert board.available
    board.play(Sound.P1)
    qtbot.waitUntil(lambda: not board.available)
    assert board.fault_key == "sound.no_device"
    board.close()


def test_a_missing_sound_file_is_named_as_such(qtbot: QtBot, reports: list[str], tmp_path: Path) -> None:
    player = card(reports, backends=[miniaudio.Backend.NULL], folder=tmp_path)
    player.play(Sound.P1, 1.0)
    qtbot.waitUntil(lambda: reports == ["sound.unreadable"])
    player.close()


def test_what_piles_up_behind_a_slow_device_is_one_sound(
    qtbot: QtBot, reports: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    played: list[Sound] = []
    device_is_free = threading.Event()

    def slow(_player: SoundCardPlayer, sound: Sound, _volume: float) -> str:
        played.append(sound)
        device_is_free.wait()
        return ""

    monkeypatch.setattr(SoundCardPlayer, "_fault_of", slow)
    player = card(reports)
    player.play(Sound.P4, 1.0)
    qtbot.waitUntil(lambda: played == [Sound.P4])
    for sound in (Sound.P3, Sound.P1, Sound.P2):
        player.play(sound, 1.0)
    device_is_free.set()
    qtbot.waitUntil(lambda: len(reports) == 2)
    player.close()
    assert played == [Sound.P4, Sound.P1]


def test_closing_cuts_a_sound_short(reports: list[str]) -> None:
    player = card(reports, backends=[miniaudio.Backend.NULL])
    player.play(Sound.P1, 1.0)
    player.close()
    player.play(Sound.P1, 1.0)
    assert len(reports) <= 1
    assert not player._thread or not player._thread.is_alive()


def test_no_thread_and_no_device_before_the_first_sound() -> None:
    player = SoundCardPlayer(backends=[miniaudio.Backend.NULL])
    assert player._thread is None
    player.close()


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="how Linux shows its sound devices")
def test_a_linux_without_server_and_card_has_no_backend(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.delenv("PULSE_SERVER", raising=False)
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))
    monkeypatch.setattr(sound_module, "ALSA_CARDS", tmp_path)
    assert sound_module.system_backends() == []
    (tmp_path / "card0").mkdir()
    (tmp_path / "pulse").mkdir()
    (tmp_path / "pulse" / "native").touch()
    assert sound_module.system_backends() == [miniaudio.Backend.PULSEAUDIO, miniaudio.Backend.ALSA]


@pytest.mark.parametrize("key", ["sound.no_device", "sound.unreadable", "sound.off"])
def test_every_fault_has_a_text(key: str) -> None:
    assert has_text(key)


# -- the files --------------------------------------------------------------------------------------------------------


def samples_of(path: Path) -> np.ndarray:
    with wave.open(str(path)) as file:
        assert (file.getnchannels(), file.getsampwidth(), file.getframerate()) == (1, 2, 22_050)
        return np.frombuffer(file.readframes(file.getnframes()), dtype="<i2") / 32_767


@pytest.mark.parametrize("sound", Sound)
def test_a_sound_file_is_short_calm_and_without_a_click(sound: Sound) -> None:
    path = resource_dir() / "sounds" / f"{sound}.wav"
    samples = samples_of(path)
    assert path.stat().st_size < 60_000
    assert len(samples) / 22_050 * 1_000 < sound_module.GAP_MS
    assert 0.3 < np.abs(samples).max() < 0.8
    assert abs(samples[0]) < 0.001
    assert abs(samples[-1]) < 0.001
    assert np.abs(np.diff(samples)).max() < 0.3


def test_urgency_is_heard_as_loudness_and_pitch() -> None:
    files = [samples_of(resource_dir() / "sounds" / f"p{priority}.wav") for priority in (1, 2, 3, 4)]
    energies = [math.sqrt(np.mean(samples**2)) for samples in files]
    brightness = [float(np.mean(np.diff(samples) ** 2)) for samples in files]
    assert energies == sorted(energies, reverse=True)
    assert brightness == sorted(brightness, reverse=True)


def test_the_files_are_what_the_generator_makes(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    make_sounds.main(tmp_path)
    for sound in Sound:
        made, kept = (
            samples_of(tmp_path / f"{sound}.wav"),
            samples_of(resource_dir() / "sounds" / f"{sound}.wav"),
        )
        assert np.abs(made - kept).max() < 1e-4
