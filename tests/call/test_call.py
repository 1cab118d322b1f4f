"""An ordinary call: two people see and hear each other, and switch things off and on."""

from __future__ import annotations

from tests.call.support.faces import BLUE, RED
from tests.call.support.people import Person, be_paired, meet, start, wait_for
from tests.call.support.signalling import Signalling

SIGNALS_MAX = 3  # each way: the description, and room for a slow machine, where routes come late or it is said twice


def test_both_see_the_others_colour_and_hear_the_others_tone(signalling: Signalling, red: Person, blue: Person) -> None:
    """Picture and sound go both ways, each gets the other's, and it takes few frames."""
    room = meet(signalling, red, blue)
    red.wait_until_sees(BLUE)
    blue.wait_until_sees(RED)
    wait_for("red hears blue", lambda: red.hears(BLUE))
    wait_for("blue hears red", lambda: blue.hears(RED))
    assert signalling.frames(room, "red") <= SIGNALS_MAX
    assert signalling.frames(room, "blue") <= SIGNALS_MAX
    assert red.state == blue.state
    assert red.state is not None
    assert red.state["picture"] and red.state["clear"] and red.state["address"] == "direct"
    print(f"frames: {signalling.frames(room, 'red')} and {signalling.frames(room, 'blue')}")


def test_a_camera_that_is_switched_off_is_told_and_its_light_goes_out(
    signalling: Signalling, red: Person, blue: Person
) -> None:
    """The peer hides the frozen picture at once, nothing is sent, and switching on brings it back."""
    meet(signalling, red, blue)
    blue.wait_until_sees(RED)
    red.run("harness.calls.call.setCameraOff(true)")
    wait_for("blue hides the picture", lambda: (blue.state or {})["picture"] is False)
    assert (blue.state or {})["peer"]["camera"] is False
    assert red.run("harness.media.stream.getVideoTracks().length") == 0
    red.wait_until_sees(BLUE)
    frames = blue.frames()
    wait_for("sound goes on", lambda: blue.hears(RED))
    assert blue.frames() <= frames + 2, "pictures arrive although the camera is off"
    red.run("harness.calls.call.setCameraOff(false)")
    wait_for("blue shows the picture", lambda: (blue.state or {})["picture"] is True)
    blue.wait_for_more_frames()


def test_a_muted_microphone_is_silent_and_told(signalling: Signalling, red: Person, blue: Person) -> None:
    """No tone arrives, the peer knows why, and unmuting brings it back."""
    meet(signalling, red, blue)
    wait_for("blue hears red", lambda: blue.hears(RED))
    red.run("harness.calls.call.setMuted(true)")
    wait_for("blue knows", lambda: (blue.state or {})["peer"]["microphone"] is False)
    wait_for("silence", lambda: blue.run("probe.hertz(300)") == 0)
    red.run("harness.calls.call.setMuted(false)")
    wait_for("blue hears red again", lambda: blue.hears(RED))
    assert (blue.state or {})["peer"]["microphone"] is True


def test_a_device_that_was_off_stays_off_for_the_next_stranger(
    signalling: Signalling, red: Person, blue: Person
) -> None:
    """A skip does not switch a camera on."""
    first = meet(signalling, red, blue)
    red.run("harness.calls.call.setCameraOff(true)")
    blue.run("harness.skip()")
    wait_for("another room", lambda: red.run("harness.room") != first)
    blue.wait_for_phase("connected")
    assert (blue.state or {})["peer"]["camera"] is False
    assert (blue.state or {})["picture"] is False


def test_until_both_reveal_the_picture_is_a_blur_at_its_source(
    signalling: Signalling, red: Person, blue: Person
) -> None:
    """The sent picture is 80x60, so that no page at the other end can undo it; one alone reveals nothing."""
    meet(signalling, red, blue, blur="yes")
    red.wait_for_more_frames()
    assert 0 < red.run("document.querySelector('video').videoWidth") <= 80
    red.run("harness.calls.call.setRevealed(true)")
    wait_for("blue knows", lambda: (blue.state or {})["peer"]["revealed"])
    blue.wait_for_more_frames()
    assert blue.run("document.querySelector('video').videoWidth") <= 80
    assert not (blue.state or {})["clear"] and not (red.state or {})["clear"]
    blue.run("harness.calls.call.setRevealed(true)")
    wait_for("both clear", lambda: (blue.state or {})["clear"] and (red.state or {})["clear"])
    wait_for("a large picture", lambda: blue.run("document.querySelector('video').videoWidth") >= 160)
    wait_for("a large picture", lambda: red.run("document.querySelector('video').videoWidth") >= 160)
    red.run("harness.calls.call.setRevealed(false)")
    wait_for("a blur again", lambda: blue.run("document.querySelector('video').videoWidth") <= 80)


def test_nothing_is_sent_before_the_person_agreed(signalling: Signalling, red: Person, blue: Person) -> None:
    """Where video shows the address nothing is negotiated before the consent, and the other side waits."""
    red.open(signalling.page("red"))
    blue.open(signalling.page("blue", hold="yes"))
    be_paired(red, blue)
    red.wait_for_phase("waiting")
    assert blue.run("probe.connections.length") == 0
    assert not any("description" in data or "candidates" in data for name, data in signalling.heard if name == "blue")
    blue.run("harness.calls.call.start()")
    blue.wait_until_sees(RED)
    red.wait_until_sees(BLUE)


def test_the_first_offerer_may_be_the_one_who_has_not_agreed(signalling: Signalling, red: Person, blue: Person) -> None:
    """The other way round: nobody offers until the consent."""
    red.open(signalling.page("red", hold="yes"))
    blue.open(signalling.page("blue"))
    be_paired(red, blue)
    blue.wait_for_phase("waiting")
    assert red.run("probe.connections.length") == 0
    red.run("harness.calls.call.start()")
    blue.wait_until_sees(RED)


def test_one_who_only_watches_sees_and_is_not_waited_for(signalling: Signalling, red: Person, blue: Person) -> None:
    """Without any device a person still sees and hears, and the other is told that nothing comes."""
    red.open(signalling.page("red", media="none"))
    blue.open(signalling.page("blue"))
    start(red, blue)
    red.wait_until_sees(BLUE)
    wait_for("red hears blue", lambda: red.hears(BLUE))
    assert (blue.state or {})["peer"] == {"camera": False, "microphone": False, "paused": False, "revealed": True}
    assert (blue.state or {})["picture"] is False
