"""Nobody is there: said honestly, with a way on; and a person who waits elsewhere is called back."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.frontend.conftest import NewStage
from tests.frontend.devices import prepare, take_clock
from tests.frontend.stage import ROOM, Stage

FAR = 9e9
# Within this a waiting page has asked more than five times.
LONG_MS = 40_000
AWAY = "() => { document.hasFocus = () => false }"
BACK = "() => window.dispatchEvent(new Event('focus'))"
ICON = "() => document.querySelector('link[rel=icon]').getAttribute('href')"
# As on a phone: only the service worker can notify.
PHONE = """
  const granted = async () => "granted";
  window.Notification = class { static permission = "granted"; static requestPermission = granted;
    constructor() { throw new TypeError("Illegal constructor"); } };
"""
# A browser without a screen shows nothing, so what the worker asks it to show is kept here; and no event of ours is
# one of the browser's own, which alone may be waited for.
SHOWN = """() => {
  self.shown = [];
  registration.showNotification = async (title, options) => {
    const notification = { title, ...options, close() { shown = shown.filter((each) => each !== notification); } };
    shown = [...shown.filter(({ tag }) => tag !== options.tag), notification];
  };
  registration.getNotifications = async () => shown;
  self.focused = null;
  WindowClient.prototype.focus = async function () { focused = this.id; };
}"""
CLICK = """async () => {
  const notification = shown[0];
  const click = Object.assign(new ExtendableEvent("notificationclick"), { notification });
  const done = new Promise((resolve) => { click.waitUntil = resolve; });
  dispatchEvent(click);
  await (await done);
  return [focused === notification.data, (await clients.matchAll({ type: "window" })).length];
}"""

# A browser without a screen has nobody to ask: what it would say is said for it.
ALLOWED = """Notification.requestPermission = async () => "granted";
Object.defineProperty(Notification, "permission", { get: () => "granted" });"""


def wait_in_vain(stage: Stage, **told: object) -> None:
    """Wait for somebody until it is long."""
    stage.page.route("**/online.json", lambda route: route.fulfill(json=told))
    take_clock(stage.page)
    stage.open()
    stage.start()
    for _ in range(LONG_MS // 2000):
        stage.page.clock.run_for(2000)
        stage.page.wait_for_timeout(10)  # for the answers of the server
    expect(stage.page.locator("#search-hint")).to_contain_text("quiet")


def tell_within_a_minute(stage: Stage, **told: object) -> None:
    stage.page.route("**/online.json", lambda route: route.fulfill(json=told))
    stage.page.clock.fast_forward(61_000)


def normal(text: str) -> str:
    return " ".join(text.split())


@pytest.mark.parametrize(
    ("zone", "busy", "said"),
    [
        ("Asia/Tokyo", [11, 12, 13], "8 \u2013 11 PM"),
        ("Asia/Kolkata", [17, 18, 19], "10:30 PM \u2013 1:30 AM"),
        ("UTC", [22, 23, 0], "10 PM \u2013 1 AM"),
    ],
)
def test_a_long_search_says_how_many_are_here_and_when_it_is_usually_busy(
    new_stage: NewStage, zone: str, busy: list[int], said: str
) -> None:
    """By the person's own clock; the person is not counted among the others."""
    stage = new_stage(timezone_id=zone)
    wait_in_vain(stage, online=7, until=FAR, busy=busy, busyUntil=FAR)
    told = f"6 other people are here now. Usually busiest: {said}."

    place = stage.page.locator("#search-online")
    stage.wait_for(lambda: normal(place.inner_text()) == told, told)


def test_an_unknown_number_of_people_is_not_said(stage: Stage) -> None:
    """It is quiet, and that is all; each minute the site is asked again."""
    wait_in_vain(stage)
    said = stage.page.locator("#search-online")
    expect(said).to_be_hidden()
    for told in ({"online": 1, "until": FAR}, {"busy": [25], "busyUntil": FAR}, {"busy": [8]}, {"online": 2}):
        tell_within_a_minute(stage, online=2, until=FAR)
        expect(said).to_be_visible()
        tell_within_a_minute(stage, **told)
        expect(said).to_be_hidden()


