"""Where the pictures stand, on each size of screen, and where the buttons are: measured on the product's own page."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser

from tests.call.support.faces import BLUE, RED
from tests.call.support.people import wait_for
from tests.call.support.visitor import GREEN, Visit, Visitor, both_see_each_other, wait_until_searching_then_start
from tests.gateway import Gateway

# A phone is turned, and a window magnified, while the page is open; the smallest is 1280x720 at 400 %.
SIZES = {
    "phone": {"upright": (390, 844), "small": (360, 640), "on its side": (844, 390)},
    "desktop": {"window": (1280, 720), "magnified": (320, 180)},
}
PHONE: dict[str, Any] = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}
DEVICES: dict[str, dict[str, Any]] = {"phone": PHONE, "desktop": {"viewport": {"width": 1280, "height": 720}}}
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


def overlap(one: list[float], other: list[float]) -> float:
    """How many pixels two boxes share."""
    across = min(one[0] + one[2], other[0] + other[2]) - max(one[0], other[0])
    down = min(one[1] + one[3], other[1] + other[3]) - max(one[1], other[1])
    return max(0.0, across) * max(0.0, down)


def sizes_of(visitor: Visitor, device: str) -> Iterator[tuple[str, int, int]]:
    """Turn the device, or make its window larger or smaller, and give each size with its name; then as before."""
    for size, (width, height) in SIZES[device].items():
        visitor.page.set_viewport_size({"width": width, "height": height})
        wait_for(size, lambda width=width: visitor.run("innerWidth") == width)
        yield size, width, height
    visitor.page.set_viewport_size(DEVICES[device]["viewport"])


@pytest.mark.parametrize("device", DEVICES)
def test_while_searching_the_own_picture_stands_where_the_stranger_will_be(visit: Visit, device: str) -> None:
    """And nothing but the search lies over it on a phone."""
    red = visit(RED, **DEVICES[device])
    red.start_video()
    red.searches()
    wait_for("the own picture", lambda: red.run("document.querySelector('#local-video').videoWidth") > 0)
    for size, _, _ in sizes_of(red, device):
        assert box_of(red, "#own-frame")[2:] == box_of(red, "#call")[2:], size
        if size in ("upright", "small"):
            assert red.run("document.querySelector('#call-check').checkVisibility()") is False, size


@pytest.mark.parametrize("refuses", [False, True])
@pytest.mark.parametrize("device", DEVICES)
def test_the_green_room_lays_nothing_over_what_is_read_or_seen(visit: Visit, device: str, refuses: bool) -> None:
    """The picture is large, and neither the check nor a problem covers it or one another."""
    red = visit(RED, **DEVICES[device])
    red.page.add_init_script(GREEN + f"window.refuses = {str(refuses).lower()};")
    red.page.reload()
    red.start_video()
    red.page.get_by_role("button", name="I'm ready", exact=True).wait_for()
    if refuses:
        red.button("Try again").wait_for()
    else:
        wait_for("the own picture", lambda: red.run("document.querySelector('#local-video').videoWidth") > 0)
    for size, width, height in sizes_of(red, device):
        check = box_of(red, "#call-check")
        if refuses:
            assert overlap(box_of(red, "#call-message"), check) == 0, size
            assert red.run("document.querySelector('#check-camera-row').checkVisibility()") is False, "it is said once"
        else:
            own = box_of(red, "#own-frame")
            assert overlap(own, check) <= COVERED_MAX * own[2] * own[3], size
            assert own[2] * own[3] >= OWN_MIN * width * height, size


def test_the_green_room_tells_of_the_relay_also_after_a_first_call(pair: tuple[Visitor, Visitor]) -> None:
    """Some browsers ask each time, and so the room comes back; the search after it shows nothing but the picture."""
    red, _ = pair
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


Call = tuple[str, Visitor, Visitor]


@pytest.fixture(scope="module", params=DEVICES)
def call(request: pytest.FixtureRequest, red_browser: Browser, blue_browser: Browser, place: Gateway) -> Iterator[Call]:
    """One call on each device for the tests from here on; only the last one leaves it otherwise than it found it."""
    options = DEVICES[request.param]
    red, blue = Visitor(red_browser, RED, **options), Visitor(blue_browser, BLUE, **options)
    for visitor in (red, blue):
        visitor.visit(place.url)
    wait_until_searching_then_start(red, blue)
    both_see_each_other(red, blue)
    yield request.param, red, blue
    for visitor in (red, blue):
        visitor.leave()


def test_every_control_of_a_call_is_large_enough_and_under_nothing(call: Call) -> None:
    """A finger on the middle of each hits it; Skip, Report and the box to write in are there, on every screen."""
    device, red, _ = call
    for size, width, height in sizes_of(red, device):
        if size == "magnified":
            red.run("document.querySelector('#composer').scrollIntoView()")
        controls = {each["name"]: each for each in controls_of(red)}
        seen = [each for each in controls.values() if each["y"] >= 0 and each["y"] + each["height"] <= height]
        covered = {each["name"] for each in seen if not each["hit"]}
        assert covered <= ({"swap-pictures"} if size == "magnified" else set()), size
        # The badge is a sign of one line, and no button that anybody hurries to.
        small = {
            each["name"]: (each["width"], each["height"])
            for each in seen
            if min(each["width"], each["height"]) < TARGET_PIXELS_MIN and "badge" not in each["name"]
        }
        assert not small, size
        assert {"skip", "message"} <= {each["name"] for each in seen}, size
        assert controls["message"]["width"] >= WRITING_PIXELS_MIN, size
        for name in ("report", "report-skip", "mute", "camera-off", "blur-stranger"):
            assert name in controls and 0 <= controls[name]["x"] <= width - TARGET_PIXELS_MIN, (size, name)
        assert red.run("document.documentElement.scrollWidth") <= width, size
        if size in ("upright", "small"):
            expect_the_stranger_fills_the_screen(red, width, height)


def expect_the_stranger_fills_the_screen(red: Visitor, width: int, height: int) -> None:
    """Their picture has the whole screen below the bar; what is pressed most is below where a thumb ends."""
    x, y, across, down = box_of(red, "#stranger-frame")
    assert (x, across) == (0, width)
    assert down >= height * 0.9 and y + down == height
    for selector in ("#skip", "#report", "#report-skip", "#mute"):
        assert box_of(red, selector)[1] >= height * THUMB_FROM, selector
    wait_for(
        "a picture that does not fill it stands over its own blur",
        lambda: red.run("!document.querySelector('#call-glow').hidden"),
    )


@pytest.mark.parametrize("call", ["phone"], indirect=True)
def test_the_own_picture_has_the_shape_of_its_camera_moves_and_changes_places(call: Call) -> None:
    """A drag takes it to the nearest corner, arrow keys too, and a tap makes it the large one."""
    _, red, _ = call
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
    handle.press("ArrowRight")
    assert red.run(corner) == "top-end"
    handle.click()
    assert red.run("document.querySelector('#own-frame').classList.contains('large')")
    assert box_of(red, "#own-frame")[2] == PHONE["viewport"]["width"]
    handle.click()
    assert red.run("document.querySelector('#stranger-frame').classList.contains('large')")


SEE_GLOW = """() => {
    window.left = [];
    const [call, glow] = ['#call', '#call-glow'].map((each) => document.querySelector(each));
    new MutationObserver(() => {
        if (!call.classList.contains('without-picture')) return;
        window.left.push(glow.checkVisibility({ visibilityProperty: true }));
    }).observe(call, { attributeFilter: ['class'] });
}"""


@pytest.mark.parametrize("call", ["phone"], indirect=True)
def test_a_camera_that_is_switched_off_leaves_nothing_of_its_picture_behind(call: Call) -> None:
    """Not even what is laid, out of focus, beside a picture that does not fill the screen."""
    _, red, blue = call
    wait_for("the glow", lambda: red.run("!document.querySelector('#call-glow').hidden"))
    red.page.evaluate(SEE_GLOW)
    blue.button("Camera off").click()
    red.is_told("The stranger's camera is off.")
    left = red.run("window.left")
    assert left and not any(left)
    assert red.run("document.querySelector('#remote-video').disablePictureInPicture"), "there the last one would stay"
    blue.button("Camera off").click()
    red.wait_until_sees(BLUE)


def test_off_and_muted_are_seen_on_both_sides(call: Call) -> None:
    """A sign with words or a struck-out picture of the device, in red, and never under anything else."""
    device, red, blue = call
    for visitor in (red, blue):
        visitor.button("Mute").click()
        visitor.button("Camera off").click()
    for visitor in (red, blue):
        visitor.is_told("The stranger's camera is off.")
        for size, _, _ in sizes_of(visitor, device):
            for sign in ("#own-off", "#own-muted", "#peer-muted"):
                wait_for(
                    f"{sign} {size}",
                    lambda visitor=visitor, sign=sign: visitor.run(
                        f"document.querySelector('{sign}').checkVisibility()"
                    ),
                )
                assert visitor.run(f"getComputedStyle(document.querySelector('{sign} .icon')).stroke") != "none"
            # Above one another they could not be read.
            note, own = box_of(visitor, "#call-message"), box_of(visitor, "#own-frame")
            assert overlap(note, own) == 0 or size == "magnified", size
            assert overlap(box_of(visitor, "#peer-muted"), own) == 0 or size == "magnified", size
    for visitor in (red, blue):
        visitor.button("Mute").click()
        visitor.button("Camera off").click()
    both_see_each_other(red, blue)


BAR_MAX = {"small": 2, "magnified": 3}  # rows of buttons; on every other screen one


def test_without_video_the_chat_has_the_place(call: Call) -> None:
    """A bar stays above it, with nothing for a picture that cannot come; no black box where one could have been."""
    device, red, _ = call
    red.run("document.querySelector('#call-text').click()")
    red.is_told("You chose text.")
    for size, width, _ in sizes_of(red, device):
        bar, talk = box_of(red, "#call"), box_of(red, ".talk")
        assert (bar[0], bar[2]) == (talk[0], talk[2]) == (0, width), size
        assert bar[3] <= BAR_MAX.get(size, 1) * (TARGET_PIXELS_MIN + ROW_GAP_MAX), size
        assert not any(box_of(red, each)[2] for each in ("#own-frame", "#stranger-frame", "#call-glow")), size
        shown = {each["name"] for each in controls_of(red)}
        assert {"report", "report-skip"} <= shown, size
        assert "blur-stranger" not in shown, size
