"""`make cost`: dollars of a million chats, calls and hours, and of three sizes of the site, beside a naive design's."""

from __future__ import annotations

import sys
from collections.abc import Mapping

from infra import prices
from tests.bench import bill, scale
from tests.bench.bill import MILLION, Meter, Tally, minutes
from tests.bench.stage import opened

Prices = Mapping[str, Tally]


def tallies(meter: Meter) -> tuple[dict[str, Tally], dict[str, Tally]]:
    """Return what each thing costs, ours and the naive design's."""
    chat, seconds = meter.script["chat"], meter.script["seconds"]
    line = meter.frames(meter.chosen("message")).times(1 / len(meter.chosen("message")))
    meeting, parting, signal = meter.run(bill.meeting), meter.run(bill.parting), meter.run(bill.signal_play)
    ours = {
        "a line": line,
        "a line with its typing and acknowledgements": meter.frames(chat).times(1 / len(meter.chosen("message"))),
        "two people come and meet": meeting,
        "a video pairing: meeting, and its signals": meeting + signal.times(bill.SIGNALS),
        "a text chat of 20 lines": meeting + meter.frames(chat) + minutes(seconds) + parting,
        "a video call of 3 minutes": meeting
        + signal.times(bill.SIGNALS)
        + minutes(bill.CALL_SECONDS)
        + bill.PING.times(2 * bill.CALL_SECONDS / bill.PING_SECONDS)
        + parting,
        "an hour of waiting": meter.waiting(),
    }
    return ours, naive(meter, line, meeting, signal, parting)


def naive(meter: Meter, line: Tally, meeting: Tally, signal: Tally, parting: Tally) -> dict[str, Tally]:
    """Return the same for a design with the same handlers, but a scan for each search and a frame for everything."""
    scanned = meeting + Tally(reads=2 * bill.SCAN_UNITS)
    beat = Tally(messages=2, invocations=1, gigabyte_seconds=0.007, writes=1, sent_bytes=26)
    chat, seconds = meter.chosen("message", "typing"), meter.script["seconds"]
    lines = len(meter.chosen("message"))
    talking = line.times(len(chat)) + line.times(lines)  # an acknowledgement for each line, always
    signals = signal.times(bill.NAIVE_SIGNALS)
    return {
        "a line": line,
        "a line with its typing and acknowledgements": talking.times(1 / lines),
        "two people come and meet": scanned,
        "a video pairing: meeting, and its signals": scanned + signals,
        "a text chat of 20 lines": scanned + talking + minutes(seconds) + _beats(beat, seconds) + parting,
        "a video call of 3 minutes": scanned
        + signals
        + minutes(bill.CALL_SECONDS)
        + _beats(beat, bill.CALL_SECONDS)
        + parting,
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
    kinds = [each["frame"]["action"] for each in meter.script["chat"]]
    frames = ", ".join(f"{kinds.count(kind)} {kind}" for kind in dict.fromkeys(kinds))
    relayed = prices.RELAY_MINUTE * 2 * bill.CALL_SECONDS / 60 * prices.RELAYED_SHARE
    return [
        f"Prices of {prices.REGION}, read in {prices.READ_ON}, free tiers left out.",
        f"A chat of 20 lines lasts {meter.script['seconds'] / 60:.1f} minutes and is {frames}.",
        f"A relay of Kinesis' for {prices.RELAYED_SHARE:.0%} of a million calls is ${relayed * MILLION:,.0f} more.",
    ]


def main() -> None:
    """Print it."""
    with opened() as new_stage:
        meter = Meter(new_stage)
        ours, other = tallies(meter)
        lines = [*table(ours, other), "", *notes(meter), "", *scale.table(ours), "", *scale.notes()]
    sys.stdout.write("\n".join(lines) + "\n")


if __name__ == "__main__":
    main()
