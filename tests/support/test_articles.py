"""The English answers of the hub: all of them, in our own words, with the rules' own values (H1)."""

import re

import pytest
from django.urls import reverse

from support.articles.placeholders import PLACEHOLDER, PLACEHOLDERS
from support.categories import CATEGORIES
from support.files.content import CONTENT, read_articles
from support.site_pages import pages_without_arguments
from tests.support.hub import articles, filled, marks, numbers_to_answer, public_runs, runs, words

RUN = 8
# What a rule decides, typed as a figure or as a word.
COUNT = r"(\d+|one|two|three|four|seven|nine|ten|fourteen|thirty|sixty)"
TYPED = re.compile(
    rf"\b({COUNT}[ -](days?|weeks?|cars\b|vehicles|tries|times|attempts|free years|months?\b)"
    r"|(4|3|three|four) years (of )?(free|with|included)|[23]0 ?%|50 (m\b|metres)|10 seconds|0 to 100"
    r"|a week|fortnight|one month)",
    re.IGNORECASE,
)


def by_slug():
    return [pytest.param(article, id=slug) for slug, article in articles().items()]


def test_H1_every_public_answer_is_answered_by_exactly_one_article():
    answered = [number for article in articles().values() for number in article.answers]
    assert sorted(answered) == sorted(numbers_to_answer())


def test_an_article_says_where_the_thing_is_done_as_the_list_marks_it():
    done_in = {number: article.done_in for article in articles().values() for number in article.answers}
    assert {number: done_in[number] for number in marks()} == marks()


def test_H1_the_greek_answers_are_those_of_the_same_questions():
    greek = read_articles(CONTENT / "el", language="el", pages=pages_without_arguments())
    assert {slug: facts_of(each) for slug, each in greek.items()} == {
        slug: facts_of(each) for slug, each in articles().items()
    }


def test_H1_each_answer_leads_on_to_others_and_to_a_page_or_says_that_the_app_does_it():
    alone = [slug for slug, each in articles().items() if not each.links and each.done_in != "app"]
    assert alone == []
    assert all(2 <= len(each.related) <= 4 for each in articles().values())


def facts_of(article):
    """What is no word."""
    pages = [link.page for link in article.links]
    return (article.category, article.also_in, article.answers, article.done_in, article.related, article.guide, pages)


def test_every_category_has_articles():
    assert {article.category for article in articles().values()} == set(CATEGORIES)


@pytest.mark.parametrize("article", by_slug())
def test_H1_no_sentence_is_copied_from_the_public_text(article):
    assert sorted(runs(filled(f"{article.question}\n{article.body}"), RUN) & public_runs(RUN)) == []


@pytest.mark.parametrize("article", by_slug())
def test_numbers_of_rules_are_never_typed(article):
    text = PLACEHOLDER.sub("…", f"{article.question} {article.body}")
    assert TYPED.search(text) is None


@pytest.mark.parametrize("article", by_slug())
def test_brand_words_are_never_typed(article):
    assert not {"lexus", "cyprus"} & set(words(f"{article.question} {article.body}"))


@pytest.mark.parametrize("article", by_slug())
def test_an_article_is_short_and_begins_with_its_answer(article):
    assert 60 <= len(article.body.split()) <= 210
    assert not article.body.startswith(("#", "-", "*", "1", "|"))


@pytest.mark.parametrize(
    "sentence", ["up to 10 cars", "within 14 days", "30 days before", "after three tries", "ten cars"]
)
def test_a_typed_number_would_be_found(sentence):
    assert TYPED.search(sentence)


def test_a_copied_sentence_would_be_found():
    assert runs(filled("You can find the version number of the {{ app }} app by"), RUN) & public_runs(RUN)


def test_the_readme_explains_each_placeholder_and_each_is_used():
    readme = (CONTENT / "README.md").read_text(encoding="utf-8")
    assert set(re.findall(r"^\| `\{\{ (\w+) \}\}` \|", readme, re.MULTILINE)) == PLACEHOLDERS
    used = {name for article in articles().values() for name in PLACEHOLDER.findall(article.body)}
    assert used == PLACEHOLDERS


def test_H3_every_page_that_an_article_leads_to_can_be_opened(client, market):
    pages = {link.page for article in articles().values() for link in article.links}
    refused = {page: client.get(reverse(page)).status_code for page in pages}
    assert {page: status for page, status in refused.items() if status not in {200, 302}} == {}
