"""The problems of a person's devices: each has its own code, and the way on is open."""

from __future__ import annotations

import socket
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, Playwright

from tests.call.support import browsers
from tests.call.support.faces import RED
from tests.call.support.people import Person, both_connected, meet, start, wait_for
from tests.call.support.signalling import Signalling


@pytest.fixture(scope="module")
def asking_browser(playwright: Playwright) -> Iterator[Browser]:
    browser = browsers.launch_asking(playwright)
    yield browser
    browser.close()


@pytest.fixture(scope="module")
def bare_browser(playwright: Playwright, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    browser = browsers.launch(playwright, None, tmp_path_factory.mktemp("bare"))
    yield browser
    browser.close()


@pytest.fixture
def visit(signalling: Signalling) -> Iterator[Callable[..., Person]]:
    """Opens a page in a browser with some permissions; all are gone after the test, also after a failure."""
    contexts = []

    def open_page(browser: Browser, name: str, permissions: tuple[str, ...] = ("camera", "microphone")) -> Person:
        context, page = browsers.person(browser, permissions=permissions)
        contexts.append(context)
        person = Person(name, page)
        person.open(signalling.page(name))
        return person

    yield open_page
    for context in contexts:
        context.close()


def problems_of(person: Person) -> dict[str, str | None]:
    person.run("harness.media.enter()")
    found: dict[str, str | None] = person.run("harness.media.problems")
    return found


def fail_with(person: Person, name: str, message: str = "", times: int = 99, kind: str = "any") -> None:
    """Let getUserMedia fail, for all or for those that want one kind."""
    person.page.evaluate(
        """([name, message, times, kind]) => {
            const real = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
            navigator.mediaDevices.getUserMedia = (wanted) => {
                const fails = (kind === 'any' || wanted[kind]) && times-- > 0;
                if (fails) return Promise.reject(new DOMException(message, name));
                return real(wanted);
            };
        }""",
        [name, message, times, kind],
    )


@pytest.mark.parametrize(
    ("permissions", "camera", "microphone"),
    [
        ((), "devices_refused", "devices_refused"),
        (("camera",), None, "microphone_refused"),
        (("microphone",), "camera_refused", None),
        (("camera", "microphone"), None, None),
    ],
)
def test_a_refusal_takes_only_what_was_refused(
    visit: Callable[..., Person],
    asking_browser: Browser,
    permissions: tuple[str, ...],
    camera: str | None,
    microphone: str | None,
) -> None:
    """Both refused, one refused, none refused; asked again only where that can help."""
    person = visit(asking_browser, "asked", permissions)
    assert problems_of(person) == {"camera": camera, "microphone": microphone}
    assert person.run("harness.media.camera") == (camera is None)
    assert person.run("harness.media.microphone") == (microphone is None)


def test_one_who_refused_everything_can_still_watch(
    signalling: Signalling, visit: Callable[..., Person], asking_browser: Browser, red: Person
) -> None:
    """A refusal is no dead page: the other's picture is there."""
    refuser = visit(asking_browser, "refuser", ())
    red.open(signalling.page("red"))
    start(red, refuser)
    refuser.wait_until_sees(RED)
    assert (red.state or {})["peer"]["camera"] is False


def test_missing_devices_are_said(visit: Callable[..., Person], bare_browser: Browser) -> None:
    """No camera and no microphone at all."""
    person = visit(bare_browser, "bare")
    assert problems_of(person) == {"camera": "camera_missing", "microphone": "microphone_missing"}


def test_a_missing_camera_leaves_the_microphone(signalling: Signalling, red: Person) -> None:
    """Asked for together they fail together; apart the microphone is there."""
    red.open(signalling.page("red"))
    fail_with(red, "NotFoundError", kind="video")
    assert problems_of(red) == {"camera": "camera_missing", "microphone": None}


@pytest.mark.parametrize(
    ("name", "message", "code"),
    [
        ("NotReadableError", "Could not start video source", "camera_in_use"),
        ("NotAllowedError", "Permission denied by system", "system_refused"),
        ("NotFoundError", "", "camera_missing"),
        ("AbortError", "", "camera_in_use"),
        ("UnknownError", "", "camera_failed"),
    ],
)
def test_every_failure_of_a_camera_has_its_code(
    signalling: Signalling, red: Person, name: str, message: str, code: str
) -> None:
    """In use by another program, refused by the operating system, anything else: told apart."""
    red.open(signalling.page("red", media="none"))
    fail_with(red, name, message, kind="video")
    red.run("harness.media.setMuted(true), harness.media.enter()")
    assert red.run("harness.media.problems.camera") == code


def test_a_device_that_is_only_just_being_released_is_tried_again(signalling: Signalling, red: Person) -> None:
    """A reloaded tab often finds its own camera still in use for a moment."""
    red.open(signalling.page("red"))
    fail_with(red, "NotReadableError", times=1)
    assert problems_of(red) == {"camera": None, "microphone": None}


def test_an_insecure_origin_is_said(signalling: Signalling, red: Person) -> None:
    """Browsers give devices to https and localhost alone; the sentence is another than "refused"."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        probe.connect(("192.0.2.1", 9))  # sends nothing; tells the address that this machine would use
        own = probe.getsockname()[0]
    red.open(signalling.page("red").replace("localhost", own))
    assert problems_of(red) == {"camera": "insecure_origin", "microphone": "insecure_origin"}


def test_a_browser_without_calls_is_said(signalling: Signalling, red: Person) -> None:
    """Text is what is left, and nothing throws."""
    red.page.add_init_script("delete window.RTCPeerConnection")
    red.open(signalling.page("red"))
    assert problems_of(red) == {"camera": "unsupported", "microphone": "unsupported"}


def unplug_camera(person: Person) -> None:
    """The events of a browser when the camera is pulled out."""
    person.run(
        """(() => {
            const track = harness.media.stream.getTracks().find((one) => one.kind === 'video');
            track.stop(); track.dispatchEvent(new Event('ended'));
        })()"""
    )


def test_a_camera_that_is_unplugged_while_talking_is_told_and_replaced(
    signalling: Signalling, red: Person, blue: Person
) -> None:
    """Another camera takes over by itself; meanwhile the peer does not look at a frozen picture."""
    meet(signalling, red, blue)
    blue.wait_until_sees(RED)
    unplug_camera(red)
    wait_for("another camera runs", lambda: red.run("harness.media.camera"))
    assert red.run("harness.media.problems.camera") is None
    blue.wait_for_more_frames()
    wait_for("blue shows it", lambda: (blue.state or {})["picture"])


def test_the_last_camera_unplugged_leaves_the_sound(signalling: Signalling, red: Person, blue: Person) -> None:
    """No other camera: the peer is told, and the talk goes on."""
    meet(signalling, red, blue)
    blue.wait_until_sees(RED)
    red.run("navigator.mediaDevices.enumerateDevices = async () => []")
    unplug_camera(red)
    wait_for("blue knows", lambda: (blue.state or {})["peer"]["camera"] is False)
    assert red.run("harness.media.problems.camera") == "camera_unplugged"
    assert (blue.state or {})["picture"] is False
    wait_for("sound goes on", lambda: blue.hears(RED))


def test_devices_are_picked_and_flipped_in_the_middle_of_a_call(
    signalling: Signalling, visit: Callable[..., Person], asking_browser: Browser, red: Person
) -> None:
    """The track changes and the call does not: no new connection, no new negotiation."""
    person = visit(asking_browser, "picker")
    red.open(signalling.page("red"))
    start(person, red)
    red.wait_for_more_frames()
    devices = person.run(
        """harness.media.devices().then((found) => ({
            camera: found.camera.map((one) => one.deviceId), microphone: found.microphone.map((one) => one.deviceId),
        }))"""
    )
    assert len(devices["camera"]) == 2 and len(devices["microphone"]) >= 2
    used = "harness.media.stream.getTracks().map(track => track.getSettings().deviceId)"
    for kind in ("camera", "microphone"):
        other = next(each for each in devices[kind] if each not in person.run(used))
        person.page.evaluate("([kind, id]) => harness.media.choose(kind, id)", [kind, other])
        assert other in person.run(used)
    before = person.run(used)
    person.run("harness.media.flip()")
    assert person.run(used) != before, "these cameras do not say which way they look, and yet there are two"
    red.wait_for_more_frames()
    assert person.stats()["connections"] == red.stats()["connections"] == 1
    assert len([1 for who, data in signalling.heard if who == "picker" and "description" in data]) == 1


def test_devices_are_asked_for_once_for_many_strangers(signalling: Signalling, red: Person, blue: Person) -> None:
    """A skip asks nobody for a camera again, and stopping gives it back."""
    red.open(signalling.page("red"))
    red.run("""(() => { const real = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
        window.asked = 0;
        navigator.mediaDevices.getUserMedia = (wanted) => { window.asked += 1; return real(wanted); } })()""")
    blue.open(signalling.page("blue"))
    room = start(red, blue)
    for _ in range(3):
        red.run("harness.skip()")
        wait_for("another room", lambda room=room: red.run("harness.room") == blue.run("harness.room") != room)
        room = str(red.run("harness.room"))
        both_connected(red, blue)
    assert red.run("asked") == 1
    red.run("harness.media.leave()")
    assert red.run("harness.media.stream.getTracks().length") == 0


def test_sound_that_needs_a_tap_is_said_and_the_picture_shown(
    signalling: Signalling, red: Person, blue: Person
) -> None:
    """A browser that blocks sound gets the picture going, and the tap brings the sound."""
    blue.page.add_init_script(
        """const play = HTMLMediaElement.prototype.play;
        HTMLMediaElement.prototype.play = function () {
            if (this.muted || window.tapped) return play.call(this);
            return Promise.reject(new DOMException('', 'NotAllowedError'));
        };"""
    )
    meet(signalling, red, blue)
    wait_for("blue is asked to tap", lambda: (blue.state or {})["soundBlocked"])
    blue.wait_until_sees(RED)
    blue.run("window.tapped = true, harness.calls.call.unblockSound()")
    assert (blue.state or {})["soundBlocked"] is False
    assert blue.run("document.querySelector('video').muted") is False


def test_a_picked_camera_that_is_gone_gives_way_to_another(signalling: Signalling, red: Person) -> None:
    """A device id of last week is no reason to have no picture."""
    red.open(signalling.page("red", media="none"))
    red.run("harness.media.choose('camera', 'a camera that was sold'), harness.media.enter()")
    assert red.run("harness.media.camera") is True
    assert red.run("harness.media.problems.camera") is None
