"""Where the pictures stand, on each size of screen, and where the buttons are: measured on the product's own page."""

from __future__ import annotations

from typing import Any

import pytest

from tests.call.support.faces import BLUE, RED
from tests.call.support.people import wait_for
from tests.call.support.visitor import GREEN, Visit, Visitor, both_see_each_other, wait_until_searching_then_start

PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}
SMALL_PHONE = {"viewport": {"width": 360, "height": 640}, "has_touch": True, "is_mobile": True}
LANDSCAPE = {"viewport": {"width": 844, "height": 390}, "has_touch": True, "is_mobile": True}
MAGNIFIED = {"viewport": {"width": 320, "height": 180}}  # 1280x720 at 400 %
DESKTOP = {"viewport": {"width": 1280, "height": 720}}
SIZES: dict[str, dict[str, Any]] = {
    "phone": PHONE,
    "small phone": SMALL_PHONE,
    "landscape": LANDSCAPE,
    "magnified": MAGNIFIED,
    "desktop": DESKTOP,
}
TARGET_PIXELS_MIN = 44
ROW_GAP_MAX = 14  # around a row of buttons
WRITING_PIXELS_MIN = 120
THUMB_FROM = 0.4  # of the height: what is above asks for the other hand
OWN_MIN = 0.35  # of the screen, for oneself in the green room
COVERED_MAX = 0.25  # of what stands below
BOX = """(selector) => {
    const { x, y, width, height } = document.querySelector(selector).getBoundingClientRect();
    return [x, y, width, height];
}"""
# Each control that can be seen, and whether a finger on its middle hits it.
CONTROLS = """() => [...document.querySelectorAll('button, summary, textarea')]
    .filter((one) => one.checkVisibility({ visibilityProperty: true }) && !one.closest('dialog:not([open])'))
    .map((one) => {
        const { x, y, width, height } = one.getBoundingClientRect();
        const hit = document.elementFromPoint(x + width / 2, y + height / 2);
        return { name: one.id || one.textContent.trim(), x, y, width, height, hit: one.contains(hit) || one === hit };
    })"""


def box_of(visitor: Visitor, selector: str) -> list[float]:
    found: list[float] = visitor.page.evaluate(BOX, selector)
    return found


def controls_of(visitor: Visitor) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = visitor.page.evaluate(CONTROLS)
    return found


def call_on(visit: Visit, size: dict[str, Any]) -> Visitor:
    """Somebody with such a screen, in a call."""
    red, blue = visit(RED, **size), visit(BLUE)
    wait_until_searching_then_start(red, blue)
    both_see_each_other(red, blue)
    return red


@pytest.mark.parametrize("size", SIZES)
def test_every_control_of_a_call_is_large_enough_and_under_nothing(visit: Visit, size: str) -> None:
    """A finger on the middle of each hits it; Skip, Report and the box to write in are there, on every screen."""
    red = call_on(visit, SIZES[size])
    if size == "magnified":
        red.run("document.querySelector('#composer').scrollIntoView()")
    controls = {each["name"]: each for each in controls_of(red)}
    width, height = (SIZES[size]["viewport"][each] for each in ("width", "height"))
    seen = [each for each in controls.values() if each["y"] >= 0 and each["y"] + each["height"] <= height]
    covered = {each["name"] for each in seen if not each["hit"]}
    assert covered <= ({"swap-pictures"} if size == "magnified" else set())
    # The badge is a sign of one line, and no button that anybody hurries to.
    small = {
        each["name"]: (each["width"], each["height"])
        for each in seen
        if min(each["width"], each["height"]) < TARGET_PIXELS_MIN and "badge" not in each["name"]
    }
    assert not small
    assert {"skip", "message"} <= {each["name"] for each in seen}
    assert controls["message"]["width"] >= WRITING_PIXELS_MIN
    for name in ("report", "report-skip", "mute", "camera-off", "blur-stranger"):
        assert name in controls and 0 <= controls[name]["x"] <= width - TARGET_PIXELS_MIN, name
    assert red.run("document.documentElement.scrollWidth") <= width


