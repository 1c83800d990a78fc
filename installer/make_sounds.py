"""Owns how the sounds of the desk are made: `python installer/make_sounds.py` writes resources/sounds/*.wav anew.

Soft mallet tones, because they are heard for twelve hours: the more urgent, the more notes and the higher they climb;
the alarm falls, so that it is never taken for an incident, and the emergency, which sounds until it is answered, climbs
and falls and climbs. No attack is sharper than 6 ms and no partial lies above
5 kHz. Same seed, same files.
"""

import sys
import wave
from dataclasses import dataclass
from pathlib import Path

import numpy as np

SAMPLE_RATE_HZ = 22_050
ATTACK_S = 0.006
RELEASE_S = 0.03
CEILING_HZ = 5_000
SEED = 20261122
SOUNDS = Path(__file__).resolve().parent.parent / "resources" / "sounds"

# Ratio to the note, share, and how much faster than the note it dies away: a wooden bar over a tube.
PARTIALS = ((1.0, 1.0, 1.0), (2.0, 0.18, 1.6), (3.93, 0.22, 3.2), (9.2, 0.03, 9.0))

# Equal temperament; one chord for all, so that two sounds one after the other never clash.
C5, D5, E5, G5, A5, C6, E6, G4 = 523.25, 587.33, 659.26, 783.99, 880.0, 1046.5, 1318.51, 392.0


@dataclass(frozen=True)
class Note:
    start_s: float
    pitch_hz: float
    decay_s: float = 0.28
    level: float = 1.0


@dataclass(frozen=True)
class Tune:
    notes: tuple[Note, ...]
    duration_s: float
    peak: float


TUNES = {
    "p1": Tune(
        tuple(
            Note(start_s + offset_s, pitch_hz, 0.2)
            for start_s in (0.0, 0.54)
            for offset_s, pitch_hz in ((0.0, G5), (0.12, C6), (0.24, E6))
        ),
        duration_s=1.3,
        peak=0.75,
    ),
    "p2": Tune((Note(0.0, E5), Note(0.15, G5), Note(0.3, C6)), duration_s=0.95, peak=0.6),
    "p3": Tune((Note(0.0, C5), Note(0.16, E5)), duration_s=0.75, peak=0.5),
    "p4": Tune((Note(0.0, G4, 0.2),), duration_s=0.5, peak=0.4),
    "alarm": Tune(
        (Note(0.0, A5, 0.18), Note(0.2, D5, 0.3), Note(0.5, A5, 0.18), Note(0.7, D5, 0.3)),
        duration_s=1.25,
        peak=0.65,
    ),
    "emergency": Tune(
        tuple(Note(number * 0.2, pitch_hz, 0.22) for number, pitch_hz in enumerate((C5, A5, D5, C6, E5, E6))),
        duration_s=1.3,
        peak=0.78,
    ),
}


def rendered(tune: Tune, rng: np.random.Generator) -> np.ndarray:
    """The tune as float samples, mono, -1 to 1."""
    samples = np.zeros(int(tune.duration_s * SAMPLE_RATE_HZ))
    for note in tune.notes:
        first = int(note.start_s * SAMPLE_RATE_HZ)
        samples[first:] += note.level * struck_bar(note, len(samples) - first, rng)
    return faded(samples * (tune.peak / np.abs(samples).max()))


def struck_bar(note: Note, length: int, rng: np.random.Generator) -> np.ndarray:
    at_s = np.arange(length) / SAMPLE_RATE_HZ
    tone = np.zeros(length)
    for ratio, share, damping in PARTIALS:
        if note.pitch_hz * ratio < CEILING_HZ:
            # A mallet never meets the bar twice alike: a few cents and a phase keep repeated notes from sounding dead.
            pitch_hz = note.pitch_hz * ratio * 2 ** (rng.normal(0, 1.5) / 1200)
            phase = rng.uniform(0, 0.3)
            tone += (
                share * np.exp(-at_s * damping / note.decay_s) * np.sin(2 * np.pi * pitch_hz * at_s + phase)
            )
    attack = np.minimum(1.0, at_s / ATTACK_S)
    return tone * np.sin(attack * np.pi / 2) ** 2


def faded(samples: np.ndarray) -> np.ndarray:
    release = int(RELEASE_S * SAMPLE_RATE_HZ)
    samples[-release:] *= np.cos(np.linspace(0, np.pi / 2, release)) ** 2
    return samples


def write_wav(path: Path, samples: np.ndarray) -> None:
    """16 bit mono."""
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(SAMPLE_RATE_HZ)
        file.writeframes(np.round(samples * 32_767).astype("<i2").tobytes())


def main(folder: Path) -> None:
    rng = np.random.default_rng(SEED)
    folder.mkdir(parents=True, exist_ok=True)
    for name, tune in TUNES.items():
        path = folder / f"{name}.wav"
        write_wav(path, rendered(tune, rng))
        print(f"{path.name}: {path.stat().st_size / 1000:.0f} kB, {tune.duration_s} s")


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else SOUNDS)
