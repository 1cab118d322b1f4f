"""A picture and a tone for each person, so that a test sees and hears whom it got."""

from __future__ import annotations

import array
import math
import wave
from dataclasses import dataclass
from pathlib import Path

# Small and slow, as each picture is encoded, decoded and drawn in the tests' own time.
WIDTH, HEIGHT, FRAMES_PER_SECOND, FRAMES = 160, 120, 10, 10
SAMPLES_PER_SECOND, TONE_SECONDS = 48_000, 2


@dataclass(frozen=True)
class Face:
    """Y, U and V of the colour, and the pitch."""

    name: str
    yuv: tuple[int, int, int]
    hertz: int

    def write(self, folder: Path) -> tuple[Path, Path]:
        """The files that Chromium takes for a camera and a microphone."""
        picture, tone = folder / f"{self.name}.y4m", folder / f"{self.name}.wav"
        picture.write_bytes(self._picture())
        self._write_tone(tone)
        return picture, tone

    def _picture(self) -> bytes:
        header = f"YUV4MPEG2 W{WIDTH} H{HEIGHT} F{FRAMES_PER_SECOND}:1 Ip A1:1 C420jpeg\n".encode()
        luma, first, second = self.yuv
        size = WIDTH * HEIGHT
        # A moving bar of a slightly other brightness: an encoder sends nothing new of a still picture.
        frames = []
        for number in range(FRAMES):
            rows = bytearray(bytes([luma]) * size)
            start = (number * HEIGHT // FRAMES) * WIDTH
            rows[start : start + WIDTH * 8] = bytes([luma + 12]) * len(rows[start : start + WIDTH * 8])
            frames.append(b"FRAME\n" + bytes(rows) + bytes([first]) * (size // 4) + bytes([second]) * (size // 4))
        return header + b"".join(frames)

    def _write_tone(self, path: Path) -> None:
        step = 2 * math.pi * self.hertz / SAMPLES_PER_SECOND
        samples = array.array("h", (int(9_000 * math.sin(step * n)) for n in range(SAMPLES_PER_SECOND * TONE_SECONDS)))
        with wave.open(str(path), "wb") as file:
            file.setnchannels(1)
            file.setsampwidth(2)
            file.setframerate(SAMPLES_PER_SECOND)
            file.writeframes(samples.tobytes())


RED = Face("red", (76, 85, 240), 500)
BLUE = Face("blue", (60, 220, 100), 1_250)
