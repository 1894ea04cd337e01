"""The Greek articles say what the English ones say, where it is a figure and no word (H1)."""

import re

import pytest

from support.articles.placeholders import PLACEHOLDER
from support.files.content import CONTENT, read_articles
from support.site_pages import pages_without_arguments
from tests.support.hub import articles

# Where Greek names them another number of times, nothing is lost.
NAMES = {"app", "portal", "brand", "market"}
NUMBER_OF_STEP = re.compile(r"^\d+\. ", re.MULTILINE)


def figures(body: str) -> tuple[list[str], list[str], int]:
    """What rules and market decide, what is typed in digits, and how many points there are."""
    decided = sorted(set(PLACEHOLDER.findall(body)) - NAMES)
    typed = sorted(re.findall(r"\d+", NUMBER_OF_STEP.sub("", PLACEHOLDER.sub("", body))))
    return decided, typed, len(re.findall(r"^(?:- |\d+\. )", body, re.MULTILINE))


def test_H1_the_greek_answers_have_the_figures_steps_and_points_of_the_english():
    greek = read_articles(CONTENT / "el", language="el", pages=pages_without_arguments())
    assert {slug: figures(each.body) for slug, each in greek.items()} == {
        slug: figures(each.body) for slug, each in articles().items()
    }


@pytest.mark.parametrize("spoilt", ["In {{ refund_days }} days.", "In 7 days.", "- Now.\n- Then."])
def test_a_figure_that_one_language_lacks_would_be_found(spoilt):
    assert figures(spoilt) != figures("In days.")
