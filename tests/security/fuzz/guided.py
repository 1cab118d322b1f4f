"""Fuzzing guided by coverage: atheris keeps what reaches new code and changes it further.

It instruments `functions` while it is imported, so this module imports nothing of it before.
"""

from __future__ import annotations

from pathlib import Path

FRAME_BYTES_MAX = 32 * 1024


def run(frames: int, seed: int, corpus: Path) -> int:
    """Feed frames until there are enough of them. atheris ends the process itself, with 77 when a rule was broken."""
    import atheris

    with atheris.instrument_imports(include=["functions"]):
        from tests.security.fuzz import oracle
        from tests.security.fuzz.frames import RAW
        from tests.security.fuzz.town import WISHES, Town
    town = Town()

    def feed(data: bytes) -> None:
        if data:
            body = data[1:].decode("utf-8", errors="surrogatepass" if data[0] & 0x80 else "replace")
            oracle.check(town, WISHES[data[0] % len(WISHES)], body)

    def feed_or_skip(data: bytes) -> None:
        try:
            feed(data)
        except UnicodeDecodeError:
            return  # no WebSocket client gets such bytes through: text frames are UTF-8

    corpus.mkdir(parents=True, exist_ok=True)
    for number, seed_frame in enumerate([*_examples(town), *RAW]):
        text = f"{WISHES.index('talking'):c}{seed_frame}"
        (corpus / f"seed-{number}").write_bytes(text.encode("utf-8", errors="surrogatepass"))
    words = corpus.parent / "words"
    words.write_text("".join(f'"{word}"\n' for word in _words(town)))
    limits = [f"-runs={frames}", f"-seed={seed}", f"-max_len={FRAME_BYTES_MAX}", "-print_final_stats=1"]
    arguments = ["fuzz", str(corpus), f"-dict={words}", *limits]
    atheris.Setup(arguments, feed_or_skip)
    atheris.Fuzz()
    return 0


def _words(town: object) -> list[str]:
    """Return what frames are made of: without it no fuzzer finds a room's name."""
    from functions.chat.protocol.frames import rules
    from tests.functions.entry_points import FRAMES

    names = {name for kind in FRAMES for name in rules(kind)} | {kind.__name__.lower() for kind in FRAMES}
    known = [*town.rooms.values(), *town.tokens.values(), town.case]  # type: ignore[attr-defined]
    return [*sorted(names), "action", "text", "video", "spam", "underage", *known]


def _examples(town: object) -> list[str]:
    """Return a good frame of each kind, from which changes begin."""
    import json
    import random

    from functions.chat.protocol.frames import rules
    from tests.functions.entry_points import FRAMES
    from tests.security.fuzz import frames

    fields = frames.good_fields(random.Random(1), town)  # type: ignore[arg-type]
    return [
        json.dumps({"action": kind.__name__.lower(), **{name: fields[name] for name in rules(kind)}}) for kind in FRAMES
    ]
