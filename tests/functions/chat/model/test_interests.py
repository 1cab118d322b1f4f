"""Interests are compared as people mean them."""

from __future__ import annotations

from functions.chat.model.interests import common, keys, normalise


def test_interests_keep_the_first_spelling_and_the_order():
    """They are shown to their owner as typed, once each."""
    assert normalise(["  Video   games ", "Café", "CAFE", "video games", "Go"]) == ("Video games", "Café", "Go")
    assert keys(("Video games", "Café")) == ("video games", "cafe")


def test_an_invisible_text_is_no_interest():
    """It is left out rather than refused."""
    assert normalise(["\u200b", "chess", " "]) == ("chess",)


def test_common_interests_are_told_to_each_in_their_own_spelling():
    """Neither sees the other's way of writing, nor the other's other interests."""
    own, other = ("Café", "Chess", "Go"), ("GO", "cafe", "Music")

    assert common(own, other) == ("Café", "Go")
    assert common(other, own) == ("GO", "cafe")
    assert common(own, ()) == common((), own) == ()
