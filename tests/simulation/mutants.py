"""`python -m tests.simulation.mutants`: forget each condition of each write once, and find a history that notices.

The conditions are read from the requests that the product makes in the histories below and in those that are known to
notice something; what notices is kept in mutants.txt, one condition and one history a line, so that the tests need not
search. Mutants that no history notices stand in unnoticed.py.
"""

from __future__ import annotations

import argparse
import random
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import Any

from tests.simulation.crowds import CONDITIONAL_WRITES, Crowd, History, Step
from tests.simulation.invariants import Broken
from tests.simulation.program import forget
from tests.simulation.quiet import quiet
from tests.simulation.schedule import Operation
from tests.simulation.weakened import Term, refusals, terms_of, without

FILE = Path(__file__).with_name("mutants.txt")
SEPARATOR = " | "
SEARCHED_HISTORIES, CANDIDATES_MAX = 4000, 200
RARE = 0.25
# The items that the promises of pairing are about; charges are tested in tests/functions/chat/storage/test_records.py.
KINDS = frozenset({"connection", "room"})
STARTS = ("join", "meet")
FIRST = ("join", "join", "skip", "leave", "report", "ban", "resume", "lose", "quit", "timer", "connect", "pause")
THEN = (*FIRST, "meet", "join", "skip", "message", "resume")


def interrupted(number: int) -> History:
    """Return a history in which one handler is interrupted once, by others that run from beginning to end."""
    chance = random.Random(number)

    def step(verbs: tuple[str, ...]) -> Step:
        return Step(chance.choice(verbs), chance.randrange(8), chance.randrange(8))

    steps = [Step(chance.choice(STARTS), chance.randrange(3)) for _ in range(chance.randrange(3))]
    steps += [Step("drain"), *(step(FIRST) for _ in range(chance.randrange(3)))]
    steps += [
        Step(chance.choice(("drain", "drain", "behind"))),
        step(FIRST),
        Step("write", 0, chance.choice((0, 0, 0, 1, 2, 3))),
    ]
    for _ in range(chance.randrange(1, 5)):
        steps += [step(THEN), Step(chance.choice(("behind", "behind", "behind", "write")), 1)]
    people = chance.choice((2, 2, 3, 3, 4))
    return History(people, chance.randrange(4), 1, chance.choice((0, 0, 1)), tuple(steps))


def focused(number: int) -> History:
    """Return a history of two who met, and perhaps parted, and of what one does while the others come in between."""
    chance = random.Random(f"focused {number}")
    parting = chance.choice(("", "leave 0 1", "leave 1 1", "skip 0 1", "leave 0 1; drain 0 0; leave 1 1"))
    more = [each for each in ("pause 0 2", "lose 0 0", "lose 1 0", "join 2 0", "join 0 0") if chance.random() < RARE]
    does = f"{chance.choice(('join', 'skip', 'leave', 'report', 'ban', 'resume'))} {chance.randrange(3)} 0"
    steps = [
        "meet 0 0",
        *parting.split("; "),
        *more,
        "drain 0 0",
        does,
        f"write {chance.choice((0, 0, 0, 1))} {chance.choice((0, 0, 0, 1, 2))}",
    ]
    for _ in range(chance.choice((1, 1, 2, 3))):
        verb = chance.choice(("report", "ban", "join", "join", "skip", "leave", "lose", "quit", "resume", "pause"))
        steps += [f"{verb} {chance.randrange(3)} {chance.choice((0, 2))}"]
        steps.append(chance.choice(("behind 0 0", f"write 1 {chance.randrange(9)}")))
    return History(3, chance.randrange(2), 1, 0, tuple(Step.parse(step) for step in steps if step))


def observed(histories: Iterable[History]) -> dict[Term, list[History]]:
    """Return every condition that the requests of these histories show, with the histories in which it decides."""
    found: dict[Term, list[History]] = {}
    for history in histories:
        forget()
        crowd = Crowd(history)
        platform = crowd.world.platform
        deciding: set[Term] = set()

        def change(operation: Operation) -> dict[str, Any]:
            for term in terms_of(operation) if operation.name in CONDITIONAL_WRITES else ():
                if term.kind in KINDS:
                    found.setdefault(term, [])
            refused = refusals(operation, platform.table) if operation.name in CONDITIONAL_WRITES else []  # noqa: B023
            # Only where one alone refuses does it matter that it is there.
            deciding.update(refused if len(refused) == 1 else ())  # noqa: B023
            return operation.arguments

        platform.change = change
        crowd.play()
        for term in deciding & found.keys():
            found[term].append(history)
    return found


def refused(history: History) -> list[set[Term]]:
    """Return the conditions that refuse each of the writes that are refused in a history."""
    forget()
    crowd, found = Crowd(history), []
    table = crowd.world.platform.table

    def change(operation: Operation) -> dict[str, Any]:
        found.append(set(refusals(operation, table) if operation.name in CONDITIONAL_WRITES else ()))
        return operation.arguments

    crowd.world.platform.change = change
    crowd.play()
    return [terms for terms in found if terms]


def notices(history: History, *terms: Term) -> bool:
    """Tell whether a promise breaks when these conditions are forgotten together."""
    forget()
    try:
        Crowd(history, without(*terms)).play()
    except Broken:
        return True
    return False


def known() -> dict[str, History]:
    """Return the history that notices, for each condition in the file."""
    lines = FILE.read_text().splitlines() if FILE.exists() else []
    pairs = (line.split(SEPARATOR) for line in lines)
    return {term: History.parse(history) for term, history in pairs}


def shortest(history: History, term: Term) -> History:
    """Leave out every step that is not needed."""
    for at in reversed(range(len(history.steps))):
        shorter = replace(history, steps=history.steps[:at] + history.steps[at + 1 :])
        if notices(shorter, term):
            history = shorter
    return history


def main() -> None:
    """Look for what notices each condition that nothing is known to notice, and write the file."""
    parser = argparse.ArgumentParser(prog="python -m tests.simulation.mutants", description=main.__doc__)
    parser.add_argument("start", type=int, nargs="?", default=0, help="the number of the first history")
    parser.add_argument("count", type=int, nargs="?", default=SEARCHED_HISTORIES, help="how many to try")
    start, count = vars(parser.parse_args()).values()
    with quiet():
        noticed = known()
        numbers = range(start, start + count)
        histories = (*noticed.values(), *map(focused, numbers), *map(interrupted, numbers[:: len(FIRST)]))
        for term, deciding in sorted(observed(histories).items()):
            before = noticed.pop(str(term), None)
            candidates = [*([before] if before else []), *deciding[:CANDIDATES_MAX]]
            history = next((each for each in candidates if notices(each, term)), None)
            print("noticed " if history else "SURVIVES", term, len(deciding), flush=True)
            if history is not None:
                noticed[str(term)] = history if history == before else shortest(history, term)
            FILE.write_text("".join(f"{name}{SEPARATOR}{each}\n" for name, each in sorted(noticed.items())))


if __name__ == "__main__":
    main()
