"""The eleven videos and six guides: all there, in both languages, in our own words, with the rules' values (H1)."""

from functools import cache

import pytest

from portal.files.data_files import DataFileError
from support.articles import outline
from support.articles.drawings import DRAWINGS
from support.articles.placeholders import PLACEHOLDER
from support.files.content import CONTENT, GUIDES
from support.files.howtos import read_howtos
from support.site_pages import pages_without_arguments
from tests.support.hub import articles, filled, public_runs, runs, words
from tests.support.test_articles import RUN, TYPED

VIDEOS = {
    "app": ["registration-plate", "vin-scanner", "existing-user", "user-profile", "qr-code"],
    "digital-key": ["digital-key-owner", "digital-key-invited-drivers", "digital-key-tips"],
    "home-charging": ["home-charging-installation", "home-charging-activation", "home-charging-onboarding"],
}
GOOD = """\
---
title: "Pair the car"
category: garage
series: app
place: 1
for: both
related: [one, two]
keywords: [pair]
---

Do this.

## Show
![A code](car-code)
It shows {{ app }}.

## Scan
Hold it.
"""


@cache
def howtos(language):
    pages = pages_without_arguments()
    return read_howtos(CONTENT / language, language=language, pages=pages, answers=articles())


@pytest.mark.parametrize("language", ["en", "el"])
def test_H1_the_eleven_videos_stand_in_their_groups(language):
    there = sorted((each for each in howtos(language).values() if each.kind == "video"), key=lambda each: each.place)
    assert {group: [each.slug for each in there if each.series == group] for group in VIDEOS} == VIDEOS


@pytest.mark.parametrize("language", ["en", "el"])
def test_H1_the_guides_are_there(language):
    assert {slug for slug, each in howtos(language).items() if each.kind == "guide"} == set(GUIDES)


def facts_of(howto):
    drawings = [part.drawing for part in outline.sections(howto.body)]
    pages = [link.page for link in howto.links]
    return (howto.category, howto.series, howto.place, howto.done_in, howto.related, howto.guide, pages, drawings)


def test_what_is_no_word_is_the_same_in_both_languages():
    def facts(language):
        return {slug: facts_of(each) for slug, each in howtos(language).items()}

    assert facts("en") == facts("el")


def test_H1_every_guide_and_video_is_in_our_own_words_and_types_no_number_of_a_rule():
    for each in howtos("en").values():
        text = f"{each.question}\n{outline.words(each.body)}"
        assert not runs(filled(text), RUN) & public_runs(RUN), each.slug
        assert TYPED.search(PLACEHOLDER.sub("…", text)) is None, each.slug
        assert not {"lexus", "cyprus"} & set(words(text)), each.slug


def test_each_step_of_a_shipped_video_is_drawn_and_each_drawing_is_used():
    parts = [part for each in howtos("en").values() for part in outline.sections(each.body)]
    assert all(part.drawing for part in parts if part.title)
    assert {part.drawing for part in parts if part.drawing} == DRAWINGS.keys()


def test_an_answer_leads_to_a_guide_that_there_is():
    assert {each.guide for each in articles().values() if each.guide} <= howtos("en").keys()


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        ("series: app", "series: other", "qr.md, line 4: series is 'other'"),
        ("[one, two]", "[one, three]", "line 7: related has three, and there is no such article"),
        ("(car-code)", "(car)", "qr.md, line 14: car is no drawing"),
        ("It shows", "# It shows", "qr.md, line 15: # is none of the markup"),
        ("{{ app }}", "{{ ap }}", "qr.md, line 15: ap is no placeholder"),
        ("## Scan\n", "", "qr.md, line 11: it needs 2 steps or more"),
        ("Hold it.\n", "", "qr.md, line 11: the introduction and each step need words"),
        ("Do this.", "Κάντε αυτό.", "qr.md, line 11: it is not in the language of the folder"),
        ("---\n", "", "qr.md, line 1: front matter"),
        ("place: 1", "place: 1\nsteps: 2", "steps is not known here"),
    ],
)
def test_a_fault_is_said_with_its_file_and_line(tmp_path, old, new, sentence):
    (tmp_path / "videos").mkdir()
    (tmp_path / "videos" / "qr.md").write_text(GOOD.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(DataFileError) as fault:
        read_howtos(tmp_path, language="en", pages=set(), answers={"one", "two"})
    assert sentence in str(fault.value)


def test_a_slug_of_an_answer_is_taken(tmp_path):
    (tmp_path / "videos").mkdir()
    (tmp_path / "videos" / "one.md").write_text(GOOD.replace("[one, two]", "[two, three]"), encoding="utf-8")
    with pytest.raises(DataFileError, match="an answer is called so"):
        read_howtos(tmp_path, language="en", pages=set(), answers={"one", "two", "three"})
