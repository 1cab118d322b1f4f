"""The server compares as one every interest that the page shows as one: no interest of a person is swallowed."""

from __future__ import annotations

import json
import subprocess
from itertools import combinations

from functions.chat.model.folding import fold
from infra.tools import node
from tests.frontend.site import FOLDER
from tests.functions.chat.model.test_folding import APART, SAME

INTEREST_LENGTH_MAX = 32

ENTER = f"""
import {{ addInterests }} from "{FOLDER}/interests.js";
const lines = JSON.parse(await new Promise((done) => {{
  let text = "";
  process.stdin.on("data", (part) => {{ text += part; }}).on("end", () => done(text));
}}));
console.log(JSON.stringify(lines.map((line) => addInterests([], line.join("\\n")))));
"""
EXAMPLES = f"""
import {{ addInterests }} from "{FOLDER}/interests.js";
import {{ LANGUAGES }} from "{FOLDER}/language.js";
const all = await Promise.all(LANGUAGES.map(({{ load }}) => load()));
console.log(JSON.stringify(all.map((each) => addInterests([], each.default.interest_examples))));
"""


def played(script: str, given: object = None) -> list[list[str]]:
    command = [node.executable(), "--input-type=module", "--eval", script]
    done = subprocess.run(command, input=json.dumps(given), capture_output=True, text=True, check=True)
    found: list[list[str]] = json.loads(done.stdout)
    return found


def test_chips_that_are_one_are_one_for_the_server() -> None:
    """Of all the pairs that the server's own tests know."""
    words = [tuple(pair.split("/")) for pair in APART.split()]
    pairs = [pair for line in (*SAME, *words) for pair in combinations(line, 2)]
    entered = played(ENTER, pairs)

    chips = dict(zip(pairs, entered, strict=True))
    swallowed = [pair for pair in pairs if len(chips[pair]) == 1 and len(set(map(fold, pair))) > 1]
    assert len(pairs) > 200
    assert swallowed == []


def test_keyboards_spellings_of_one_sign_are_one_chip() -> None:
    """Apostrophes, quotes, dashes, skin tones, and what nobody sees."""
    lines = [line for line in SAME if line[0] in {"don't", "k-pop", "“rock”", "❤️", "👋🏽", "Café", "Ёлка", "sci_fi"}]
    pairs = [pair for line in lines for pair in combinations(line, 2)]

    assert len(lines) == 8
    assert [chips for chips in played(ENTER, pairs) if len(chips) > 1] == []


def test_the_examples_of_every_language_are_five_interests() -> None:
    """As chips, and as the server compares them."""
    found = played(EXAMPLES)

    assert [len(chips) for chips in found] == [5] * 10
    assert [len(set(map(fold, chips))) for chips in found] == [5] * 10
    assert max(len(chip) for chips in found for chip in chips) <= INTEREST_LENGTH_MAX