@pytest.mark.parametrize("size", ["phone", "small phone"])
def test_the_stranger_fills_a_phone_with_skip_and_report_at_the_thumb(visit: Visit, size: str) -> None:
    """Their picture has the whole screen below the bar; what is pressed most is below where a thumb ends."""
    red = call_on(visit, SIZES[size])
    width, height = (SIZES[size]["viewport"][each] for each in ("width", "height"))
    x, y, across, down = box_of(red, "#stranger-frame")
    assert (x, across) == (0, width)
    assert down >= height * 0.9 and y + down == height
    for selector in ("#skip", "#report", "#report-skip", "#mute"):
        assert box_of(red, selector)[1] >= height * THUMB_FROM, selector
    wait_for(
        "a picture that does not fill it stands over its own blur",
        lambda: red.run("!document.querySelector('#call-glow').hidden"),
    )


def test_the_own_picture_has_the_shape_of_its_camera_moves_and_changes_places(visit: Visit) -> None:
    """A drag takes it to the nearest corner, arrow keys too, and a tap makes it the large one."""
    red = call_on(visit, PHONE)
    _, _, width, height = box_of(red, "#own-frame")
    shape = red.run(
        "(({ videoWidth, videoHeight }) => videoWidth / videoHeight)(document.querySelector('#local-video'))"
    )
    assert width / height == pytest.approx(shape, rel=0.02)
    handle = red.button("Swap videos")
    corner = "document.querySelector('#call').dataset.corner"
    assert red.run(corner) == "top-end"
    x, y, width, height = box_of(red, "#swap-pictures")
    red.page.mouse.move(x + width / 2, y + height / 2)
    red.page.mouse.down()
    red.page.mouse.move(60, 600, steps=4)
    red.page.mouse.up()
    assert red.run(corner) == "bottom-start"
    assert red.run("document.querySelector('#own-frame').classList.contains('small')"), "a drag is no tap"
    handle.press("ArrowUp")
    assert red.run(corner) == "top-start"
    handle.click()
    assert red.run("document.querySelector('#own-frame').classList.contains('large')")
    assert box_of(red, "#own-frame")[2] == PHONE["viewport"]["width"]  # type: ignore[index]
    handle.click()
    assert red.run("document.querySelector('#stranger-frame').classList.contains('large')")


@pytest.mark.parametrize("size", SIZES)
def test_while_searching_the_own_picture_stands_where_the_stranger_will_be(visit: Visit, size: str) -> None:
    """And nothing but the search lies over it on a phone."""
    red = visit(RED, **SIZES[size])
    red.start_video()
    red.searches()
    wait_for("the own picture", lambda: red.run("document.querySelector('#local-video').videoWidth") > 0)
    assert box_of(red, "#own-frame")[2:] == box_of(red, "#call")[2:]
    if "phone" in size:
        assert red.run("document.querySelector('#call-check').checkVisibility()") is False


@pytest.mark.parametrize("size", SIZES)
def test_off_and_muted_are_seen_on_both_sides(visit: Visit, size: str) -> None:
    """A sign with words or a struck-out picture of the device, in red, and never under anything else."""
    red, blue = visit(RED, **SIZES[size]), visit(BLUE, **SIZES[size])
    wait_until_searching_then_start(red, blue)
    both_see_each_other(red, blue)
    for visitor in (red, blue):
        visitor.button("Mute").click()
        visitor.button("Camera off").click()
    for visitor in (red, blue):
        visitor.is_told("The stranger's camera is off.")
        for sign in ("#own-off", "#own-muted", "#peer-muted"):
            wait_for(
                sign,
                lambda visitor=visitor, sign=sign: visitor.run(f"document.querySelector('{sign}').checkVisibility()"),
            )
            assert visitor.run(f"getComputedStyle(document.querySelector('{sign} .icon')).stroke") != "none"
    # Above one another they could not be read.
    note, own = box_of(red, "#call-message"), box_of(red, "#own-frame")
    assert overlap(note, own) == 0 or size == "magnified"
    assert overlap(box_of(red, "#peer-muted"), own) == 0 or size == "magnified"


SEE_GLOW = """() => {
    window.left = [];
    const [call, glow] = ['#call', '#call-glow'].map((each) => document.querySelector(each));
    new MutationObserver(() => {
        if (!call.classList.contains('without-picture')) return;
        window.left.push(glow.checkVisibility({ visibilityProperty: true }));
    }).observe(call, { attributeFilter: ['class'] });
}"""


