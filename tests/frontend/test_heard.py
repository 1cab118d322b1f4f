"""The words read aloud to a person who does not see: every event once, and none twice.

Read from the accessibility tree of a real browser: whatever text is new in a live part of it is announced, also where
the words are those of before. Each text has an identity there, so that a rewritten one counts again.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.frontend.devices import take_clock
from tests.frontend.stage import ROOM, Stage

TEXT = "StaticText"
HELLO = "You're talking to a stranger. Say hello!"
# As a browser's translation does: its own words in place of each text.
TRANSLATE = """() => {
  const texts = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) if (walker.currentNode.data.trim() !== "") texts.push(walker.currentNode);
  for (const text of texts) {
    const words = document.createElement("font");
    words.textContent = "übersetzt";
    text.replaceWith(words);
  }
}"""
VISIBLE_WORDS = """() => [...document.querySelectorAll("main, header")].flatMap((part) => {
  const walker = document.createTreeWalker(part, NodeFilter.SHOW_TEXT);
  const found = [];
  while (walker.nextNode()) {
    if (walker.currentNode.parentElement.checkVisibility()) found.push(walker.currentNode.data.trim());
  }
  return found.filter((words) => words !== "" && words !== "übersetzt");
})"""


class Listener:
    """Hears what is new in live parts of the page since the last time it listened."""

    def __init__(self, stage: Stage) -> None:
        self.stage = stage
        self._tools = stage.tools()
        self._tools.send("DOM.enable")
        self._tools.send("Accessibility.enable")
        self._known = set(self._live())

    def hear(self) -> list[str]:
        """Return what was read since, a sentence for each paragraph, as often as it was."""
        self.stage.page.wait_for_timeout(250)
        now = self._live()
        sentences: dict[int, str] = {}
        for key, (block, words) in now.items():
            if key not in self._known:
                sentences[block] = sentences.get(block, "") + words
        self._known |= set(now)
        return [" ".join(words.split()) for words in sentences.values() if words.strip()]

    def _live(self) -> dict[int, tuple[int, str]]:
        """Return each text that would be read when it comes, by its identity, with the paragraph that it is in."""
        tree = self._tools.send("Accessibility.getFullAXTree")["nodes"]
        exposed = {
            node["backendDOMNodeId"]: str(node["name"]["value"])
            for node in tree
            if not node["ignored"] and node["role"]["value"] == TEXT
        }
        nodes = {node["nodeId"]: node for node in self._tools.send("DOM.getFlattenedDocument", {"depth": -1})["nodes"]}
        texts = [node for node in nodes.values() if node["backendNodeId"] in exposed]
        return {
            node["backendNodeId"]: (_block_of(node, nodes), exposed[node["backendNodeId"]])
            for node in texts
            if _live_of(_closest(node, nodes, _live_of)) in {"polite", "assertive"}
        }


Node = dict[str, Any]


def _closest(node: Node, nodes: dict[int, Node], fits: Callable[[Node], object]) -> Node:
    while not fits(node) and node.get("parentId") in nodes:
        node = nodes[node["parentId"]]
    return node


def _block_of(node: Node, nodes: dict[int, Node]) -> int:
    """The block of a node: an item of the conversation, or a paragraph."""
    item = _closest(node, nodes, lambda each: each["nodeName"] == "LI")
    block = item if item["nodeName"] == "LI" else _closest(node, nodes, lambda each: each["nodeName"] in {"P", "DIV"})
    return int(block["nodeId"])


def _live_of(node: Node) -> str | None:
    listed = node.get("attributes", [])
    attributes = dict(zip(listed[::2], listed[1::2], strict=True))
    return attributes.get("aria-live") or ("polite" if attributes.get("role") == "status" else None)


def talking(stage: Stage) -> Listener:
    stage.open()
    stage.start(interests="chess, films")
    stage.pair(common=("chess",))
    return Listener(stage)


def test_a_search_and_a_match_are_told_once_with_what_is_shared(stage: Stage) -> None:
    """And the stranger's lines, while one's own are not."""
    stage.open()
    listener = Listener(stage)
    stage.start(interests="chess, films")
    assert listener.hear() == ["Connecting…", "Looking for a stranger…"]
    stage.pair(common=("chess",), languages=["en"])
    (matched,) = listener.hear()
    assert matched.startswith(f"{HELLO} You both like chess. You both speak English.")

    stage.hear(1, "How are you?")
    (line,) = listener.hear()
    assert line.split(":") == ["Stranger", "How are you?"]
    stage.say("typing", room=ROOM, on=True)
    stage.write("Fine, thanks")
    stage.say("ack", room=ROOM, ack=1)
    assert listener.hear() == []


@pytest.mark.parametrize("press", ["Escape", "#skip", "#stop"])
def test_a_question_is_asked_aloud_once(stage: Stage, press: str) -> None:
    """By key or button."""
    listener = talking(stage)
    if press == "Escape":
        stage.page.keyboard.press(press)
    else:
        stage.page.locator(press).click()

    assert listener.hear() == ["Really?"]


def test_lines_that_fail_are_told_once(stage: Stage) -> None:
    """However many there are."""
    listener = talking(stage)
    stage.write("One")
    stage.write("Two")
    for seq in (1, 2):
        stage.say("error", code="invalid_message", message="No.", action="message", room=ROOM, seq=seq)
    stage.page.locator("[data-delivery=failed]").first.wait_for()

    assert listener.hear().count("Not delivered.") >= 1
    assert listener.hear() == []


def test_a_report_is_told_with_its_number(stage: Stage) -> None:
    """The number is what a person quotes."""
    listener = talking(stage)
    stage.page.locator("#report").click()
    stage.page.locator("[value=spam]").check()
    listener.hear()
    stage.page.locator("#report-form .danger").click()
    stage.wait_for_frame("report")
    stage.say("reported", room=ROOM, case="K7QF2M")
    stage.page.get_by_text("Case number: K7QF2M").first.wait_for()

    assert listener.hear() == [
        "You reported the stranger and left.",
        "Looking for a stranger…",
        "Thanks, we got your report. Case number: K7QF2M",
    ]


def test_a_stranger_who_is_away_and_back_is_told_once_each(stage: Stage) -> None:
    """And so is the end."""
    listener = talking(stage)
    stage.say("peer_away", room=ROOM)
    assert listener.hear() == ["The stranger lost their connection. Waiting for them…"]
    stage.say("peer_back", room=ROOM)
    assert listener.hear() == ["The stranger lost their connection for a moment."]
    stage.say("peer_left", room=ROOM, reason="skipped")
    assert listener.hear() == ["The stranger skipped.", "Looking for a stranger…"]


def test_an_empty_room_is_told_once_and_so_is_the_other_mode(stage: Stage) -> None:
    """The search goes on for long and its answers change nothing."""
    take_clock(stage.page)
    stage.open()
    stage.start()
    listener = Listener(stage)
    for _ in range(25):
        stage.page.clock.run_for(2000)
        stage.page.wait_for_timeout(10)
    expect(stage.page.locator("#search-hint")).to_contain_text("quiet")
    assert listener.hear() == ["It's quiet right now. We'll keep looking."]

    for _ in range(3):
        stage.say("waiting", mode="text", interests=[], widened=False, resume="token", others="video")
    assert listener.hear() == ["Video chat: someone is waiting there"]
    for _ in range(10):
        stage.page.clock.run_for(2000)
        stage.page.wait_for_timeout(10)
    assert listener.hear() == []


def test_another_language_reads_nothing_again(stage: Stage) -> None:
    """The whole conversation is written anew, silently."""
    listener = talking(stage)
    stage.hear(1, "How are you?")
    listener.hear()
    stage.page.locator("#settings").click()
    stage.page.locator("#language").select_option("de")
    expect(stage.page.locator("html")).to_have_attribute("lang", "de")

    assert listener.hear() == []


def test_each_control_is_read_with_what_belongs_to_it(stage: Stage) -> None:
    """Its hint, its warning or its count, and for a heading that has the focus the sentence below it."""
    stage.open()
    described = expect(stage.page.locator("#interests"))
    described.to_have_accessible_description("Optional. Shared interests come first.")
    expect(stage.page.locator("#start-video")).to_have_accessible_description(re.compile("internet address"))
    stage.page.locator("#settings").click()
    assert stage.page.locator("#language option").evaluate_all("(all) => all.every((each) => each.lang === each.value)")
    stage.page.keyboard.press("Escape")

    stage.start()
    stage.pair()
    stage.page.locator("#message").fill("x" * 1_900)
    expect(stage.page.locator("#message")).to_have_accessible_description("100 characters left")
    expect(stage.page.locator("#scroller[tabindex='0']")).to_have_accessible_name("Messages")
    stage.say("error", code="banned", message="No.", until=1_900_000_000, reason="spam", case="K7QF2M", automatic=False)
    expect(stage.page.locator("#closed-title")).to_have_accessible_description(re.compile("Other people reported you"))


@pytest.mark.parametrize(
    ("region", "words"),
    [
        ("#settings-note", "Your browser blocks notifications."),
        ("#appeal-outcome", "Your appeal was sent."),
        ("#call-note", "The stranger's camera is off."),
        ("#report-sent-count", "Sent along (2):"),
    ],
)
def test_an_answer_to_a_tap_is_read_aloud(stage: Stage, region: str, words: str) -> None:
    """Where the focus stays on what was tapped, the answer is told politely."""
    stage.open()
    listener = Listener(stage)
    stage.page.evaluate(
        """([region, words]) => {
        const place = document.querySelector(region);
        for (let each = place; each !== null; each = each.parentElement) each.hidden = false;
        const dialog = place.closest("dialog");
        if (dialog !== null) dialog.showModal();
        place.textContent = words;
    }""",
        [region, words],
    )
    assert listener.hear() == [words]


def searching(stage: Stage) -> None:
    """For an interest, and held to it: a search that widens by itself has new words to say on a slow machine."""
    stage.open()
    stage.start(interests="chess")
    stage.page.locator("#hold").click()


def go_on_searching(stage: Stage) -> None:
    for _ in range(2):
        stage.say("waiting", mode="text", interests=["chess"], widened=False, resume="token", notice=None)


def go_on_talking(stage: Stage) -> None:
    for on in (True, False):
        stage.say("typing", room=ROOM, on=on)
    stage.say("ack", room=ROOM, ack=0)


def stop(stage: Stage) -> None:
    talking(stage)
    for _ in range(2):
        stage.page.locator("#stop").click()


def be_banned(stage: Stage) -> None:
    searching(stage)
    stage.say("error", code="banned", message="No.", until=1_900_000_000, reason="spam", case="K7QF2M")


def hear_nothing_new(stage: Stage) -> None:
    stage.page.evaluate("() => { for (const name of ['online', 'offline']) dispatchEvent(new Event(name)); }")


@pytest.mark.parametrize(
    ("state", "goes_on"),
    [
        (searching, go_on_searching),
        (talking, go_on_talking),
        (stop, hear_nothing_new),
        (be_banned, hear_nothing_new),
    ],
)
def test_a_translation_by_the_browser_is_left_alone(
    stage: Stage, state: Callable[[Stage], Any], goes_on: Callable[[Stage], None]
) -> None:
    """An unchanged text is not written again over the browser's own words."""
    state(stage)
    stage.page.wait_for_timeout(100)
    stage.page.evaluate(TRANSLATE)
    goes_on(stage)
    stage.page.wait_for_timeout(200)

    assert stage.page.evaluate(VISIBLE_WORDS) == []