def test_the_other_mode_is_offered_while_somebody_waits_there(new_stage: NewStage) -> None:
    """One tap: text begins at once, video when camera and microphone are there."""
    stage = new_stage(permissions=["camera", "microphone"])
    stage.open()
    stage.start(interests="chess")
    others = stage.page.locator("#others")
    expect(others).to_be_hidden()
    stage.say("waiting", mode="text", interests=[], widened=False, resume="token", others="video")
    expect(others).to_have_text("Video chat: someone is waiting there")
    expect(stage.page.locator("#announcer")).to_contain_text("someone is waiting there")
    stage.say("waiting", mode="text", interests=[], widened=False, resume="token")
    expect(others).to_be_hidden()

    stage.say("waiting", mode="text", interests=[], widened=False, resume="token", others="video")
    stage.frames.clear()
    others.click()
    stage.wait_for_frame("leave")
    assert stage.wait_for_frame("join") | {"key": ""} == {
        "action": "join", "mode": "video", "interests": ["chess"], "languages": ["en"], "key": ""
    }  # fmt: skip

    stage.say("waiting", mode="video", interests=[], widened=False, resume="token", others="text")
    stage.frames.clear()
    others.click()
    assert stage.wait_for_frame("join")["mode"] == "text"
    expect(others).to_be_hidden()


def test_one_tap_has_the_person_told_and_asks_for_the_permission_there(stage: Stage) -> None:
    """Sound and notification are on then, and the panel says so, to those who listen as well."""
    prepare(stage.page, ALLOWED)
    wait_in_vain(stage)
    stage.page.get_by_role("button", name="Notify me").click()

    said = "We'll notify you when someone arrives."
    expect(stage.page.locator("#notify-outcome")).to_have_text(said)
    expect(stage.page.locator("#announcer")).to_contain_text(said)
    expect(stage.page.locator("#notify")).to_be_hidden()
    kept = "() => [localStorage['passerby.sound'], localStorage['passerby.notifications']]"
    assert stage.page.evaluate(kept) == ["true", "true"]


def test_a_browser_that_refuses_is_told_of(stage: Stage) -> None:
    """Then there is the sound."""
    prepare(stage.page, "Notification.requestPermission = async () => 'denied'")
    wait_in_vain(stage)
    stage.page.get_by_role("button", name="Notify me").click()

    outcome = stage.page.locator("#notify-outcome")
    expect(outcome).to_contain_text("This browser blocks notifications")
    stage.page.clock.run_for(20_000)
    stage.page.wait_for_timeout(100)
    expect(outcome).to_contain_text("This browser blocks notifications")
    assert stage.page.evaluate("() => localStorage['passerby.sound']") == "true"


def test_title_and_icon_change_when_somebody_comes_while_the_person_looks_elsewhere(stage: Stage) -> None:
    """Until it is seen."""
    stage.open()
    stage.start()
    stage.page.evaluate(AWAY)
    stage.pair()
    stage.wait_for(lambda: stage.page.title() == "● You're connected to a stranger.", "the title")
    assert stage.page.evaluate(ICON).endswith("/images/icon-alert.svg")

    stage.page.evaluate(BACK)
    assert stage.page.title().startswith("Passerby")
    assert stage.page.evaluate(ICON).endswith("/images/icon.svg")


