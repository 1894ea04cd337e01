"""Captions and chapters are read strictly: a player shows nothing of what it does not understand (H1)."""

import pytest

from support.rules.webvtt import Cue, NotWebVTT, cues

GOOD = (
    "\ufeffWEBVTT made by hand\r\n\r\nNOTE\nnothing\n\n"
    "1\n00:01.000 --> 00:04.500 align:start\n<v Ada>Open the\nscreen.\n\n01:00:00.000 --> 01:00:02.000\nEnd."
)


def test_H1_cues_have_their_times_in_seconds_and_words_without_tags():
    first, last = cues(GOOD)
    assert first == Cue(1.0, 4.5, "Open the screen.")
    assert (last.start, last.second, last.clock, first.clock) == (3600.0, 3600, "60:00", "0:01")


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("1\n00:01.000 --> 00:02.000\nx", "line 1: it must begin with WEBVTT"),
        ("WEBVTT\n\nNOTE only this", "line 1: it has nothing to show"),
        ("WEBVTT\n\n00:01 --> 00:02\nx", "line 3: there are no times"),
        ("WEBVTT\n\njust words", "line 3: there are no times"),
        ("WEBVTT\n\n1\n00:02.000 --> 00:02.000\nx", "line 4: it ends before it begins"),
        ("WEBVTT\n\n00:01.000 --> 00:02.000\n<b></b>", "line 3: it has no words"),
        ("WEBVTT\n\n00:03.000 --> 00:04.000\nx\n\n00:01.000 --> 00:02.000\ny", "line 6: it begins before"),
    ],
)
def test_what_is_wrong_is_said_with_its_line(text, sentence):
    with pytest.raises(NotWebVTT, match=sentence):
        cues(text)
