"""Every state of the page, each as a scene: what the person and the server do until it is reached.

`screenshots.py` makes pictures of them, and `test_states.py` holds them against the rules of accessibility.
"""

from __future__ import annotations

from collections.abc import Callable

from tests.frontend.devices import take_clock
from tests.frontend.stage import ROOM, Stage

Scene = Callable[[Stage], None]

LONG = (
    "I once walked from one end of a city to the other without a map, only asking people for the way. It took eleven "
    "hours, and I was sent in a circle twice, but everybody had a story about the corner where we stood."
)


def landing(stage: Stage) -> None:
    stage.open()


def landing_with_people(stage: Stage) -> None:
    stage.count_people(1234)
    stage.open()
    stage.page.locator("#online:not(:empty)").wait_for()


def landing_with_interests(stage: Stage) -> None:
    stage.open()
    stage.page.locator("#interests").fill("chess, موسيقى, 料理, ")
    stage.page.locator("#interests").press_sequentially("films,")


def under_age(stage: Stage) -> None:
    stage.open()
    for _ in range(2):  # the first tap asks
        stage.page.locator("#underage").click()


def rules(stage: Stage) -> None:
    stage.open()
    stage.page.locator("#rules").click()


def settings(stage: Stage) -> None:
    stage.open()
    stage.page.locator("#settings").click()


def searching(stage: Stage) -> None:
    stage.open()
    stage.start()


def searching_for_interests(stage: Stage) -> None:
    stage.open()
    stage.start(interests="chess, films")


def search_held(stage: Stage) -> None:
    searching_for_interests(stage)
    stage.page.locator("#hold").click()


def search_widened(stage: Stage) -> None:
    searching_for_interests(stage)
    stage.page.locator("#widen").click()


def quiet_search(stage: Stage) -> None:
    """Long in vain, by day and at a time when others are here; somebody waits in the other mode."""
    stage.count_people(7, busy=[11, 12, 13])
    take_clock(stage.page)
    stage.open()
    grow_quiet(stage)


def grow_quiet(stage: Stage) -> None:
    """Search on the page whose time is in hand, until it is long."""
    stage.start()
    for _ in range(20):
        stage.page.clock.run_for(2000)
        stage.page.wait_for_timeout(10)
    stage.answers_joins = False  # which would take the offer back
    stage.say("waiting", mode="text", interests=[], widened=False, resume="token", others="video")
    stage.page.locator("#others").wait_for()
    stage.page.locator("#notify").wait_for()
    stage.page.locator("#search-online").wait_for()


def busy(stage: Stage) -> None:
    stage.answers_joins = False
    searching(stage)
    stage.say("error", code="busy", message="Too many people.", action="join")


def unreachable(stage: Stage) -> None:
    stage.accepts_sockets = False
    stage.open()
    stage.start()


def paired(stage: Stage) -> None:
    stage.open()
    stage.start(interests="chess, films")
    stage.pair(common=("chess", "films"))


def talking(stage: Stage) -> None:
    paired(stage)
    talk(stage)


def talk(stage: Stage) -> None:
    """Say and hear a few lines, long and short, in several scripts."""
    stage.hear(1, "Hello! How are you?")
    stage.write("Hi. Fine, thanks. It is snowing here.")
    stage.hear(2, "😀❄️", ack=1)
    stage.hear(3, "مرحبا، كيف حالك (good)؟")
    stage.write(LONG)
    stage.hear(4, "Did you write that down somewhere?\nI would read it.", ack=2)
    stage.hear(5, "https://" + "a-very-long-address-" * 6)
    stage.write("Not yet")
    stage.write("Perhaps I should.")
    stage.say("ack", room=ROOM, ack=4)
    stage.say("typing", room=ROOM, on=True)
    stage.page.locator("#typing:not(.silent)").wait_for()


def asked_to_skip(stage: Stage) -> None:
    talking(stage)
    stage.page.locator("#skip").click()


def draft_too_long(stage: Stage) -> None:
    talking(stage)
    write_too_much(stage)


def write_too_much(stage: Stage) -> None:
    stage.page.locator("#message").fill("word " * 410)


def not_delivered(stage: Stage) -> None:
    talking(stage)
    stage.write("Are you still there?")
    stage.say("error", code="invalid_message", message="No.", action="message", room=ROOM, seq=5)
    stage.page.locator("[data-delivery=failed]").wait_for()


def reading_above(stage: Stage) -> None:
    talking(stage)
    for seq in range(6, 22):
        stage.hear(seq, f"One more thing, number {seq}.")
    stage.page.wait_for_timeout(200)
    stage.page.locator("#scroller").evaluate("(element) => { element.scrollTop = 0 }")
    stage.page.wait_for_timeout(200)
    stage.hear(22, "And the last one.")
    stage.page.locator("#new-lines").wait_for()


