"""`make cost`: dollars of a million chats, calls and hours, and of three sizes of the site, beside a naive design's."""

from __future__ import annotations

import sys
from collections.abc import Mapping

from infra import prices
from tests.bench import bill, scale
from tests.bench.bill import MILLION, Meter, Tally, minutes
from tests.bench.stage import opened

Prices = Mapping[str, Tally]

LIVELY = "a line with its typing and acknowledgements, 6 s apart"
LEISURELY = "the same, 11 s apart"


def tallies(meter: Meter) -> tuple[dict[str, Tally], dict[str, Tally]]:
    """Return what each thing costs, ours and the naive design's."""
    chat, call = meter.script["chat"], meter.script["call"]
    line = meter.frames(meter.lines()).times(1 / len(meter.lines()))
    talking = meter.frames(chat["frames"])
    meeting, parting, signal = meter.run(bill.meeting), meter.run(bill.parting), meter.run(bill.description_play)
    ours = {
        "a line": line,
        LIVELY: meter.frames(meter.script["lively"]["frames"]).times(1 / len(meter.lines("lively"))),
        LEISURELY: talking.times(1 / len(meter.lines())),
        "two people come and meet": meeting,
        "a video pairing: meeting, and its signals": meeting + signal.times(bill.SIGNALS),
        "a text chat of 20 lines": meeting + talking + minutes(chat["seconds"]) + parting,
        "a video call of 3 minutes": meeting
        + signal.times(bill.SIGNALS)
        + meter.frames(call["frames"])
        + minutes(call["seconds"])
        + parting,
        "an hour of waiting": meter.waiting(),
    }
    return ours, naive(meter, line, meeting, parting)


def naive(meter: Meter, line: Tally, meeting: Tally, parting: Tally) -> dict[str, Tally]:
    """Return the same for a design with the same handlers, but a scan for each search and a frame for everything."""
    scanned = meeting + Tally(reads=2 * bill.SCAN_UNITS)
    beat = Tally(messages=2, invocations=1, gigabyte_seconds=0.007, writes=1, sent_bytes=26)
    seconds, call_seconds = meter.script["chat"]["seconds"], meter.script["call"]["seconds"]
    spoken = line.times(3)  # a sign of typing before each line, and an acknowledgement after it
    talking = spoken.times(len(meter.lines()))
    candidates = meter.run(bill.candidate_play).times(bill.NAIVE_CANDIDATES)
    signals = meter.run(bill.naive_description_play).times(2) + candidates
    return {
        "a line": line,
        LIVELY: spoken,
        LEISURELY: spoken,
        "two people come and meet": scanned,
        "a video pairing: meeting, and its signals": scanned + signals,
        "a text chat of 20 lines": scanned + talking + minutes(seconds) + _beats(beat, seconds) + parting,
        "a video call of 3 minutes": scanned + signals + minutes(call_seconds) + _beats(beat, call_seconds) + parting,
        "an hour of waiting": (
            minutes(3600, 1) + _beats(beat, 3600).times(0.5) + Tally(reads=bill.SCAN_UNITS).times(360)
        ),
    }


def _beats(beat: Tally, seconds: float) -> Tally:
    return beat.times(2 * seconds / bill.HEARTBEAT_SECONDS)


def table(ours: Prices, other: Prices) -> list[str]:
    """Return the lines of the table in Markdown: dollars for a million of each."""
    heads = list(next(iter(ours.values())).parts)
    lines = [
        f"| a million times | {' | '.join(heads)} | **together** | naive | ratio |",
        f"|---|{'---:|' * (len(heads) + 3)}",
    ]
    for name, tally in ours.items():
        parts = " | ".join(f"{dollars * MILLION:,.2f}" for dollars in tally.parts.values())
        naive_dollars = other[name].dollars
        lines.append(
            f"| {name} | {parts} | **{tally.dollars * MILLION:,.2f}** | {naive_dollars * MILLION:,.2f} "
            f"| {tally.dollars / naive_dollars:.2f} |"
        )
    return lines


def notes(meter: Meter) -> list[str]:
    """Return the sentences that belong to the table."""
    relayed = prices.RELAY_MINUTE * 2 * meter.script["call"]["seconds"] / 60 * prices.RELAYED_SHARE
    return [
        f"Prices of {prices.REGION}, read in {prices.READ_ON}, free tiers left out.",
        *(_frames(meter, way, name) for way, name in (("chat", "A chat"), ("lively", "A lively one"))),
        f"A relay of Kinesis' for {prices.RELAYED_SHARE:.0%} of a million calls is ${relayed * MILLION:,.0f} more.",
    ]


def _frames(meter: Meter, way: str, name: str) -> str:
    kinds = [each["frame"]["action"] for each in meter.script[way]["frames"]]
    counted = ", ".join(f"{kinds.count(kind)} {kind}" for kind in dict.fromkeys(kinds))
    minutes_long = meter.script[way]["seconds"] / 60
    return f"{name} of {len(meter.lines(way))} lines lasts {minutes_long:.1f} minutes and is {counted}."


def main() -> None:
    with opened() as new_stage:
        meter = Meter(new_stage)
        ours, other = tallies(meter)
        lines = [*table(ours, other), "", *notes(meter), "", *scale.table(ours), "", *scale.notes()]
    sys.stdout.write("\n".join(lines) + "\n")


if __name__ == "__main__":
    main()