def test_sounds_work_after_a_reload_and_in_a_context_that_was_suspended(stage: Stage) -> None:
    """The first tap anywhere allows them again."""
    prepare(
        stage.page,
        """window.contexts = []; window.tones = 0;
        window.AudioContext = class extends AudioContext { constructor() { super(); contexts.push(this); } };
        const start = OscillatorNode.prototype.start;
        OscillatorNode.prototype.start = function (at) { tones += 1; start.call(this, at); };
        localStorage["passerby.sound"] = "true";""",
    )
    stage.open()
    stage.start()
    stage.page.wait_for_function("() => document.querySelector('#search').checkVisibility()")
    stage.page.reload()
    stage.wait_for_frame("resume")
    stage.page.locator("#search-text").click()
    stage.page.wait_for_function("() => contexts.at(-1)?.state === 'running'")
    stage.say("waiting", mode="text", interests=[], widened=False, resume="token")
    stage.pair()
    stage.page.wait_for_function("() => tones === 2")

    stage.page.evaluate("() => contexts.at(-1).suspend()")
    stage.page.evaluate(AWAY)
    stage.hear(1, "Hello?")
    stage.page.wait_for_function("() => tones === 3")


def test_a_phones_notification_is_cleared_when_seen_and_leads_to_its_own_tab(new_stage: NewStage) -> None:
    """There only the service worker shows them, and several tabs may be open."""
    stage = new_stage(service_workers="allow", permissions=["notifications"])
    prepare(stage.page, PHONE + "localStorage['passerby.notifications'] = 'true';")
    stage.open()
    stage.page.evaluate("() => navigator.serviceWorker.ready")
    (worker,) = stage.context.service_workers
    worker.evaluate(SHOWN)
    other = stage.context.new_page()
    other.goto(stage.url)
    stage.start()
    stage.page.evaluate(AWAY)
    stage.pair()
    stage.wait_for(lambda: worker.evaluate("() => shown.length") == 1, "the notification")
    assert worker.evaluate("() => shown[0].body") == "You're connected to a stranger."

    stage.say("message", room=ROOM, seq=1, text="Hello?")
    stage.wait_for(lambda: worker.evaluate("() => shown[0].body.startsWith('New message')"), "the next one")
    assert worker.evaluate("() => shown.length") == 1, "it stands in the place of the first"
    stage.page.evaluate(BACK)
    stage.wait_for(lambda: worker.evaluate("() => shown.length") == 0, "that it is cleared")

    stage.page.evaluate(AWAY)
    stage.say("message", room=ROOM, seq=2, text="Are you there?")
    stage.wait_for(lambda: worker.evaluate("() => shown.length") == 1, "the notification")
    assert worker.evaluate(CLICK) == [True, 2]


def test_an_opener_is_a_tap_away_until_something_is_written(stage: Stage) -> None:
    """It is put into the box and not sent; the shared interest comes first."""
    stage.open()
    stage.start(interests="chess, films")
    stage.pair(common=("chess",))
    openers = stage.page.get_by_role("list", name="Ways to start").get_by_role("button")
    expect(openers).to_have_count(2)
    expect(openers.first).to_have_text("What do you like about chess?")
    openers.first.click()
    expect(stage.page.locator("#message")).to_have_value("What do you like about chess?")
    expect(stage.page.locator("#message")).to_be_focused()
    expect(openers).to_have_count(0)
    assert not [frame for frame in stage.frames if frame["action"] == "message"]

    stage.page.locator("#message").fill("")
    expect(openers).to_have_count(2)
    stage.hear(1, "Hello!")
    expect(openers).to_have_count(0)


def test_openers_of_one_room_stay_and_no_two_strangers_ask_the_same(stage: Stage) -> None:
    """Neutral ones where nothing is shared; none in a language that the stranger does not speak."""
    stage.open()
    stage.start()
    stage.pair()
    openers = stage.page.locator("#openers button")
    first = openers.all_inner_texts()
    assert len(set(first)) == 2
    stage.say("paired", room=ROOM, mode="text", polite=True, common=[], resume="token")
    assert openers.all_inner_texts() == first

    stage.say("peer_left", room=ROOM, reason="skipped")
    stage.pair(room="room-2", languages=["fr"])
    expect(stage.page.locator("#openers")).to_be_hidden()