def peer_away(stage: Stage) -> None:
    talking(stage)
    stage.say("peer_away", room=ROOM)


def reconnecting(stage: Stage) -> None:
    talking(stage)
    stage.cut()


def peer_left(stage: Stage) -> None:
    talking(stage)
    stage.say("peer_left", room=ROOM, reason="skipped")


def next_one(stage: Stage) -> None:
    talking(stage)
    stage.say("peer_left", room=ROOM, reason="left")
    stage.pair(room="room-2")


def stopped(stage: Stage) -> None:
    talking(stage)
    stop(stage)


def stop(stage: Stage) -> None:
    for _ in range(2):  # the first one asks
        stage.page.locator("#stop").click()


def report(stage: Stage) -> None:
    talking(stage)
    stage.page.locator("#report").click()


def report_with_messages(stage: Stage) -> None:
    stage.page.route("**/config.json", lambda route: route.fulfill(json={"evidence": True}))
    talking(stage)
    stage.hear(6, "Send me pictures of you, now.")
    stage.write("No. Stop that.")
    stage.page.locator("#report").click()
    stage.page.locator("[value=harassment]").check()
    for line in ("Send me pictures of you, now.", "No. Stop that."):
        stage.page.locator("#report-line-list").get_by_text(line).click()


def reported(stage: Stage) -> None:
    report(stage)
    stage.page.locator("[value=spam]").check()
    stage.page.locator("#report-form .danger").click()
    stage.say("reported", room=ROOM, case="K7QF2M")


def banned(stage: Stage) -> None:
    searching(stage)
    be_banned(stage)


def be_banned(stage: Stage) -> None:
    why = {"until": 1_900_000_000, "reason": "harassment", "case": "K7QF2M", "automatic": True}
    stage.say("error", code="banned", message="You are banned.", **why)
    stage.page.locator("#appeal").wait_for()


def warned(stage: Stage) -> None:
    stage.answers_joins = False
    searching(stage)
    be_warned(stage)


def be_warned(stage: Stage) -> None:
    why = {"reason": "harassment", "case": "K7QF2M", "action": "join"}
    stage.say("error", code="warned", message="A person warns you.", **why)
    stage.page.locator("#closed-terms").wait_for()


def appeal_kept(stage: Stage) -> None:
    banned(stage)
    stage.page.locator("#appeal-text").fill("That was a joke between friends.")
    stage.page.locator("#appeal-send").click()
    stage.wait_for_frame("appeal")
    stage.say("appealed", case="K7QF2M")


def closed(stage: Stage) -> None:
    stage.answers_joins = False
    stage.open()
    stage.start("video")
    find_closed(stage)


def find_closed(stage: Stage) -> None:
    stage.say("error", code="closed", mode="video", message="Video is closed until Monday.", action="join")
    stage.page.locator("#closed-home").wait_for()


def age_required(stage: Stage) -> None:
    stage.answers_joins = False
    searching(stage)
    stage.say("error", code="age_required", message="Please prove your age first.", action="join")
    stage.page.locator("#closed-title").wait_for()


def operators_notice(stage: Stage) -> None:
    stage.answers_joins = False
    searching(stage)
    notice = "Passerby closes for an hour at midnight."
    stage.say("waiting", mode="text", interests=[], widened=False, resume="token", notice=notice)


def video_searching(stage: Stage) -> None:
    stage.open()
    stage.start("video")


def video_connecting(stage: Stage) -> None:
    video_searching(stage)
    stage.pair("video")


def no_script(stage: Stage) -> None:
    stage.page.route("**/*.js", lambda route: route.abort())
    stage.page.goto(stage.url)
    stage.page.evaluate("() => document.getAnimations().forEach((animation) => animation.finish())")


def offline_page(stage: Stage) -> None:
    stage.page.goto(f"{stage.url}/offline.html")


SCENES: dict[str, Scene] = {
    scene.__name__.replace("_", " "): scene
    for scene in (
        landing,
        landing_with_people,
        landing_with_interests,
        under_age,
        rules,
        settings,
        no_script,
        offline_page,
        searching,
        searching_for_interests,
        search_held,
        search_widened,
        quiet_search,
        busy,
        unreachable,
        operators_notice,
        banned,
        warned,
        appeal_kept,
        closed,
        age_required,
        paired,
        talking,
        asked_to_skip,
        draft_too_long,
        not_delivered,
        reading_above,
        peer_away,
        reconnecting,
        peer_left,
        next_one,
        stopped,
        report,
        report_with_messages,
        reported,
        video_searching,
        video_connecting,
    )
}