def test_a_camera_that_is_switched_off_leaves_nothing_of_its_picture_behind(visit: Visit) -> None:
    """Not even what is laid, out of focus, beside a picture that does not fill the screen."""
    red, blue = visit(RED, **PHONE), visit(BLUE)
    wait_until_searching_then_start(red, blue)
    both_see_each_other(red, blue)
    wait_for("the glow", lambda: red.run("!document.querySelector('#call-glow').hidden"))
    red.page.evaluate(SEE_GLOW)
    blue.button("Camera off").click()
    red.is_told("The stranger's camera is off.")
    left = red.run("window.left")
    assert left and not any(left)
    assert red.run("document.querySelector('#remote-video').disablePictureInPicture"), "there the last one would stay"


def overlap(one: list[float], other: list[float]) -> float:
    """How many pixels two boxes share."""
    across = min(one[0] + one[2], other[0] + other[2]) - max(one[0], other[0])
    down = min(one[1] + one[3], other[1] + other[3]) - max(one[1], other[1])
    return max(0.0, across) * max(0.0, down)


@pytest.mark.parametrize("refuses", [False, True])
@pytest.mark.parametrize("size", SIZES)
def test_the_green_room_lays_nothing_over_what_is_read_or_seen(visit: Visit, size: str, refuses: bool) -> None:
    """The picture is large, and neither the check nor a problem covers it or one another."""
    red = visit(RED, **SIZES[size])
    red.page.add_init_script(GREEN + f"window.refuses = {str(refuses).lower()};")
    red.page.reload()
    red.start_video()
    red.page.get_by_role("button", name="I'm ready", exact=True).wait_for()
    if refuses:
        red.button("Try again").wait_for()
        assert overlap(box_of(red, "#call-message"), box_of(red, "#call-check")) == 0
        assert red.run("document.querySelector('#check-camera-row').checkVisibility()") is False, "it is said once"
        return
    wait_for("the own picture", lambda: red.run("document.querySelector('#local-video').videoWidth") > 0)
    own, check = box_of(red, "#own-frame"), box_of(red, "#call-check")
    assert overlap(own, check) <= COVERED_MAX * own[2] * own[3]
    assert own[2] * own[3] >= OWN_MIN * SIZES[size]["viewport"]["width"] * SIZES[size]["viewport"]["height"]


def test_the_green_room_tells_of_the_relay_also_after_a_first_call(visit: Visit) -> None:
    """Some browsers ask each time, and so the room comes back; the search after it shows nothing but the picture."""
    red = call_on(visit, DESKTOP)
    red.button("Stop").click()
    red.page.locator("#stop").click()
    red.page.get_by_role("button", name="Back to start").click()
    red.page.add_init_script(GREEN)
    red.page.reload()
    red.start_video()
    ready = red.page.get_by_role("button", name="I'm ready", exact=True)
    ready.wait_for()
    wait_for("the relay", lambda: red.page.locator("#check-relay").inner_text().startswith("None"))
    ready.click()
    red.searches()
    assert red.run("document.querySelector('#call-check').checkVisibility()") is False


BAR_MAX = {"phone": 1, "small phone": 2, "landscape": 1, "magnified": 3, "desktop": 1}  # rows of buttons


@pytest.mark.parametrize("size", SIZES)
def test_without_video_the_chat_has_the_place(visit: Visit, size: str) -> None:
    """A bar stays above it, with nothing for a picture that cannot come; no black box where one could have been."""
    red = call_on(visit, SIZES[size])
    red.run("document.querySelector('#call-text').click()")
    red.is_told("You chose text.")
    width = SIZES[size]["viewport"]["width"]
    call, talk = box_of(red, "#call"), box_of(red, ".talk")
    assert (call[0], call[2]) == (talk[0], talk[2]) == (0, width)
    assert call[3] <= BAR_MAX[size] * (TARGET_PIXELS_MIN + ROW_GAP_MAX)
    assert not any(box_of(red, each)[2] for each in ("#own-frame", "#stranger-frame", "#call-glow"))
    shown = {each["name"] for each in controls_of(red)}
    assert {"report", "report-skip"} <= shown
    assert "blur-stranger" not in shown
